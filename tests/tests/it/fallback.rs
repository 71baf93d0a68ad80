//! Which failure is repeated, which moves on to the next target, and which ends the walk.

use ferrogw_tests::reply::{End, text};
use ferrogw_tests::{Reply, World, Worlds, over_both};
use serde_json::{Value, json};

use crate::setting::{hello, hello_streamed, three};

static WORLDS: Worlds = Worlds::of(three);

over_both!(WORLDS:
    a_server_error_is_repeated_and_then_the_next_target_answers,
    a_rate_limit_is_repeated_after_the_time_that_it_names,
    a_refused_credential_moves_on_without_a_second_try,
    a_model_that_a_target_does_not_know_moves_on,
    a_bad_request_ends_the_walk,
    a_content_filter_ends_the_walk_and_keeps_its_reason,
    a_connection_that_breaks_moves_on,
    bytes_that_are_no_http_move_on,
    the_last_failure_is_told_when_nobody_answers,
    a_target_that_speaks_another_wire_can_stand_in,
    a_stream_moves_on_until_its_first_content,
    a_stream_that_began_does_not_move_on,
);

async fn a_server_error_is_repeated_and_then_the_next_target_answers(world: &World) {
    let broken = Reply::error(500, "oops", "Internal");
    let model = world.upstream.script().on("alpha", [broken]).on("beta", [Reply::completion("from beta")]).model();

    let answer = world.client().chat(&hello(&model)).await.expect(200);

    assert_eq!(answer.content(), "from beta");
    assert_eq!(world.upstream.asked(&model), ["alpha", "alpha", "beta"]);
    let record = world.record(&model).await;
    assert_eq!((&record["target"], &record["error_message"]), (&json!("beta"), &json!("")));
    assert_eq!(outcomes(&record), ["alpha 500", "alpha 500", "beta 200"]);
}

async fn a_rate_limit_is_repeated_after_the_time_that_it_names(world: &World) {
    let limited = Reply::error_with(429, "rate_limit_exceeded", "Slow down", &[("retry-after", "1")]);
    let model = world.upstream.script().on("alpha", [limited, Reply::completion("from alpha")]).model();

    let answer = world.client().chat(&hello(&model)).await.expect(200);

    assert_eq!(answer.content(), "from alpha");
    assert_eq!(world.upstream.asked(&model), ["alpha", "alpha"]);
}

async fn a_refused_credential_moves_on_without_a_second_try(world: &World) {
    let refused = Reply::error(401, "invalid_api_key", "Incorrect API key provided");
    let model = world.upstream.script().on("alpha", [refused]).on("beta", [Reply::completion("from beta")]).model();

    world.client().chat(&hello(&model)).await.expect(200);

    assert_eq!(world.upstream.asked(&model), ["alpha", "beta"]);
}

async fn a_model_that_a_target_does_not_know_moves_on(world: &World) {
    let model = world.upstream.script().on("beta", [Reply::completion("from beta")]).model();

    world.client().chat(&hello(&model)).await.expect(200);

    assert_eq!(world.upstream.asked(&model), ["alpha", "beta"]);
}

async fn a_bad_request_ends_the_walk(world: &World) {
    let refused = Reply::error(400, "invalid_value", "temperature is too high");
    let model = world.upstream.script().on("alpha", [refused]).on("beta", [Reply::completion("from beta")]).model();

    let answer = world.client().chat(&hello(&model)).await;

    assert_eq!(answer.error(), "400 upstream_type invalid_value upstream_param: temperature is too high");
    assert_eq!(world.upstream.asked(&model), ["alpha"]);
}

async fn a_content_filter_ends_the_walk_and_keeps_its_reason(world: &World) {
    let refused = Reply::error(400, "content_filter", "The prompt was filtered");
    let model = world.upstream.script().on("alpha", [refused]).on("beta", [Reply::completion("from beta")]).model();

    let answer = world.client().chat(&hello(&model)).await;

    assert_eq!(answer.error(), "400 upstream_type content_filter upstream_param: The prompt was filtered");
    assert_eq!(world.upstream.asked(&model), ["alpha"]);
}

async fn a_connection_that_breaks_moves_on(world: &World) {
    let model = world.upstream.script().on("alpha", [Reply::reset()]).on("beta", [Reply::completion("from beta")]).model();

    let answer = world.client().chat(&hello(&model)).await.expect(200);

    assert_eq!(answer.content(), "from beta");
}

async fn bytes_that_are_no_http_move_on(world: &World) {
    let model = world.upstream.script().on("alpha", [Reply::garbage()]).on("beta", [Reply::completion("from beta")]).model();

    let answer = world.client().chat(&hello(&model)).await.expect(200);

    assert_eq!(answer.content(), "from beta");
}

async fn the_last_failure_is_told_when_nobody_answers(world: &World) {
    let anthropic = json!({ "type": "error", "error": { "type": "api_error", "message": "Internal server error" } });
    let model = world
        .upstream
        .script()
        .on("alpha", [Reply::error(500, "oops", "alpha's own words at http://10.0.0.1")])
        .on("beta", [Reply::error(502, "oops", "Bad gateway")])
        .on("gamma", [Reply::json(500, &anthropic)])
        .model();

    let answer = world.client().chat(&hello(&model)).await;

    assert_eq!(answer.status, 502, "{}", answer.error());
    assert!(!answer.text().contains("10.0.0.1"), "{}", answer.text());
    assert_eq!(outcomes(&world.record(&model).await), ["alpha 500", "alpha 500", "beta 502", "gamma 500"]);
}

async fn a_target_that_speaks_another_wire_can_stand_in(world: &World) {
    let said = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-scripted", "stop_reason": "max_tokens",
        "content": [{ "type": "text", "text": "from gamma" }], "usage": { "input_tokens": 10, "output_tokens": 5 },
    });
    let down = || Reply::error(503, "oops", "Down");
    let model = world.upstream.script().on("alpha", [down()]).on("beta", [down()]).on("gamma", [Reply::json(200, &said)]).model();

    let answer = world.client().chat(&hello(&model)).await.expect(200);

    assert_eq!(answer.content(), "from gamma");
    assert_eq!(answer.json()["choices"][0]["finish_reason"], "length");
}

async fn a_stream_moves_on_until_its_first_content(world: &World) {
    let cut = Reply::events(&[], End::Cut);
    let model = world.upstream.script().on("alpha", [cut]).on("beta", [Reply::stream(&["from", " beta"])]).model();

    let answer = world.client().chat(&hello_streamed(&model)).await.expect(200);

    assert_eq!(answer.streamed_content(), "from beta");
}

async fn a_stream_that_began_does_not_move_on(world: &World) {
    let cut = Reply::events(&[text("from alpha")], End::Cut);
    let model = world.upstream.script().on("alpha", [cut]).on("beta", [Reply::stream(&["from beta"])]).model();

    let answer = world.client().chat(&hello_streamed(&model)).await.expect(200);

    assert!(answer.text().contains("from alpha") && answer.text().contains("\"error\""), "{}", answer.text());
    assert_eq!(world.upstream.asked(&model), ["alpha"]);
}

fn outcomes(record: &Value) -> Vec<String> {
    let attempts = record["attempts"].as_array().expect("a record lists its attempts");
    attempts.iter().map(|attempt| format!("{} {}", attempt["target"].as_str().unwrap_or_default(), attempt["status"])).collect()
}
