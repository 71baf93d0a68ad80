use super::*;

const ENVIRONMENT: [(&str, &str); 3] = [("OPENAI_API_KEY", "sk-own"), ("MASTER_KEY", "master"), ("MINE", "sk-mine")];

/// What becomes of a target that no check has seen: the worker must not depend on the control plane's.
fn headers(base_url: &str, api_key: Option<&str>, header: &str) -> Result<HeaderMap, Trouble> {
    let target = Target {
        api_key: api_key.map(str::to_owned),
        headers: [("x-more".to_owned(), header.to_owned())].into(),
        ..Target::default()
    };
    Credentials {
        environment: &Environment::from_iter(ENVIRONMENT),
        target: &target,
        provider: catalog::provider("openai").expect("in the catalog"),
        endpoint: &Endpoint::parse(base_url).expect("an API root"),
    }
    .headers()
}

fn refused(base_url: &str, api_key: Option<&str>, header: &str) -> String {
    match headers(base_url, api_key, header) {
        Err(Trouble::Document(path, message, _)) => format!("{path}: {message}"),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_providers_own_variable_is_sent_to_no_other_host_under_any_member() {
    let elsewhere = "https://evil.example/v1";
    let message = "OPENAI_API_KEY may go only to its provider's own address";
    assert_eq!(refused(elsewhere, Some("${OPENAI_API_KEY}"), "x"), format!("api_key: {message}"));
    assert_eq!(refused(elsewhere, None, "Bearer ${OPENAI_API_KEY}"), format!("headers.x-more: {message}"));
    assert_eq!(refused("http://api.openai.com/v1", Some("${OPENAI_API_KEY}"), "x"), format!("api_key: {message}"));
    assert!(headers("https://api.openai.com/v1", Some("${OPENAI_API_KEY}"), "x").is_ok());
}

#[test]
fn the_gateways_own_variables_are_sent_nowhere() {
    let told = refused("https://api.openai.com/v1", Some("${MASTER_KEY}"), "x");
    assert_eq!(told, "api_key: may not use the gateway's own variable MASTER_KEY");
}

#[test]
fn a_value_that_no_header_can_carry_is_not_quoted() {
    let told = refused("https://evil.example/v1", Some("${MINE}"), "a\nb ${MINE}");
    assert_eq!(told, "headers.x-more: is not a header that can be sent");
}
