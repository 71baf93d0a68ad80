//! Sessions: how long they live, and what ends them.

use ferrogw_control_plane::store::{Actor, AuditFilter, KeyDigest, OpenedSession, Scope, Store, StoreError};
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::home::{Home, new_key, operator};

/// Opens a session for somebody called `subject`.
async fn open(store: &Store, subject: &str) -> OpenedSession {
    let actor = Actor { source_ip: Some("192.0.2.7".to_owned()), ..Actor::named(format!("id-of-{subject}"), subject) };
    store.open_session(Some("a browser"), &[0; 32], &actor).await.expect("it is opened")
}

fn digest(opened: &OpenedSession) -> KeyDigest {
    Sha256::digest(opened.token.expose()).into()
}

async fn is_there(store: &Store, opened: &OpenedSession) -> bool {
    store.session_by_digest(&digest(opened)).await.expect("it answers").is_some()
}

async fn lives(store: &Store, opened: &OpenedSession) -> bool {
    let found = store.session_by_digest(&digest(opened)).await.expect("it answers");
    found.is_some_and(|session| session.lives(OffsetDateTime::now_utc()))
}

async fn listed(store: &Store) -> Vec<Uuid> {
    store.sessions().await.expect("it answers").into_iter().map(|session| session.id).collect()
}

fn micros_ago(ago: Duration) -> i128 {
    (OffsetDateTime::now_utc() - ago).unix_timestamp_nanos() / 1_000
}

/// Shifts a session in time.
async fn age(home: &Home, subject: &str, created: Duration, expires_in: Duration, seen: Option<Duration>) {
    let seen = seen.map_or("NULL".to_owned(), |ago| micros_ago(ago).to_string());
    let (created, expires) = (micros_ago(created), micros_ago(-expires_in));
    home.execute(&format!(
        "UPDATE session SET created_us = {created}, expires_us = {expires}, last_seen_us = {seen} WHERE subject = '{subject}'"
    ))
    .await;
}

