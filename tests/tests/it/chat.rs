//! Requests that are answered in one piece.

use ferrogw_tests::{Reply, World, Worlds, over_both, reply};
use serde_json::json;

use crate::setting::{hello, openai};

static WORLDS: Worlds = Worlds::of(|upstream| {
    json!({
        "targets": [openai(upstream, "alpha", "${ALPHA_KEY}")],
        "aliases": { "quick": "the-model-behind-quick" },
    })
});

over_both!(WORLDS:
    a_chat_comes_back_as_the_provider_said_it,
    an_untouched_request_goes_upstream_byte_for_byte,
    the_provider_sees_its_own_credential_and_not_the_callers,
    an_alias_is_replaced_on_the_way_there,
    embeddings_come_back,
    legacy_completions_are_served,
    a_request_id_of_the_callers_is_kept,
    the_record_says_what_happened,
    fifty_kilobytes_pass,
);

async fn a_chat_comes_back_as_the_provider_said_it(world: &World) {
    let mut said = reply::completion("Hello there");
    said["x_vendor_extension"] = json!({ "kept": true });
    said["choices"][0]["message"]["annotations"] = json!([]);
    let model = world.upstream.answers(Reply::json(200, &said));

    let answer = world.client().chat(&hello(&model)).await.expect(200);

    assert_eq!(answer.text(), said.to_string());
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("x-request-id").len(), 32);
}

async fn an_untouched_request_goes_upstream_byte_for_byte(world: &World) {
    let model = world.upstream.answers(Reply::completion("ok"));
    let body = format!(
        "{{ \"future_member\": {{\"b\":1, \"a\":[1.0, 1e3, \"\\u00e9\"]}},\n\t\"model\" : \"{model}\", \"temperature\":0.70,\
         \"messages\":[{{\"content\":\"Grüße \\ud83d\\ude00\",\"role\":\"user\"}}] }}"
    );

    world.client().chat_bytes(body.clone()).await.expect(200);

    assert_eq!(String::from_utf8_lossy(&world.upstream.seen(&model)[0].body), body);
}

async fn the_provider_sees_its_own_credential_and_not_the_callers(world: &World) {
    let model = world.upstream.answers(Reply::completion("ok"));

    world.client().chat(&hello(&model)).await.expect(200);

    let seen = &world.upstream.seen(&model)[0];
    assert_eq!(seen.path, "/v1/chat/completions");
    assert_eq!(seen.headers["authorization"], "Bearer upstream-credential-alpha-8Yq2");
    assert!(!format!("{seen:?}").contains(world.gateway.key()), "the caller's key went to the provider");
}

async fn an_alias_is_replaced_on_the_way_there(world: &World) {
    let model = world.upstream.script_of("the-model-behind-quick").on("alpha", [Reply::completion("ok")]).model();

    world.client().chat(&hello("quick")).await.expect(200);

    assert_eq!(world.upstream.seen(&model)[0].json(), hello(&model));
}

async fn embeddings_come_back(world: &World) {
    let said = json!({
        "object": "list", "model": "scripted-model", "usage": { "prompt_tokens": 3, "total_tokens": 3 },
        "data": [{ "object": "embedding", "index": 0, "embedding": [0.5, -0.25] }],
    });
    let model = world.upstream.answers(Reply::json(200, &said));

    let answer = world.client().post("/v1/embeddings", &json!({ "model": model, "input": "Hello" })).await.expect(200);

    assert_eq!(answer.json(), said);
    assert_eq!(world.upstream.seen(&model)[0].path, "/v1/embeddings");
}

async fn legacy_completions_are_served(world: &World) {
    let model = world.upstream.answers(Reply::completion("Once upon a time"));

    let answer = world.client().post("/v1/completions", &json!({ "model": model, "prompt": "Tell me" })).await.expect(200);

    assert_eq!(answer.json()["object"], "text_completion");
    assert_eq!(answer.json()["choices"][0]["text"], "Once upon a time");
}

async fn a_request_id_of_the_callers_is_kept(world: &World) {
    let model = world.upstream.answers(Reply::completion("ok"));
    let id = "0123456789abcdef0123456789abcdef";
    let request = world.client().request(http::Method::POST, "/v1/chat/completions").json(&hello(&model));

    let answer = world.client().send(request.header("x-request-id", id)).await.expect(200);

    assert_eq!(answer.header("x-request-id"), id);
    assert_eq!(world.record(&model).await["trace_id"], id);
}

async fn the_record_says_what_happened(world: &World) {
    let model = world.upstream.answers(Reply::completion("ok"));

    world.client().chat(&hello(&model)).await.expect(200);

    let record = world.record(&model).await;
    assert_eq!(record["model"], model.as_str());
    assert_eq!(record["provider"], "openai");
    assert_eq!(record["prompt_tokens"], 11);
    assert_eq!(record["completion_tokens"], 7);
    assert_eq!(record["cost_usd"], json!(null), "a model without a known price has an unknown cost, not none");
    assert_eq!(record["error_message"], "");
}

async fn fifty_kilobytes_pass(world: &World) {
    let model = world.upstream.answers(Reply::completion("ok"));
    let body = json!({ "model": model, "messages": [{ "role": "user", "content": "word ".repeat(10_000) }] });

    world.client().chat(&body).await.expect(200);

    assert_eq!(world.upstream.seen(&model)[0].json(), body);
}
