use std::borrow::Cow;

use proptest::prelude::*;

use super::{MARK, Redactor, redact};

fn check(text: &str, expected: &str) {
    assert_eq!(redact(text), expected, "{text}");
}

#[test]
fn ordinary_text_comes_back_without_a_copy() {
    for text in [
        "",
        "Incorrect API key provided: sk-. You can find your API key in your settings.",
        "max_tokens=4096 is too large; the token: limit of key: messages is 5",
        "see https://example.com/a?b=c and mail me@example.com about basic training",
        "Bearer of good news, über 10 € – naïve",
    ] {
        assert!(matches!(redact(text), Cow::Borrowed(same) if same == text), "{text}");
    }
}

#[test]
fn the_shapes_of_providers_keys_are_hidden() {
    for key in [
        "sk-abcdefgh12345678",
        "sk-proj-abc_DEF-12345678",
        "sk-ferro-0123456789abcdefABCDEF",
        "sk-ant-api03-AbCdEf_123-456",
        "sk-proj-********************abcd",
        "gsk_0123456789abcdef",
        "AIzaSyA0123456789abcdefghij",
        "xai-0123456789abcdef",
        "pplx-0123456789abcdef",
        "hf_abcdefghijklmnop",
        "AKIAIOSFODNN7EXAMPLE",
        "nvapi-0123456789",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    ] {
        check(&format!("key {key}, sorry"), &format!("key {MARK}, sorry"));
        check(key, MARK);
        check(&format!("({key})."), &format!("({MARK})."));
    }
}

#[test]
fn a_bearer_credential_goes_and_its_scheme_stays() {
    check("Authorization: Bearer abc123.def456 was refused", "Authorization: Bearer [redacted] was refused");
    check("authorization: basic dXNlcjpwYXNz", "authorization: basic [redacted]");
}

#[test]
fn a_secret_that_is_assigned_goes_and_its_name_stays() {
    check("GET /x?api_key=hunter2&n=1", "GET /x?api_key=[redacted]&n=1");
    check(r#"{"client_secret": "0123456789abcdef"}"#, r#"{"client_secret": "[redacted]"}"#);
    check("access_token=YWJj/+==; path=/", "access_token=[redacted]; path=/");
}

#[test]
fn an_urls_userinfo_goes() {
    check("cannot reach postgres://ferro:pa:ss@db:5432/x", "cannot reach postgres://[redacted]@db:5432/x");
    check("http://user@host", "http://[redacted]@host");
}

#[test]
fn a_pem_block_goes_whole_or_cut() {
    check("a -----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY----- b", "a [redacted] b");
    check("a -----BEGIN PRIVATE KEY-----\nMIIB", "a [redacted]");
}

#[test]
fn known_values_go_however_they_look_and_the_longest_first() {
    let redactor = Redactor::new(["correct horse battery", "correct horse battery staple", "short"]);
    assert_eq!(
        redactor.redact("say correct horse battery staple and sk-0123456789, short"),
        "say [redacted] and [redacted], short"
    );
    assert!(matches!(redactor.redact("nothing here"), Cow::Borrowed(_)));
    assert_eq!(format!("{redactor:?}"), "Redactor(2 values)");
}

#[test]
fn a_token_longer_than_the_look_ahead_goes_whole() {
    let token = format!("eyJ{}.{}.{}", "a".repeat(100), "b".repeat(100), "c".repeat(100_000));
    check(&format!("x {token} y"), "x [redacted] y");
}

proptest! {
    #[test]
    fn any_text_can_be_redacted_and_a_second_time_changes_nothing(text in r"(sk-|Bearer |key[=:]|://|-----BEGIN |-----END |eyJ|[a-zA-Z0-9.@ é€-]){0,24}") {
        let once = redact(&text).into_owned();
        prop_assert_eq!(redact(&once), once.clone());
    }
}
