use super::Events;
use crate::log::LogEvent;

#[test]
fn events_are_whole_however_they_are_cut() {
    let text =
        ": following\n\nevent: skipped\ndata: {\"records\":3}\n\n: still\n\nevent:skipped\ndata:{\"records\":\ndata: 4}\n\n";
    for size in [1, 2, 7, text.len()] {
        let mut events = Events::default();
        let told: Vec<LogEvent> = text.as_bytes().chunks(size).flat_map(|piece| events.feed(piece).unwrap()).collect();
        assert_eq!(told, [LogEvent::Skipped(3), LogEvent::Skipped(4)], "{size}");
    }
}

#[test]
fn what_nobody_knows_is_passed_over_and_nonsense_is_told() {
    let mut events = Events::default();
    assert!(events.feed(b"event: news\ndata: x\n\ndata: y\n\n").unwrap().is_empty());
    assert!(events.feed(b"event: record\ndata: <html>\n\n").unwrap_err().contains("not what the admin API sends"));
    assert!(events.feed(&vec![b'x'; 2 << 20]).is_err());
}
