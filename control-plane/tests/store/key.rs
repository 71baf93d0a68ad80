use std::collections::HashSet;

use ferrogw_control_plane::store::{AuditFilter, Expiry, Guard, KeyEdit, NewKey, Scope, Scopes, StoreError};
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::home::{Home, Kind, new_key, operator};

fn renamed(name: &str) -> KeyEdit {
    KeyEdit { name: Some(name.to_owned()), ..KeyEdit::default() }
}

fn expiring(at: OffsetDateTime) -> KeyEdit {
    KeyEdit { expiry: Expiry::At(at), ..KeyEdit::default() }
}

on_every_database! {
    async fn a_new_key_shows_its_secret_once(home: &Home) {
        let store = home.store().await;
        let issued = store.create_key(new_key("ci", Scope::Inference), &operator()).await.expect("it is made");
        let secret = issued.secret.expose();
        assert!(secret.starts_with("sk-ferro-") && secret.len() == 52, "{secret}");
        assert_eq!(issued.key.display, format!("{}...{}", &secret[..13], &secret[48..]));
        assert_eq!(store.key(issued.key.id).await.expect("it is there"), issued.key);
        let digest = Sha256::digest(secret.as_bytes()).into();
        assert_eq!(store.key_by_digest(&digest).await.expect("it answers"), Some(issued.key));
    }

    async fn a_key_without_scopes_may_only_read(home: &Home) {
        let new = NewKey { name: "ci".to_owned(), scopes: Scopes::default(), expires_at: None };
        let issued = home.store().await.create_key(new, &operator()).await.expect("it is made");
        assert_eq!(issued.key.scopes.names(), ["read_only"]);
    }

    async fn a_key_without_a_name_is_not_made(home: &Home) {
        let store = home.store().await;
        let refused = store.create_key(new_key("  ", Scope::Inference), &operator()).await;
        assert!(matches!(refused, Err(StoreError::Invalid(_))), "{refused:?}");
        assert!(store.keys().await.expect("it answers").is_empty());
    }

    async fn keys_are_listed_newest_first_in_the_same_order_each_time(home: &Home) {
        let store = home.store().await;
        for name in 0..20 {
            store.create_key(new_key(&name.to_string(), Scope::Inference), &operator()).await.expect("it is made");
        }
        let first = store.keys().await.expect("it answers");
        assert!(first.is_sorted_by(|a, b| (a.created_at, a.id) > (b.created_at, b.id)));
        assert_eq!(store.keys().await.expect("it answers"), first);
    }

    async fn an_unknown_key_is_not_found(home: &Home) {
        let (store, id) = (home.store().await, Uuid::now_v7());
        assert!(matches!(store.key(id).await, Err(StoreError::NotFound("API key"))));
        assert!(matches!(store.revoke_key(id, &operator()).await, Err(StoreError::NotFound("API key"))));
        assert!(matches!(store.delete_key(id, &operator()).await, Err(StoreError::NotFound("API key"))));
        assert!(matches!(store.rotate_key(id, &operator()).await, Err(StoreError::NotFound("API key"))));
        assert!(matches!(store.update_key(id, renamed("x"), &operator()).await, Err(StoreError::NotFound("API key"))));
        assert_eq!(store.key_by_digest(&[0; 32]).await.expect("it answers"), None);
    }

    async fn an_edit_changes_what_it_names_and_nothing_else(home: &Home) {
        let store = home.store().await;
        let key = store.create_key(new_key("ci", Scope::ReadOnly), &operator()).await.expect("it is made").key;
        let edited = store.update_key(key.id, renamed("build"), &operator()).await.expect("it is changed");
        assert_eq!((edited.name.as_str(), edited.scopes, edited.expires_at), ("build", key.scopes, None));
        let edit = KeyEdit { scopes: Some(Scope::Inference.into()), ..KeyEdit::default() };
        let edited = store.update_key(key.id, edit, &operator()).await.expect("it is changed");
        assert_eq!((edited.name.as_str(), edited.scopes.names()), ("build", vec!["inference"]));
        let nothing = KeyEdit { scopes: Some(Scopes::default()), ..KeyEdit::default() };
        assert!(matches!(store.update_key(key.id, nothing, &operator()).await, Err(StoreError::Invalid(_))));
        assert_eq!(store.key(key.id).await.expect("it is there"), edited);
    }

    async fn an_expired_key_lives_again_without_its_end(home: &Home) {
        let store = home.store().await;
        let now = OffsetDateTime::now_utc();
        let past = NewKey { expires_at: Some(now - Duration::SECOND), ..new_key("ci", Scope::Inference) };
        let key = store.create_key(past, &operator()).await.expect("it is made").key;
        assert!(!key.usable(now));
        let edit = KeyEdit { expiry: Expiry::Never, ..KeyEdit::default() };
        let key = store.update_key(key.id, edit, &operator()).await.expect("it is changed");
        assert!(key.usable(now) && key.expires_at.is_none());
    }

    async fn an_edit_that_changes_nothing_is_no_change(home: &Home) {
        let store = home.store().await;
        let key = store.create_key(new_key("ci", Scope::Inference), &operator()).await.expect("it is made").key;
        assert_eq!(store.update_key(key.id, renamed("ci"), &operator()).await.expect("it answers").revision, key.revision);
    }

    async fn revoking_twice_keeps_the_first_moment(home: &Home) {
        let store = home.store().await;
        let key = store.create_key(new_key("ci", Scope::Inference), &operator()).await.expect("it is made").key;
        let revoked = store.revoke_key(key.id, &operator()).await.expect("it is revoked");
        assert!(revoked.revoked_at.is_some() && !revoked.usable(OffsetDateTime::now_utc()));
        assert_eq!(store.revoke_key(key.id, &operator()).await.expect("it stays revoked"), revoked);
        assert_eq!(store.keys().await.expect("it answers"), [revoked]);
    }

    async fn a_deleted_key_is_gone(home: &Home) {
        let store = home.store().await;
        let key = store.create_key(new_key("ci", Scope::Inference), &operator()).await.expect("it is made").key;
        store.delete_key(key.id, &operator()).await.expect("it is deleted");
        assert!(matches!(store.key(key.id).await, Err(StoreError::NotFound(_))));
        assert!(matches!(store.delete_key(key.id, &operator()).await, Err(StoreError::NotFound(_))));
    }

    async fn a_rotated_key_has_another_secret_and_the_same_id(home: &Home) {
        let store = home.store().await;
        let before = store.create_key(new_key("ci", Scope::Inference), &operator()).await.expect("it is made");
        let after = store.rotate_key(before.key.id, &operator()).await.expect("it is rotated");
        assert_eq!((after.key.id, after.key.created_at), (before.key.id, before.key.created_at));
        assert!(after.key.rotated_at.is_some());
        let found = async |secret: &str| store.key_by_digest(&Sha256::digest(secret.as_bytes()).into()).await.expect("it answers");
        assert_eq!(found(before.secret.expose()).await, None);
        assert_eq!(found(after.secret.expose()).await, Some(after.key));
    }

    async fn a_dead_key_gets_no_new_secret(home: &Home) {
        let store = home.store().await;
        let revoked = store.create_key(new_key("revoked", Scope::Inference), &operator()).await.expect("it is made").key;
        store.revoke_key(revoked.id, &operator()).await.expect("it is revoked");
        let expired = store.create_key(new_key("expired", Scope::Inference), &operator()).await.expect("it is made").key;
        store.update_key(expired.id, expiring(OffsetDateTime::UNIX_EPOCH), &operator()).await.expect("it expires");
        for id in [revoked.id, expired.id] {
            let refused = store.rotate_key(id, &operator()).await;
            assert!(matches!(refused, Err(StoreError::Guard(Guard::DeadKey))), "{refused:?}");
        }
    }

    async fn every_change_has_a_revision_of_its_own(home: &Home) {
        let store = home.store().await;
        let mut revisions = vec![store.key_revision().await.expect("it answers")];
        let key = store.create_key(new_key("ci", Scope::Inference), &operator()).await.expect("it is made").key;
        revisions.push(key.revision);
        revisions.push(store.update_key(key.id, renamed("x"), &operator()).await.expect("it is changed").revision);
        revisions.push(store.rotate_key(key.id, &operator()).await.expect("it is rotated").key.revision);
        revisions.push(store.revoke_key(key.id, &operator()).await.expect("it is revoked").revision);
        store.delete_key(key.id, &operator()).await.expect("it is deleted");
        revisions.push(store.key_revision().await.expect("it answers"));
        assert_eq!(revisions, (revisions[0]..revisions[0] + 6).collect::<Vec<_>>());
    }

    async fn each_change_is_in_the_audit_trail_without_a_secret(home: &Home) {
        let store = home.store().await;
        let issued = store.create_key(new_key("sk-ferro-0123456789abcdef", Scope::Inference), &operator()).await.expect("it is made");
        let id = issued.key.id;
        store.update_key(id, renamed("x"), &operator()).await.expect("it is changed");
        let rotated = store.rotate_key(id, &operator()).await.expect("it is rotated");
        store.revoke_key(id, &operator()).await.expect("it is revoked");
        store.delete_key(id, &operator()).await.expect("it is deleted");
        let mut entries = store.audit(&AuditFilter::default()).await.expect("it answers").entries;
        entries.reverse();
        let actions: Vec<_> = entries.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["key.create", "key.update", "key.rotate", "key.revoke", "key.delete"]);
        assert!(entries.iter().all(|entry| entry.target == id.to_string() && entry.actor == "master key (master-key:0123)"));
        let told = format!("{entries:?}");
        for secret in [issued.secret.expose(), rotated.secret.expose(), "sk-ferro-0123456789abcdef"] {
            assert!(!told.contains(secret), "{told}");
        }
    }

    async fn keys_made_at_once_are_all_different(home: &Home) {
        let (one, other) = home.replicas().await;
        let making = (0..10).map(|turn| {
            let store = if turn % 2 == 0 { one.clone() } else { other.clone() };
            async move { store.create_key(new_key("same name", Scope::Inference), &operator()).await.expect("it is made").key }
        });
        let keys = futures::future::join_all(making).await;
        assert_eq!(keys.iter().map(|key| key.revision).collect::<HashSet<_>>().len(), 10);
        assert_eq!(one.keys().await.expect("it answers").len(), 10);
    }
}

#[tokio::test]
async fn no_secret_reaches_the_disk() {
    let home = Home::new(Kind::Sqlite).await.expect("SQLite is always there");
    let store = home.store().await;
    let issued = store.create_key(new_key("ci", Scope::Inference), &operator()).await.expect("it is made");
    let rotated = store.rotate_key(issued.key.id, &operator()).await.expect("it is rotated");
    let scan = || {
        let files = std::fs::read_dir(home.folder.path()).expect("the folder is there");
        let contents: Vec<Vec<u8>> =
            files.map(|file| std::fs::read(file.expect("a file").path()).expect("it can be read")).collect();
        let holds = |text: &str| contents.iter().any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()));
        assert!(holds(&rotated.key.display), "the scan finds what is there");
        assert!(!holds(issued.secret.expose()) && !holds(rotated.secret.expose()));
    };
    scan();
    store.close().await;
    scan();
}
