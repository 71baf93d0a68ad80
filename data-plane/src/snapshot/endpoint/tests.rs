use super::*;

fn root(text: &str) -> String {
    Endpoint::parse(text).expect("an API root").uri("chat/completions").expect("an address").to_string()
}

fn of_variable(text: &str, default: &str) -> String {
    Endpoint::parse_variable(text, default).expect("an API root").uri("models").expect("an address").to_string()
}

#[test]
fn a_path_is_appended_whatever_slashes_the_root_ends_with() {
    assert_eq!(root("https://llm.example.com/v1"), "https://llm.example.com/v1/chat/completions");
    assert_eq!(root("https://llm.example.com/v1//"), "https://llm.example.com/v1/chat/completions");
    assert_eq!(root("http://[::1]:8000"), "http://[::1]:8000/chat/completions");
}

#[test]
fn only_absolute_http_urls_without_a_query_are_roots() {
    for text in ["", "llm.example.com", "/v1", "ftp://llm.example.com", "https://", "https://a b"] {
        assert_eq!(Endpoint::parse(text), Err(InvalidEndpoint::NotAbsolute), "{text}");
    }
    assert_eq!(Endpoint::parse("https://a/v1?x=1"), Err(InvalidEndpoint::Query));
    assert_eq!(Endpoint::parse("https://a/v1#x"), Err(InvalidEndpoint::Query));
}

#[test]
fn a_variable_without_a_path_gets_the_version_of_the_default_root() {
    assert_eq!(of_variable("https://proxy.example.com", "https://api.ai21.com/studio/v1"), "https://proxy.example.com/v1/models");
    assert_eq!(
        of_variable("https://proxy.example.com/", "https://api.deepinfra.com/v1/openai"),
        "https://proxy.example.com/models"
    );
    assert_eq!(of_variable("https://proxy.example.com/llm", "https://api.openai.com/v1"), "https://proxy.example.com/llm/models");
    assert_eq!(of_variable("127.0.0.1:11434", "http://localhost:11434/v1"), "http://127.0.0.1:11434/v1/models");
}

#[test]
fn a_login_in_the_address_becomes_a_header_that_no_log_shows() {
    let endpoint = Endpoint::parse("https://user:pass@llm.example.com/v1").expect("an API root");
    assert_eq!(endpoint.authority(), "llm.example.com");
    assert_eq!(endpoint.login().expect("a login"), "Basic dXNlcjpwYXNz");
    assert!(!format!("{endpoint:?}").contains("dXNlcjpwYXNz"));
}

#[test]
fn an_origin_is_scheme_host_and_port() {
    let endpoint = |text| Endpoint::parse(text).expect("an API root");
    let openai = endpoint("https://api.openai.com/v1");
    assert!(openai.same_origin(&endpoint("https://API.openai.com:443/other")));
    for other in ["http://api.openai.com/v1", "https://api.openai.com:8443/v1", "https://api.openai.com.example.com/v1"] {
        assert!(!openai.same_origin(&endpoint(other)), "{other}");
    }
}

#[test]
fn a_setting_stays_one_segment_of_the_path() {
    assert_eq!(segment("acct-1"), Some("acct-1".to_owned()));
    assert_eq!(segment("a/b ?ü"), Some("a%2Fb%20%3F%C3%BC".to_owned()));
    for traversal in ["", ".", ".."] {
        assert_eq!(segment(traversal), None);
    }
}
