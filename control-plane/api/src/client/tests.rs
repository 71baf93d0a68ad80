use super::transport::Url;
use ferrogw_config::Secret;

use super::exchange::tagged_version;
use super::path::Path;
use super::{Client, Unusable};

fn address(base: &str, id: &str) -> String {
    Path::of(&["keys"]).id(id).under(&Url::parse(base).unwrap()).to_string()
}

#[test]
fn an_id_is_one_segment_whatever_it_holds() {
    assert_eq!(address("http://gw", "a/b?c#d"), "http://gw/admin/keys/%61%2Fb%3Fc%23d");
    assert_eq!(address("http://gw", "50%"), "http://gw/admin/keys/%350%25");
}

#[test]
fn an_id_named_as_a_route_is_still_an_id() {
    assert_eq!(address("http://gw", "usage"), "http://gw/admin/keys/%75sage");
}

#[test]
fn a_base_with_a_path_or_a_slash_is_kept_once() {
    assert_eq!(address("http://gw/", "0f"), "http://gw/admin/keys/%30f");
    assert_eq!(address("http://gw/ai/?x=1", "0f"), "http://gw/ai/admin/keys/%30f");
}

#[test]
fn an_address_that_no_http_client_can_use_is_refused() {
    for base in ["localhost:8080", "ftp://gw", "", "unix:/run/gw"] {
        assert!(matches!(Client::new(base, None), Err(Unusable::Url(_))), "{base}");
    }
}

#[test]
fn a_credential_with_a_line_break_is_refused_and_not_shown() {
    let error = Client::new("http://gw", Some(&Secret::new("sk-ferro-a\nb".to_owned()))).unwrap_err();
    assert_eq!(error.to_string(), "the API key holds characters that an HTTP header cannot carry");
}

#[test]
fn a_version_is_read_from_a_weak_tag_too() {
    assert_eq!(["\"7\"", "W/\"7\"", "W/\"abc\""].map(tagged_version), [Some(7), Some(7), None]);
}

#[test]
fn a_client_does_not_show_its_credential() {
    let client = Client::new("http://gw", Some(&Secret::new("sk-ferro-secret".to_owned()))).unwrap();
    assert!(!format!("{client:?}").contains("secret"));
}
