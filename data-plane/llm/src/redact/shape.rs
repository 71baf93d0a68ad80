//! The shapes that credentials have.
//!
//! Everything is found from an ASCII byte that begins it and ends before a byte that cannot belong to it, so a range never
//! cuts a character in two.

use std::ops::Range;

/// Beginnings by which vendors mark their keys, and how many more characters make one.
const PREFIXES: [(&str, usize); 19] = [
    ("sk-", 8),
    ("pk-", 16),
    ("rk-", 16),
    ("gsk_", 8),
    ("xai-", 8),
    ("pplx-", 8),
    ("hf_", 8),
    ("AIza", 16),
    ("AKIA", 12),
    ("ASIA", 12),
    ("nvapi-", 8),
    ("csk-", 8),
    ("fw_", 16),
    ("r8_", 16),
    ("tgp_v1_", 8),
    ("dop_v1_", 16),
    ("ghp_", 16),
    ("github_pat_", 16),
    ("xoxb-", 8),
];

/// Words after which a credential stands.
const SCHEMES: [&str; 2] = ["bearer", "basic"];

/// Ends of names whose value is a secret.
const SECRET_NAMES: [&str; 8] = ["key", "token", "secret", "password", "passwd", "pwd", "signature", "credential"];

/// How far is looked for what decides, so that no text costs its square.
const WINDOW: usize = 4096;

/// The secret that begins at `at`, or that `at` introduces; `None`: nothing of the kind.
pub(super) fn secret_at(text: &[u8], at: usize) -> Option<Range<usize>> {
    match text[at] {
        b'=' | b':' => assigned(text, at).or_else(|| userinfo(text, at)),
        b'-' => pem(text, at),
        byte if byte.is_ascii_alphabetic() && starts_word(text, at) => {
            prefixed(text, at).or_else(|| web_token(text, at)).or_else(|| after_scheme(text, at))
        }
        _ => None,
    }
}

fn starts_word(text: &[u8], at: usize) -> bool {
    at == 0 || !text[at - 1].is_ascii_alphanumeric()
}

/// `sk-…`, `AIza…` and the like.
fn prefixed(text: &[u8], at: usize) -> Option<Range<usize>> {
    let (prefix, least) = PREFIXES.iter().find(|(prefix, _)| text[at..].starts_with(prefix.as_bytes()))?;
    let end = run_end(text, at, is_key_byte);
    (end - at - prefix.len() >= *least).then_some(at..end)
}

/// A JSON web token: three base64url parts, of which the first begins with `{"`.
fn web_token(text: &[u8], at: usize) -> Option<Range<usize>> {
    if !text[at..].starts_with(b"eyJ") {
        return None;
    }
    let belongs = |byte| is_key_byte(byte) || byte == b'.';
    let window = &text[..text.len().min(at + WINDOW)];
    let dots = window[at..run_end(window, at, belongs)].iter().filter(|byte| **byte == b'.').count();
    let end = if dots >= 2 { run_end(text, at, belongs) } else { at };
    (end - at >= 24).then_some(at..end)
}

/// `Bearer …`: the scheme stays, the credential goes.
fn after_scheme(text: &[u8], at: usize) -> Option<Range<usize>> {
    let scheme = SCHEMES.iter().find(|scheme| starts_with_ignoring_case(&text[at..], scheme))?;
    let start = at + scheme.len() + 1;
    if !matches!(text.get(start - 1), Some(b' ' | b'\t')) {
        return None;
    }
    let end = run_end(text, start, is_value_byte);
    let random = text[start..end].iter().any(|byte| !byte.is_ascii_lowercase());
    (end - start >= 8 && random).then_some(start..end)
}

/// `api_key=…`, `token: …`, `"secret": "…"`: the name stays, the value goes.
///
/// A colon also stands in sentences, so there the value has to look like a credential and not like a word.
fn assigned(text: &[u8], at: usize) -> Option<Range<usize>> {
    let name_end = text[..at].iter().rposition(|byte| !matches!(byte, b'"' | b'\'' | b' ' | b'\\'))? + 1;
    let name_start = text[..name_end].iter().rposition(|byte| !is_name_byte(*byte)).map_or(0, |before| before + 1);
    let name = &text[name_start..name_end];
    if !SECRET_NAMES.iter().any(|secret| ends_with_ignoring_case(name, secret)) {
        return None;
    }
    let start = run_end(text, at + 1, |byte| matches!(byte, b'"' | b'\'' | b' ' | b'\\'));
    if SCHEMES.iter().any(|scheme| starts_with_ignoring_case(&text[start..], scheme)) {
        return None;
    }
    let end = run_end(text, start, is_value_byte);
    let value = &text[start..end];
    let secret = match text[at] {
        b'=' => value.len() >= 4,
        _ => value.len() >= 16 && value.iter().any(u8::is_ascii_digit),
    };
    secret.then_some(start..end)
}

/// `scheme://user:password@host`: both go.
fn userinfo(text: &[u8], at: usize) -> Option<Range<usize>> {
    if !text[at..].starts_with(b"://") {
        return None;
    }
    let start = at + 3;
    let ends = |byte: u8| matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>') || byte.is_ascii_whitespace();
    let end = run_end(&text[..text.len().min(start + WINDOW)], start, |byte| !ends(byte));
    let sign = text[start..end].iter().rposition(|byte| *byte == b'@')?;
    (sign > 0).then_some(start..start + sign)
}

/// A PEM block, or what was left of one that was cut.
fn pem(text: &[u8], at: usize) -> Option<Range<usize>> {
    const BEGIN: &[u8] = b"-----BEGIN ";
    const END: &[u8] = b"-----END ";
    if !text[at..].starts_with(BEGIN) {
        return None;
    }
    let body = at + BEGIN.len();
    let Some(tail) = text[body..].windows(END.len()).position(|window| window == END).map(|tail| body + tail + END.len()) else {
        return Some(at..text.len());
    };
    let close = text[tail..].windows(5).position(|window| window == b"-----").map_or(text.len(), |close| tail + close + 5);
    Some(at..close)
}

fn run_end(text: &[u8], start: usize, belongs: impl Fn(u8) -> bool) -> usize {
    text.get(start..).map_or(text.len(), |rest| start + rest.iter().position(|byte| !belongs(*byte)).unwrap_or(rest.len()))
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// What keys consist of; `*` because vendors quote them half masked.
fn is_key_byte(byte: u8) -> bool {
    is_name_byte(byte) || byte == b'*'
}

fn is_value_byte(byte: u8) -> bool {
    is_key_byte(byte) || matches!(byte, b'.' | b'+' | b'/' | b'=' | b'~' | b'%' | b'$' | b'!')
}

fn starts_with_ignoring_case(text: &[u8], word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

fn ends_with_ignoring_case(text: &[u8], word: &str) -> bool {
    text.len().checked_sub(word.len()).is_some_and(|from| text[from..].eq_ignore_ascii_case(word.as_bytes()))
}
