//! Honest streams.

use std::time::Duration;

use axum::body::Body;
use ferrogw_llm::Operation;
use http::Response;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::gateway::{Gateway, MORE, ROLE, STOP, TEXT, Told, USAGE, fallback, hello, post, single, streamed_hello};
use crate::provider::{Act, Provider, Script, answer, reset, silence, stream, whole_stream};

async fn told(script: Script, more: &str) -> (Told, Gateway) {
    let provider = Provider::start([script]).await;
    let gateway = Gateway::start(&single(&provider, more)).await;
    (gateway.chat(&streamed_hello()).await, gateway)
}

/// A stream that broke after its first content: what the client saw, and that the log calls it a failure.
async fn breaks(script: Script, more: &str, class: &str, code: &str) {
    let (told, mut gateway) = told(script, more).await;
    let frames = told.frames();
    assert_eq!((told.status, &frames[..2]), (200, &[ROLE, TEXT][..]), "{}", told.body);
    let last: Value = serde_json::from_str(frames[frames.len() - 1]).expect("an error event");
    for member in ["message", "type", "param", "code"] {
        assert!(last["error"].get(member).is_some(), "{last}");
    }
    assert_eq!(last["error"]["code"], code);
    assert!(!told.body.contains("[DONE]"));
    let record = gateway.record().await;
    assert_eq!((record.status, record.error.expect("a failure").class), (200, class));
    assert_eq!(record.attempts[0].outcome, class);
}

#[tokio::test]
async fn frames_come_back_verbatim_in_order_with_one_end() {
    let odd = r#"{ "id":"c1", "object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"é\u00e9"},"finish_reason":null}], "x_vendor": {"a" : 1} }"#;
    let (told, mut gateway) = told(whole_stream(&[ROLE, TEXT, odd, STOP]), "").await;
    assert_eq!(told.frames(), [ROLE, TEXT, odd, STOP, "[DONE]"]);
    assert_eq!(told.headers["content-type"], "text/event-stream; charset=utf-8");
    assert_eq!(told.headers["cache-control"], "no-cache");
    let record = gateway.record().await;
    assert!(record.error.is_none() && record.first_content.is_some() && record.stream);
    assert_eq!((record.repairs, record.finish_reason.as_deref()), (0, Some("stop")));
}

#[tokio::test]
async fn usage_is_always_asked_for_and_told_only_to_who_asked() {
    let provider = Provider::start([whole_stream(&[TEXT, STOP, USAGE]), whole_stream(&[TEXT, STOP, USAGE])]).await;
    let mut gateway = Gateway::start(&single(&provider, "")).await;
    assert_eq!(gateway.chat(&streamed_hello()).await.frames(), [TEXT, STOP, "[DONE]"]);
    let asking = json!({"model": "m", "stream": true, "stream_options": {"include_usage": true}, "messages": []});
    assert_eq!(gateway.chat(&asking).await.frames(), [TEXT, STOP, USAGE, "[DONE]"]);
    for seen in provider.seen() {
        let body: Value = serde_json::from_str(&seen.body).expect("JSON");
        assert_eq!(body["stream_options"]["include_usage"], true);
    }
    for _ in 0..2 {
        assert_eq!(gateway.record().await.usage.expect("told").output, 2);
    }
}

#[tokio::test]
async fn a_missing_end_mark_is_supplied_and_counted() {
    let (told, mut gateway) = told(stream(&[TEXT, STOP]).end(), "").await;
    assert_eq!(told.frames(), [TEXT, STOP, "[DONE]"]);
    let record = gateway.record().await;
    assert!(record.error.is_none());
    assert_eq!(record.repairs, 1);
}

#[tokio::test]
async fn a_stream_that_breaks_ends_in_an_error_event_and_a_failure() {
    let begun = || stream(&[ROLE, TEXT]);
    breaks(begun().then(Act::Close), "", "connection", "upstream_error").await;
    breaks(begun().then(Act::Pause(Duration::from_millis(50))).then(Act::Reset), "", "connection", "upstream_error").await;
    breaks(begun().end(), "", "connection", "upstream_error").await;
    breaks(begun().frames(&["[DONE]"]).end(), "", "connection", "upstream_error").await;
    breaks(begun().frames(&["{garbage"]).end(), "", "malformed_answer", "upstream_error").await;
    breaks(begun().then(Act::Hang), "timeouts: {between_frames: 50ms}", "timeout", "gateway_timeout").await;
    breaks(begun().then(Act::Hang), "timeouts: {total: 100ms}", "timeout", "gateway_timeout").await;
    let overloaded = r#"{"error":{"message":"busy","type":"overloaded_error"}}"#;
    let (told, mut gateway) = told(begun().frames(&[overloaded]).end(), "").await;
    assert!(!told.body.contains("[DONE]") && told.frames()[2].contains("error"), "{}", told.body);
    assert!(gateway.record().await.error.is_some());
}

