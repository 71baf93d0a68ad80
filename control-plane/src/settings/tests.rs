use clap::Parser as _;

use super::{Settings, blank, flag};

#[derive(Debug, clap::Parser)]
struct Binary {
    #[command(flatten)]
    settings: Settings,
}

fn parse(arguments: &[&str]) -> Settings {
    Binary::try_parse_from(std::iter::once(&"ferrogw").chain(arguments)).unwrap().settings
}

#[test]
fn a_log_store_can_be_switched_off_by_name() {
    assert!(parse(&["--request-log-store-backend", "disabled"]).areas().unwrap().logs.is_none());
    assert!(parse(&[]).areas().unwrap().logs.is_some());
}

#[test]
fn requests_are_kept_for_a_span_or_for_ever() {
    let kept = |arguments: &[&str]| parse(arguments).stores.request_log_retention.length().map(|length| length.as_secs() / 3_600);
    assert_eq!(kept(&[]), Some(90 * 24));
    assert_eq!(kept(&["--request-log-retention", ""]), Some(90 * 24));
    assert_eq!(kept(&["--request-log-retention", "36h"]), Some(36));
    assert_eq!(kept(&["--request-log-retention", "forever"]), None);
    let error = Binary::try_parse_from(["ferrogw", "--request-log-retention", "30"]).unwrap_err().to_string();
    assert!(error.contains("it has no unit; say a span such as 30d or 720h, or forever"), "{error}");
}

#[test]
fn secrets_are_trimmed_and_never_shown() {
    let settings = parse(&["--master-key", " break-glass\n"]);
    assert_eq!(settings.access.master_key.as_ref().unwrap().expose(), "break-glass");
    assert!(!format!("{settings:?}").contains("break-glass"));
}

#[test]
fn clients_can_be_told_any_plain_address_that_is_no_page() {
    let told = |url: &str| Binary::try_parse_from(["ferrogw", "--public-url", url]).ok().map(|binary| binary.settings.public_url);
    for (url, expected) in [
        ("", ""),
        (" https://ai.example.com/ ", "https://ai.example.com"),
        ("http://[::1]:8080/team/ai//", "http://[::1]:8080/team/ai"),
    ] {
        assert_eq!(told(url).as_deref(), Some(expected), "{url}");
    }
    for url in [
        "ai.example.com",
        "http:ai.example.com",
        "ftp://ai.example.com",
        "http://",
        "https://ai.example.com/v1",
        "https://ai.example.com?a=b",
        "https://user@ai.example.com",
        "https://ai.example.com/$(reboot)",
    ] {
        assert_eq!(told(url), None, "{url}");
    }
}

#[test]
fn bootstrap_is_off_unless_somebody_says_so() {
    assert!(!parse(&[]).access.admin_bootstrap_enabled);
    assert!(parse(&["--admin-bootstrap-enabled"]).access.admin_bootstrap_enabled);
    assert!(parse(&["--admin-bootstrap-enabled", "1"]).access.admin_bootstrap_enabled);
    assert!(flag("maybe").is_err());
}

#[test]
fn a_variable_set_to_nothing_is_unset() {
    assert_eq!(blank(Some("  ")), None);
    assert_eq!(blank(Some(" x ")), Some("x"));
}
