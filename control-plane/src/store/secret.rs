//! Making secrets that nobody chose: of keys and of sessions.

use ferrogw_config::Secret;
use sha2::{Digest as _, Sha256};

use super::{KeyDigest, StoreError};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Digits of 256 bits to the base of 62.
const DIGITS: usize = 43;

/// A new secret: `prefix`, which says what it opens, and 256 bits of the operating system's randomness.
pub(super) fn mint(prefix: &str) -> Result<Secret<String>, StoreError> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).map_err(|error| StoreError::Invalid(format!("the system gives no randomness: {error}")))?;
    Ok(Secret::new(format!("{prefix}{}", base62(random))))
}

/// What is stored of a secret.
pub(super) fn digest(secret: &Secret<String>) -> KeyDigest {
    Sha256::digest(secret.expose().as_bytes()).into()
}

/// The number in `bytes` to the base of 62, with leading zeros: always as long.
fn base62(mut bytes: [u8; 32]) -> String {
    let mut digits = [0_u8; DIGITS];
    for digit in digits.iter_mut().rev() {
        let mut remainder = 0_u32;
        for byte in &mut bytes {
            let value = (remainder << 8) | u32::from(*byte);
            *byte = u8::try_from(value / 62).expect("the remainder is below 62, so the quotient fits a byte");
            remainder = value % 62;
        }
        *digit = ALPHABET[remainder as usize];
    }
    digits.iter().map(|&digit| char::from(digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::{base62, mint};

    #[test]
    fn the_largest_number_fills_all_digits() {
        assert_eq!(base62([0xff; 32]), "yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1");
    }

    #[test]
    fn the_smallest_number_is_as_long() {
        assert_eq!(base62([0; 32]), "0".repeat(43));
    }

    #[test]
    fn a_secret_says_what_it_opens_and_is_never_made_twice() {
        let (one, other) = (mint("fgws_").expect("randomness"), mint("fgws_").expect("randomness"));
        assert!(one.expose().starts_with("fgws_") && one.expose().len() == 48 && one.expose() != other.expose());
    }
}
