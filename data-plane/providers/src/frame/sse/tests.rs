use proptest::prelude::*;

use super::{Oversized, Sse};

/// The events of a stream that arrives in these pieces, as (name, data); the last may be one that `finish` gave.
fn events<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<(String, String)> {
    let mut sse = Sse::default();
    let mut events = Vec::new();
    for piece in pieces {
        sse.push(piece);
        while let Some(event) = sse.next_event().expect("within the limit") {
            events.push(event);
        }
    }
    events.extend(sse.finish());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    events.into_iter().map(|event| (text(&event.name), text(&event.data))).collect()
}

fn data(stream: &str) -> Vec<String> {
    events([stream.as_bytes()]).into_iter().map(|(_, data)| data).collect()
}

#[test]
fn every_line_end_and_both_spellings_of_data_are_read() {
    for stream in
        ["data: a\n\ndata: b\n\n", "data:a\r\n\r\ndata:b\r\n\r\n", "data: a\r\rdata: b\r\r", "\u{feff}data: a\n\ndata: b"]
    {
        assert_eq!(data(stream), ["a", "b"], "{stream:?}");
    }
}

#[test]
fn lines_of_one_event_are_joined_and_only_one_space_is_taken() {
    assert_eq!(data("data: a\ndata:  b\ndata\n\n"), ["a\n b\n"]);
}

#[test]
fn comments_unknown_fields_and_events_without_data_are_passed_over() {
    assert_eq!(data(": PROCESSING\n\nid: 1\nretry: 5\nevent: ping\n\ndata:\n\nfoo\n:\ndata: a\n\n"), ["a"]);
}

#[test]
fn an_event_has_its_own_name_and_not_its_predecessors() {
    let stream = b"event: error\ndata: a\n\ndata: b\n\n";
    assert_eq!(events([&stream[..]]), [("error".into(), "a".into()), (String::new(), "b".into())]);
}

#[test]
fn a_line_in_one_buffer_is_not_copied() {
    let mut sse = Sse::default();
    sse.push(b"data: 0123456789\n\n");
    let before = sse.buffer.as_ptr() as usize;
    let event = sse.next_event().expect("in bounds").expect("an event");
    assert_eq!(event.data.as_ptr() as usize, before + "data: ".len());
}

#[test]
fn an_unfinished_event_is_told_and_given_at_the_end() {
    let mut sse = Sse::default();
    sse.push(b"data: a\r\n\r\n");
    assert!(sse.next_event().expect("in bounds").is_some());
    assert!(!sse.is_mid_event(), "a whole event leaves nothing behind");
    sse.push(b"data: {\"a\"");
    assert_eq!(sse.next_event(), Ok(None));
    assert!(sse.is_mid_event());
    assert_eq!(sse.finish().map(|event| event.data), Some("{\"a\"".into()));
    assert_eq!(sse.finish(), None);
}

#[test]
fn a_line_without_end_and_data_without_end_are_cut_off() {
    let piece = vec![b'x'; 1 << 20];
    let mut line = Sse::default();
    let mut lines = Sse::default();
    let mut last = (Ok(None), Ok(None));
    for _ in 0..=16 {
        line.push(&piece);
        lines.push(&[b"data: ", &piece[..], b"\n"].concat());
        last = (line.next_event(), lines.next_event());
    }
    let refused = Err(Oversized { limit: Sse::LIMIT });
    assert_eq!(last, (refused.clone(), refused));
}

#[test]
fn a_megabyte_in_one_line_arrives_whole() {
    let long = "é".repeat(500_000);
    assert_eq!(data(&format!("data: {long}\n\n")), [long]);
}

proptest! {
    #[test]
    fn where_a_stream_is_cut_makes_no_difference(
        lines in proptest::collection::vec(("(\u{feff}|data|data:|data: |event: |: |id:|)[a-zé€ :]{0,6}", "(\n|\r|\r\n){1,2}"), 0..12),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let stream: String = lines.into_iter().map(|(line, end)| line + &end).collect();
        let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        at.extend([0, stream.len()]);
        at.sort_unstable();
        let pieces = at.windows(2).map(|pair| &stream.as_bytes()[pair[0]..pair[1]]);
        prop_assert_eq!(events(pieces), events([stream.as_bytes()]));
    }
}
