use ferrogw_control_plane::store::{Scope, Store};

use crate::home::{Home, draft, new_key, operator};

/// Waits, as a publisher does, until the store shows `generation`.
async fn follow(store: &Store, generation: u64) {
    let mut changes = store.changes();
    while store.current().await.expect("it answers").is_none_or(|current| current.generation < generation) {
        changes.changed().await.expect("the store is open");
    }
}

on_every_database! {
    async fn a_change_is_noticed_here(home: &Home) {
        let store = home.store().await;
        let mut changes = store.changes();
        changes.mark_unchanged();
        store.create_key(new_key("ci", Scope::Inference), &operator()).await.expect("it is made");
        assert!(changes.has_changed().expect("the store is open"));
    }
}

on_lasting_databases! {
    async fn a_change_is_noticed_by_another_control_plane(home: &Home) {
        let (one, other) = home.replicas().await;
        let actor = operator();
        let (activation, ()) = futures::join!(one.activate(draft("a"), None, &actor), follow(&other, 1));
        activation.expect("it is put in force");
    }
}