on_every_database! {
    async fn a_token_opens_its_session_and_no_other(home: &Home) {
        let store = home.store().await;
        let opened = open(&store, "ci").await;
        assert!(opened.token.expose().starts_with("fgws_") && opened.token.expose().len() == 48);
        let found = store.session_by_digest(&digest(&opened)).await.expect("it answers").expect("it is there");
        assert_eq!(found, opened.session);
        assert_eq!((found.credential.as_str(), found.subject.as_str()), ("id-of-ci", "ci"));
        assert_eq!((found.source_ip.as_deref(), found.user_agent.as_deref()), (Some("192.0.2.7"), Some("a browser")));
        assert_eq!(found.expires_at - found.created_at, Duration::hours(24));
        assert!(store.session_by_digest(&[0; 32]).await.expect("it answers").is_none());
    }

    async fn what_a_browser_calls_itself_is_kept_in_bounds(home: &Home) {
        let store = home.store().await;
        let opened = store.open_session(Some(&"\u{202e}\0é".repeat(1_000)), &[0; 32], &operator()).await.expect("it is opened");
        assert_eq!(opened.session.user_agent.map(|agent| agent.chars().count()), Some(200));
    }

    async fn one_is_ended_or_all_are_and_both_are_written_down_once(home: &Home) {
        let store = home.store().await;
        let (one, two, three) = (open(&store, "one").await, open(&store, "two").await, open(&store, "three").await);
        assert_eq!(listed(&store).await, [three.session.id, two.session.id, one.session.id]);
        for _ in 0..2 {
            store.end_session(two.session.id, "session.revoke", &operator()).await.expect("it is ended");
        }
        assert!(is_there(&store, &one).await && !is_there(&store, &two).await);
        assert_eq!(store.end_sessions(&operator()).await.expect("it answers"), 2);
        assert!(listed(&store).await.is_empty());
        let trail = store.audit(&AuditFilter::default()).await.expect("it answers").entries;
        let done: Vec<_> = trail.iter().map(|entry| (entry.action.as_str(), entry.target.as_str())).collect();
        let id = two.session.id.to_string();
        assert_eq!(done[..2], [("session.revoke_all", "*"), ("session.revoke", &id)]);
        assert_eq!(trail[0].detail.as_deref(), Some(r#"{"count":2}"#));
        assert_eq!(done[2..], [("session.create", "id-of-three"), ("session.create", "id-of-two"), ("session.create", "id-of-one")]);
    }

    async fn a_new_secret_ends_what_the_old_one_opened_but_the_session_that_asked_for_it(home: &Home) {
        let store = home.store().await;
        let issued = store.create_key(new_key("own", Scope::Admin), &operator()).await.expect("it is made");
        let (key, held) = (issued.key, Sha256::digest(issued.secret.expose()).into());
        let mut actor = Actor::named(key.id.to_string(), &key.name);
        let (asking, other) = (
            store.open_session(None, &held, &actor).await.expect("it is opened"),
            store.open_session(None, &held, &actor).await.expect("it is opened"),
        );
        let foreign = open(&store, "foreign").await;
        actor.session = Some(asking.session.id);
        store.rotate_key(key.id, &actor).await.expect("it is rotated");
        assert_eq!([is_there(&store, &asking).await, is_there(&store, &other).await, is_there(&store, &foreign).await], [true, false, true]);
    }

    async fn a_sign_in_under_way_does_not_outlive_the_secret_that_it_began_with(home: &Home) {
        let store = home.store().await;
        let issued = store.create_key(new_key("own", Scope::ReadOnly), &operator()).await.expect("it is made");
        let actor = Actor::named(issued.key.id.to_string(), &issued.key.name);
        let held: KeyDigest = Sha256::digest(issued.secret.expose()).into();
        let rotated = store.rotate_key(issued.key.id, &operator()).await.expect("it is rotated");
        let late = store.open_session(None, &held, &actor).await;
        assert!(matches!(late, Err(StoreError::NotFound(_))), "{late:?}");
        let held: KeyDigest = Sha256::digest(rotated.secret.expose()).into();
        store.open_session(None, &held, &actor).await.expect("the new secret opens one");
        store.revoke_key(issued.key.id, &operator()).await.expect("it is revoked");
        assert!(store.open_session(None, &held, &actor).await.is_err());
    }

    async fn an_outage_is_not_the_end_of_a_session(home: &Home) {
        let store = home.store().await;
        let opened = open(&store, "ci").await;
        store.close().await;
        assert!(store.session_by_digest(&digest(&opened)).await.is_err());
    }
}

on_lasting_databases! {
    async fn what_is_dead_to_a_request_is_dead_to_the_list_and_to_the_sweep(home: &Home) {
        let store = home.store().await;
        let (minute, hour) = (Duration::MINUTE, Duration::HOUR);
        let grid = [
            ("fresh", 23 * hour, hour, Some(59 * minute), true),
            ("ended", 24 * hour, -Duration::SECOND, Some(minute), false),
            ("idle", 3 * hour, 21 * hour, Some(61 * minute), false),
            ("young and never seen", 59 * minute, 23 * hour, None, true),
            ("old and never seen", 61 * minute, 23 * hour, None, false),
        ];
        let mut sessions = Vec::new();
        for (subject, ..) in grid {
            sessions.push(open(&store, subject).await);
        }
        for (subject, created, expires_in, seen, _) in grid {
            age(home, subject, created, expires_in, seen).await;
        }
        let list = listed(&store).await;
        for ((subject, .., expected), opened) in grid.iter().zip(&sessions) {
            assert!(is_there(&store, opened).await, "{subject} is not swept yet");
            assert_eq!((lives(&store, opened).await, list.contains(&opened.session.id)), (*expected, *expected), "{subject}");
        }
        open(&store, "somebody else").await;
        for ((subject, .., expected), opened) in grid.iter().zip(&sessions) {
            assert_eq!(is_there(&store, opened).await, *expected, "{subject}");
        }
    }

    async fn a_use_is_written_down_at_most_once_a_minute(home: &Home) {
        let store = home.store().await;
        let opened = open(&store, "ci").await;
        let found = async || store.session_by_digest(&digest(&opened)).await.expect("it answers").expect("it is there");
        store.see_session(&found().await).await.expect("it answers");
        assert_eq!(found().await.last_seen_at, None, "it is in its first minute");
        age(home, "ci", Duration::minutes(10), Duration::HOUR, Some(Duration::seconds(50))).await;
        let before = found().await;
        store.see_session(&before).await.expect("it answers");
        assert_eq!(found().await, before);
        age(home, "ci", Duration::minutes(10), Duration::HOUR, Some(Duration::seconds(61))).await;
        let before = found().await;
        store.see_session(&before).await.expect("it answers");
        let after = found().await.last_seen_at.expect("it was seen");
        assert!(after - before.last_seen_at.expect("it was seen") >= Duration::MINUTE);
        // Whoever read the row before that writes nothing.
        store.see_session(&before).await.expect("it answers");
        assert_eq!(found().await.last_seen_at, Some(after));
    }

    async fn a_session_outlives_the_process(home: &Home) {
        let opened = {
            let store = home.store().await;
            let opened = open(&store, "ci").await;
            store.close().await;
            opened
        };
        assert!(lives(&home.store().await, &opened).await);
    }
}
