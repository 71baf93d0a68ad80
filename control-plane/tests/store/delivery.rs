use ferrogw_control_plane::store::{
    Areas, Dimension, KeyFilter, LogAttempt, LogEntry, LogError, LogFilter, LogItem, LogRecord, LogRow, LogSum, Page, Purge,
    Store, StoreError, Tokens, UsageQuery,
};
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::home::{Home, operator};
use crate::records::{NOON, day, items, record, sum};

async fn count(store: &Store) -> u64 {
    store.logs(&LogFilter::default(), Page::default(), None).await.expect("it answers").total
}

/// What the roll-ups say: requests of all times and of all keys.
async fn counted(store: &Store) -> (u64, u64) {
    let keys = store.key_usage().await.expect("it answers");
    (store.usage(&day()).await.expect("it answers").summary.requests, keys.values().map(|used| used.requests).sum())
}

fn with_key(key_id: Uuid) -> impl Iterator<Item = LogRecord> {
    std::iter::repeat_with(move || LogRecord { key_id: Some(key_id), ..record() })
}

on_every_database! {
    async fn a_record_comes_back_as_it_went_in(home: &Home) {
        let store = home.store().await;
        let (worker, attempt) = (Uuid::now_v7(), LogAttempt {
            target: "primary".to_owned(),
            provider: "openai".to_owned(),
            model: "gpt-4o-mini".to_owned(),
            status: 503,
            outcome: "overloaded".to_owned(),
            message: "try \"later\"".to_owned(),
            started_us: 12,
            duration_us: 3_400,
        });
        let full = LogRecord {
            first_content: Some(Duration::from_micros(1_234)),
            key_id: Some(Uuid::now_v7()),
            stream: true,
            client_gone: true,
            error: Some(LogError { class: "client_gone".to_owned(), code: "c".to_owned(), message: "it hung up".to_owned() }),
            tokens: Some(Tokens {
                input: 1, cache_read: 2, cache_write: 3, cache_write_1h: 4, output: 5, reasoning: 6, audio_input: 7, audio_output: 8,
            }),
            attempts: vec![attempt],
            repairs: 9,
            ..record()
        };
        let bare = LogRecord {
            started_at: NOON - Duration::from_secs(1), finish_reason: None, tokens: None, cost_nanos: None, price_rule: None, ..record()
        };
        store.record(worker, 1, &items(1, [full.clone(), bare.clone()])).await.expect("they are stored");
        let page = store.logs(&LogFilter::default(), Page::default(), None).await.expect("it answers");
        let row = |record| LogRow { worker_id: worker, record };
        assert_eq!(page.rows, [row(full), row(bare)]);
    }

    async fn a_batch_that_comes_twice_is_stored_once(home: &Home) {
        let (store, worker, key) = (home.store().await, Uuid::now_v7(), Uuid::now_v7());
        let batch = items(1, with_key(key).take(3));
        assert_eq!(store.record(worker, 7, &batch).await.expect("they are stored"), 3);
        assert_eq!(store.record(worker, 7, &batch).await.expect("they are known"), 3);
        assert_eq!((count(&store).await, counted(&store).await), (3, (3, 3)));
        assert_eq!(store.watermark(worker, 7).await.expect("it answers"), 3);
    }

    async fn of_an_overlapping_batch_only_what_is_new_is_stored(home: &Home) {
        let (store, worker, key) = (home.store().await, Uuid::now_v7(), Uuid::now_v7());
        let all = items(1, with_key(key).take(5));
        store.record(worker, 7, &all[..3]).await.expect("they are stored");
        assert_eq!(store.record(worker, 7, &all[1..]).await.expect("they are stored"), 5);
        assert_eq!((count(&store).await, counted(&store).await), (5, (5, 5)));
    }

    async fn a_batch_that_comes_again_after_a_purge_is_still_known(home: &Home) {
        let (store, worker, key) = (home.store().await, Uuid::now_v7(), Uuid::now_v7());
        let batch = items(1, with_key(key).take(3));
        store.record(worker, 7, &batch).await.expect("they are stored");
        let everything = Purge { before: OffsetDateTime::now_utc(), model: None, provider: None, status: None };
        assert_eq!(store.purge_logs(&everything, &operator()).await.expect("they are purged"), 3);
        assert_eq!(store.record(worker, 7, &batch).await.expect("they are known"), 3);
        assert_eq!((count(&store).await, counted(&store).await), (0, (3, 3)));
    }

    async fn a_record_that_comes_under_another_epoch_is_counted_once(home: &Home) {
        let (store, worker, key) = (home.store().await, Uuid::now_v7(), Uuid::now_v7());
        let batch = items(1, with_key(key).take(3));
        store.record(worker, 7, &batch).await.expect("they are stored");
        assert_eq!(store.record(worker, u64::MAX, &batch).await.expect("they are known"), 3);
        assert_eq!((count(&store).await, counted(&store).await), (3, (3, 3)));
        assert_eq!(store.watermark(worker, u64::MAX).await.expect("it answers"), 3);
    }

    async fn a_record_that_is_twice_in_a_batch_is_stored_once(home: &Home) {
        let (store, key) = (home.store().await, Uuid::now_v7());
        let twice = LogRecord { key_id: Some(key), ..record() };
        assert_eq!(store.record(Uuid::now_v7(), 7, &items(1, [twice.clone(), twice])).await.expect("it is stored"), 2);
        assert_eq!((count(&store).await, counted(&store).await), (1, (1, 1)));
    }

    async fn one_stream_over_two_connections_is_stored_once(home: &Home) {
        let ((one, other), worker, key) = (home.replicas().await, Uuid::now_v7(), Uuid::now_v7());
        let batch = items(1, with_key(key).take(50));
        let (first, second) = futures::join!(one.record(worker, 7, &batch), other.record(worker, 7, &batch));
        assert_eq!((first.expect("stored or known"), second.expect("stored or known")), (50, 50));
        assert_eq!((count(&one).await, counted(&one).await), (50, (50, 50)));
    }

    async fn many_workers_at_once_add_up(home: &Home) {
        let ((one, other), keys) = (home.replicas().await, [Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7()]);
        let stores = [&one, &other, &one, &other, &one, &other];
        let deliveries = stores.into_iter().enumerate().map(|(number, store)| {
            async move {
                let worker = Uuid::now_v7();
                for turn in 0..4 {
                    let records = (0..20).map(|index: usize| LogRecord { key_id: Some(keys[(index + number) % 3]), ..record() });
                    store.record(worker, 1, &items(1 + 20 * turn, records)).await.expect("they are stored");
                }
            }
        });
        futures::future::join_all(deliveries).await;
        assert_eq!((count(&one).await, counted(&one).await), (480, (480, 480)));
    }

    async fn a_sum_is_counted_once_and_leaves_no_row(home: &Home) {
        let (store, worker) = (home.store().await, Uuid::now_v7());
        let batch = [LogItem { sequence: 4, entry: LogEntry::Sum(sum(20)) }];
        store.record(worker, 7, &batch).await.expect("it is stored");
        store.record(worker, 7, &batch).await.expect("it is known");
        assert_eq!((count(&store).await, counted(&store).await), (0, (20, 0)));
    }

    async fn an_empty_batch_moves_nothing(home: &Home) {
        let store = home.store().await;
        assert_eq!(store.record(Uuid::now_v7(), 7, &[]).await.expect("it answers"), 0);
    }

    async fn a_batch_may_be_longer_than_a_statement(home: &Home) {
        let store = home.store().await;
        let batch = items(1, std::iter::repeat_with(record).take(1_203));
        assert_eq!(store.record(Uuid::now_v7(), 7, &batch).await.expect("they are stored"), 1_203);
        assert_eq!(count(&store).await, 1_203);
    }

    async fn no_character_or_number_keeps_a_record_from_being_stored(home: &Home) {
        let store = home.store().await;
        let odd = LogRecord {
            requested_model: "nul\0 and \u{1f980}".to_owned(),
            tokens: Some(Tokens { input: u64::MAX, ..Tokens::default() }),
            duration: Duration::MAX,
            cost_nanos: Some(i64::MAX),
            key_id: Some(Uuid::now_v7()),
            ..record()
        };
        let twice = [odd.clone(), LogRecord { id: Uuid::now_v7(), ..odd }];
        store.record(Uuid::now_v7(), 7, &items(1, twice.clone())).await.expect("it is stored");
        store.record(Uuid::now_v7(), 7, &items(1, twice.map(|odd| LogRecord { id: Uuid::now_v7(), ..odd }))).await.expect("it is stored");
        assert_eq!(counted(&store).await, (4, 4));
        let page = store.logs(&LogFilter::default(), Page::default(), None).await.expect("it answers");
        assert_eq!(page.rows[0].record.requested_model, "nul\u{fffd} and \u{1f980}");
    }

    async fn names_of_any_length_are_stored_and_counted_by_their_beginning(home: &Home) {
        let store = home.store().await;
        // No two parts are alike, or PostgreSQL could press the whole into an index.
        let long: String = std::iter::repeat_with(|| Uuid::now_v7().simple().to_string()).take(2_000).collect();
        let attempt = LogAttempt {
            target: long.clone(),
            provider: long.clone(),
            model: long.clone(),
            status: 0,
            outcome: long.clone(),
            message: long.clone(),
            started_us: 0,
            duration_us: 1,
        };
        let wordy = LogRecord {
            request_id: long.clone(),
            surface: long.clone(),
            requested_model: format!("other {long}"),
            model: long.clone(),
            provider: long.clone(),
            target: long.clone(),
            finish_reason: Some(long.clone()),
            error: Some(LogError { class: long.clone(), code: long.clone(), message: long.clone() }),
            price_rule: Some(long.clone()),
            attempts: vec![attempt],
            ..record()
        };
        let folded = LogSum { provider: long.clone(), model: long.clone(), ..sum(20) };
        let entries = [LogEntry::Record(Box::new(wordy)), LogEntry::Sum(folded)];
        let items: Vec<LogItem> = (1..).zip(entries).map(|(sequence, entry)| LogItem { sequence, entry }).collect();
        store.record(Uuid::now_v7(), 7, &items).await.expect("they are stored");

        let LogRow { record, .. } =
            store.logs(&LogFilter::default(), Page::default(), None).await.expect("it answers").rows.remove(0);
        let (name, attempt) = (&long[..256], &record.attempts[0]);
        for stored in [&record.request_id, &record.model, &record.provider, &record.target, &attempt.target, &attempt.model] {
            assert_eq!(stored, name);
        }
        let message = record.error.expect("an error").message;
        assert_eq!((message.as_str(), attempt.message.as_str()), (&long[..4_096], &long[..4_096]));
        let told = store.usage(&UsageQuery { groups: Some(Dimension::Model), ..day() }).await.expect("it answers");
        let groups: Vec<_> = told.groups.iter().map(|group| (group.name.as_str(), group.figures.requests)).collect();
        assert_eq!(groups, [(name, 21)]);
    }

    async fn credentials_in_error_texts_are_masked(home: &Home) {
        let store = home.store().await;
        let error = LogError { class: "auth".to_owned(), code: String::new(), message: "bad key sk-live-0123456789abcdef!".to_owned() };
        store.record(Uuid::now_v7(), 7, &items(1, [LogRecord { error: Some(error), ..record() }])).await.expect("it is stored");
        let page = store.logs(&LogFilter::default(), Page::default(), None).await.expect("it answers");
        let stored = page.rows[0].record.error.as_ref().expect("an error");
        assert_eq!(stored.message, "bad key [REDACTED]!");
    }

    async fn without_a_log_store_every_question_about_it_says_so(home: &Home) {
        let areas = Areas { logs: None, ..Areas::all_in(home.backend.clone()) };
        let store = Store::open(&areas).await.expect("the store opens");
        let filter = LogFilter { key: Some(KeyFilter::None), ..LogFilter::default() };
        let purge = Purge { before: NOON, model: None, provider: None, status: None };
        assert!(matches!(store.record(Uuid::now_v7(), 1, &[]).await, Err(StoreError::Disabled)));
        assert!(matches!(store.logs(&filter, Page::default(), None).await, Err(StoreError::Disabled)));
        assert!(matches!(store.key_usage().await, Err(StoreError::Disabled)));
        assert!(matches!(store.purge_logs(&purge, &operator()).await, Err(StoreError::Disabled)));
    }
}
