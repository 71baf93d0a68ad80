use super::*;

fn told_of(class: FailureClass, status: u16) -> (u16, String, String) {
    let failure = Failure { status: StatusCode::from_u16(status).ok(), ..Failure::ours(class, "their words") };
    let rejection = Rejection::from(failure);
    (rejection.status.as_u16(), rejection.code.into_owned(), rejection.message.into_owned())
}

#[test]
fn a_providers_refusal_of_the_request_keeps_its_status_and_words() {
    for (class, status, code) in [
        (FailureClass::InvalidRequest, 400, "invalid_request"),
        (FailureClass::InvalidRequest, 413, "invalid_request"),
        (FailureClass::InvalidRequest, 422, "invalid_request"),
        (FailureClass::NotFound, 404, "model_not_found"),
        (FailureClass::RateLimited, 429, "rate_limit_exceeded"),
        (FailureClass::QuotaExceeded, 429, "insufficient_quota"),
    ] {
        assert_eq!(told_of(class, status), (status, code.to_owned(), "their words".to_owned()));
    }
}

#[test]
fn everything_else_is_told_by_class_and_in_our_words() {
    for (class, status, told, code) in [
        (FailureClass::Auth, 401, 502, "upstream_auth_error"),
        (FailureClass::Auth, 402, 502, "upstream_auth_error"),
        (FailureClass::UpstreamTimeout, 408, 504, "upstream_timeout"),
        (FailureClass::UpstreamTimeout, 504, 504, "upstream_timeout"),
        (FailureClass::Overloaded, 503, 503, "upstream_unavailable"),
        (FailureClass::Overloaded, 529, 503, "upstream_unavailable"),
        (FailureClass::Server, 500, 502, "upstream_error"),
        (FailureClass::Server, 302, 502, "upstream_error"),
        (FailureClass::Connection, 0, 502, "upstream_error"),
        (FailureClass::Timer, 0, 504, "gateway_timeout"),
    ] {
        let (status, found, message) = told_of(class, status);
        assert_eq!((status, found.as_str()), (told, code));
        assert!(!message.contains("their words"));
    }
}

#[test]
fn the_providers_type_param_and_code_are_kept() {
    let failure = Failure {
        status: Some(StatusCode::BAD_REQUEST),
        kind: Some("invalid_request_error".into()),
        param: Some("temperature".into()),
        code: Some("unsupported_value".into()),
        ..Failure::ours(FailureClass::InvalidRequest, "no")
    };
    let rejection = Rejection::from(failure);
    assert_eq!((rejection.param.as_deref(), &*rejection.code), (Some("temperature"), "unsupported_value"));
}

#[test]
fn an_unknown_model_is_told_with_the_nearest_names() {
    let message = Rejection::unknown_model("gpt-4p", &["gpt-4o", "gpt-4"]).message;
    assert_eq!(message, "The model `gpt-4p` is not served here. Did you mean `gpt-4o`, `gpt-4`? See GET /v1/models.");
}

#[test]
fn a_long_model_name_is_not_echoed_whole() {
    assert!(Rejection::unknown_model(&"x".repeat(1 << 20), &[]).message.len() < 300);
}
