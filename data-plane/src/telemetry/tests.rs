use std::time::SystemTime;

use ferrogw_llm::{NanoDollars, Usage};
use smallvec::smallvec;
use uuid::Uuid;

use super::*;
use crate::record::RecordedError;

fn one_try(outcome: &'static str, started_ms: u64, took_ms: u64) -> Attempt {
    Attempt {
        target: "primary".into(),
        provider: "mistral",
        model: "mistral-small-latest".into(),
        status: if outcome == "ok" { 200 } else { 503 },
        outcome,
        message: if outcome == "ok" { String::new() } else { "overloaded".to_owned() },
        started: Duration::from_millis(started_ms),
        duration: Duration::from_millis(took_ms),
    }
}

/// A stream of half a second whose first attempt failed.
fn record() -> Record {
    Record {
        id: Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_00ff),
        request_id: "0af7651916cd43dd8448eb211c80319c".to_owned(),
        parent: Some(Parent { trace: 0x0af7, span: 0xb7ad, sampled: true, state: TraceState::NONE }),
        started: SystemTime::UNIX_EPOCH,
        duration: Duration::from_millis(500),
        first_content: Some(Duration::from_millis(150)),
        operation: Operation::Chat,
        requested_model: "fast".to_owned(),
        model: "mistral-small-latest".into(),
        provider: "mistral",
        target: "primary".into(),
        key_id: None,
        status: 200,
        stream: true,
        client_gone: false,
        finish_reason: Some("stop".to_owned()),
        error: None,
        usage: Some(Usage { input: 10, output: 2, ..Usage::default() }),
        cost: Some(NanoDollars(1_500)),
        price_rule: None,
        attempts: smallvec![one_try("overloaded", 1, 9), one_try("ok", 50, 100)],
        generation: 3,
        repairs: 0,
    }
}

fn said<'a>(span: &'a Span, name: &str) -> Option<&'a Value> {
    span.attributes.iter().find(|attribute| attribute.key.as_str() == name).map(|attribute| &attribute.value)
}

#[test]
fn a_request_is_a_part_of_its_callers_trace_and_attempts_are_parts_of_it() {
    let record = record();
    let (whole, first) = (request(&record), attempt(&record, 0, &record.attempts[0]));
    assert_eq!((whole.trace, whole.parent, whole.parent_is_remote), (0x0af7, Some(0xb7ad), true));
    assert_eq!((first.trace, first.parent, first.parent_is_remote), (0x0af7, Some(whole.id), false));
}

#[test]
fn what_a_callers_tracing_systems_say_of_a_trace_is_said_of_its_spans() {
    let state = TraceState::from_key_value([("rojo", "1")]).unwrap();
    let parent = Some(Parent { trace: 0x0af7, span: 0xb7ad, sampled: true, state: state.clone() });
    let record = Record { parent, ..record() };
    assert_eq!((request(&record).state, attempt(&record, 0, &record.attempts[0]).state), (state.clone(), state));
}

#[test]
fn a_request_without_a_caller_begins_the_trace_that_its_id_names() {
    let whole = request(&Record { parent: None, ..record() });
    assert_eq!((whole.trace, whole.parent), (0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c, None));
}

#[test]
fn a_provider_is_told_the_span_that_its_attempt_gets() {
    let record = record();
    let ids: Vec<u64> = (0..2).map(|index| attempt(&record, index, &record.attempts[index]).id).collect();
    assert_eq!(ids, [record.attempt_span(0), record.attempt_span(1)]);
    assert!(ids[0] != ids[1] && !ids.contains(&record.span()));
}

#[test]
fn a_failed_attempt_says_why_and_the_one_that_answered_says_what() {
    let record = record();
    let (failed, answered) = (attempt(&record, 0, &record.attempts[0]), attempt(&record, 1, &record.attempts[1]));
    assert_eq!(said(&failed, "error.type"), Some(&"overloaded".into()));
    assert_eq!(failed.status, Status::error("overloaded"));
    assert_eq!(said(&failed, "gen_ai.usage.input_tokens"), None);
    assert_eq!(said(&answered, "gen_ai.usage.input_tokens"), Some(&Value::I64(10)));
    assert_eq!(said(&answered, "gen_ai.provider.name"), Some(&"mistral_ai".into()));
    assert_eq!(answered.name, "chat mistral-small-latest");
}

#[test]
fn a_streams_attempt_lasts_until_the_streams_end() {
    let record = record();
    assert_eq!(attempt(&record, 0, &record.attempts[0]).duration, Duration::from_millis(9));
    assert_eq!(attempt(&record, 1, &record.attempts[1]).duration, Duration::from_millis(450));
}

#[test]
fn what_the_client_did_wrong_is_no_error_of_the_span() {
    let error = |class, status| {
        let error = Some(RecordedError { class, code: "c".to_owned(), message: "m".to_owned() });
        request(&Record { error, status, ..record() })
    };
    assert_eq!(error("rejected", 400).status, Status::Unset);
    assert_eq!(error("server", 502).status, Status::error("m"));
    assert_eq!(error("connection", 200).status, Status::error("m"));
    assert_eq!(said(&error("rejected", 400), "error.type"), Some(&"rejected".into()));
}
