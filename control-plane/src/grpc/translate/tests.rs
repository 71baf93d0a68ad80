use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::key;
use crate::store::{KeyGrant, Scope};

fn expiry(expires_at: Option<OffsetDateTime>) -> i64 {
    key(&KeyGrant { digest: [1; 32], id: Uuid::nil(), expires_at, scopes: Scope::Inference.into() }).expires_at_unix
}

#[test]
fn only_a_key_that_never_expires_is_sent_so() {
    let epoch = OffsetDateTime::UNIX_EPOCH;
    assert_eq!(expiry(None), 0);
    assert_eq!([epoch, epoch + Duration::milliseconds(500), epoch - Duration::DAY].map(|at| expiry(Some(at))), [1, 1, 1]);
    assert_eq!(expiry(Some(epoch + Duration::DAY)), 86_400);
}
