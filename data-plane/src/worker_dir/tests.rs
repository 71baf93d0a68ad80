use std::fs;

use super::frame::{self, Frame};
use super::{WorkerDir, WorkerDirError};

#[test]
fn two_workers_in_one_data_directory_get_directories_of_their_own() {
    let data = tempfile::tempdir().unwrap();
    let (one, other) = (WorkerDir::claim(data.path()).unwrap(), WorkerDir::claim(data.path()).unwrap());
    assert_eq!((one.path().file_name().unwrap(), other.path().file_name().unwrap()), ("worker-0".as_ref(), "worker-1".as_ref()));
    assert_ne!(one.id(), other.id());
}

#[test]
fn a_restarted_worker_is_the_same_worker() {
    let data = tempfile::tempdir().unwrap();
    let id = WorkerDir::claim(data.path()).unwrap().id();
    assert_eq!(WorkerDir::claim(data.path()).unwrap().id(), id);
}

#[test]
fn what_a_dead_worker_left_is_an_orphan_and_what_a_living_one_holds_is_not() {
    let data = tempfile::tempdir().unwrap();
    let (me, dead, alive) =
        (WorkerDir::claim(data.path()).unwrap(), WorkerDir::claim(data.path()).unwrap(), WorkerDir::claim(data.path()).unwrap());
    let (dead_id, _) = (dead.id(), drop(dead));
    assert_eq!(me.orphans().iter().map(WorkerDir::id).collect::<Vec<_>>(), [dead_id]);
    drop(alive);
}

#[test]
fn a_garbled_id_is_not_replaced_by_a_new_one() {
    let data = tempfile::tempdir().unwrap();
    let path = WorkerDir::claim(data.path()).unwrap().path().join("worker-id");
    fs::write(path, "not a uuid").unwrap();
    assert!(matches!(WorkerDir::claim(data.path()), Err(WorkerDirError::NoId { .. })));
}

#[test]
fn frames_read_back_until_the_torn_one() {
    let mut bytes = Vec::new();
    for payload in ["one", "", "three"] {
        frame::push(&mut bytes, payload.as_bytes());
    }
    let read = |bytes: &[u8]| {
        let mut rest = bytes;
        let mut frames = Vec::new();
        loop {
            match frame::read(&mut rest).unwrap() {
                Frame::Whole(payload) => frames.push(String::from_utf8(payload).unwrap()),
                end => return (frames.join(","), end),
            }
        }
    };
    assert_eq!(read(&bytes), ("one,,three".into(), Frame::End));
    assert_eq!(read(&bytes[..bytes.len() - 1]), ("one,".into(), Frame::Torn));
    assert_eq!(read(&bytes[..bytes.len() - 9]), ("one,".into(), Frame::Torn));
    bytes[9] ^= 1;
    assert_eq!(read(&bytes), (String::new(), Frame::Torn));
    assert_eq!(read(&[0; 64]), (String::new(), Frame::Torn));
}