#[tokio::test]
async fn until_the_first_content_another_target_takes_over_unseen() {
    let overloaded = r#"{"error":{"message":"busy","type":"overloaded_error"}}"#;
    for (script, more) in [
        (answer(503, "{}"), ""),
        (reset(), ""),
        (silence(), "timeouts: {head: 50ms}"),
        (stream(&[ROLE]).then(Act::Close), ""),
        (stream(&[ROLE]).end(), ""),
        (stream(&[ROLE]).then(Act::Hang), "timeouts: {first_content: 50ms}"),
        (stream(&[overloaded]).end(), ""),
        (stream(&["garbage"]).end(), ""),
        (stream(&[]).end(), ""),
        (answer(200, r#"{"error":{"message":"busy"}}"#), ""),
        (answer(200, "{}"), ""),
    ] {
        let (a, b) = (Provider::start([script.clone()]).await, Provider::start([whole_stream(&[ROLE, MORE, STOP])]).await);
        let told = Gateway::start(&fallback(&a, &b, more)).await.chat(&streamed_hello()).await;
        assert_eq!(told.frames(), [ROLE, MORE, STOP, "[DONE]"], "{script:?}");
        assert_eq!(told.headers["x-ferrogw-target"], "b");
    }
}

#[tokio::test]
async fn an_event_of_several_lines_stays_one() {
    let (head, tail) = TEXT.split_once("\"choices\"").expect("choices");
    let lines = format!("{head}\ndata: \"choices\"{tail}");
    let (told, _gateway) = told(whole_stream(&[&lines, STOP]), "").await;
    assert!(told.body.starts_with(&format!("data: {lines}\n\ndata: ")), "{}", told.body);
}

#[tokio::test]
async fn what_a_stream_cost_that_was_cut_off_after_it_told_usage_is_not_known() {
    let usage = r#""usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}"#;
    let early = format!("{},{usage}", TEXT.strip_suffix('}').expect("an object"));
    let (_, mut gateway) = told(stream(&[&early]).then(Act::Close), "models: {m: gpt-4o-mini}").await;
    let record = gateway.record().await;
    assert_eq!((record.usage.expect("told").output, record.cost, record.price_rule), (1, None, None));
}

#[tokio::test]
async fn a_stream_that_never_begins_has_a_real_status() {
    let (told, mut gateway) = told(stream(&[ROLE]).then(Act::Hang), "timeouts: {first_content: 50ms}").await;
    assert_eq!(told.refusal(), (504, "upstream_error".into(), "gateway_timeout".into()));
    assert_eq!(gateway.record().await.status, 504);
}

#[tokio::test]
async fn the_request_timeout_holds_until_the_first_content_and_no_longer() {
    let slow = stream(&[TEXT]).then(Act::Pause(Duration::from_millis(800))).frames(&[STOP, "[DONE]"]).end();
    let provider = Provider::start([slow, stream(&[ROLE]).then(Act::Hang)]).await;
    let gateway = Gateway::start(&format!("request_timeout: 500ms\n{}", single(&provider, ""))).await;
    assert_eq!(gateway.chat(&streamed_hello()).await.frames(), [TEXT, STOP, "[DONE]"]);
    assert_eq!(gateway.chat(&streamed_hello()).await.status, 504);
}

#[tokio::test]
async fn comments_keep_a_stream_alive() {
    let mut slow = stream(&[TEXT]);
    for _ in 0..6 {
        slow = slow.then(Act::Pause(Duration::from_millis(150))).then(Act::Send(b"3\r\n:\n\n\r\n".to_vec()));
    }
    let (told, _gateway) = told(slow.frames(&[STOP, "[DONE]"]).end(), "timeouts: {between_frames: 600ms}").await;
    assert_eq!(told.frames(), [TEXT, STOP, "[DONE]"]);
}

pub(crate) async fn first_frame(response: &mut Response<Body>) -> String {
    let frame =
        timeout(Duration::from_secs(5), response.body_mut().frame()).await.expect("in time").expect("a frame").expect("no error");
    String::from_utf8(frame.into_data().expect("data").to_vec()).expect("UTF-8")
}

#[tokio::test]
async fn a_client_that_leaves_in_mid_stream_cancels_it_and_is_recorded() {
    let mut provider = Provider::start([stream(&[ROLE, TEXT]).then(Act::Hang)]).await;
    let mut gateway = Gateway::start(&single(&provider, "")).await;
    let mut response = gateway.send(Operation::Chat, post(streamed_hello().to_string())).await;
    assert!(first_frame(&mut response).await.contains("Hi"));
    drop(response);
    provider.hears_a_hangup().await;
    let record = gateway.record().await;
    assert!(record.client_gone && gateway.has_no_other_record());
    assert_eq!((record.status, record.error.expect("told").class), (200, "client_gone"));
    assert_eq!(gateway.core.plane.live.load().routes.targets[0].vitals.in_flight(), 0);
}

#[tokio::test]
async fn a_client_that_leaves_after_the_last_word_still_pays_for_it() {
    let late = stream(&[TEXT, STOP]).then(Act::Pause(Duration::from_millis(100))).frames(&[USAGE, "[DONE]"]).end();
    let provider = Provider::start([late]).await;
    let mut gateway = Gateway::start(&single(&provider, "models: {m: gpt-4o-mini}")).await;
    let mut response = gateway.send(Operation::Chat, post(streamed_hello().to_string())).await;
    assert!(first_frame(&mut response).await.contains("stop"));
    drop(response);
    let record = gateway.record().await;
    assert!(record.client_gone);
    assert_eq!(record.usage.expect("told after the client left").output, 2);
    assert_eq!(record.cost.expect("a known price").to_string(), "$0.000001950");
    assert_eq!(record.price_rule.as_deref(), Some("catalog:openai/gpt-4o-mini"));
}

#[tokio::test]
async fn a_stream_leaves_its_connection_to_the_next_request() {
    let provider = Provider::start([whole_stream(&[TEXT, STOP]), answer(200, crate::gateway::HI)]).await;
    let gateway = Gateway::start(&single(&provider, "")).await;
    gateway.chat(&streamed_hello()).await;
    // The rest of the first answer is read in the background.
    tokio::time::sleep(Duration::from_millis(50)).await;
    gateway.chat(&hello()).await;
    assert_eq!(provider.connections(), 1);
}
