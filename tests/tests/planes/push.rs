//! Configuration and keys on their way to workers.

use ferrogw_control_plane::store::Actor;
use ferrogw_proto::sync::sync_client::SyncClient;
use ferrogw_proto::usage::usage_client::UsageClient;
use sea_orm::ConnectionTrait;
use tonic::Code;

use crate::control::Control;
use crate::worker::Worker;
use crate::{Via, over_both_links};

over_both_links! {
    a_configuration_reaches_every_worker_and_the_roster_knows,
    a_worker_that_refuses_keeps_what_it_has_and_its_reasons_are_seen,
    a_worker_that_was_away_gets_the_newest_generation_once,
    a_worker_starts_from_its_disk_while_the_control_plane_is_away,
    a_revoked_key_leaves_the_table_of_every_worker,
    a_key_that_was_revoked_while_the_worker_was_away_is_refused_when_it_returns,
    a_hundred_thousand_keys_arrive_whole,
    a_worker_without_configuration_is_told_whether_there_ever_was_one,
    a_control_plane_that_restarts_is_found_again,
    a_control_plane_with_open_streams_ends,
    a_store_that_was_made_anew_replaces_what_its_workers_had,
    without_the_join_token_nobody_gets_in,
}

async fn a_configuration_reaches_every_worker_and_the_roster_knows(via: Via) {
    let (control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    let workers = [(); 3].map(|()| Worker::start(data.path(), control.link()));
    let first = control.activate("first").await;
    let second = control.activate("second").await;
    for worker in &workers {
        worker.runs(second).await;
        let shown = control.sees("the ack", |shown| shown.id == worker.id && shown.running.generation == second).await;
        assert_eq!((shown.name.as_str(), shown.refused, shown.warnings.len()), ("tester", None, 1));
        assert_eq!(shown.connection.unwrap().address.is_some(), matches!(via, Via::Network));
        let reported = control.sees("a report", |shown| shown.id == worker.id && shown.report.requests_in_flight == 7).await;
        assert_eq!(reported.report.started_at.unwrap().unix_timestamp(), 1_800_000_000);
    }
    assert!(second > first);
}

async fn a_worker_that_refuses_keeps_what_it_has_and_its_reasons_are_seen(via: Via) {
    let (control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    let (willing, picky) = (Worker::start(data.path(), control.link()), Worker::refusing(data.path(), control.link(), "vllm"));
    let good = control.activate("openai").await;
    picky.runs(good).await;
    let refused = control.activate("vllm").await;
    willing.runs(refused).await;
    let shown = control.sees("the nack", |shown| shown.id == picky.id && shown.refused.is_some()).await;
    let refusal = shown.refused.unwrap();
    assert_eq!((shown.running.generation, refusal.generation), (good, Some(refused)));
    assert_eq!(refusal.issues[0].to_string(), "targets[0]: FERROGW_TEST_KEY is not set on this worker");

    let mended = control.activate("openai").await;
    assert_eq!(picky.runs(mended).await.generations, [good, mended]);
    control.sees("the ack", |shown| shown.id == picky.id && shown.refused.is_none()).await;
}

async fn a_worker_that_was_away_gets_the_newest_generation_once(via: Via) {
    let (mut control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    let worker = Worker::start(data.path(), control.link());
    let known = control.activate("known").await;
    worker.runs(known).await;
    control.sees("the ack", |shown| shown.running.generation == known).await;
    worker.stop().await;
    control.go_away().await;
    for missed in ["one", "two"] {
        control.activate(missed).await;
    }
    let newest = control.activate("three").await;
    control.come_back();

    let worker = Worker::start(data.path(), control.link());
    assert_eq!(worker.runs(newest).await.generations, [known, newest]);
}

async fn a_worker_starts_from_its_disk_while_the_control_plane_is_away(via: Via) {
    let (mut control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    let key = control.create_key().await;
    let worker = Worker::start(data.path(), control.link());
    let generation = control.activate("kept").await;
    worker.runs(generation).await;
    worker.until("the key", |seen| seen.admits(&key)).await;
    worker.stop().await;
    control.go_away().await;

    let worker = Worker::start(data.path(), control.link());
    let seen = worker.seen.borrow().clone();
    assert_eq!((seen.generations.as_slice(), seen.admits(&key)), ([generation].as_slice(), true));
    control.come_back();
    let next = control.activate("next").await;
    worker.runs(next).await;
}

async fn a_revoked_key_leaves_the_table_of_every_worker(via: Via) {
    let (control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    let workers = [(); 2].map(|()| Worker::start(data.path(), control.link()));
    let (revoked, kept) = (control.create_key().await, control.create_key().await);
    for worker in &workers {
        worker.until("both keys", |seen| seen.admits(&revoked) && seen.admits(&kept)).await;
    }
    control.store.revoke_key(revoked.key.id, &Actor::system()).await.unwrap();
    for worker in &workers {
        let seen = worker.until("the revocation", |seen| !seen.admits(&revoked)).await;
        assert!(seen.admits(&kept));
    }
}

async fn a_key_that_was_revoked_while_the_worker_was_away_is_refused_when_it_returns(via: Via) {
    let (mut control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    let (revoked, rotated) = (control.create_key().await, control.create_key().await);
    let worker = Worker::start(data.path(), control.link());
    worker.until("both keys", |seen| seen.admits(&revoked) && seen.admits(&rotated)).await;
    worker.stop().await;
    control.go_away().await;
    control.store.revoke_key(revoked.key.id, &Actor::system()).await.unwrap();
    let renewed = control.store.rotate_key(rotated.key.id, &Actor::system()).await.unwrap();

    let worker = Worker::start(data.path(), control.link());
    assert!(worker.seen.borrow().admits(&revoked));
    control.come_back();
    let seen = worker.until("the changes", |seen| !seen.admits(&revoked)).await;
    assert_eq!((seen.admits(&rotated), seen.admits(&renewed), seen.tables), (false, true, 2));
}

async fn a_hundred_thousand_keys_arrive_whole(via: Via) {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("store.db");
    let control = Control::on_file(via, &file).await;
    let before = control.create_key().await;
    insert_keys(&file, 100_000).await;
    let worker = Worker::start(data.path(), control.link());
    let seen = worker.until("the whole table", |seen| seen.keys.is_some()).await;
    assert_eq!((seen.key_count(), seen.tables, seen.admits(&before)), (100_001, 1, true));

    control.store.revoke_key(before.key.id, &Actor::system()).await.unwrap();
    let seen = worker.until("the revocation", |seen| !seen.admits(&before)).await;
    assert_eq!((seen.key_count(), seen.tables), (100_000, 2));
    worker.stop().await;
    let worker = Worker::start(data.path(), control.link());
    assert_eq!(worker.seen.borrow().key_count(), 100_000);
}

/// Writes keys into the database beside the store: making each through the store would take minutes.
async fn insert_keys(file: &std::path::Path, count: u32) {
    let database = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
    let keys = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO api_key (id, digest, display, name, scopes, admin, created_us, revision) \
         SELECT randomblob(16), randomblob(32), 'sk-ferro-...', 'bulk', 'inference', FALSE, 0, \
                (SELECT revision FROM key_revision) + i FROM n"
    );
    for statement in [keys, format!("UPDATE key_revision SET revision = revision + {count}")] {
        database.execute_unprepared(&statement).await.unwrap();
    }
}

async fn a_worker_without_configuration_is_told_whether_there_ever_was_one(via: Via) {
    let (control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    let worker = Worker::start(data.path(), control.link());
    worker.until("word of no configuration", |seen| seen.unconfigured == Some(false)).await;
    control.activate("one").await;
    worker.until("the configuration", |seen| seen.unconfigured.is_none()).await;
    control.activate_document(None).await;
    worker.until("word of the deletion", |seen| seen.unconfigured == Some(true)).await;
    worker.stop().await;
    // What was deleted does not come back from the disk.
    let worker = Worker::start(data.path(), control.link());
    assert!(worker.seen.borrow().generations.is_empty());
}

async fn a_control_plane_that_restarts_is_found_again(via: Via) {
    let (mut control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    let worker = Worker::start(data.path(), control.link());
    for name in ["one", "two", "three"] {
        control.go_away().await;
        control.come_back();
        let generation = control.activate(name).await;
        worker.runs(generation).await;
    }
    let seen = worker.until("the keys", |seen| seen.keys.is_some()).await;
    assert_eq!(seen.generations.len(), 3);
}

async fn a_control_plane_with_open_streams_ends(via: Via) {
    let (mut control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    let worker = Worker::start(data.path(), control.link());
    control.sees("the worker", |shown| shown.id == worker.id).await;
    tokio::time::timeout(std::time::Duration::from_secs(10), control.go_away()).await.expect("streams end on the signal");
}

async fn a_store_that_was_made_anew_replaces_what_its_workers_had(via: Via) {
    let (old, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    let key = old.create_key().await;
    let worker = Worker::start(data.path(), old.link());
    let generation = old.activate("old").await;
    worker.runs(generation).await;
    worker.until("the key", |seen| seen.admits(&key)).await;
    worker.stop().await;

    let new = Control::start(via).await;
    let namesake = new.activate("new").await;
    assert_eq!(namesake, generation);
    let worker = Worker::start(data.path(), new.link());
    let seen = worker.until("the new store's state", |seen| seen.generations.len() == 2 && seen.tables == 2).await;
    assert_eq!((seen.key_count(), seen.generations), (0, vec![generation, namesake]));
}

async fn without_the_join_token_nobody_gets_in(via: Via) {
    let (control, data) = (Control::start(via).await, tempfile::tempdir().unwrap());
    control.activate("secret").await;
    let follow = SyncClient::new(control.link()).follow(tokio_stream::empty()).await.unwrap_err();
    let deliver = UsageClient::new(control.link()).deliver(tokio_stream::empty()).await.unwrap_err();
    assert_eq!((follow.code(), deliver.code()), (Code::Unauthenticated, Code::Unauthenticated));
    assert!(follow.message().contains("FERROGW_JOIN_TOKEN"));

    let stranger = Worker::with_token(data.path(), control.link(), "nothing", "a guess");
    let welcome = Worker::start(data.path(), control.link());
    welcome.runs(1).await;
    assert!(stranger.seen.borrow().generations.is_empty() && control.roster.snapshot().len() == 1);
}
