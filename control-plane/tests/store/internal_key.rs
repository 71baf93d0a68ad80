//! Keys that the control plane makes for itself: workers know them, and nobody sees them.

use ferrogw_control_plane::store::{AuditFilter, Scope, StoreError};
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};

use crate::home::{Home, new_key, operator};

on_every_database! {
    async fn workers_get_it_and_nobody_else_sees_it(home: &Home) {
        let store = home.store().await;
        let end = OffsetDateTime::now_utc() + Duration::minutes(15);
        let issued = store.create_internal_key(end).await.expect("it is made");
        let changes = store.key_changes_since(0, 100).await.expect("it answers");
        let grant = &changes.upserts[0];
        assert_eq!(issued.key.id.to_string()[..19], ferrogw_api::key::PLAYGROUND[..19]);
        assert_ne!(issued.key.id.to_string(), ferrogw_api::key::PLAYGROUND);
        assert_eq!((grant.id, grant.scopes, changes.to), (issued.key.id, Scope::Inference.into(), issued.key.revision));
        assert_eq!(grant.digest[..], Sha256::digest(issued.secret.expose())[..]);

        assert!(store.keys().await.expect("it answers").is_empty());
        let id = issued.key.id;
        let attempts = [
            store.key(id).await.map(drop),
            store.revoke_key(id, &operator()).await.map(drop),
            store.rotate_key(id, &operator()).await.map(drop),
            store.delete_key(id, &operator()).await,
        ];
        assert!(attempts.iter().all(|attempt| matches!(attempt, Err(StoreError::NotFound(_)))), "{attempts:?}");
        assert_eq!(store.audit(&AuditFilter::default()).await.expect("it answers").total, 0);
    }

    async fn when_it_has_ended_workers_forget_it_and_others_stay(home: &Home) {
        let store = home.store().await;
        let now = OffsetDateTime::now_utc();
        let ended = store.create_internal_key(now - Duration::SECOND).await.expect("it is made");
        let lives = store.create_internal_key(now + Duration::HOUR).await.expect("it is made");
        let mut new = new_key("an ended key of somebody's", Scope::Inference);
        new.expires_at = Some(now - Duration::SECOND);
        let somebodys = store.create_key(new, &operator()).await.expect("it is made");
        let before = store.key_revision().await.expect("it answers");

        store.remove_dead_internal_keys().await.expect("it answers");

        let changes = store.key_changes_since(before, 100).await.expect("it answers");
        assert_eq!(changes.removed.len(), 1);
        assert_eq!(changes.removed[0][..], Sha256::digest(ended.secret.expose())[..]);
        let kept: Vec<_> = store.key_changes_since(0, 100).await.expect("it answers").upserts.iter().map(|key| key.id).collect();
        assert_eq!(kept, [lives.key.id, somebodys.key.id]);
        store.remove_dead_internal_keys().await.expect("it answers");
        assert_eq!(store.key_revision().await.expect("it answers"), changes.to, "nothing to do is nothing done");
    }
}
