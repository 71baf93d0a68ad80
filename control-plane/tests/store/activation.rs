use ferrogw_control_plane::store::{Action, Actor, AuditFilter, Draft, Page, StoreError};

use crate::home::{Home, Kind, document, draft, operator};

on_every_database! {
    async fn an_empty_store_has_nothing_in_force(home: &Home) {
        let store = home.store().await;
        assert!(store.current().await.expect("it answers").is_none());
        assert_eq!(store.history(Page::default()).await.expect("it answers").total, 0);
    }

    async fn generations_follow_each_other(home: &Home) {
        let store = home.store().await;
        for (content, generation) in [("a", 1), ("b", 2), ("c", 3)] {
            let activation = store.activate(draft(content), None, &operator()).await.expect("it is put in force");
            assert_eq!(activation.generation, generation);
        }
        let current = store.current().await.expect("it answers").expect("something is in force");
        assert_eq!(current.generation, 3);
        assert_eq!(current.version.expect("a document").document, document("c"));
    }

    async fn what_activate_answers_is_what_is_stored(home: &Home) {
        let store = home.store().await;
        let draft = Draft { note: "first".to_owned(), ..draft("a") };
        let told = store.activate(draft, Some(0), &operator()).await.expect("it is put in force");
        let read = store.activation(1).await.expect("it is there");
        assert_eq!(format!("{told:?}"), format!("{read:?}"));
        assert_eq!((read.actor.as_str(), read.note.as_str()), ("master key (master-key:0123)", "first"));
    }

    async fn a_note_that_holds_a_credential_is_masked(home: &Home) {
        let store = home.store().await;
        let draft = Draft { note: "new key sk-live-0123456789abcdef".to_owned(), ..draft("a") };
        let told = store.activate(draft, None, &operator()).await.expect("it is put in force");
        let read = store.activation(1).await.expect("it is there");
        assert_eq!((told.note.as_str(), read.note.as_str()), ("new key [REDACTED]", "new key [REDACTED]"));
        assert_eq!(read.version.expect("a document").note, "new key [REDACTED]");
    }

    async fn a_lost_race_is_a_conflict_that_names_the_winner(home: &Home) {
        let store = home.store().await;
        store.activate(draft("a"), Some(0), &operator()).await.expect("it is put in force");
        let lost = store.activate(draft("b"), Some(0), &operator()).await;
        assert!(matches!(lost, Err(StoreError::Conflict { current: 1 })), "{lost:?}");
        assert_eq!(store.history(Page::default()).await.expect("it answers").total, 1);
    }

    async fn racers_with_an_expectation_have_one_winner(home: &Home) {
        let (one, other) = home.replicas().await;
        let racers = (0..8).map(|racer| {
            let store = if racer % 2 == 0 { one.clone() } else { other.clone() };
            async move { store.activate(draft(&racer.to_string()), Some(0), &operator()).await }
        });
        let results = futures::future::join_all(racers).await;
        let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        assert!(lost.iter().all(|result| matches!(result, Err(StoreError::Conflict { current: 1 }))), "{lost:?}");
    }

    async fn racers_without_an_expectation_all_win_and_leave_no_gap(home: &Home) {
        let (one, other) = home.replicas().await;
        let racers = (0..8).map(|racer| {
            let store = if racer % 2 == 0 { one.clone() } else { other.clone() };
            let action = if racer % 3 == 0 { Action::Rollback { to: 1 } } else { Action::Update };
            async move { store.activate(Draft { action, ..draft(&racer.to_string()) }, None, &operator()).await }
        });
        for result in futures::future::join_all(racers).await {
            result.expect("nobody is turned away");
        }
        let history = one.history(Page::default()).await.expect("it answers");
        let generations: Vec<u64> = history.activations.iter().map(|activation| activation.generation).collect();
        assert_eq!(generations, [1, 2, 3, 4, 5, 6, 7, 8]);
        for activation in history.activations.iter().filter(|activation| activation.action == Action::Rollback { to: 1 }) {
            assert_eq!(activation.rolled_back_from, Some(activation.generation - 1));
        }
    }

    async fn a_rollback_is_a_new_generation_with_the_old_version(home: &Home) {
        let store = home.store().await;
        for content in ["a", "b", "c"] {
            store.activate(draft(content), None, &operator()).await.expect("it is put in force");
        }
        let rollback = Draft { action: Action::Rollback { to: 1 }, ..draft("a") };
        store.activate(rollback, Some(3), &operator()).await.expect("it is put in force");
        let (first, fourth) = (store.activation(1).await.expect("it is there"), store.activation(4).await.expect("it is there"));
        assert_eq!((fourth.action, fourth.rolled_back_from), (Action::Rollback { to: 1 }, Some(3)));
        assert_eq!(fourth.version.expect("a document").id, first.version.expect("a document").id);
    }

    async fn a_deletion_can_leave_nothing_in_force(home: &Home) {
        let store = home.store().await;
        store.activate(draft("a"), None, &operator()).await.expect("it is put in force");
        let deletion = Draft { document: None, action: Action::Delete, note: String::new() };
        store.activate(deletion, None, &operator()).await.expect("it is put in force");
        let current = store.current().await.expect("it answers").expect("there is a history");
        assert!((current.generation, current.action) == (2, Action::Delete) && current.version.is_none());
    }

    async fn an_unknown_generation_is_not_found(home: &Home) {
        let missing = home.store().await.activation(99).await;
        assert!(matches!(missing, Err(StoreError::NotFound("configuration version"))), "{missing:?}");
    }

    async fn the_history_is_bounded_and_paging_reaches_its_beginning(home: &Home) {
        let store = home.store().await;
        for content in 1..=205 {
            store.activate(draft(&content.to_string()), None, &operator()).await.expect("it is put in force");
        }
        let generations = async |page| {
            let history = store.history(page).await.expect("it answers");
            assert_eq!(history.total, 205);
            history.activations.iter().map(|activation| activation.generation).collect::<Vec<_>>()
        };
        assert_eq!(generations(Page::first(1_000)).await, (6..=205).collect::<Vec<_>>());
        assert_eq!(generations(Page { limit: 200, offset: 200 }).await, [1, 2, 3, 4, 5]);
    }

    async fn a_part_of_the_history_ends_where_its_documents_grow_too_long(home: &Home) {
        let store = home.store().await;
        for content in ["a", "b", "c", "d", "e", "f"] {
            store.activate(draft(&content.repeat(3_000_000)), None, &operator()).await.expect("it is put in force");
        }
        store.activate(Draft { document: None, action: Action::Delete, note: String::new() }, None, &operator()).await.expect("it is deleted");
        let generations = async |page| {
            let history = store.history(page).await.expect("it answers");
            assert_eq!(history.total, 7);
            history.activations.iter().map(|activation| activation.generation).collect::<Vec<_>>()
        };
        assert_eq!(generations(Page::first(200)).await, [2, 3, 4, 5, 6, 7]);
        assert_eq!(generations(Page { limit: 2, offset: 5 }).await, [1, 2]);
        assert!(generations(Page { limit: 2, offset: 7 }).await.is_empty());
    }

    async fn the_newest_import_is_remembered_behind_later_edits(home: &Home) {
        let store = home.store().await;
        assert!(store.last_import().await.expect("it answers").is_none());
        store.activate(Draft { action: Action::Import, ..draft("file") }, None, &Actor::system()).await.expect("it is put in force");
        store.activate(draft("edit"), None, &operator()).await.expect("it is put in force");
        let import = store.last_import().await.expect("it answers").expect("there was an import");
        assert_eq!(import.version.expect("a document").document, document("file"));
    }

    async fn each_activation_is_in_the_audit_trail(home: &Home) {
        let store = home.store().await;
        store.activate(draft("a"), None, &operator()).await.expect("it is put in force");
        store.activate(Draft { action: Action::Rollback { to: 1 }, ..draft("a") }, None, &operator()).await.expect("it is put in force");
        let entries = store.audit(&AuditFilter::default()).await.expect("it answers").entries;
        let told: Vec<_> = entries.iter().map(|entry| (entry.action.as_str(), entry.target.as_str(), entry.outcome.name())).collect();
        assert_eq!(told, [("config.rollback", "1", "ok"), ("config.update", "*", "ok")]);
    }

    async fn a_call_that_is_given_up_leaves_nothing_behind(home: &Home) {
        let store = home.store().await;
        for polls in 0..40 {
            let (actor, content) = (operator(), polls.to_string());
            let mut call = Box::pin(store.activate(draft(&content), None, &actor));
            for _ in 0..polls {
                if futures::poll!(&mut call).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        let history = store.history(Page::default()).await.expect("the store still answers");
        let audit = store.audit(&AuditFilter::default()).await.expect("the store still answers");
        assert_eq!(history.total, audit.total);
        store.activate(draft("after"), Some(history.total), &operator()).await.expect("the store still writes");
    }
}

on_lasting_databases! {
    async fn the_history_survives_a_restart(home: &Home) {
        let store = home.store().await;
        for content in ["a", "b", "c"] {
            store.activate(draft(content), None, &operator()).await.expect("it is put in force");
        }
        let before = store.history(Page::default()).await.expect("it answers");
        store.close().await;
        let store = home.store().await;
        let after = store.history(Page::default()).await.expect("it answers");
        assert_eq!(format!("{before:?}"), format!("{after:?}"));
        assert_eq!(store.activate(draft("d"), None, &operator()).await.expect("it is put in force").generation, 4);
    }

    async fn without_its_audit_entry_an_activation_does_not_happen(home: &Home) {
        let store = home.store().await;
        store.activate(draft("a"), None, &operator()).await.expect("it is put in force");
        home.execute("DROP TABLE audit").await;
        let failed = store.activate(draft("b"), None, &operator()).await;
        assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{failed:?}");
        assert_eq!(store.history(Page::default()).await.expect("it answers").total, 1);
        assert_ne!(home.kind, Kind::Memory);
    }
}
