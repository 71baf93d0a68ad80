use std::time::Duration;

use ferrogw_llm::{Failure, FailureClass};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::json;

use super::{read, read_inside};

fn refusal(status: u16, body: &str) -> Failure {
    read(StatusCode::from_u16(status).expect("a status"), &HeaderMap::new(), body.as_bytes())
}

#[test]
fn the_message_is_found_in_every_shape_that_providers_use() {
    for body in [
        json!({"error": {"message": "no", "type": "t"}}),
        json!({"error": {"error": "no"}}),
        json!({"error": "no", "code": "c"}),
        json!({"error": ["no", "and no"]}),
        json!({"errors": [{"code": 7000, "message": "no"}], "success": false}),
        json!({"errors": ["no"]}),
        json!({"detail": "no"}),
        json!({"detail": [{"msg": "no", "loc": ["body", "messages"]}]}),
        json!({"detail": {"error": "no"}}),
        json!({"detail": {"message": "no"}}),
        json!({"message": "no"}),
        json!({"object": "error", "message": {"detail": [{"msg": "no", "loc": ["body", "max_completion_tokens"]}]}}),
        json!({"error_code": "BAD", "message": "no"}),
        json!({"title": "Bad", "detail": "no", "status": 422}),
        json!({"__type": "ValidationException", "Message": "no"}),
        json!({"code": 400, "reason": "INVALID", "message": "no"}),
        json!([{"error": {"code": 400, "message": "no"}}]),
        json!({"type": "error", "error": {"type": "invalid_request_error", "message": "no"}}),
    ] {
        assert_eq!(refusal(422, &body.to_string()).message, "no", "{body}");
    }
}

