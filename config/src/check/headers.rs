//! Headers that operators add to requests.

use std::collections::{BTreeMap, BTreeSet};

use super::variables;
use crate::model::Target;
use crate::path::Path;
use crate::report::Report;
use crate::variable;

/// Headers that the connection or the body decides.
const OURS: [&str; 11] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Checks headers that are sent to where `target` leads, or to somebody else.
pub(super) fn check(path: &Path<'_>, headers: &BTreeMap<String, String>, target: Option<&Target>, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for (name, value) in headers {
        let path = path.key(name);
        let lower = name.to_ascii_lowercase();
        if name.is_empty() || !name.bytes().all(is_token) {
            report.error(&path, "is not a header name", "use letters, digits and dashes");
        } else if OURS.contains(&lower.as_str()) {
            report.error(&path, "is set by the gateway", "remove it");
        } else if !seen.insert(lower.clone()) {
            report.error(&path, "is given a second time, in other letters", "keep one of the two");
        }
        if value.contains(char::is_control) {
            report.error(&path, "has a control character in its value", "keep the value on one line");
        }
        if carries_secret(&lower) && !is_reference(value) {
            let message = "holds a literal; a configuration is stored, shown and sent, so it never holds a secret";
            report.error(&path, message, "write a reference to a variable of the workers: `${MY_TOKEN}`");
        }
        variables::check(&path, value, target, report);
    }
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Whether a header of this name is there to prove who is asking.
fn carries_secret(lower: &str) -> bool {
    let words = ["authorization", "cookie", "token", "secret", "password", "credential", "api-key", "api_key", "apikey"];
    words.iter().any(|word| lower.contains(word))
}

/// Whether `value` is made of references, and perhaps a scheme in front: `Bearer ${TOKEN}`.
fn is_reference(value: &str) -> bool {
    let literal = variable::literal(value);
    let scheme = literal.trim();
    let is_scheme = ["bearer", "basic", "token", "apikey", "api-key"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    !variable::names(value).is_empty() && (scheme.is_empty() || is_scheme)
}
