//! Which kind of failure a refusal is: by what it says where that is known, by its status otherwise.

use ferrogw_llm::FailureClass;
use http::StatusCode;

use super::Envelope;

/// Codes and types that say more than the status.
const CODES: [(&str, FailureClass); 20] = [
    ("context_length_exceeded", FailureClass::ContextLength),
    ("model_context_window_exceeded", FailureClass::ContextLength),
    ("content_filter", FailureClass::ContentFilter),
    ("content_policy_violation", FailureClass::ContentFilter),
    ("ResponsibleAIPolicyViolation", FailureClass::ContentFilter),
    ("moderation_blocked", FailureClass::ContentFilter),
    ("data_inspection_failed", FailureClass::ContentFilter),
    ("insufficient_quota", FailureClass::QuotaExceeded),
    ("billing_hard_limit_reached", FailureClass::QuotaExceeded),
    ("enforced_spend_limit_reached", FailureClass::QuotaExceeded),
    ("invalid_api_key", FailureClass::Auth),
    ("authentication_error", FailureClass::Auth),
    ("permission_error", FailureClass::Auth),
    ("billing_error", FailureClass::Auth),
    ("model_not_found", FailureClass::NotFound),
    ("invalid_model", FailureClass::NotFound),
    ("not_found_error", FailureClass::NotFound),
    ("rate_limit_error", FailureClass::RateLimited),
    ("overloaded_error", FailureClass::Overloaded),
    ("timeout_error", FailureClass::UpstreamTimeout),
];

/// Codes and types that decide only where no status did: of errors inside a 200.
const CODES_WITHOUT_STATUS: [(&str, FailureClass); 5] = [
    ("invalid_request_error", FailureClass::InvalidRequest),
    ("request_too_large", FailureClass::InvalidRequest),
    ("rate_limit_exceeded", FailureClass::RateLimited),
    ("service_unavailable", FailureClass::Overloaded),
    ("api_error", FailureClass::Server),
];

/// What vendors without a code of their own write, in lower case.
const PHRASES: [(&str, FailureClass); 14] = [
    ("maximum context length", FailureClass::ContextLength),
    ("context length exceeded", FailureClass::ContextLength),
    ("exceeds the context", FailureClass::ContextLength),
    ("exceed context limit", FailureClass::ContextLength),
    ("context window", FailureClass::ContextLength),
    ("prompt is too long", FailureClass::ContextLength),
    ("input is too long", FailureClass::ContextLength),
    ("too many tokens", FailureClass::ContextLength),
    ("maximum prompt length", FailureClass::ContextLength),
    ("content management policy", FailureClass::ContentFilter),
    ("incorrect api key", FailureClass::Auth),
    ("invalid api key", FailureClass::Auth),
    ("credit balance is too low", FailureClass::Auth),
    ("is not a valid model", FailureClass::NotFound),
];

/// The class of a refusal. `status` is `None` for an error inside a 200 that names none.
pub(super) fn of(status: Option<StatusCode>, envelope: &Envelope) -> FailureClass {
    let Some(status) = status else {
        return told(&CODES, envelope)
            .or_else(|| phrase(envelope))
            .or_else(|| told(&CODES_WITHOUT_STATUS, envelope))
            .unwrap_or(FailureClass::Server);
    };
    match status.as_u16() {
        // The one status that many reasons share.
        400 | 413 | 422 => told(&CODES, envelope).or_else(|| phrase(envelope)).unwrap_or(FailureClass::InvalidRequest),
        401..=403 => told(&CODES, envelope).filter(|class| *class == FailureClass::ContentFilter).unwrap_or(FailureClass::Auth),
        404 => FailureClass::NotFound,
        408 | 504 => FailureClass::UpstreamTimeout,
        429 => told(&CODES, envelope).filter(|class| *class == FailureClass::QuotaExceeded).unwrap_or(FailureClass::RateLimited),
        // A flex tier without capacity, and a model that failed behind the provider's front.
        498 => FailureClass::RateLimited,
        424 => FailureClass::Server,
        503 | 529 => FailureClass::Overloaded,
        400..500 => FailureClass::InvalidRequest,
        _ => FailureClass::Server,
    }
}

fn told(codes: &[(&str, FailureClass)], envelope: &Envelope) -> Option<FailureClass> {
    let told = [&envelope.inner_code, &envelope.code, &envelope.kind];
    told.into_iter().flatten().find_map(|word| codes.iter().find(|(code, _)| code == word).map(|(_, class)| *class))
}

fn phrase(envelope: &Envelope) -> Option<FailureClass> {
    let message = envelope.message.as_deref()?.to_ascii_lowercase();
    PHRASES.iter().find(|(phrase, _)| message.contains(phrase)).map(|(_, class)| *class)
}
