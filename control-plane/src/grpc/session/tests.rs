use std::sync::Arc;

use ferrogw_config::Document;
use ferrogw_proto::sync::update::Change;
use ferrogw_proto::sync::{Ack, Nack, Running, Update};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Refused, Session, Taken};
use crate::publisher::{Configuration, Published, Unusable};
use crate::store::{KeyChanges, KeyGrant, Scope, Version};

fn version(number: u64) -> Arc<Version> {
    Arc::new(Version {
        id: Uuid::from_u128(number.into()),
        document: Document::from_parts(1, format!("document {number}").into_bytes()),
        author: String::new(),
        note: String::new(),
        created_at: OffsetDateTime::UNIX_EPOCH,
    })
}

/// Generation `generation` is in force, the keys stand at `key_revision`.
fn published(generation: u64, key_revision: u64) -> Published {
    let configuration = Configuration::Present { generation, version: version(generation) };
    Published { configuration, key_revision, ..Published::default() }
}

fn running(generation: u64, key_revision: u64) -> Running {
    let digest = if generation == 0 { Vec::new() } else { version(generation).document.digest().0.to_vec() };
    Running { generation, key_revision, digest: digest.into() }
}

fn step(from: u64, to: u64, more: bool) -> KeyChanges {
    let scopes = Scope::Inference.into();
    let grant = KeyGrant { digest: [1; 32], id: Uuid::nil(), expires_at: None, scopes };
    KeyChanges { from, to, more, upserts: vec![grant], removed: Vec::new() }
}

fn revocation(from: u64, to: u64) -> KeyChanges {
    KeyChanges { from, to, more: false, upserts: Vec::new(), removed: vec![[1; 32]] }
}

/// A stream's server side, driven by hand; what it sends is written as `nonce:change`.
struct Stream {
    session: Session,
    published: Published,
    sent: Vec<String>,
}

impl Stream {
    fn with(running: Running, published: Published) -> Self {
        let mut stream = Self { session: Session::new(running), published, sent: Vec::new() };
        stream.session.judge(&stream.published);
        stream
    }

    /// Sends what is due, where the store's next step of the key table is `step`.
    fn turn(&mut self, step: &KeyChanges) -> &mut Self {
        let from = self.session.wants_keys_from(&self.published);
        let keys = from.and_then(|_| self.session.send_keys(step, &self.published));
        let configuration = self.session.send_configuration(&self.published);
        self.sent.extend(keys.iter().chain(&configuration).map(written));
        self
    }

    fn ack(&mut self, nonce: u64, running: Running) -> &mut Self {
        self.take(nonce, running);
        self
    }

    fn take(&mut self, nonce: u64, running: Running) -> Option<Taken> {
        self.session.ack(&Ack { nonce, running: Some(running), warnings: Vec::new() })
    }

    fn nack(&mut self, nonce: u64, running: Running) -> Option<Refused> {
        let published = self.published.clone();
        self.session.nack(&Nack { nonce, running: Some(running), issues: Vec::new() }, &published)
    }
}

fn written(update: &Update) -> String {
    let change = match update.change.as_ref().unwrap() {
        Change::Activation(activation) => format!("generation {}", activation.generation),
        Change::Keys(keys) => format!("keys {}-{}", keys.from, keys.to),
        Change::Unconfigured(absent) => format!("absent {}", absent.generation),
        Change::Heartbeat(_) => "heartbeat".to_owned(),
    };
    format!("{}:{change}", update.nonce)
}

#[test]
fn a_cold_worker_gets_the_configuration_and_then_all_keys_one_at_a_time() {
    let mut stream = Stream::with(running(0, 0), published(3, 90));
    stream.turn(&step(0, 50, true)).turn(&step(0, 50, true));
    assert_eq!(stream.sent, ["1:generation 3"]);
    stream.ack(1, running(3, 0)).turn(&step(0, 50, true)).turn(&step(0, 50, true));
    assert_eq!(stream.sent[1..], ["2:keys 0-50"]);
    stream.ack(2, running(3, 0)).turn(&step(50, 90, false));
    stream.ack(3, running(3, 90)).turn(&step(90, 90, false));
    assert_eq!(stream.sent[2..], ["3:keys 50-90"]);
}

#[test]
fn a_worker_that_runs_all_of_it_gets_nothing() {
    let mut stream = Stream::with(running(3, 90), published(3, 90));
    assert!(stream.turn(&step(90, 90, false)).sent.is_empty());
}

#[test]
fn a_worker_that_missed_generations_gets_the_newest_alone() {
    let mut stream = Stream::with(running(3, 90), published(6, 90));
    stream.turn(&step(90, 90, false)).ack(1, running(6, 90)).turn(&step(90, 90, false));
    assert_eq!(stream.sent, ["1:generation 6"]);
}

#[test]
fn newer_state_replaces_what_was_not_sent_yet() {
    let mut stream = Stream::with(running(1, 90), published(2, 90));
    stream.turn(&step(90, 90, false));
    for generation in 3..=5 {
        stream.published = published(generation, 90);
        stream.turn(&step(90, 90, false));
    }
    stream.ack(1, running(2, 90)).turn(&step(90, 90, false));
    assert_eq!(stream.sent, ["1:generation 2", "2:generation 5"]);
}

