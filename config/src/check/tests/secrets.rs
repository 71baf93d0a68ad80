use super::{check_target, issues};

const LITERAL: &str = "holds a literal; a configuration is stored, shown and sent, so it never holds a secret";

#[test]
fn a_credential_is_a_reference() {
    check_target("api_key: '${MY_KEY}'", &[]);
    check_target("api_key: '${PART_ONE}${PART_TWO}'", &[]);
    for literal in ["sk-abc", "sk-${MY_KEY}", "$MY_KEY", "${my-key}", ""] {
        check_target(&format!("api_key: '{literal}'"), &[&format!("! targets[0].api_key: {LITERAL}")]);
    }
}

#[test]
fn no_message_repeats_a_secret() {
    let text =
        "targets: [{virtual_key: openai, api_key: sk-s3cr3t, base_url: 'https://u:s3cr3t@host', headers: {X-Api-Key: s3cr3t}}]";
    let issues = crate::read(text, crate::Syntax::Yaml).unwrap_err();
    assert_eq!(issues.len(), 3);
    assert!(issues.iter().all(|issue| !issue.to_string().contains("s3cr3t")), "{issues:#?}");
}

#[test]
fn headers_that_prove_who_is_asking_hold_references() {
    check_target("headers: {Authorization: 'Bearer ${TOKEN}', X-Team: research, X-Session-Token: '${TOKEN}'}", &[]);
    for header in ["Authorization", "x-api-key", "api-key", "X-Auth-Token", "X-Client-Secret", "Cookie"] {
        check_target(&format!("headers: {{{header}: abc}}"), &[&format!("! targets[0].headers.{header}: {LITERAL}")]);
    }
    check_target("headers: {Authorization: 'Bearer sk-${X}'}", &[&format!("! targets[0].headers.Authorization: {LITERAL}")]);
}

#[test]
fn headers_of_the_connection_are_the_gateways() {
    check_target("headers: {Host: x}", &["! targets[0].headers.Host: is set by the gateway"]);
    check_target("headers: {'a b': x}", &["! targets[0].headers[\"a b\"]: is not a header name"]);
    check_target("headers: {X-A: 1x, x-a: 2x}", &["! targets[0].headers.x-a: is given a second time, in other letters"]);
    check_target(r#"headers: {X-A: "1\r\nX-B: 2"}"#, &["! targets[0].headers.X-A: has a control character in its value"]);
}

#[test]
fn the_gateways_own_variables_may_not_be_used() {
    for name in ["MASTER_KEY", "FERROGW_JOIN_TOKEN", "ADMIN_BOOTSTRAP_KEY", "CONFIG_STORE_DSN"] {
        let expected = format!("! targets[0].api_key: `{name}` belongs to the gateway itself, and no configuration may use it");
        check_target(&format!("api_key: '${{{name}}}'"), &[&expected]);
    }
}

#[test]
fn a_providers_own_credential_goes_to_its_own_host_alone() {
    let message = "`OPENAI_API_KEY` is the credential of OpenAI and goes to its own host alone";
    check_target("api_key: '${OPENAI_API_KEY}'", &[]);
    check_target("api_key: '${OPENAI_API_KEY}', base_url: 'https://api.openai.com/v2'", &[]);
    check_target("api_key: '${OPENAI_API_KEY}', base_url: 'http://elsewhere/v1'", &[&format!("! targets[0].api_key: {message}")]);
    check_target(
        "headers: {X-Key: '${OPENAI_API_KEY}'}, base_url: 'http://elsewhere/v1'",
        &[
            &format!("! targets[0].headers.X-Key: {message}"),
            "~ targets[0].base_url: leads to another host than the provider's, so no credential is sent there",
        ],
    );
    assert_eq!(
        issues("targets: [{virtual_key: groq, api_key: '${OPENAI_API_KEY}'}]"),
        [format!("! targets[0].api_key: {message}")]
    );
}

#[test]
fn elsewhere_a_variable_of_its_own_or_none_is_fine() {
    check_target("api_key: '${MY_VLLM_KEY}', base_url: 'http://vllm:8000/v1'", &[]);
    check_target(
        "base_url: 'http://vllm:8000/v1'",
        &["~ targets[0].base_url: leads to another host than the provider's, so no credential is sent there"],
    );
}
