//! One file and its compressed forms.

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, Response};

/// What the build found under `dashboard/dist`.
pub(super) static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/dashboard.rs"));

/// A file.
#[derive(Debug, PartialEq)]
pub(super) struct File {
    /// Its path under `/dashboard/`.
    pub(super) name: &'static str,
    pub(super) plain: &'static [u8],
    pub(super) brotli: Option<&'static [u8]>,
    pub(super) gzip: Option<&'static [u8]>,
}

impl File {
    /// In the shortest form that the reader takes.
    pub(super) fn answer(&self, headers: &HeaderMap) -> axum::response::Response {
        let (encoding, content) = self.form(headers);
        let mut response = Response::new(Body::from(content));
        let told = response.headers_mut();
        told.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type()));
        told.insert(CACHE_CONTROL, HeaderValue::from_static(self.caching()));
        told.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(encoding) = encoding {
            told.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }

    fn form(&self, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
        match (self.brotli, self.gzip) {
            (Some(brotli), _) if takes(headers, "br") => (Some("br"), brotli),
            (_, Some(gzip)) if takes(headers, "gzip") => (Some("gzip"), gzip),
            _ => (None, self.plain),
        }
    }

    /// The name of an asset says what is in it; the page has always the same name.
    fn caching(&self) -> &'static str {
        if self.name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-store" }
    }

    fn content_type(&self) -> &'static str {
        match self.name.rsplit('.').next() {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("wasm") => "application/wasm",
            _ => "application/octet-stream",
        }
    }
}

/// Whether the reader takes an encoding; `q=0` says that they do not.
fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    let told = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    told.map(str::trim).any(|choice| {
        let mut words = choice.split(';').map(str::trim);
        let refused = |word: &str| word.strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok()) == Some(0.0);
        words.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding)) && !words.any(refused)
    })
}