#[test]
fn a_refused_generation_is_not_sent_again_but_the_next_one_is() {
    let mut stream = Stream::with(running(1, 90), published(2, 90));
    stream.turn(&step(90, 90, false));
    assert_eq!(stream.nack(1, running(1, 90)), Some(Refused::Configuration { generation: 2 }));
    stream.turn(&step(90, 90, false));
    stream.published = published(3, 90);
    stream.turn(&step(90, 90, false));
    assert_eq!(stream.sent, ["1:generation 2", "2:generation 3"]);
}

#[test]
fn an_ack_is_of_the_update_that_it_names() {
    let mut stream = Stream::with(running(1, 90), published(2, 91));
    stream.turn(&revocation(90, 91)).turn(&step(91, 91, false));
    assert_eq!(stream.take(7, running(1, 90)), None);
    assert_eq!(stream.take(1, running(1, 91)), Some(Taken::Keys));
    stream.turn(&step(91, 91, false));
    assert_eq!(stream.take(2, running(2, 91)), Some(Taken::Configuration));
}

#[test]
fn a_revocation_overtakes_a_configuration_that_is_unanswered() {
    let mut stream = Stream::with(running(1, 90), published(2, 90));
    stream.turn(&step(90, 90, false));
    stream.published = published(2, 91);
    stream.turn(&revocation(90, 91));
    assert_eq!(stream.sent, ["1:generation 2", "2:keys 90-91"]);
    // The answers may come in any order.
    stream.ack(2, running(1, 91)).ack(1, running(2, 91)).turn(&step(91, 91, false));
    assert_eq!(stream.sent.len(), 2);
}

#[test]
fn a_revocation_goes_ahead_of_a_configuration_that_is_due_and_a_new_key_does_not() {
    let mut stream = Stream::with(running(1, 90), published(2, 91));
    assert_eq!(stream.turn(&revocation(90, 91)).sent, ["1:keys 90-91"]);
    let mut stream = Stream::with(running(1, 90), published(2, 91));
    assert_eq!(stream.turn(&step(90, 91, false)).sent, ["1:generation 2"]);
}

#[test]
fn a_worker_of_another_store_gets_everything_anew() {
    let namesake = Running { digest: vec![9; 32].into(), ..running(2, 90) };
    for strange in [namesake, running(7, 90)] {
        let mut stream = Stream::with(strange, published(2, 90));
        stream.turn(&step(0, 90, false)).ack(1, running(2, 90)).turn(&step(0, 90, false));
        assert_eq!(stream.sent, ["1:generation 2", "2:keys 0-90"]);
    }
}

#[test]
fn a_worker_that_is_ahead_makes_the_store_be_read_again_before_it_is_judged() {
    let session = Session::new(running(3, 90));
    let ahead = [published(2, 90), published(3, 89), published(3, 90)].map(|published| session.is_ahead_of(&published));
    assert_eq!(ahead, [true, true, false]);
}

#[test]
fn before_the_store_was_read_nothing_is_sent() {
    let mut stream = Stream::with(running(3, 90), Published::default());
    assert!(stream.turn(&step(0, 0, false)).sent.is_empty());
}

#[test]
fn an_absent_configuration_is_told_once() {
    let absent = Published { configuration: Configuration::Absent { generation: 4 }, key_revision: 90, ..Published::default() };
    let mut stream = Stream::with(running(3, 90), absent);
    stream.turn(&step(90, 90, false)).ack(1, running(0, 90)).turn(&step(90, 90, false));
    assert_eq!(stream.sent, ["1:absent 4"]);
}

#[test]
fn a_worker_keeps_a_configuration_that_only_the_control_planes_build_refuses() {
    let unusable = Some(Unusable { generation: 5, issues: Vec::new() });
    let fallen_back = Published { unusable: unusable.clone(), ..published(4, 90) };
    assert!(Stream::with(running(5, 90), fallen_back.clone()).turn(&step(90, 90, false)).sent.is_empty());
    assert_eq!(Stream::with(running(0, 90), fallen_back).turn(&step(90, 90, false)).sent, ["1:generation 4"]);

    let nothing_good =
        Published { configuration: Configuration::Absent { generation: 5 }, unusable, key_revision: 90, key_step: None };
    assert!(Stream::with(running(3, 90), nothing_good).turn(&step(90, 90, false)).sent.is_empty());
}

#[test]
fn refused_key_changes_bring_the_whole_table_and_a_refused_table_waits_for_a_change() {
    let mut stream = Stream::with(running(3, 89), published(3, 90));
    stream.turn(&step(89, 90, false));
    assert_eq!(stream.nack(1, running(3, 89)), Some(Refused::Keys));
    stream.turn(&step(0, 90, false));
    stream.nack(2, running(3, 89));
    stream.turn(&step(0, 90, false));
    stream.published = published(3, 91);
    stream.turn(&step(0, 91, false));
    assert_eq!(stream.sent, ["1:keys 89-90", "2:keys 0-90", "3:keys 0-91"]);
}
