use std::time::{Duration, SystemTime};

use ferrogw_llm::{NanoDollars, Operation, Usage};
use smallvec::smallvec;
use uuid::Uuid;

use super::{Metrics, Readings, TargetReading};
use crate::record::{Attempt, Record, RecordedError};

const CANARY: &str = "sk-ferro-canary";

fn record(model: &str, provider: &'static str) -> Record {
    Record {
        id: Uuid::nil(),
        request_id: CANARY.into(),
        parent: None,
        started: SystemTime::UNIX_EPOCH,
        duration: Duration::from_millis(300),
        first_content: None,
        operation: Operation::Chat,
        requested_model: model.into(),
        model: model.into(),
        provider,
        target: CANARY.into(),
        key_id: Some(Uuid::nil()),
        status: 200,
        stream: false,
        client_gone: false,
        finish_reason: Some("stop".into()),
        error: None,
        usage: None,
        cost: None,
        price_rule: None,
        attempts: smallvec![attempt(provider, "ok")],
        generation: 1,
        repairs: 0,
    }
}

fn attempt(provider: &'static str, outcome: &'static str) -> Attempt {
    Attempt {
        target: CANARY.into(),
        provider,
        model: CANARY.into(),
        status: 0,
        outcome,
        message: CANARY.into(),
        started: Duration::ZERO,
        duration: Duration::ZERO,
    }
}

fn rejected(model: &str) -> Record {
    let error = RecordedError { class: "rejected", code: "model_not_found".into(), message: CANARY.into() };
    Record { provider: "", model: "".into(), attempts: smallvec![], error: Some(error), ..record(model, "") }
}

/// The lines of `metric`, apart from buckets and zeroes.
fn check(metrics: &Metrics, metric: &str, expected: &str) {
    let text = metrics.render(&Readings::default());
    assert!(!text.contains(CANARY), "{text}");
    let wanted =
        |line: &&str| line.starts_with(metric) && !line.contains("_bucket") && !line.ends_with(" 0") && !line.ends_with(" 0.0");
    let mut lines: Vec<&str> = text.lines().filter(wanted).collect();
    lines.sort_unstable();
    assert_eq!(lines.join("\n"), expected);
}

#[test]
fn a_success_is_counted_with_its_tokens_and_its_cost() {
    let metrics = Metrics::new();
    let usage = Some(Usage { input: 10, cache_read: 5, output: 7, ..Usage::default() });
    let known = Record { usage, cost: Some(NanoDollars(2_500_000)), ..record("gpt-4o", "openai") };
    metrics.observe(&known);
    metrics.observe(&known);
    check(&metrics, "gateway_requests_total", r#"gateway_requests_total{provider="openai",model="gpt-4o",status="success"} 2"#);
    check(&metrics, "gateway_tokens_input", r#"gateway_tokens_input_total{provider="openai",model="gpt-4o"} 30"#);
    check(&metrics, "gateway_tokens_output", r#"gateway_tokens_output_total{provider="openai",model="gpt-4o"} 14"#);
    check(&metrics, "gateway_request_cost_usd", r#"gateway_request_cost_usd_total{provider="openai",model="gpt-4o"} 0.005"#);
    check(
        &metrics,
        "gateway_request_duration_seconds_sum",
        r#"gateway_request_duration_seconds_sum{provider="openai",model="gpt-4o"} 0.6"#,
    );
}

#[test]
fn a_thousand_made_up_models_are_one_label() {
    let metrics = Metrics::new();
    for at in 0..1_000 {
        metrics.observe(&rejected(&format!("made-up-{at}")));
        metrics.observe(&record(&format!("made-up-{at}"), "ollama"));
    }
    check(
        &metrics,
        "gateway_requests_total",
        "gateway_requests_total{provider=\"none\",model=\"unknown\",status=\"rejected\"} 1000\n\
         gateway_requests_total{provider=\"ollama\",model=\"unknown\",status=\"success\"} 1000",
    );
}

#[test]
fn a_model_that_the_configuration_names_is_a_label() {
    let metrics = Metrics::new();
    metrics.know(["our-own-model"].into_iter());
    metrics.observe(&record("our-own-model", "ollama"));
    check(
        &metrics,
        "gateway_requests_total",
        r#"gateway_requests_total{provider="ollama",model="our-own-model",status="success"} 1"#,
    );
}

#[test]
fn a_failure_that_another_attempt_made_good_is_still_the_providers() {
    let metrics = Metrics::new();
    let attempts = smallvec![attempt("openai", "rate_limited"), attempt("anthropic", "ok")];
    metrics.observe(&Record { attempts, ..record("gpt-4o", "anthropic") });
    check(&metrics, "gateway_provider_errors", r#"gateway_provider_errors_total{provider="openai",error_type="rate_limited"} 1"#);
    check(
        &metrics,
        "gateway_requests_total",
        r#"gateway_requests_total{provider="anthropic",model="gpt-4o",status="success"} 1"#,
    );
}

#[test]
fn a_client_that_hung_up_and_tokens_without_a_price_are_told_apart() {
    let metrics = Metrics::new();
    metrics.observe(&Record { client_gone: true, usage: Some(Usage::default()), repairs: 1, ..record("gpt-4o", "openai") });
    check(
        &metrics,
        "gateway_requests_total",
        r#"gateway_requests_total{provider="openai",model="gpt-4o",status="client_gone"} 1"#,
    );
    check(&metrics, "gateway_requests_unpriced", r#"gateway_requests_unpriced_total{provider="openai",model="gpt-4o"} 1"#);
    check(&metrics, "gateway_stream_repairs", r#"gateway_stream_repairs_total{provider="openai",model="gpt-4o"} 1"#);
}

#[test]
fn a_stream_tells_when_its_first_content_came() {
    let metrics = Metrics::new();
    metrics.observe(&record("gpt-4o", "openai"));
    metrics.observe(&Record { first_content: Some(Duration::from_millis(250)), ..record("gpt-4o", "openai") });
    let count = r#"gateway_time_to_first_content_seconds_count{provider="openai",model="gpt-4o"} 1"#;
    check(&metrics, "gateway_time_to_first_content_seconds_count", count);
}

#[test]
fn a_target_that_is_gone_from_the_configuration_is_gone_from_the_scrape() {
    let metrics = Metrics::new();
    let target = TargetReading { name: "first".into(), provider: "openai", up: true, in_flight: 2 };
    let text = metrics.render(&Readings { targets: vec![target], connections_refused: 3, ..Readings::default() });
    assert!(text.contains(r#"gateway_target_up{target="first",provider="openai"} 1"#), "{text}");
    assert!(text.contains("gateway_server_connections_refused_total 3"), "{text}");
    let text = metrics.render(&Readings { connections_refused: 4, ..Readings::default() });
    assert!(!text.contains("first") && text.contains("gateway_server_connections_refused_total 4"), "{text}");
}
