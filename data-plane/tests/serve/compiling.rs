//! What a worker makes of a configuration: what it refuses, what it warns of, and where secrets may go.

use ferrogw_config::Issue;
use http::HeaderValue;

use crate::gateway::Gateway;

const OWN: [(&str, &str); 3] = [("OPENAI_API_KEY", "sk-own"), ("TEST_KEY", "sk-test"), ("EMPTY", "")];

/// The headers that the first target is sent, or why there are none.
async fn headers(environment: &[(&str, &str)], target: &str) -> Result<Vec<(String, HeaderValue)>, String> {
    let gateway = Gateway::with_environment(environment).await;
    let compiled = gateway.compile(&format!("targets: [{target}]")).map_err(|issues| told(&issues))?;
    let target = &compiled.routes.targets[0];
    let access = target.access().ok_or_else(|| told(&compiled.warnings))?;
    Ok(access.headers.iter().map(|(name, value)| (name.to_string(), value.clone())).collect())
}

fn told(issues: &[Issue]) -> String {
    issues.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

async fn authorization(environment: &[(&str, &str)], target: &str) -> Option<String> {
    let headers = headers(environment, target).await.expect("routable");
    let value = headers.into_iter().find(|(name, _)| name == "authorization")?.1;
    assert!(value.is_sensitive());
    Some(value.to_str().expect("ASCII").to_owned())
}

#[tokio::test]
async fn a_providers_own_variable_goes_to_its_own_host() {
    assert_eq!(authorization(&OWN, "{virtual_key: openai}").await.as_deref(), Some("Bearer sk-own"));
    let same = "{virtual_key: openai, base_url: \"https://api.openai.com/v2\"}";
    assert_eq!(authorization(&OWN, same).await.as_deref(), Some("Bearer sk-own"));
}

#[tokio::test]
async fn a_providers_own_variable_goes_to_its_own_address_variable() {
    let environment = [OWN.as_slice(), &[("OPENAI_BASE_URL", "http://proxy.internal:8000")]].concat();
    assert_eq!(authorization(&environment, "{virtual_key: openai}").await.as_deref(), Some("Bearer sk-own"));
}

#[tokio::test]
async fn a_providers_own_variable_goes_nowhere_else() {
    let elsewhere = "virtual_key: openai, base_url: \"https://evil.example/v1\"";
    assert_eq!(authorization(&OWN, &format!("{{{elsewhere}}}")).await, None);
    assert_eq!(
        authorization(&OWN, &format!("{{{elsewhere}, api_key: \"${{TEST_KEY}}\"}}")).await.as_deref(),
        Some("Bearer sk-test")
    );
}

#[tokio::test]
async fn what_the_worker_lacks_makes_a_target_unroutable_with_its_name() {
    assert!(
        headers(&[], "{virtual_key: openai}").await.expect_err("no key").contains("OPENAI_API_KEY is not set on this worker")
    );
    let account = headers(&[("CLOUDFLARE_API_KEY", "k")], "{virtual_key: cloudflare}").await.expect_err("no account");
    assert!(account.contains("CLOUDFLARE_ACCOUNT_ID is not set"), "{account}");
    let address = [("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", "https://proxy/v1?a=b")];
    let address = headers(&address, "{virtual_key: openai}").await.expect_err("a query");
    assert!(address.contains("OPENAI_BASE_URL has a query") && !address.contains("a=b"), "{address}");
    assert!(
        headers(&OWN, "{virtual_key: openai, api_key: \"${EMPTY}\"}").await.expect_err("empty").contains("${EMPTY} is empty")
    );
}

#[tokio::test]
async fn a_variable_of_the_document_that_is_not_set_refuses_the_document() {
    let gateway = Gateway::with_environment(&OWN).await;
    for (target, path) in [
        ("{virtual_key: openai, api_key: \"${MISSING_KEY}\"}", "targets[0].api_key"),
        ("{virtual_key: ollama, headers: {x-team: \"${MISSING_KEY}\"}}", "targets[0].headers.x-team"),
    ] {
        let issues = gateway.compile(&format!("targets: [{target}]")).expect_err("nack");
        assert!(issues[0].path == path && issues[0].message.contains("MISSING_KEY"), "{issues:?}");
    }
}

#[tokio::test]
async fn a_link_local_address_is_refused_wherever_it_comes_from() {
    let own = [("OLLAMA_HOST", "http://169.254.169.254")];
    assert!(headers(&own, "{virtual_key: ollama}").await.expect_err("metadata").contains("OLLAMA_HOST"));
    let lifted = [own[0], ("FERROGW_ALLOW_LINK_LOCAL", "1")];
    assert!(headers(&lifted, "{virtual_key: ollama}").await.is_ok());
}

#[tokio::test]
async fn further_headers_are_sent_with_their_variables_resolved() {
    let target = "{virtual_key: ollama, headers: {X-Team: \"blue ${TEST_KEY}\"}}";
    let headers = headers(&OWN, target).await.expect("routable");
    let (_, value) = headers.iter().find(|(name, _)| name == "x-team").expect("sent");
    assert!(value == "blue sk-test" && value.is_sensitive());
}

#[tokio::test]
async fn a_change_keeps_what_is_known_of_a_target_that_stays() {
    let gateway = Gateway::with_environment(&OWN).await;
    let compile = |text| gateway.compile(text).expect("compiles").routes.targets[0].vitals.clone();
    let (before, after) = (compile("targets: [{virtual_key: ollama}]"), compile("targets: [{virtual_key: ollama, models: [m]}]"));
    assert!(std::sync::Arc::ptr_eq(&before, &after));
}