#[test]
fn type_param_and_code_are_kept_and_a_location_becomes_the_param() {
    let openai =
        refusal(400, r#"{"error":{"message":"m","type":"invalid_request_error","param":"messages[3]","code":"invalid_value"}}"#);
    assert_eq!(
        [openai.kind.as_deref(), openai.param.as_deref(), openai.code.as_deref()],
        [Some("invalid_request_error"), Some("messages[3]"), Some("invalid_value")]
    );
    let pydantic = refusal(422, r#"{"detail":[{"msg":"Extra inputs","loc":["body","messages",0,"name"]}]}"#);
    assert_eq!(pydantic.param.as_deref(), Some("messages[0].name"));
    let numeric = refusal(400, r#"{"error":{"message":"m","code":400}}"#);
    assert_eq!(numeric.code.as_deref(), Some("400"));
}

#[test]
fn markup_and_unknown_shapes_become_the_statuss_phrase() {
    for body in [
        "<html><h1>Bad Gateway</h1></html>",
        r#"{"message":"<!DOCTYPE html>…"}"#,
        "",
        "null",
        "{\"a\":1}",
        "[]",
        "oops sk-secret12345",
        "\"x\"",
    ] {
        assert_eq!(refusal(502, body).message, "the provider answered 502 Bad Gateway", "{body}");
    }
    assert_eq!(refusal(529, "").message, "the provider answered with status 529");
}

#[test]
fn a_message_is_redacted_and_cut_to_length() {
    let echo =
        refusal(401, r#"{"error":{"message":"Incorrect API key provided: sk-proj-abcdef123456","code":"sk-abcdefgh12345678"}}"#);
    assert_eq!(echo.message, "Incorrect API key provided: [redacted]");
    assert_eq!(echo.code.as_deref(), Some("[redacted]"));
    let long = refusal(400, &json!({"error": {"message": "é".repeat(5000)}}).to_string());
    assert_eq!(long.message.chars().count(), 2048);
}

#[test]
fn the_class_follows_the_status_where_nothing_says_more() {
    for (status, class) in [
        (302, FailureClass::Server),
        (400, FailureClass::InvalidRequest),
        (401, FailureClass::Auth),
        (402, FailureClass::Auth),
        (403, FailureClass::Auth),
        (404, FailureClass::NotFound),
        (408, FailureClass::UpstreamTimeout),
        (409, FailureClass::InvalidRequest),
        (413, FailureClass::InvalidRequest),
        (422, FailureClass::InvalidRequest),
        (424, FailureClass::Server),
        (429, FailureClass::RateLimited),
        (451, FailureClass::InvalidRequest),
        (498, FailureClass::RateLimited),
        (500, FailureClass::Server),
        (502, FailureClass::Server),
        (503, FailureClass::Overloaded),
        (504, FailureClass::UpstreamTimeout),
        (529, FailureClass::Overloaded),
    ] {
        assert_eq!(refusal(status, "").class, class, "{status}");
    }
}

#[test]
fn what_the_body_says_refines_the_class() {
    for (status, body, class) in [
        (400, r#"{"error":{"message":"m","code":"context_length_exceeded"}}"#, FailureClass::ContextLength),
        (400, r#"{"error":{"message":"This endpoint's maximum context length is 200000 tokens."}}"#, FailureClass::ContextLength),
        (
            400,
            r#"{"error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#,
            FailureClass::ContextLength,
        ),
        (413, r#"{"error":{"message":"Input is too long"}}"#, FailureClass::ContextLength),
        (
            400,
            r#"{"error":{"message":"m","code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
            FailureClass::ContentFilter,
        ),
        (400, r#"{"code":"Client specified an invalid argument","error":"Incorrect API key provided: x"}"#, FailureClass::Auth),
        (
            400,
            r#"{"error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}}"#,
            FailureClass::Auth,
        ),
        (400, r#"{"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"}"#, FailureClass::NotFound),
        (
            429,
            r#"{"error":{"message":"m","code":"insufficient_quota","type":"insufficient_quota"}}"#,
            FailureClass::QuotaExceeded,
        ),
        (
            429,
            r#"{"type":"error","error":{"type":"rate_limit_error","message":"m","details":{"error_code":"enforced_spend_limit_reached"}}}"#,
            FailureClass::QuotaExceeded,
        ),
        // A 500 that quotes a phrase is a 500 all the same.
        (500, r#"{"error":{"message":"maximum context length"}}"#, FailureClass::Server),
    ] {
        assert_eq!(refusal(status, body).class, class, "{body}");
    }
}

#[test]
fn an_error_inside_a_200_is_classed_by_what_it_says() {
    for (json, class, status) in [
        (json!({"error": {"message": "m", "code": 429}}), FailureClass::RateLimited, Some(429)),
        (
            json!({"error": {"message": "m", "type": "invalid_request_error", "status_code": 400}}),
            FailureClass::InvalidRequest,
            Some(400),
        ),
        (
            json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
            FailureClass::Overloaded,
            None,
        ),
        (json!({"type": "error", "error": {"type": "api_error", "message": "m"}}), FailureClass::Server, None),
        (json!({"error": "boom"}), FailureClass::Server, None),
    ] {
        let failure = read_inside(&json);
        assert_eq!((failure.class, failure.status.map(|status| status.as_u16())), (class, status), "{json}");
    }
}

fn wait(status: u16, headers: &[(&'static str, &'static str)]) -> Option<Duration> {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
    read(StatusCode::from_u16(status).expect("a status"), &headers, b"").retry_after
}

const DATE: (&str, &str) = ("date", "Sun, 22 Nov 2026 10:00:00 GMT");

#[test]
fn retry_after_is_read_in_every_spelling() {
    let seconds = |seconds| Some(Duration::from_secs_f64(seconds));
    assert_eq!(wait(503, &[("retry-after", "7")]), seconds(7.0));
    assert_eq!(wait(429, &[("retry-after", "0.25")]), seconds(0.25));
    assert_eq!(wait(429, &[("retry-after-ms", "1500"), ("retry-after", "9")]), seconds(1.5));
    assert_eq!(wait(429, &[DATE, ("retry-after", "Sun, 22 Nov 2026 10:00:30 GMT")]), seconds(30.0));
    assert_eq!(wait(429, &[("retry-after", "Sun, 22 Nov 2026 10:00:30 GMT")]), None, "a date without a date to measure from");
    assert_eq!(wait(429, &[("retry-after", "-5")]), None);
    assert_eq!(wait(429, &[("retry-after", "1e300")]), None);
    assert_eq!(wait(429, &[("retry-after", "99999999")]), seconds(86_400.0));
}

#[test]
fn the_reset_of_an_exhausted_limit_stands_in_for_retry_after() {
    let seconds = |seconds| Some(Duration::from_secs_f64(seconds));
    let requests = [("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "1m12s")];
    let tokens = [("x-ratelimit-remaining-tokens", "500"), ("x-ratelimit-reset-tokens", "6h0m0s")];
    assert_eq!(wait(429, &[requests, tokens].concat()), seconds(72.0));
    assert_eq!(wait(500, &requests), None, "a limit explains a 429 alone");
    assert_eq!(wait(429, &[("x-ratelimit-reset-tokens", "250ms")]), seconds(0.25));
    assert_eq!(wait(429, &[DATE, ("x-ratelimit-reset", "1795341615000")]), seconds(15.0));
    assert_eq!(wait(429, &[DATE, ("anthropic-ratelimit-tokens-reset", "2026-11-22T10:01:00Z")]), seconds(60.0));
    assert_eq!(
        wait(429, &[DATE, ("anthropic-ratelimit-tokens-reset", "2026-11-22T09:00:00Z")]),
        None,
        "a moment that has passed"
    );
    assert_eq!(wait(429, &[("x-ratelimit-reset", "soon")]), None);
}
