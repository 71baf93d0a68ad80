//! Providers that are silent, slow or stuck: every wait has its limit, and none holds a caller for ever.

use std::time::Duration;

use ferrogw_tests::reply::{End, text};
use ferrogw_tests::{Reply, World, Worlds, over_both};
use serde_json::{Value, json};

use crate::setting::{hello, hello_streamed, openai};

static WORLDS: Worlds = Worlds::of(|upstream| {
    let mut target = openai(upstream, "alpha", "${ALPHA_KEY}");
    target["timeouts"] = json!({ "connect": "1500ms", "head": "1500ms", "first_content": "1500ms", "between_frames": "1500ms" });
    let mut gone = openai(upstream, "gone", "${BETA_KEY}");
    gone["base_url"] = json!("http://127.0.0.1:9/v1");
    gone["models"] = json!(["model-of-a-dead-host"]);
    target["models"] = json!((1..5000).map(|number| format!("scripted-{number}")).collect::<Vec<_>>());
    json!({ "strategy": { "mode": "fallback" }, "targets": [target, gone] })
});

over_both!(WORLDS:
    a_provider_that_never_answers_is_a_504,
    a_stream_that_never_begins_is_a_504,
    a_stream_whose_first_word_is_late_is_a_504,
    a_stream_that_falls_silent_ends_in_an_error_event,
    a_slow_but_steady_stream_is_left_alone,
    a_host_that_nobody_listens_on_is_a_502,
);

async fn a_provider_that_never_answers_is_a_504(world: &World) {
    let model = world.upstream.answers(Reply::silence());

    let answer = world.client().chat(&hello(&model)).await;

    assert!(answer.error().starts_with("504 upstream_error gateway_timeout "), "{}", answer.error());
    assert_eq!(world.record(&model).await["status"], 504);
}

async fn a_stream_that_never_begins_is_a_504(world: &World) {
    let model = world.upstream.answers(Reply::silence());

    let answer = world.client().chat(&hello_streamed(&model)).await;

    assert!(answer.error().starts_with("504 upstream_error gateway_timeout "), "{}", answer.error());
}

async fn a_stream_whose_first_word_is_late_is_a_504(world: &World) {
    let model = world.upstream.answers(Reply::events(&[], End::Silence));

    let answer = world.client().chat(&hello_streamed(&model)).await;

    assert!(answer.error().starts_with("504 upstream_error gateway_timeout "), "{}", answer.error());
}

async fn a_stream_that_falls_silent_ends_in_an_error_event(world: &World) {
    let model = world.upstream.answers(Reply::events(&[text("Hal")], End::Silence));

    let answer = world.client().chat(&hello_streamed(&model)).await.expect(200);

    let last: Value = serde_json::from_str(answer.events().last().expect("events")).expect("the last event is JSON");
    assert_eq!(last["error"]["code"], "gateway_timeout", "{last}");
    assert!(!answer.text().contains("[DONE]"), "{}", answer.text());
}

async fn a_slow_but_steady_stream_is_left_alone(world: &World) {
    let words = ["a", "b", "c", "d", "e", "f"];
    let slow = (0..words.len()).rev().fold(Reply::stream(&words), |reply, at| reply.pausing(at + 1, Duration::from_millis(120)));
    let model = world.upstream.answers(slow);

    let answer = world.client().chat(&hello_streamed(&model)).await.expect(200);

    assert_eq!(answer.streamed_content(), "abcdef");
    assert_eq!(answer.events().last().map(String::as_str), Some("[DONE]"));
}

async fn a_host_that_nobody_listens_on_is_a_502(world: &World) {
    let answer = world.client().chat(&hello("model-of-a-dead-host")).await;

    assert_eq!(answer.status, 502, "{}", answer.error());
    assert!(!answer.text().contains("127.0.0.1"), "an address of the inside was told: {}", answer.text());
}
