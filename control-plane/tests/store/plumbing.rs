use std::os::unix::fs::PermissionsExt as _;

use ferrogw_control_plane::store::{Area, Areas, Backend, LogFilter, Page, Scope, SqliteFile, Store, StoreError};
use uuid::Uuid;

use crate::home::{Home, Kind, draft, new_key, operator};
use crate::records::{deliver, record};

on_every_database! {
    async fn every_area_gives_a_sign_of_life(home: &Home) {
        let store = home.store().await;
        for area in [Area::Config, Area::Keys, Area::Logs] {
            store.ping(area).await.expect("it lives");
        }
    }

    async fn an_outage_is_never_an_empty_answer(home: &Home) {
        let store = home.store().await;
        store.create_key(new_key("ci", Scope::Inference), &operator()).await.expect("it is made");
        store.close().await;
        let outcomes = [
            store.keys().await.map(drop),
            store.key(Uuid::now_v7()).await.map(drop),
            store.key_by_digest(&[0; 32]).await.map(drop),
            store.current().await.map(drop),
            store.activation(1).await.map(drop),
            store.logs(&LogFilter::default(), Page::default(), None).await.map(drop),
            store.key_usage().await.map(drop),
            store.workers().await.map(drop),
            store.activate(draft("a"), Some(0), &operator()).await.map(drop),
            store.delete_key(Uuid::now_v7(), &operator()).await,
            store.record(Uuid::now_v7(), 1, &[]).await.map(drop),
            store.ping(Area::Keys).await,
        ];
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(StoreError::Unavailable(_)))), "{outcomes:?}");
    }
}

on_lasting_databases! {
    async fn a_build_that_is_too_old_refuses_to_start_and_writes_nothing(home: &Home) {
        home.store().await.close().await;
        home.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_tomorrow', 0)").await;
        home.execute("DELETE FROM seaql_migrations WHERE version = 'm0013_watermark'").await;
        let refused = Store::open(&Areas::all_in(home.backend.clone())).await;
        assert!(matches!(&refused, Err(StoreError::Newer { migration }) if migration == "m9999_tomorrow"), "{refused:?}");
        home.execute("DELETE FROM seaql_migrations WHERE version = 'm9999_tomorrow'").await;
        home.execute("DROP TABLE watermark").await;
        home.store().await.ping(Area::Logs).await.expect("nothing was written in between");
    }

    async fn control_planes_that_start_at_once_all_come_up(home: &Home) {
        let stores = futures::future::join_all((0..6).map(|_| home.store())).await;
        for (number, store) in (1..).zip(&stores) {
            let activation = store.activate(draft(&number.to_string()), None, &operator()).await.expect("it is put in force");
            assert_eq!(activation.generation, number);
        }
    }

    async fn a_second_start_changes_nothing(home: &Home) {
        let store = home.store().await;
        let revision = store.key_revision().await.expect("it answers");
        store.close().await;
        assert_eq!(home.store().await.key_revision().await.expect("it answers"), revision);
    }
}

#[tokio::test]
async fn a_new_file_is_for_its_owner_alone() {
    let home = Home::new(Kind::Sqlite).await.expect("SQLite is always there");
    let dsn = format!("file:{}/a%20deep/folder/gate%3Fway.db?mode=rwc", home.folder.path().display());
    let backend = Backend::parse(Some("sqlite"), Some(&dsn), std::path::Path::new("unused")).expect("a good DSN");
    let store = Store::open(&Areas::all_in(backend)).await.expect("the store opens");
    deliver(&store, [record()]).await;
    let folder = home.folder.path().join("a deep/folder");
    let mut modes: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("a file"))
        .map(|file| {
            (file.file_name().into_string().expect("a name"), file.metadata().expect("it is there").permissions().mode() & 0o777)
        })
        .collect();
    modes.sort_unstable();
    let expected = ["gate?way.db", "gate?way.db-shm", "gate?way.db-wal"].map(|name| (name.to_owned(), 0o600));
    assert_eq!(modes, expected);
}

#[tokio::test]
async fn each_area_may_have_a_file_of_its_own() {
    let home = Home::new(Kind::Sqlite).await.expect("SQLite is always there");
    let file = |name: &str| Backend::Sqlite(SqliteFile::at(&home.folder.path().join(name)));
    let areas = Areas { config: file("config.db"), keys: file("keys.db"), logs: Some(file("logs.db")) };
    let store = Store::open(&areas).await.expect("the store opens");
    store.activate(draft("a"), None, &operator()).await.expect("it is put in force");
    store.create_key(new_key("ci", Scope::Inference), &operator()).await.expect("it is made");
    deliver(&store, [record()]).await;
    store.close().await;

    let together = Store::open(&Areas { keys: file("config.db"), ..areas }).await.expect("an area may move");
    assert!(together.keys().await.expect("it answers").is_empty());
    assert_eq!(together.current().await.expect("it answers").expect("something is in force").generation, 1);
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_named() {
    let refused =
        Store::open(&Areas::all_in(Backend::Sqlite(SqliteFile::at(std::path::Path::new("/dev/null/ferrogw.db"))))).await;
    let error = refused.expect_err("nobody can open that").to_string();
    assert_eq!(error, "cannot open the sqlite /dev/null/ferrogw.db database");
}
