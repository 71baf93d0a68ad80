use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::get;
use serde_json::Value;
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;

use super::panicked;

async fn handler() {
    panic!("the secret is sk-ferro-123");
}

#[tokio::test]
async fn a_panic_is_an_internal_error_that_says_nothing_of_what_it_said() {
    let router: Router = Router::new().route("/", get(handler)).layer(CatchPanicLayer::custom(panicked));
    let answer = router.oneshot(Request::new(Body::empty())).await.unwrap();
    assert_eq!(answer.status(), 500);
    let body = axum::body::to_bytes(answer.into_body(), 4096).await.unwrap();
    let error: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(error["error"]["code"], "internal_error");
    assert!(!String::from_utf8_lossy(&body).contains("sk-ferro"));
}
