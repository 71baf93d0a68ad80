use ferrogw_control_plane::store::{Actor, AuditFilter, Expiry, Guard, Key, KeyEdit, NewKey, Outcome, Scope, Store, StoreError};
use time::{Duration, OffsetDateTime};

use crate::home::{Home, new_key, operator};

async fn admin(store: &Store, name: &str) -> Key {
    store.create_key(new_key(name, Scope::Admin), &operator()).await.expect("it is made").key
}

fn acting_as(key: &Key) -> Actor {
    Actor::named(key.id.to_string(), &key.name)
}

fn stripped() -> KeyEdit {
    KeyEdit { scopes: Some(Scope::ReadOnly.into()), ..KeyEdit::default() }
}

fn ending(at: OffsetDateTime) -> KeyEdit {
    KeyEdit { expiry: Expiry::At(at), ..KeyEdit::default() }
}

/// What comes of deleting, revoking, stripping and expiring `key`, each tried in turn.
async fn attempts(store: &Store, key: &Key, actor: &Actor) -> [Result<(), StoreError>; 4] {
    [
        store.delete_key(key.id, actor).await,
        store.revoke_key(key.id, actor).await.map(drop),
        store.update_key(key.id, stripped(), actor).await.map(drop),
        store.update_key(key.id, ending(OffsetDateTime::UNIX_EPOCH), actor).await.map(drop),
    ]
}

fn refused_by(results: &[Result<(), StoreError>], guard: Guard) -> bool {
    results.iter().all(|result| matches!(result, Err(StoreError::Guard(because)) if *because == guard))
}

on_every_database! {
    async fn nobody_takes_their_own_access_away(home: &Home) {
        let store = home.store().await;
        let (own, _other) = (admin(&store, "own").await, admin(&store, "other").await);
        let results = attempts(&store, &own, &acting_as(&own)).await;
        assert!(refused_by(&results, Guard::SelfMutation), "{results:?}");
        assert_eq!(store.key(own.id).await.expect("it is there"), own);
    }

    async fn an_admin_may_rename_extend_and_rotate_itself(home: &Home) {
        let store = home.store().await;
        let own = admin(&store, "own").await;
        let tomorrow = OffsetDateTime::now_utc() + Duration::DAY;
        let rename = KeyEdit { name: Some("renamed".to_owned()), ..KeyEdit::default() };
        store.update_key(own.id, rename, &acting_as(&own)).await.expect("it is renamed");
        store.update_key(own.id, ending(tomorrow), &acting_as(&own)).await.expect("it gets an end");
        store.rotate_key(own.id, &acting_as(&own)).await.expect("it is rotated");
    }

    async fn the_last_usable_admin_stays(home: &Home) {
        let store = home.store().await;
        let last = admin(&store, "last").await;
        let (expired, revoked) = (admin(&store, "expired").await, admin(&store, "revoked").await);
        store.update_key(expired.id, ending(OffsetDateTime::UNIX_EPOCH), &operator()).await.expect("it expires");
        store.revoke_key(revoked.id, &operator()).await.expect("it is revoked");
        let reader = store.create_key(new_key("administrator", Scope::ReadOnly), &operator()).await.expect("it is made").key;

        let results = attempts(&store, &last, &operator()).await;
        assert!(refused_by(&results, Guard::LastAdmin), "{results:?}");
        for id in [expired.id, revoked.id, reader.id] {
            store.delete_key(id, &operator()).await.expect("this one does not count");
        }
        admin(&store, "second").await;
        store.delete_key(last.id, &operator()).await.expect("there is another one");
    }

    async fn an_admin_that_ends_later_counts_until_then(home: &Home) {
        let store = home.store().await;
        let tomorrow = OffsetDateTime::now_utc() + Duration::DAY;
        let ending = NewKey { expires_at: Some(tomorrow), ..new_key("ending", Scope::Admin) };
        store.create_key(ending, &operator()).await.expect("it is made");
        let other = admin(&store, "other").await;
        store.delete_key(other.id, &operator()).await.expect("there is another one");
    }

    async fn two_replicas_do_not_remove_the_last_two_admins(home: &Home) {
        let (one, other) = home.replicas().await;
        let mut survivor = admin(&one, "first").await;
        for _ in 0..5 {
            let (a, b, actor) = (survivor, admin(&one, "another").await, operator());
            let (first, second) = futures::join!(one.delete_key(a.id, &actor), other.delete_key(b.id, &actor));
            survivor = match (first, second) {
                (Ok(()), Err(StoreError::Guard(Guard::LastAdmin))) => b,
                (Err(StoreError::Guard(Guard::LastAdmin)), Ok(())) => a,
                results => panic!("exactly one may go: {results:?}"),
            };
        }
    }

    async fn a_refusal_is_in_the_audit_trail(home: &Home) {
        let store = home.store().await;
        let own = admin(&store, "own").await;
        let results = attempts(&store, &own, &acting_as(&own)).await;
        assert!(refused_by(&results, Guard::SelfMutation), "{results:?}");
        let denied = AuditFilter { outcome: Some(Outcome::Denied), ..AuditFilter::default() };
        let entries = store.audit(&denied).await.expect("it answers").entries;
        let actions: Vec<_> = entries.iter().rev().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["key.delete", "key.revoke", "key.update", "key.update"]);
        assert_eq!(entries[0].detail.as_deref(), Some(r#"{"reason":"self_mutation_forbidden"}"#));
    }
}
