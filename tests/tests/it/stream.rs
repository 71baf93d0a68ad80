//! Streams: verbatim while they are whole, honest when they are not, cancelled when nobody listens.

use ferrogw_tests::reply::{End, chunk, done, finish, text, usage};
use ferrogw_tests::{Reply, World, Worlds, eventually, over_both};
use serde_json::{Value, json};

use crate::setting::{alone, hello_streamed};

static WORLDS: Worlds = Worlds::of(alone);

over_both!(WORLDS:
    frames_come_back_verbatim,
    a_word_arrives_while_the_provider_still_thinks,
    usage_is_asked_for_and_withheld_from_who_did_not_ask,
    usage_reaches_who_asked,
    a_missing_done_is_supplied,
    a_cut_stream_ends_in_an_error_event,
    a_broken_connection_ends_in_an_error_event,
    a_frame_that_is_no_json_ends_in_an_error_event,
    a_refusal_before_the_stream_is_an_ordinary_error,
    a_caller_who_leaves_is_recorded_and_the_provider_let_go,
);

async fn frames_come_back_verbatim(world: &World) {
    let odd =
        "data: {\"id\":\"x\",  \"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\
               \"delta\":{\"content\":\"Grüße \\ud83d\\ude00\"},\"finish_reason\":null,\"vendor\":[1.0]}]}\n\n"
            .to_owned();
    let frames = [odd.clone(), finish("stop"), done()];
    let model = world.upstream.answers(Reply::events(&frames, End::Clean));

    let answer = world.client().chat(&hello_streamed(&model)).await.expect(200);

    assert_eq!(answer.text(), frames.concat());
    assert!(answer.header("content-type").starts_with("text/event-stream"), "{}", answer.header("content-type"));
}

async fn a_word_arrives_while_the_provider_still_thinks(world: &World) {
    let model = world.upstream.answers(Reply::events(&[text("One")], End::Silence));

    let mut stream = world.client().stream(&hello_streamed(&model)).await;

    assert_eq!(stream.next_content().await.as_deref(), Some("One"));
}

async fn usage_is_asked_for_and_withheld_from_who_did_not_ask(world: &World) {
    let model = world.upstream.answers(Reply::stream(&["Hello", " there"]));

    let answer = world.client().chat(&hello_streamed(&model)).await.expect(200);

    assert_eq!(world.upstream.seen(&model)[0].json()["stream_options"], json!({ "include_usage": true }));
    assert_eq!(answer.streamed_content(), "Hello there");
    assert!(!answer.text().contains("prompt_tokens"), "{}", answer.text());
    assert_eq!(world.record(&model).await["completion_tokens"], 7);
}

async fn usage_reaches_who_asked(world: &World) {
    let model = world.upstream.answers(Reply::stream(&["Hello"]));
    let mut body = hello_streamed(&model);
    body["stream_options"] = json!({ "include_usage": true });

    let answer = world.client().chat(&body).await.expect(200);

    assert_eq!(world.upstream.seen(&model)[0].json(), body);
    assert!(answer.text().contains("\"total_tokens\":18"), "{}", answer.text());
}

async fn a_missing_done_is_supplied(world: &World) {
    let model = world.upstream.answers(Reply::events(&[text("Hello"), finish("stop"), usage()], End::Clean));

    let answer = world.client().chat(&hello_streamed(&model)).await.expect(200);

    assert_eq!(answer.events().last().map(String::as_str), Some("[DONE]"));
    assert_eq!(world.record(&model).await["error_message"], "");
}

async fn a_cut_stream_ends_in_an_error_event(world: &World) {
    breaks_honestly(world, Reply::events(&[text("Hal")], End::Cut)).await;
}

async fn a_broken_connection_ends_in_an_error_event(world: &World) {
    breaks_honestly(world, Reply::events(&[text("Hal")], End::Reset)).await;
}

async fn a_frame_that_is_no_json_ends_in_an_error_event(world: &World) {
    let frames = [text("Hal"), "data: {\"choices\": [garb\n\n".to_owned(), finish("stop"), done()];
    breaks_honestly(world, Reply::events(&frames, End::Clean)).await;
}

/// What had arrived is kept, an error event follows, no `[DONE]`; the response ends in order, and the log knows.
async fn breaks_honestly(world: &World, reply: Reply) {
    let model = world.upstream.answers(reply);

    let answer = world.client().chat(&hello_streamed(&model)).await.expect(200);

    let events = answer.events();
    let last: Value = serde_json::from_str(events.last().expect("events")).expect("the last event is JSON");
    assert_eq!(last["error"].as_object().map(|error| error.len()), Some(4), "{last}");
    assert!(events[0].contains("Hal") && !events.contains(&"[DONE]".to_owned()), "{events:?}");
    assert_ne!(world.record(&model).await["error_message"], "");
}

async fn a_refusal_before_the_stream_is_an_ordinary_error(world: &World) {
    let model = world.upstream.answers(Reply::error(400, "bad_thing", "That will not do"));

    let answer = world.client().chat(&hello_streamed(&model)).await;

    assert_eq!(answer.error(), "400 upstream_type bad_thing upstream_param: That will not do");
    assert_eq!(answer.header("content-type"), "application/json");
}

async fn a_caller_who_leaves_is_recorded_and_the_provider_let_go(world: &World) {
    let first = chunk(&json!({ "content": "One" }), &Value::Null);
    let model = world.upstream.answers(Reply::events(&[first], End::Silence));
    let mut stream = world.client().stream(&hello_streamed(&model)).await;
    stream.next_content().await;

    drop(stream);

    eventually("the gateway hangs up on the provider", async || (world.upstream.hung_up(&model) == 1).then_some(())).await;
    let record = world.record(&model).await;
    assert_eq!(record["client_gone"], true, "{record}");
}
