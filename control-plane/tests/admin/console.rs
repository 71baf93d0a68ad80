//! The dashboard's own addresses. Whether its files are in this build or not, who may see what is the same.

use axum::http::{Method, StatusCode};

use crate::plane::{Answer, Home, Kind, Plane};

async fn plane() -> Plane {
    Home::new(Kind::Memory).await.unwrap().start().await
}

async fn page(plane: &Plane, path: &str) -> Answer {
    plane.get(path).anonymous().header("accept", "text/html").send().await
}

#[tokio::test]
async fn the_bare_address_leads_to_the_dashboard() {
    let answer = page(&plane().await, "/").await.expect(StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(answer.header("location"), "/dashboard/");
}

#[tokio::test]
async fn every_address_of_the_dashboard_is_the_page_or_says_how_to_make_it() {
    let plane = plane().await;
    for path in ["/dashboard", "/dashboard/", "/dashboard/logs/0190a8c4-7d5b-7000-8000-000000000000", "/dashboard/nothing/there"]
    {
        let answer = page(&plane, path).await;
        let text = answer.body.as_str().unwrap();
        match answer.status {
            StatusCode::OK => assert!(text.contains("/dashboard/assets/"), "{path}: {text}"),
            status => {
                assert!(status == StatusCode::SERVICE_UNAVAILABLE && text.contains("make dashboard"), "{path}: {status} {text}")
            }
        }
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
    }
}

#[tokio::test]
async fn the_page_may_load_and_ask_nothing_but_its_own_origin() {
    let answer = page(&plane().await, "/dashboard/").await;
    let policy = answer.header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("x-frame-options"), "DENY");
}

#[tokio::test]
async fn the_page_holds_no_script_and_no_style_of_its_own() {
    let answer = page(&plane().await, "/dashboard/").await;
    let text = answer.body.as_str().unwrap();
    assert!(!text.contains("<style") && !text.contains(" style=") && !text.contains(" onload="), "{text}");
    for script in text.split("<script").skip(1) {
        assert!(script.starts_with(" src=\"/dashboard/assets/") && script.contains("\"></script>"), "{script}");
    }
}

#[tokio::test]
async fn what_is_no_page_is_told_in_the_envelope() {
    let plane = plane().await;
    let missing = plane.get("/dashboard/assets/nothing.js").anonymous().header("accept", "text/html").send().await;
    assert_eq!(missing.refusal(), (404, "resource_not_found"));
    let wanted = plane.get("/dashboard/keys").anonymous().header("accept", "application/json").send().await;
    assert_eq!(wanted.refusal(), (404, "resource_not_found"));
    let posted = plane.post("/dashboard/keys").anonymous().send().await;
    assert_eq!(posted.refusal(), (405, "method_not_supported"));
}

#[tokio::test]
async fn the_admin_api_keeps_its_own_policy() {
    let answer = plane().await.get("/admin/keys").header("accept", "text/html").send().await;
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn the_head_of_the_page_can_be_asked_for_alone() {
    let plane = plane().await;
    let head = plane.call(Method::HEAD, "/dashboard/").anonymous().send().await;
    assert_eq!(head.status, page(&plane, "/dashboard/").await.status);
    assert!(head.body.is_null());
}
