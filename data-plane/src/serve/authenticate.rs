//! Who is asking: one look-up in the snapshot's key table, fail-closed.

use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderMap, header};
use sha2::{Digest, Sha256};

use crate::rejection::Rejection;
use crate::snapshot::Keys;
use crate::snapshot::keys::Key;

/// The key that the request was sent with. Only keys of the table count: the master key, bootstrap keys and providers' keys are
/// not in it.
pub(crate) fn authenticate(keys: &Keys, headers: &HeaderMap) -> Result<Key, Rejection> {
    let token = bearer(headers).ok_or_else(Rejection::missing_key)?;
    let digest: [u8; 32] = Sha256::digest(token).into();
    let key = keys.find(&digest).ok_or_else(Rejection::unknown_key)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    if key.has_expired(i64::try_from(now).unwrap_or(i64::MAX)) {
        return Err(Rejection::expired_key());
    }
    Ok(key)
}

fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked(7)?;
    let token = token.trim_ascii();
    (scheme.eq_ignore_ascii_case(b"bearer ") && !token.is_empty()).then_some(token)
}
