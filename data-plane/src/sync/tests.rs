use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use ferrogw_config::{Document, Syntax};
use ferrogw_proto::sync::follow_request::Message;
use ferrogw_proto::sync::update::Change as Sent;
use ferrogw_proto::sync::{Activation, Key, KeyChanges, Scope};

use super::Change;
use super::state::State;

fn document() -> Document {
    let text = "strategy: {mode: single}\ntargets: [{virtual_key: openai}]\n";
    ferrogw_config::read::read(text, Syntax::Yaml).unwrap().document()
}

fn activation(generation: u64, document: &Document) -> Activation {
    Activation {
        generation,
        version: String::new(),
        format: document.format(),
        digest: document.digest().0.to_vec().into(),
        document: document.bytes().to_vec().into(),
    }
}

fn keys(from: u64, to: u64, more: bool, digests: &[u8]) -> KeyChanges {
    let key = |byte: &u8| Key {
        digest: vec![*byte; 32].into(),
        id: vec![*byte; 16].into(),
        expires_at_unix: 0,
        scopes: vec![Scope::Inference.into()],
    };
    KeyChanges { from, to, more, upserts: digests.iter().map(key).collect(), removed: Vec::new() }
}

/// A worker's state whose changes are written down as `generation` or `keys count@revision`.
struct Worker {
    state: State,
    applied: Arc<Mutex<Vec<String>>>,
}

impl Worker {
    fn boot(directory: &Path) -> Self {
        let applied = Arc::<Mutex<Vec<String>>>::default();
        let log = Arc::clone(&applied);
        let apply = move |change| {
            let written = match change {
                Change::Configuration { generation, .. } => format!("generation {generation}"),
                Change::Unconfigured { generation } => format!("unconfigured {generation}"),
                Change::Keys { keys, revision } => format!("{} keys@{revision}", keys.len()),
            };
            log.lock().unwrap().push(written);
            Ok(Vec::new())
        };
        let mut state = State::new(directory, Arc::new(apply));
        state.boot();
        Self { state, applied }
    }

    /// Takes an update and writes it down; why it was refused, if it was.
    fn take(&mut self, change: Sent) -> Option<String> {
        let (answer, keep) = self.state.apply(1, change);
        self.state.keep(keep);
        match answer {
            Message::Ack(_) => None,
            Message::Nack(nack) => Some(nack.issues.into_iter().map(|issue| issue.message).collect()),
            Message::Hello(_) | Message::Report(_) => unreachable!("an update is answered by an ack or a nack"),
        }
    }

    fn applied(&self) -> String {
        self.applied.lock().unwrap().join(", ")
    }
}

#[test]
fn a_document_of_a_newer_format_is_refused_and_the_worker_stays_where_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let mut worker = Worker::boot(dir.path());
    assert_eq!(worker.take(Sent::Activation(activation(1, &document()))), None);
    let newer = Document::from_parts(Document::FORMAT + 1, document().bytes().to_vec());
    let refused = worker.take(Sent::Activation(activation(2, &newer))).unwrap();
    assert!(refused.contains("format"), "{refused}");
    assert_eq!((worker.applied().as_str(), worker.state.running().generation), ("generation 1", 1));
}

#[test]
fn a_document_that_was_damaged_on_its_way_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut damaged = activation(1, &document());
    damaged.digest = vec![0; 32].into();
    let refused = Worker::boot(dir.path()).take(Sent::Activation(damaged)).unwrap();
    assert!(refused.contains("digest"), "{refused}");
}

#[test]
fn a_table_counts_when_its_last_chunk_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let mut worker = Worker::boot(dir.path());
    assert_eq!(worker.take(Sent::Keys(keys(0, 5, true, &[1, 2]))), None);
    assert_eq!((worker.applied().as_str(), worker.state.running().key_revision), ("", 0));
    assert_eq!(worker.take(Sent::Keys(keys(5, 9, false, &[3]))), None);
    assert_eq!((worker.applied().as_str(), worker.state.running().key_revision), ("3 keys@9", 9));
}

#[test]
fn a_table_of_which_the_stream_left_half_is_begun_anew() {
    let dir = tempfile::tempdir().unwrap();
    let mut worker = Worker::boot(dir.path());
    worker.take(Sent::Keys(keys(0, 5, true, &[1, 2])));
    worker.state.begin_stream();
    assert!(worker.take(Sent::Keys(keys(5, 9, false, &[3]))).unwrap().contains("begin at revision 5"));
    assert_eq!(worker.take(Sent::Keys(keys(0, 9, false, &[3]))), None);
    assert_eq!(worker.applied(), "1 keys@9");
}

