use std::time::Duration;

use ferrogw_control_plane::store::{
    AuditFilter, Beginning, KeyFilter, LogCursor, LogFilter, LogPage, LogRecord, Outcome, Page, Purge, StatusFilter, Store,
    StoreError, UsageQuery,
};
use time::{OffsetDateTime, UtcOffset};
use uuid::Uuid;

use crate::home::{Home, Kind, operator};
use crate::records::{NOON, day, deliver, failed, record};

const MINUTE: Duration = Duration::from_secs(60);

async fn page(store: &Store, filter: &LogFilter) -> LogPage {
    store.logs(filter, Page::default(), None).await.expect("it answers")
}

/// The matching records' surfaces, which these tests use as names.
async fn names(store: &Store, filter: LogFilter) -> Vec<String> {
    page(store, &filter).await.rows.into_iter().map(|row| row.record.surface).collect()
}

fn named(name: &str, record: LogRecord) -> LogRecord {
    LogRecord { surface: name.to_owned(), ..record }
}

on_every_database! {
    async fn rows_are_listed_newest_first(home: &Home) {
        let store = home.store().await;
        let at = |minutes: u32| named(&minutes.to_string(), LogRecord { started_at: NOON + MINUTE * minutes, ..record() });
        deliver(&store, [at(2), at(0), at(3), at(1)]).await;
        assert_eq!(names(&store, LogFilter::default()).await, ["3", "2", "1", "0"]);
    }

    async fn time_ranges_hold_their_beginning_and_not_their_end(home: &Home) {
        let store = home.store().await;
        let at = |minutes: u32| named(&minutes.to_string(), LogRecord { started_at: NOON + MINUTE * minutes, ..record() });
        deliver(&store, (0..4).map(at)).await;
        let range = LogFilter { since: Some(NOON + MINUTE), until: Some(NOON + MINUTE * 3), ..LogFilter::default() };
        assert_eq!(names(&store, range).await, ["2", "1"]);
    }

    async fn a_zone_does_not_move_a_request(home: &Home) {
        let store = home.store().await;
        let pacific = UtcOffset::from_hms(-7, 0, 0).expect("an offset");
        deliver(&store, [LogRecord { started_at: NOON.to_offset(pacific), ..record() }]).await;
        let rows = page(&store, &LogFilter { since: Some(NOON), until: Some(NOON + MINUTE), ..LogFilter::default() }).await.rows;
        assert_eq!((rows.len(), rows[0].record.started_at.offset()), (1, UtcOffset::UTC));
    }

    async fn filters_combine(home: &Home) {
        let store = home.store().await;
        deliver(&store, [
            named("plain", record()),
            named("streamed", LogRecord { stream: true, ..record() }),
            named("elsewhere", LogRecord { provider: "groq".to_owned(), model: "llama".to_owned(), ..record() }),
            named("failed", failed("boom")),
        ]).await;
        let provider = |name: &str| LogFilter { provider: Some(name.to_owned()), ..LogFilter::default() };
        let model = |name: &str| LogFilter { model: Some(name.to_owned()), ..LogFilter::default() };
        assert_eq!(names(&store, provider("groq")).await, ["elsewhere"]);
        assert_eq!(names(&store, model("llama")).await, ["elsewhere"]);
        assert_eq!(names(&store, model("fast")).await.len(), 4);
        assert_eq!(names(&store, LogFilter { stream: Some(true), ..LogFilter::default() }).await, ["streamed"]);
        let both = LogFilter { status: Some(StatusFilter::Failed), ..provider("groq") };
        assert!(names(&store, both).await.is_empty());
    }

    async fn requests_are_found_by_how_they_ended(home: &Home) {
        let store = home.store().await;
        let broken = LogRecord { status: 200, ..failed("cut") };
        deliver(&store, [named("good", record()), named("broken", broken), named("bad", failed("boom"))]).await;
        let by = async |status| {
            let mut names = names(&store, LogFilter { status: Some(status), ..LogFilter::default() }).await;
            names.sort_unstable();
            names
        };
        assert_eq!(by(StatusFilter::Succeeded).await, ["good"]);
        assert_eq!(by(StatusFilter::Failed).await, ["bad", "broken"]);
        assert_eq!(by(StatusFilter::Class(2)).await, ["broken", "good"]);
        assert_eq!(by(StatusFilter::Exactly(502)).await, ["bad"]);
    }

    async fn requests_are_found_by_key_and_by_its_absence(home: &Home) {
        let (store, key) = (home.store().await, Uuid::now_v7());
        deliver(&store, [named("keyed", LogRecord { key_id: Some(key), ..record() }), named("keyless", record())]).await;
        let by = async |key| names(&store, LogFilter { key, ..LogFilter::default() }).await;
        assert_eq!(by(Some(KeyFilter::Id(key))).await, ["keyed"]);
        assert_eq!(by(Some(KeyFilter::None)).await, ["keyless"]);
        assert_eq!(by(None).await.len(), 2);
    }

    async fn requests_are_found_by_the_beginning_of_an_id(home: &Home) {
        let (store, key) = (home.store().await, Uuid::now_v7());
        let own = LogRecord { request_id: "4BF92F3577B34DA6A3CE929D0E0E4736".to_owned(), ..record() };
        let (id, odd) = (own.id, "100%_sure\\".to_owned());
        deliver(&store, [
            named("own", own),
            named("odd", LogRecord { request_id: odd, ..record() }),
            named("keyed", LogRecord { key_id: Some(key), ..record() }),
        ]).await;
        let by = async |text: &str| {
            let filter = LogFilter { text: Beginning::parse(text), ..LogFilter::default() };
            let rows = page(&store, &filter).await.rows;
            assert!(rows.iter().all(|row| filter.admits(row)), "{text}");
            rows.into_iter().map(|row| row.record.surface).collect::<Vec<_>>()
        };
        assert_eq!(by(&id.to_string()).await, ["own"]);
        assert_eq!(by(&id.simple().to_string()[..31]).await, ["own"]);
        assert_eq!(by("4bf92f3577b34da6a3ce929d0e0e4736").await, ["own"]);
        assert_eq!(by(" 4BF92F ").await, ["own"]);
        assert_eq!(by("100%_s").await, ["odd"]);
        assert_eq!(by("100%_sure\\").await, ["odd"]);
        assert_eq!(by(&key.to_string()).await, ["keyed"]);
        for text in ["bf92f3577", "100a", "100%as", "zzzz"] {
            assert!(by(text).await.is_empty(), "{text}");
        }
        assert_eq!(Beginning::parse("4bf"), None);
    }

    async fn pages_by_offset_cover_everything_once(home: &Home) {
        let store = home.store().await;
        deliver(&store, std::iter::repeat_with(record).take(25)).await;
        let mut seen = Vec::new();
        for offset in [0, 10, 20] {
            let page = store.logs(&LogFilter::default(), Page { limit: 10, offset }, None).await.expect("it answers");
            assert_eq!(page.total, 25);
            seen.extend(page.rows.iter().map(|row| row.record.id));
        }
        assert_eq!(seen.len(), 25);
        assert!(seen.is_sorted_by(|a, b| a > b));
    }

    async fn pages_by_cursor_stay_put_while_new_rows_arrive(home: &Home) {
        let store = home.store().await;
        deliver(&store, std::iter::repeat_with(record).take(25)).await;
        let (mut seen, mut cursor): (Vec<Uuid>, Option<LogCursor>) = (Vec::new(), None);
        loop {
            let page = store.logs(&LogFilter::default(), Page::first(10), cursor).await.expect("it answers");
            seen.extend(page.rows.iter().map(|row| row.record.id));
            deliver(&store, [LogRecord { started_at: NOON + MINUTE, ..record() }]).await;
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 25);
        assert!(seen.is_sorted_by(|a, b| a > b));
    }

    async fn no_page_is_longer_than_the_longest(home: &Home) {
        let store = home.store().await;
        deliver(&store, std::iter::repeat_with(record).take(205)).await;
        let page = store.logs(&LogFilter::default(), Page::first(10_000), None).await.expect("it answers");
        assert_eq!((page.rows.len(), page.total), (200, 205));
    }

    async fn a_purge_takes_what_is_strictly_older_and_matches(home: &Home) {
        let store = home.store().await;
        let at = |name: &str, minutes: u32, provider: &str| {
            named(name, LogRecord { started_at: NOON + MINUTE * minutes, provider: provider.to_owned(), ..record() })
        };
        deliver(&store, [at("old", 0, "openai"), at("elsewhere", 0, "groq"), at("edge", 1, "openai"), at("new", 2, "openai")]).await;
        let purge = Purge { before: NOON + MINUTE, model: None, provider: Some("openai".to_owned()), status: None };
        assert_eq!(store.purge_logs(&purge, &operator()).await.expect("they are purged"), 1);
        assert_eq!(names(&store, LogFilter::default()).await, ["new", "edge", "elsewhere"]);
        let entries = store.audit(&AuditFilter::default()).await.expect("it answers").entries;
        assert_eq!((entries.len(), entries[0].action.as_str()), (1, "logs.purge"));
        let expected = r#"{"before":"2026-03-01 12:01:00.0 +00:00:00","deleted":1,"provider":"openai"}"#;
        assert_eq!(entries[0].detail.as_deref(), Some(expected));
    }

    async fn what_was_kept_long_enough_goes_and_what_was_used_stays(home: &Home) {
        let store = home.store().await;
        deliver(&store, [0, 0, 1].map(|minutes| LogRecord { started_at: NOON + MINUTE * minutes, ..record() })).await;
        assert_eq!(store.expire_requests(NOON + MINUTE).await.expect("they go"), 2);
        assert_eq!(store.expire_requests(NOON + MINUTE).await.expect("none is left"), 0);
        assert_eq!(page(&store, &LogFilter::default()).await.total, 1);
        assert_eq!(store.usage(&day()).await.expect("it answers").summary.requests, 3);
        assert_eq!(store.audit(&AuditFilter::default()).await.expect("it answers").total, 0);
    }

    async fn minutes_that_nobody_asks_for_go_and_hours_stay(home: &Home) {
        let store = home.store().await;
        let now = OffsetDateTime::now_utc();
        // A week and a half of a day ago is asked for by nobody, but may be by a control plane whose clock differs.
        let kept = now - MINUTE * 60 * (7 * 24 + 12);
        deliver(&store, [NOON, NOON + MINUTE, kept, now].map(|started_at| LogRecord { started_at, ..record() })).await;
        // For the key, for all keys and for everything.
        let gone = [3, 3, 0];
        for expected in gone {
            assert_eq!(store.expire_minute().await.expect("it goes"), expected);
        }
        assert_eq!(store.usage(&day()).await.expect("it answers").summary.requests, 2);
        let lately = UsageQuery { since: now - MINUTE, until: now, ..day() };
        assert_eq!(store.usage(&lately).await.expect("it answers").summary.requests, 1);
    }

    async fn a_purge_of_many_rows_is_one_entry_in_the_audit_trail(home: &Home) {
        let store = home.store().await;
        for _ in 0..6 {
            deliver(&store, std::iter::repeat_with(record).take(1_000)).await;
        }
        let purge = Purge { before: NOON + MINUTE, model: Some("fast".to_owned()), provider: None, status: None };
        assert_eq!(store.purge_logs(&purge, &operator()).await.expect("they are purged"), 6_000);
        assert_eq!(store.audit(&AuditFilter::default()).await.expect("it answers").total, 1);
    }
}

