//! Streams cut anywhere, damaged anywhere, and told again as a whole.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use ferrogw_config::catalog::{self, WireId};
use ferrogw_llm::{Chunk, Observed, Operation, Request, StreamFault};
use ferrogw_providers::{Call, wire};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::read_stream;
use crate::said::{Said, of_answer, of_chunks};

/// Every recorded stream of the fixtures, with the wire that it belongs to.
fn fixtures() -> Vec<(&'static str, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let cases = |wire: &'static str| {
        let cases = std::fs::read_dir(root.join(wire)).expect("a folder of fixtures");
        cases.map(move |case| (wire, case.expect("an entry").path().join("upstream.response.sse")))
    };
    let mut streams: Vec<(&str, PathBuf)> = cases("openai").chain(cases("anthropic")).filter(|(_, path)| path.exists()).collect();
    streams.sort();
    streams.into_iter().map(|(wire, path)| (wire, std::fs::read(path).expect("a stream"))).collect()
}

fn read<'a>(provider: &str, pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Chunk>, Observed, Option<StreamFault>) {
    let provider = catalog::provider(provider).expect("a provider of the catalog");
    let request = chat_request(true);
    let call = Call { provider, model: "m", request: &request, now_unix: 1_790_000_000 };
    read_stream(wire(provider.wire.expect("a served provider")), &call, pieces)
}

fn chat_request(stream: bool) -> Request {
    let body = json!({"model": "m", "messages": [{"role": "user", "content": "?"}], "stream": stream});
    Request::read(Operation::Chat, body.to_string().into()).expect("a request")
}

fn cut<'a>(bytes: &'a [u8], cuts: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    at.extend([0, bytes.len()]);
    at.sort_unstable();
    at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

fn data(chunks: &[Chunk]) -> Vec<&Bytes> {
    chunks.iter().map(|chunk| &chunk.data).collect()
}

proptest! {
    #[test]
    fn where_a_stream_is_cut_makes_no_difference(cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..12)) {
        for (wire, stream) in fixtures() {
            let (whole, observed, fault) = read(wire, [&stream[..]]);
            let (pieces, observed_of_pieces, fault_of_pieces) = read(wire, cut(&stream, &cuts));
            prop_assert_eq!(data(&pieces), data(&whole));
            prop_assert_eq!(observed_of_pieces, observed);
            prop_assert_eq!(fault_of_pieces, fault);
        }
    }

    #[test]
    fn a_stream_that_lost_its_tail_is_never_taken_for_a_shorter_answer(tail in any::<prop::sample::Index>()) {
        for (wire, stream) in fixtures() {
            let (whole, observed, fault) = read(wire, [&stream[..]]);
            let (part, observed_of_part, fault_of_part) = read(wire, [&stream[..tail.index(stream.len())]]);
            if fault_of_part.is_none() {
                prop_assert_eq!(of_chunks(&part, &observed_of_part).choices, of_chunks(&whole, &observed).choices);
                prop_assert_eq!(fault, None);
            }
        }
    }

    #[test]
    fn a_damaged_stream_never_panics(damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        for (wire, mut stream) in fixtures() {
            for (at, byte) in &damage {
                let at = at.index(stream.len());
                stream[at] = *byte;
            }
            read(wire, [&stream[..]]);
        }
    }

    #[test]
    fn garbage_is_refused_and_never_panics(garbage in proptest::collection::vec(any::<u8>(), 0..200), frame in "(data: |event: error\ndata: )[\\[\\]{}\":,a-z0-9\\\\]{0,60}\n\n") {
        for provider in ["openai", "anthropic"] {
            prop_assert!(read(provider, [&garbage[..]]).2.is_some());
            prop_assert!(read(provider, [frame.as_bytes()]).2.is_some());
        }
    }

    #[test]
    fn a_streamed_message_says_what_the_whole_one_says(blocks in proptest::collection::vec(block(), 0..6), piece in 1_usize..9) {
        prop_assert_eq!(streamed(&blocks, piece).amounts_to(whole(&blocks)), true);
    }
}

/// A content block: a text, a thought, a call, or something of tomorrow.
fn block() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[a-zé€\"\\\\\n]{0,12}".prop_map(|text| json!({"type": "text", "text": text})),
        "[a-zé€]{1,12}".prop_map(|thinking| json!({"type": "thinking", "thinking": thinking, "signature": "c2ln"})),
        ("[a-z]{1,5}", "[a-zé\"]{0,8}").prop_map(
            |(name, value)| json!({"type": "tool_use", "id": format!("toolu_{name}"), "name": name, "input": {"x": value}})
        ),
        "[a-z]{1,5}".prop_map(|name| json!({"type": "tool_use", "id": format!("toolu_{name}"), "name": name, "input": {}})),
        Just(json!({"type": "tomorrow", "x": [1]})),
    ]
}

const USAGE: &str = r#"{"input_tokens":5,"cache_read_input_tokens":7,"cache_creation_input_tokens":2,"output_tokens":9}"#;

fn whole(blocks: &[Value]) -> Said {
    let usage: Value = serde_json::from_str(USAGE).expect("JSON");
    let message = json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": blocks, "stop_reason": "end_turn", "usage": usage});
    let provider = catalog::provider("anthropic").expect("a provider of the catalog");
    let request = chat_request(false);
    let call = Call { provider, model: "m", request: &request, now_unix: 0 };
    of_answer(&wire(WireId::Anthropic).decode(&call, message.to_string().into()).expect("an answer"))
}

fn streamed(blocks: &[Value], piece: usize) -> Said {
    let mut stream = event(
        &json!({"type": "message_start", "message": {"id": "msg_1", "model": "m", "usage": {"input_tokens": 1, "output_tokens": 1}}}),
    );
    for (index, block) in blocks.iter().enumerate() {
        let mut start = block.clone();
        let grows = match block["type"].as_str().expect("a type") {
            "text" => Some(("text", "text_delta", "text", block["text"].as_str().expect("text").to_owned())),
            "thinking" => {
                Some(("thinking", "thinking_delta", "thinking", block["thinking"].as_str().expect("a thought").to_owned()))
            }
            "tool_use" if block["input"] != json!({}) => {
                Some(("input", "input_json_delta", "partial_json", block["input"].to_string()))
            }
            _ => None,
        };
        if let Some((name, ..)) = &grows {
            start[*name] = if *name == "input" { json!({}) } else { json!("") };
        }
        stream += &event(&json!({"type": "content_block_start", "index": index, "content_block": start}));
        if let Some((_, kind, member, text)) = grows {
            let characters: Vec<char> = text.chars().collect();
            for part in characters.chunks(piece) {
                let part: String = part.iter().collect();
                stream += &event(&json!({"type": "content_block_delta", "index": index, "delta": {"type": kind, member: part}}));
            }
        }
        stream += &event(&json!({"type": "content_block_stop", "index": index}));
    }
    let usage: Value = serde_json::from_str(USAGE).expect("JSON");
    stream += &event(&json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage}));
    stream += &event(&json!({"type": "message_stop"}));
    let (chunks, observed, fault) = read("anthropic", [stream.as_bytes()]);
    assert_eq!(fault, None);
    of_chunks(&chunks, &observed)
}

fn event(event: &Value) -> String {
    format!("event: {}\ndata: {event}\n\n", event["type"].as_str().expect("a type"))
}
