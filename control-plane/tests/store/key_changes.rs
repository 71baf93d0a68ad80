use std::collections::HashMap;

use ferrogw_control_plane::store::{Expiry, IssuedKey, KeyDigest, KeyEdit, KeyGrant, Scope, Store};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use crate::home::{Home, new_key, operator};

async fn make(store: &Store, name: &str) -> IssuedKey {
    store.create_key(new_key(name, Scope::Inference), &operator()).await.expect("it is made")
}

fn digest(issued: &IssuedKey) -> KeyDigest {
    Sha256::digest(issued.secret.expose().as_bytes()).into()
}

/// A worker's table: what it has after following the store for a while.
#[derive(Default)]
struct Table {
    revision: u64,
    keys: HashMap<KeyDigest, KeyGrant>,
    steps: usize,
}

impl Table {
    async fn follow(&mut self, store: &Store, limit: u64) {
        loop {
            let changes = store.key_changes_since(self.revision, limit).await.expect("it answers");
            assert!(changes.upserts.len() as u64 <= limit && changes.from <= changes.to);
            if changes.from == 0 {
                self.keys.clear();
            }
            self.keys.extend(changes.upserts.into_iter().map(|grant| (grant.digest, grant)));
            for removed in &changes.removed {
                self.keys.remove(removed);
            }
            self.revision = changes.to;
            self.steps += 1;
            if !changes.more {
                return;
            }
        }
    }

    fn has(&self, issued: &IssuedKey) -> bool {
        self.keys.contains_key(&digest(issued))
    }
}

on_every_database! {
    async fn a_new_worker_gets_the_whole_table(home: &Home) {
        let store = home.store().await;
        let (kept, revoked) = (make(&store, "kept").await, make(&store, "revoked").await);
        store.revoke_key(revoked.key.id, &operator()).await.expect("it is revoked");
        let changes = store.key_changes_since(0, 100).await.expect("it answers");
        assert_eq!((changes.from, changes.to, changes.more), (0, store.key_revision().await.expect("it answers"), false));
        let grant = KeyGrant { digest: digest(&kept), id: kept.key.id, expires_at: None, scopes: kept.key.scopes };
        assert_eq!((changes.upserts, changes.removed), (vec![grant], vec![]));
    }

    async fn a_store_without_keys_is_a_whole_table_too(home: &Home) {
        let changes = home.store().await.key_changes_since(0, 100).await.expect("it answers");
        assert!(changes.from == 0 && changes.to > 0 && !changes.more && changes.upserts.is_empty());
    }

    async fn nothing_new_is_an_empty_step(home: &Home) {
        let store = home.store().await;
        let revision = make(&store, "one").await.key.revision;
        let changes = store.key_changes_since(revision, 100).await.expect("it answers");
        assert_eq!((changes.from, changes.to, changes.more), (revision, revision, false));
        assert!(changes.upserts.is_empty() && changes.removed.is_empty());
    }

    async fn a_step_tells_what_is_refused_from_now_on(home: &Home) {
        let store = home.store().await;
        let [revoked, deleted, rotated] = [make(&store, "a").await, make(&store, "b").await, make(&store, "c").await];
        let known = store.key_revision().await.expect("it answers");
        store.revoke_key(revoked.key.id, &operator()).await.expect("it is revoked");
        store.delete_key(deleted.key.id, &operator()).await.expect("it is deleted");
        let fresh = store.rotate_key(rotated.key.id, &operator()).await.expect("it is rotated");
        let changes = store.key_changes_since(known, 100).await.expect("it answers");
        let mut expected = [digest(&revoked), digest(&deleted), digest(&rotated)];
        let mut removed = changes.removed;
        expected.sort_unstable();
        removed.sort_unstable();
        assert_eq!(removed, expected);
        assert_eq!(changes.upserts.iter().map(|grant| grant.digest).collect::<Vec<_>>(), [digest(&fresh)]);
    }

    async fn a_new_end_travels(home: &Home) {
        let store = home.store().await;
        let issued = make(&store, "a").await;
        let edit = KeyEdit { expiry: Expiry::At(OffsetDateTime::UNIX_EPOCH), ..KeyEdit::default() };
        store.update_key(issued.key.id, edit, &operator()).await.expect("it expires");
        let changes = store.key_changes_since(issued.key.revision, 100).await.expect("it answers");
        assert_eq!(changes.upserts[0].expires_at, Some(OffsetDateTime::UNIX_EPOCH));
    }

    async fn a_large_table_comes_in_steps_and_ends_up_right(home: &Home) {
        let store = home.store().await;
        let mut issued = Vec::new();
        for name in 0..30 {
            issued.push(make(&store, &name.to_string()).await);
        }
        for gone in &issued[..10] {
            store.delete_key(gone.key.id, &operator()).await.expect("it is deleted");
        }
        let mut table = Table::default();
        table.follow(&store, 4).await;
        assert_eq!((table.keys.len(), table.has(&issued[0]), table.has(&issued[29])), (20, false, true));
        assert!(table.steps >= 5);

        for gone in &issued[10..15] {
            store.revoke_key(gone.key.id, &operator()).await.expect("it is revoked");
        }
        let rotated = store.rotate_key(issued[15].key.id, &operator()).await.expect("it is rotated");
        table.follow(&store, 2).await;
        assert_eq!((table.keys.len(), table.has(&issued[15]), table.has(&rotated)), (15, false, true));
    }

    async fn what_changes_between_two_steps_is_not_missed(home: &Home) {
        let store = home.store().await;
        let issued = [make(&store, "a").await, make(&store, "b").await, make(&store, "c").await];
        let first = store.key_changes_since(0, 1).await.expect("it answers");
        assert!(first.more && first.upserts[0].digest == digest(&issued[0]));
        store.delete_key(issued[0].key.id, &operator()).await.expect("it is deleted");
        let late = make(&store, "d").await;
        let mut table = Table { revision: first.to, ..Table::default() };
        table.keys.insert(first.upserts[0].digest, first.upserts[0].clone());
        table.follow(&store, 1).await;
        assert_eq!((table.keys.len(), table.has(&issued[0]), table.has(&late)), (3, false, true));
    }

    async fn a_worker_from_another_store_starts_over(home: &Home) {
        let store = home.store().await;
        let head = make(&store, "a").await.key.revision;
        for foreign in [1, head - 10, head + 1, u64::MAX] {
            assert_eq!(store.key_changes_since(foreign, 100).await.expect("it answers").from, 0, "{foreign}");
        }
    }
}
