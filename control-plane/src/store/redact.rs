//! The last line of defence: nothing that looks like a credential is written down, whoever let it come this far.

use std::borrow::Cow;

/// How credentials begin that are worth stealing.
const PREFIXES: [&str; 13] = ["sk-", "sk_", "fgws_", "pk-", "gsk_", "xai-", "hf_", "r8_", "AIza", "AKIA", "ASIA", "eyJ", "ghp_"];

/// Shortest word that is taken for a credential.
const SHORTEST: usize = 16;

const MASK: &str = "[REDACTED]";

/// `text` with everything in it that looks like a credential masked, and what follows `Bearer`.
pub(super) fn redact(text: &str) -> Cow<'_, str> {
    let mut masked = String::new();
    let mut copied = 0;
    let mut after_bearer = false;
    for (start, word) in words(text) {
        if is_credential(word) || (after_bearer && word.len() >= SHORTEST / 2) {
            masked.push_str(&text[copied..start]);
            masked.push_str(MASK);
            copied = start + word.len();
        }
        after_bearer = word.eq_ignore_ascii_case("bearer");
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    masked.push_str(&text[copied..]);
    Cow::Owned(masked)
}

/// The runs of characters that credentials are made of, with their places.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let outside =
        |character: char| !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '~' | '+' | '/'));
    let mut next = 0;
    text.split_inclusive(outside).filter_map(move |piece| {
        let start = next;
        next += piece.len();
        let word = piece.trim_end_matches(outside);
        (!word.is_empty()).then_some((start, word))
    })
}

fn is_credential(word: &str) -> bool {
    word.len() >= SHORTEST && PREFIXES.iter().any(|prefix| word.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn plain_words_stay() {
        assert_eq!(redact("the model gpt-4o-mini-2024-07-18 is overloaded"), "the model gpt-4o-mini-2024-07-18 is overloaded");
    }

    #[test]
    fn keys_and_bearer_tokens_go() {
        assert_eq!(
            redact(r#"{"name":"sk-ferro-0123456789abcdef"}, key=AIzaSyA-0123456789, Authorization: Bearer abcdef0123"#),
            r#"{"name":"[REDACTED]"}, key=[REDACTED], Authorization: Bearer [REDACTED]"#
        );
    }
}