on_lasting_databases! {
    async fn of_a_purge_that_dies_on_the_way_the_audit_trail_says_what_is_gone(home: &Home) {
        let store = home.store().await;
        for _ in 0..6 {
            deliver(&store, std::iter::repeat_with(record).take(1_000)).await;
        }
        let left = async || store.logs(&LogFilter::default(), Page::first(1), None).await.expect("it answers").total;
        let (purge, actor) = (Purge { before: NOON + MINUTE, model: None, provider: None, status: None }, operator());
        let mut purging = Box::pin(store.purge_logs(&purge, &actor));
        while left().await == 6_000 && futures::poll!(&mut purging).is_pending() {
            tokio::task::yield_now().await;
        }
        drop(purging);
        let entries = store.audit(&AuditFilter::default()).await.expect("it answers").entries;
        let detail: serde_json::Value = serde_json::from_str(entries[0].detail.as_deref().expect("a detail")).expect("JSON");
        assert_eq!((entries.len(), detail["deleted"].as_u64()), (1, Some(6_000 - left().await)));
        assert_eq!(detail["unfinished"].as_bool().unwrap_or_default(), left().await > 0);
    }

    async fn a_purge_that_fails_on_the_way_says_so_in_its_entry(home: &Home) {
        let store = home.store().await;
        for minutes in 0..6 {
            deliver(&store, std::iter::repeat_with(|| LogRecord { started_at: NOON + MINUTE * minutes, ..record() }).take(1_000)).await;
        }
        home.execute(match home.kind {
            Kind::Postgres => {
                "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'no'; END $$ LANGUAGE plpgsql; \
                 CREATE TRIGGER refuse BEFORE UPDATE OF detail ON audit FOR EACH ROW EXECUTE FUNCTION refuse()"
            }
            _ => "CREATE TRIGGER refuse BEFORE UPDATE OF detail ON audit BEGIN SELECT RAISE(ABORT, 'no'); END",
        })
        .await;
        let purge = Purge { before: NOON + MINUTE * 10, model: None, provider: None, status: None };
        assert!(matches!(store.purge_logs(&purge, &operator()).await, Err(StoreError::Unavailable(_))));
        let left = store.logs(&LogFilter::default(), Page::first(1), None).await.expect("it answers").total;
        let entries = store.audit(&AuditFilter::default()).await.expect("it answers").entries;
        let told: Vec<_> = entries.iter().map(|entry| (entry.outcome, entry.detail.as_deref().unwrap_or_default())).collect();
        let expected = r#"{"before":"2026-03-01 12:10:00.0 +00:00:00","deleted":5000,"unfinished":true}"#;
        assert_eq!((left, told), (1_000, vec![(Outcome::Error, expected)]));
    }
}