#[test]
fn changes_that_do_not_begin_where_the_table_stands_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut worker = Worker::boot(dir.path());
    worker.take(Sent::Keys(keys(0, 5, false, &[1])));
    assert!(worker.take(Sent::Keys(keys(7, 8, false, &[2]))).unwrap().contains("stands at 5"));
    let mut short = keys(5, 6, false, &[2]);
    short.upserts[0].digest = vec![2; 31].into();
    assert!(worker.take(Sent::Keys(short)).unwrap().contains("wrong length"));
    assert_eq!(worker.applied(), "1 keys@5");
}

#[test]
fn what_was_taken_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let mut worker = Worker::boot(dir.path());
    worker.take(Sent::Activation(activation(4, &document())));
    worker.take(Sent::Keys(keys(0, 5, false, &[1, 2])));
    worker.take(Sent::Keys(keys(5, 6, false, &[3])));
    let restarted = Worker::boot(dir.path());
    assert_eq!(restarted.applied(), "3 keys@6, generation 4");
    assert_eq!(restarted.state.running(), worker.state.running());
}

#[test]
fn a_whole_table_in_several_chunks_takes_the_place_of_an_older_one_on_disk_too() {
    // A first chunk that ends where the older table stands does not make the next one its continuation.
    for first_ends in [5, 7] {
        let dir = tempfile::tempdir().unwrap();
        let mut worker = Worker::boot(dir.path());
        worker.take(Sent::Keys(keys(0, 5, false, &[1])));
        worker.take(Sent::Keys(keys(0, first_ends, true, &[3, 4])));
        worker.take(Sent::Keys(keys(first_ends, 9, false, &[5])));
        assert_eq!(Worker::boot(dir.path()).applied(), "3 keys@9");

        let revoked = KeyChanges { removed: vec![vec![4; 32].into()], ..keys(9, 10, false, &[]) };
        assert_eq!(worker.take(Sent::Keys(revoked)), None);
        assert_eq!(Worker::boot(dir.path()).applied(), "2 keys@10");
    }
}

#[test]
fn a_key_file_whose_tail_is_torn_gives_the_table_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut worker = Worker::boot(dir.path());
    worker.take(Sent::Keys(keys(0, 5, false, &[1, 2])));
    worker.take(Sent::Keys(keys(5, 6, false, &[3])));
    let file = std::fs::OpenOptions::new().write(true).open(dir.path().join("keys.log")).unwrap();
    file.set_len(file.metadata().unwrap().len() - 1).unwrap();

    let mut restarted = Worker::boot(dir.path());
    assert_eq!(restarted.applied(), "2 keys@5");
    restarted.take(Sent::Keys(keys(5, 7, false, &[3, 4])));
    assert_eq!(Worker::boot(dir.path()).applied(), "4 keys@7");
}

#[test]
fn a_key_file_that_grows_is_written_anew() {
    let dir = tempfile::tempdir().unwrap();
    let mut worker = Worker::boot(dir.path());
    worker.take(Sent::Keys(keys(0, 1, false, &[1])));
    let many = vec![7_u8; 2_000];
    (1..40).for_each(|revision| assert_eq!(worker.take(Sent::Keys(keys(revision, revision + 1, false, &many))), None));
    let length = std::fs::metadata(dir.path().join("keys.log")).unwrap().len();
    assert!(length < 1_400_000, "{length} bytes");
    assert_eq!(Worker::boot(dir.path()).applied(), "2 keys@40");
}

#[test]
fn a_damaged_configuration_on_disk_is_not_used() {
    let dir = tempfile::tempdir().unwrap();
    Worker::boot(dir.path()).take(Sent::Activation(activation(4, &document())));
    let mut file = std::fs::OpenOptions::new().append(true).open(dir.path().join("configuration.jsonl")).unwrap();
    file.write_all(b" ").unwrap();
    assert_eq!(Worker::boot(dir.path()).applied(), "");
}

#[test]
fn a_directory_that_cannot_be_written_to_stops_nothing() {
    let mut worker = Worker::boot(Path::new("/dev/null/nowhere"));
    assert_eq!(worker.take(Sent::Activation(activation(4, &document()))), None);
    assert_eq!(worker.take(Sent::Keys(keys(0, 5, false, &[1]))), None);
    assert_eq!(worker.applied(), "generation 4, 1 keys@5");
}
