//! The border to the wire's types.

use ferrogw_config::{Issue, Severity};
use ferrogw_proto::sync;
use uuid::Uuid;

use crate::snapshot::keys::{Changes, Key, KeyDigest, Keys, Scopes};

/// A chunk that cannot be what the control plane meant.
#[derive(Debug, thiserror::Error)]
#[error("a key's {0} has the wrong length")]
pub(super) struct MalformedKey(&'static str);

/// The issue `path: message (hint)`, an error.
pub(super) fn issue(path: &str, message: impl Into<String>, hint: &str) -> Issue {
    Issue {
        severity: Severity::Error,
        path: path.to_owned(),
        line: None,
        column: None,
        message: message.into(),
        hint: hint.to_owned(),
    }
}

pub(super) fn issues_to_proto(issues: Vec<Issue>) -> Vec<sync::Issue> {
    issues.into_iter().map(|issue| sync::Issue { path: issue.path, message: issue.message, hint: issue.hint }).collect()
}

/// The changes in a chunk.
pub(super) fn changes(chunk: &sync::KeyChanges) -> Result<Changes, MalformedKey> {
    Ok(Changes {
        upserts: chunk.upserts.iter().map(key).collect::<Result<_, _>>()?,
        removed: chunk.removed.iter().map(|bytes| digest(bytes)).collect::<Result<_, _>>()?,
    })
}

fn key(sent: &sync::Key) -> Result<(KeyDigest, Key), MalformedKey> {
    let id = Uuid::from_slice(&sent.id).map_err(|_| MalformedKey("id"))?;
    let expires_at = (sent.expires_at_unix != 0).then_some(sent.expires_at_unix);
    let scopes = sent.scopes().map(scope).fold(Scopes::NONE, Scopes::and);
    Ok((digest(&sent.digest)?, Key { id, expires_at, scopes }))
}

fn digest(bytes: &[u8]) -> Result<KeyDigest, MalformedKey> {
    bytes.try_into().map_err(|_| MalformedKey("digest"))
}

/// A scope that a newer control plane knows and we do not allows nothing here.
fn scope(scope: sync::Scope) -> Scopes {
    match scope {
        sync::Scope::Admin => Scopes::ADMIN,
        sync::Scope::ReadOnly => Scopes::READ_ONLY,
        sync::Scope::Inference => Scopes::INFERENCE,
        sync::Scope::Unspecified => Scopes::NONE,
    }
}

/// A whole table as chunks that each fit a frame and a message.
pub(super) fn chunks(keys: &Keys, revision: u64) -> Vec<sync::KeyChanges> {
    const PER_CHUNK: usize = 10_000;
    let rows: Vec<sync::Key> = keys.iter().map(|(digest, key)| key_to_proto(&digest, key)).collect();
    let last = rows.len().div_ceil(PER_CHUNK).saturating_sub(1);
    let mut chunks: Vec<_> =
        rows.chunks(PER_CHUNK).map(|rows| sync::KeyChanges { upserts: rows.to_vec(), ..empty(revision) }).collect();
    if chunks.is_empty() {
        chunks.push(empty(revision));
    }
    for (number, chunk) in chunks.iter_mut().enumerate() {
        chunk.from = if number == 0 { 0 } else { revision };
        chunk.more = number < last;
    }
    chunks
}

fn empty(revision: u64) -> sync::KeyChanges {
    sync::KeyChanges { from: 0, to: revision, more: false, upserts: Vec::new(), removed: Vec::new() }
}

fn key_to_proto(digest: &KeyDigest, key: Key) -> sync::Key {
    let scopes = [
        (Scopes::ADMIN, sync::Scope::Admin),
        (Scopes::READ_ONLY, sync::Scope::ReadOnly),
        (Scopes::INFERENCE, sync::Scope::Inference),
    ];
    sync::Key {
        digest: digest.to_vec().into(),
        id: key.id.into_bytes().to_vec().into(),
        expires_at_unix: key.expires_at.unwrap_or(0),
        scopes: scopes.into_iter().filter(|(scope, _)| key.scopes.any_of(*scope)).map(|(_, scope)| scope.into()).collect(),
    }
}
