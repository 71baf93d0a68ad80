//! Which pages' scripts may call `/v1`: all of them, unless the operator listed some. Never anything but `/v1`.

use axum::body::Body;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

const ANY: HeaderValue = HeaderValue::from_static("*");
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, DELETE, OPTIONS");
const HEADERS: HeaderValue = HeaderValue::from_static("Authorization, Content-Type");
const EXPOSED: HeaderValue = HeaderValue::from_static("X-Request-ID, Retry-After");
const A_DAY: HeaderValue = HeaderValue::from_static("86400");

/// Origins that may read answers.
#[derive(Debug, Clone)]
pub(super) enum Cors {
    /// Every one. Nothing rests on cookies here: whoever calls has to know a key.
    Any,
    /// These.
    Listed(Box<[HeaderValue]>),
}

impl Cors {
    /// Of the operator's list; blank: any.
    pub(super) fn of(origins: &[String]) -> Self {
        let origins = origins.iter().map(|origin| origin.trim().trim_end_matches('/'));
        let listed: Vec<&str> = origins.filter(|origin| !origin.is_empty()).collect();
        if listed.is_empty() || listed.contains(&"*") {
            return Self::Any;
        }
        Self::Listed(listed.into_iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect())
    }

    /// The answer to a preflight, which comes before any key is looked at.
    pub(super) fn preflight(&self, request: &HeaderMap) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        if self.allows(request).is_some() {
            // Clients send headers of their own making; what they ask for is no secret to them.
            let asked = request.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.unwrap_or(HEADERS));
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.insert(ACCESS_CONTROL_MAX_AGE, A_DAY);
        }
        self.admit(self.allows(request), headers);
        response
    }

    /// The `Access-Control-Allow-Origin` of the answer to a request with these headers.
    pub(super) fn allows(&self, request: &HeaderMap) -> Option<HeaderValue> {
        let origin = request.get(ORIGIN)?;
        match self {
            Self::Any => Some(ANY),
            Self::Listed(listed) => listed.contains(origin).then(|| origin.clone()),
        }
    }

    /// Writes what [`Cors::allows`] said into an answer.
    pub(super) fn admit(&self, allowed: Option<HeaderValue>, answer: &mut HeaderMap) {
        if let Self::Listed(_) = self {
            answer.append(VARY, HeaderValue::from_static("Origin"));
        }
        if let Some(origin) = allowed {
            answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            answer.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }
}
