use ferrogw_control_plane::store::{Actor, AuditFilter, Bootstrap, Scope, StoreError};

use crate::home::{Home, new_key, operator};

const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA";

on_every_database! {
    async fn a_bootstrap_credential_is_consumed_once(home: &Home) {
        let store = home.store().await;
        assert!(store.consume_bootstrap(Bootstrap::Admin, HASH, &Actor::system()).await.expect("it answers"));
        assert!(!store.consume_bootstrap(Bootstrap::Admin, "another", &Actor::system()).await.expect("it answers"));
        assert!(store.consume_bootstrap(Bootstrap::ReadOnly, HASH, &Actor::system()).await.expect("it answers"));
        let credentials = store.bootstrap_credentials().await.expect("it answers");
        assert_eq!(credentials.len(), 2);
        assert!(credentials.iter().all(|credential| credential.hash == HASH));
    }

    async fn a_retired_credential_is_never_armed_again(home: &Home) {
        let store = home.store().await;
        store.consume_bootstrap(Bootstrap::Admin, HASH, &Actor::system()).await.expect("it answers");
        store.retire_bootstrap(Bootstrap::Admin, &operator()).await.expect("it is retired");
        assert!(store.bootstrap_credentials().await.expect("it answers").is_empty());
        assert!(!store.consume_bootstrap(Bootstrap::Admin, HASH, &Actor::system()).await.expect("it answers"));
        assert!(matches!(store.retire_bootstrap(Bootstrap::Admin, &operator()).await, Err(StoreError::NotFound(_))));
        let actions: Vec<_> = store.audit(&AuditFilter::default()).await.expect("it answers").entries.into_iter().map(|entry| entry.action).collect();
        assert_eq!(actions, ["bootstrap.retire", "bootstrap.consume"]);
    }

    async fn the_keys_of_the_first_start_are_made_once(home: &Home) {
        let (one, other) = home.replicas().await;
        let keys = || vec![new_key("admin", Scope::Admin), new_key("inference", Scope::Inference)];
        let actor = Actor::system();
        let (first, second) = futures::join!(one.create_first_keys(keys(), &actor), other.create_first_keys(keys(), &actor));
        let made = [first.expect("it answers"), second.expect("it answers")];
        assert_eq!(made.iter().flatten().map(Vec::len).collect::<Vec<_>>(), [2]);
        assert_eq!(one.keys().await.expect("it answers").len(), 2);
    }

    async fn a_store_with_keys_has_had_its_first_start(home: &Home) {
        let store = home.store().await;
        let key = store.create_key(new_key("ci", Scope::Inference), &operator()).await.expect("it is made").key;
        let keys = || vec![new_key("admin", Scope::Admin)];
        assert!(store.create_first_keys(keys(), &Actor::system()).await.expect("it answers").is_none());
        store.delete_key(key.id, &operator()).await.expect("it is deleted");
        assert!(store.create_first_keys(keys(), &Actor::system()).await.expect("it answers").is_none());
        assert!(store.keys().await.expect("it answers").is_empty());
    }
}
