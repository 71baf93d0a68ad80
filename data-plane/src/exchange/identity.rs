//! Under which names a request is known: the record's own id, and those that the client may have given.

use std::time::{SystemTime, UNIX_EPOCH};

use ferrogw_process::telemetry::{Parent, state};
use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::{Builder, Uuid};

/// The header that carries the request's id, both ways.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The header in which a caller names its span.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The header in which tracing systems say something of a trace.
pub(crate) const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// A request's names and its time of arrival.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// `UUIDv7`.
    pub id: Uuid,
    /// 32 hex digits.
    pub request_id: String,
    /// The caller's span.
    pub parent: Option<Parent>,
    /// When it arrived.
    pub started: SystemTime,
}

impl Identity {
    /// Of a request that arrives now. A client's own `X-Request-ID` is kept if it is 32 hex digits and not all zeros; without one
    /// the request is called as the trace that it is a part of.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let started = SystemTime::now();
        let id = uuid_v7(started);
        let own = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|text| is_id(text));
        let parent = headers.get(TRACEPARENT).and_then(|value| Parent::read(value.to_str().ok()?));
        let request_id = match (own, &parent) {
            (Some(own), _) => own.to_ascii_lowercase(),
            (None, Some(parent)) => format!("{:032x}", parent.trace),
            (None, None) => id.simple().to_string(),
        };
        Self { id, request_id, parent, started }
    }

    /// With what tracing systems say of the caller's trace, for whoever passes that on.
    pub(crate) fn with_state(mut self, headers: &HeaderMap) -> Self {
        if let Some(parent) = &mut self.parent {
            parent.state = state::read(headers.get_all(TRACESTATE).iter().map(HeaderValue::as_bytes));
        }
        self
    }
}

/// The library's own generator asks the operating system for each id and keeps a lock that all cores would share.
fn uuid_v7(now: SystemTime) -> Uuid {
    let millis = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let mut random = [0; 10];
    fastrand::fill(&mut random);
    Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap_or(u64::MAX), &random).into_uuid()
}

fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) && text.bytes().any(|byte| byte != b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request_id(sent: &'static str) -> String {
        Identity::of(&HeaderMap::from_iter([(REQUEST_ID, http::HeaderValue::from_static(sent))])).request_id
    }

    #[test]
    fn a_clients_id_is_kept_if_it_is_32_hex_digits() {
        assert_eq!(request_id("0123456789ABCDEF0123456789abcdef"), "0123456789abcdef0123456789abcdef");
    }

    #[test]
    fn a_request_of_a_trace_is_called_as_the_trace() {
        let header = http::HeaderValue::from_static("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        let identity = Identity::of(&HeaderMap::from_iter([(TRACEPARENT, header)]));
        assert_eq!(identity.request_id, "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(identity.parent.map(|parent| parent.span), Some(0xb7ad_6b71_6920_3331));
    }

    /// What is passed on of two `tracestate` headers that come with this `traceparent`; `None`: there is no caller's span.
    fn state_beside(traceparent: &'static str) -> Option<String> {
        let said = [(TRACESTATE, "rojo=1"), (TRACEPARENT, traceparent), (TRACESTATE, "congo=2")];
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            headers.append(name, HeaderValue::from_static(value));
        }
        Identity::of(&headers).with_state(&headers).parent.map(|parent| parent.state.header())
    }

    #[test]
    fn a_traces_state_is_nothing_without_the_trace() {
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(state_beside(trace).as_deref(), Some("rojo=1,congo=2"));
        assert_eq!(state_beside("00-of-another-form"), None);
    }

    #[test]
    fn any_other_id_is_replaced_by_the_records_own() {
        for sent in ["", "abc", "00000000000000000000000000000000", "123e4567-e89b-12d3-a456-426614174000"] {
            assert_ne!(request_id(sent), sent);
        }
        let identity = Identity::of(&HeaderMap::new());
        assert_eq!(identity.request_id, identity.id.simple().to_string());
        assert_eq!(identity.id.get_version_num(), 7);
    }
}
