//! Answers that are written by hand, to clients of whom no request could be read: there is nothing but a socket then.

use crate::exchange::{Identity, REQUEST_ID};
use crate::rejection::Rejection;
use crate::surface;

/// `rejection` as a whole answer of HTTP/1.1, after which the connection ends.
pub(super) fn answer(rejection: &Rejection) -> Vec<u8> {
    let body = surface::envelope(rejection);
    let id = Identity::of(&http::HeaderMap::new()).request_id;
    let retry_after = rejection.retry_after.map(|seconds| format!("retry-after: {seconds}\r\n")).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{retry_after}{REQUEST_ID}: {id}\r\n\
         x-content-type-options: nosniff\r\nconnection: close\r\n\r\n",
        rejection.status,
        body.len(),
    );
    [head.as_bytes(), &body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_by_hand_has_what_every_answer_has() {
        let text = String::from_utf8(answer(&Rejection::no_room())).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.split("\r\n");
        assert_eq!(lines.next(), Some("HTTP/1.1 503 Service Unavailable"));
        let header = |name: &str| lines.clone().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default();
        assert_eq!(header("content-length"), body.len().to_string());
        assert_eq!((header("x-request-id").len(), header("retry-after"), header("connection")), (32, "1", "close"));
        let error = &serde_json::from_str::<serde_json::Value>(body).unwrap()["error"];
        assert_eq!((&error["type"], &error["code"], &error["param"]), (&"server_error".into(), &"busy".into(), &().into()));
    }
}
