use axum::http::header::{ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::{File, Found, find};

static BUILT: &[File] = &[
    File { name: "assets/page-1f.js", plain: b"plain", brotli: Some(b"br"), gzip: Some(b"gz") },
    File { name: "assets/page-1f.wasm", plain: b"plain", brotli: None, gzip: None },
    File { name: "index.html", plain: b"<page>", brotli: None, gzip: Some(b"gz") },
];

fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
}

fn found(path: &str, accept: &'static str) -> Found {
    find(BUILT, path, &headers(ACCEPT, accept))
}

#[test]
fn any_address_is_the_page_for_whoever_wants_a_page() {
    let page = Found::File(&BUILT[2]);
    assert_eq!(found("", "*/*"), page);
    assert_eq!(found("keys/1f", "text/html,application/xhtml+xml;q=0.9"), page);
    assert_eq!(found("index.html", "*/*"), page);
    assert_eq!(found("keys/1f", "application/json"), Found::Nothing);
}

#[test]
fn an_asset_is_there_or_not() {
    assert_eq!(found("assets/page-1f.js", "*/*"), Found::File(&BUILT[0]));
    assert_eq!(found("assets/page-2e.js", "text/html"), Found::Nothing);
    assert_eq!(found("assets/../index.html", "text/html"), Found::Nothing);
}

#[test]
fn a_build_without_it_says_so() {
    assert_eq!(find(&[], "", &HeaderMap::new()), Found::NotBuilt);
    assert_eq!(find(&[], "assets/page.js", &HeaderMap::new()), Found::Nothing);
}

#[test]
fn the_shortest_form_that_the_reader_takes_is_sent() {
    let encoding = |file: &'static File, accepted: &'static str| {
        let answer = file.answer(&headers(ACCEPT_ENCODING, accepted));
        answer.headers().get(CONTENT_ENCODING).map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(encoding(&BUILT[0], "gzip, deflate, br, zstd").as_deref(), Some("br"));
    assert_eq!(encoding(&BUILT[0], "gzip, br;q=0").as_deref(), Some("gzip"));
    assert_eq!(encoding(&BUILT[0], "GZIP;q=0.5").as_deref(), Some("gzip"));
    assert_eq!(encoding(&BUILT[0], "brotli"), None);
    assert_eq!(encoding(&BUILT[1], "br, gzip"), None);
    assert_eq!(encoding(&BUILT[2], "br, gzip").as_deref(), Some("gzip"));
}

#[test]
fn assets_are_kept_for_good_and_the_page_is_not() {
    let told =
        |file: &'static File, name: HeaderName| file.answer(&HeaderMap::new()).headers()[name].to_str().unwrap().to_owned();
    assert_eq!(told(&BUILT[0], CACHE_CONTROL), "public, max-age=31536000, immutable");
    assert_eq!(told(&BUILT[2], CACHE_CONTROL), "no-store");
    assert_eq!(told(&BUILT[1], CONTENT_TYPE), "application/wasm");
    assert_eq!(told(&BUILT[0], CONTENT_TYPE), "text/javascript; charset=utf-8");
}
