//! What only PostgreSQL can do, or fail at.

use std::path::Path;

use ferrogw_control_plane::store::{Area, Areas, Backend, Draft, LogFilter, Page, Store, StoreError};
use sea_orm::sqlx::postgres::PgListener;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement, TransactionTrait as _};

use crate::home::{Home, Kind, draft, new_postgres_database, operator, postgres};

fn backend(url: &str) -> Backend {
    Backend::parse(Some("postgres"), Some(url), Path::new("unused")).expect("a good address")
}

#[tokio::test]
async fn sslmode_require_really_encrypts() {
    let Some(home) = Home::new(Kind::Postgres).await else { return };
    let store = Store::open(&Areas::all_in(backend(&format!("{}?sslmode=require", home.url)))).await.expect("the store opens");
    store.activate(draft("a"), None, &operator()).await.expect("it is put in force");
    let sessions = "SELECT COUNT(*), COUNT(*) FILTER (WHERE ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                    WHERE application_name = 'ferrogw' AND datname = current_database()";
    let row = home.raw().await.query_one_raw(Statement::from_string(DbBackend::Postgres, sessions)).await;
    let row = row.expect("it answers").expect("a row");
    let (all, encrypted): (i64, i64) = (row.try_get_by(0).expect("a count"), row.try_get_by(1).expect("a count"));
    assert!(all > 0 && all == encrypted, "{encrypted} of {all} sessions are encrypted");
}

#[tokio::test]
async fn sslmode_require_refuses_a_server_without_tls() {
    let Some(server) = postgres("FERROGW_TEST_POSTGRES_PLAIN") else { return };
    let url = new_postgres_database(&server).await;
    let refused = Store::open(&Areas::all_in(backend(&format!("{url}?sslmode=require")))).await;
    assert!(matches!(refused, Err(StoreError::Open { .. })), "{refused:?}");
    Store::open(&Areas::all_in(backend(&format!("{url}?sslmode=disable")))).await.expect("without TLS it opens");
}

#[tokio::test]
async fn sslmode_verify_full_refuses_a_certificate_that_nobody_vouches_for() {
    let Some(home) = Home::new(Kind::Postgres).await else { return };
    let refused = Store::open(&Areas::all_in(backend(&format!("{}?sslmode=verify-full", home.url)))).await;
    assert!(matches!(refused, Err(StoreError::Open { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_wrong_password_is_not_shown() {
    let Some(home) = Home::new(Kind::Postgres).await else { return };
    let (_, address) = home.url.rsplit_once('@').expect("the address has a password");
    let error =
        Store::open(&Areas::all_in(backend(&format!("postgres://ferrogw:hunter22@{address}")))).await.expect_err("refused");
    let told = format!("{error} {error:?}");
    assert!(told.contains("cannot open the postgres://127.0.0.1") && !told.contains("hunter22"), "{told}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_at_once() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port();
    drop(taken);
    let refused = Store::open(&Areas::all_in(backend(&format!("postgres://a:b@127.0.0.1:{port}/c")))).await;
    assert!(matches!(refused, Err(StoreError::Open { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_database_that_goes_away_is_unavailable_and_one_that_comes_back_is_not() {
    let Some(home) = Home::new(Kind::Postgres).await else { return };
    let store = home.store().await;
    let server =
        sea_orm::Database::connect(postgres("FERROGW_TEST_POSTGRES").expect("it was there")).await.expect("PostgreSQL answers");
    let (_, name) = home.url.rsplit_once('/').expect("the address names a database");
    let alter = |allowed: bool| format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}");
    server.execute_unprepared(&alter(false)).await.expect("it is closed");
    let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    server.execute_unprepared(&end).await.expect("its sessions end");

    assert!(matches!(store.keys().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.activate(draft("a"), None, &operator()).await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.ping(Area::Config).await, Err(StoreError::Unavailable(_))));

    server.execute_unprepared(&alter(true)).await.expect("it is open again");
    store.activate(draft("a"), Some(0), &operator()).await.expect("it is put in force");
}

#[tokio::test]
async fn slow_questions_about_the_log_leave_readers_for_whoever_has_to_know_at_once() {
    let Some(home) = Home::new(Kind::Postgres).await else { return };
    let (store, raw) = (home.store().await, home.raw().await);
    let lock = raw.begin().await.expect("a transaction begins");
    lock.execute_unprepared("LOCK TABLE request_log IN ACCESS EXCLUSIVE MODE").await.expect("the log is locked");
    let ask = || {
        let store = store.clone();
        tokio::spawn(async move { store.logs(&LogFilter::default(), Page::first(1), None).await })
    };
    let slow: Vec<_> = std::iter::repeat_with(ask).take(8).collect();
    let waiting = async || -> i64 {
        let question = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = 'request_log'::regclass \
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        let row = raw.query_one_raw(Statement::from_string(DbBackend::Postgres, question)).await;
        row.expect("it answers").expect("a row").try_get_by(0).expect("a count")
    };
    while waiting().await < 2 {
        tokio::task::yield_now().await;
    }
    for _ in 0..50 {
        assert!(store.key_by_digest(&[0; 32]).await.expect("it answers").is_none());
    }
    lock.rollback().await.expect("the log is free again");
    for asked in slow {
        asked.await.expect("nobody panics").expect("it answers");
    }
}

#[tokio::test]
async fn a_change_is_announced_when_it_commits() {
    let Some(home) = Home::new(Kind::Postgres).await else { return };
    let store = home.store().await;
    let mut listener = PgListener::connect(&home.url).await.expect("PostgreSQL answers");
    listener.listen("ferrogw_changes").await.expect("it listens");
    let refused = store.activate(Draft { ..draft("a") }, Some(7), &operator()).await;
    assert!(matches!(refused, Err(StoreError::Conflict { current: 0 })), "{refused:?}");
    store.activate(draft("b"), None, &operator()).await.expect("it is put in force");
    let mut other = PgListener::connect(&home.url).await.expect("PostgreSQL answers");
    other.listen("end").await.expect("it listens");
    assert_eq!(listener.recv().await.expect("an announcement").channel(), "ferrogw_changes");
    assert!(listener.next_buffered().is_none(), "the refused change was not announced");
}
