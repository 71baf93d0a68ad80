//! How deeply a body may be nested.
//!
//! Nothing here recurses over a body, but providers and plugins do, and no request that means something is nested like this.

use ferrogw_llm::Malformed;
use memchr::memchr2;

/// Deepest nesting that is taken: what most JSON parsers take.
const DEEPEST: usize = 128;

/// Refuses a body that is nested too deeply. `json` has been read as JSON before, so brackets outside of strings are in balance.
pub(super) fn check(json: &[u8]) -> Result<(), Malformed> {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = json.get(at) {
        at += 1;
        match byte {
            b'[' | b'{' if depth == DEEPEST => {
                return Err(Malformed::NotJson { detail: format!("it is nested more than {DEEPEST} levels deep") });
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => at = end_of_string(json, at),
            _ => {}
        }
    }
    Ok(())
}

/// Where the string that begins at `at` is over. Nearly all of a body is strings, so they are searched and not read.
fn end_of_string(json: &[u8], mut at: usize) -> usize {
    while let Some(found) = json.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += found + 1;
        if json[at - 1] == b'"' {
            return at;
        }
        at += 1;
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_exact() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(check(nested(128).as_bytes()).is_ok());
        assert!(check(nested(129).as_bytes()).is_err());
    }

    #[test]
    fn brackets_in_strings_and_side_by_side_are_no_nesting() {
        let text = format!(r#"{{"a\"{open}":"{open}\\","b":[{pairs}{{}}]}}"#, open = "[".repeat(500), pairs = "[],".repeat(500));
        assert!(check(text.as_bytes()).is_ok());
    }
}
