use std::time::Duration;

use ferrogw_control_plane::store::{Added, LogPlace, LogRecord, Store};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use uuid::Uuid;

use crate::home::{Home, Kind};
use crate::records::{deliver, items, record};

async fn after(store: &Store, place: &mut LogPlace) -> Vec<Uuid> {
    let Added { rows, skipped } = store.log_after(place).await.expect("it answers");
    assert_eq!(skipped, 0);
    rows.into_iter().map(|row| row.record.id).collect()
}

fn some(count: usize) -> Vec<LogRecord> {
    std::iter::repeat_with(record).take(count).collect()
}

fn ids(records: &[LogRecord]) -> Vec<Uuid> {
    records.iter().map(|record| record.id).collect()
}

on_every_database! {
    async fn what_was_there_before_is_not_told_and_what_comes_is_told_once(home: &Home) {
        let store = home.store().await;
        deliver(&store, some(3)).await;
        let mut place = store.log_end().await.expect("it answers");
        assert!(after(&store, &mut place).await.is_empty());
        let new = some(5);
        deliver(&store, new.clone()).await;
        let mut told = after(&store, &mut place).await;
        told.sort_unstable();
        assert_eq!(told, ids(&new));
        assert!(after(&store, &mut place).await.is_empty());
    }

    async fn an_empty_log_has_an_end_too(home: &Home) {
        let store = home.store().await;
        let mut place = store.log_end().await.expect("it answers");
        let new = some(1);
        deliver(&store, new.clone()).await;
        assert_eq!(after(&store, &mut place).await, ids(&new));
    }

    async fn rows_of_another_control_plane_are_told(home: &Home) {
        let (one, other) = home.replicas().await;
        let mut place = one.log_end().await.expect("it answers");
        let (first, second) = (some(1), some(1));
        deliver(&other, first.clone()).await;
        deliver(&one, second.clone()).await;
        assert_eq!(after(&one, &mut place).await, [ids(&first), ids(&second)].concat());
    }

    async fn of_a_flood_the_newest_are_told_and_the_others_counted(home: &Home) {
        let store = home.store().await;
        let mut place = store.log_end().await.expect("it answers");
        for _ in 0..6 {
            deliver(&store, some(1_000)).await;
        }
        let added = store.log_after(&mut place).await.expect("it answers");
        assert_eq!((added.rows.len(), added.skipped), (5_000, 1_000));
        assert!(after(&store, &mut place).await.is_empty());
    }
}

#[tokio::test]
async fn a_delivery_that_commits_late_is_told_late() {
    let Some(home) = Home::new(Kind::Postgres).await else { return };
    let store = home.store().await;
    let mut place = store.log_end().await.expect("it answers");
    let (slow, quick) = (some(2), some(1));
    // The slow delivery writes its rows and then waits for a row that somebody else holds.
    deliver(&store, [LogRecord { key_id: Some(Uuid::from_u128(7)), ..record() }]).await;
    after(&store, &mut place).await;
    let holder = home.raw().await;
    let held = holder.begin().await.expect("it begins");
    held.execute_unprepared("SELECT * FROM key_use FOR UPDATE").await.expect("it locks");
    let keyed: Vec<LogRecord> =
        slow.iter().map(|record| LogRecord { key_id: Some(Uuid::from_u128(7)), ..record.clone() }).collect();
    let late = tokio::spawn({
        let (store, batch) = (store.clone(), items(1, keyed));
        async move { store.record(Uuid::now_v7(), 1, &batch).await }
    });
    let waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    let statement = || sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, waiting);
    while holder.query_one_raw(statement()).await.expect("it answers").is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    deliver(&store, quick.clone()).await;
    assert_eq!(after(&store, &mut place).await, ids(&quick));
    held.commit().await.expect("it commits");
    late.await.expect("it ends").expect("it is stored");
    let mut told = after(&store, &mut place).await;
    told.sort_unstable();
    assert_eq!(told, ids(&slow));
}
