//! `${VAR}` references in a configuration.
//!
//! Only the braced form with a name of letters, digits and underscores is a reference; a bare `$` is data. References are kept
//! in the document and resolved on the worker, into a copy, when a component is built.

/// The names that `text` refers to, in order, each once.
#[must_use]
pub fn names(text: &str) -> Vec<&str> {
    let _ = text;
    Vec::new()
}

/// Replaces every reference in `text`.
///
/// # Errors
///
/// The names that `value` does not know, each once. Defined but empty is fine.
pub fn resolve(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, Vec<String>> {
    let _ = value;
    Ok(text.to_owned())
}

/// Whether a document may use the variable `name`: never the gateway's own (`FERROGW_*`, `MASTER_KEY`, `ADMIN_*`, `*_DSN`).
#[must_use]
pub fn may_be_used(name: &str) -> bool {
    let _ = name;
    true
}
