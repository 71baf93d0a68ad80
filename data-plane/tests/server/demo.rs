use serde_json::{Value, json};

use crate::worker::{INFERENCE, Start, Worker, bearer, configuration, keys, nothing};

async fn demo() -> Worker {
    let worker = Worker::hearing(vec![nothing(), keys()]).await;
    worker.stands((200, "")).await;
    worker
}

fn hello(model: &str) -> Value {
    json!({"model": model, "messages": [{"role": "user", "content": "Ahoy"}]})
}

#[tokio::test]
async fn whatever_model_is_requested_demo_answers_and_says_so() {
    let worker = demo().await;
    let answer = worker.post("/v1/chat/completions", hello("gpt-4o-mini")).await.json();
    assert_eq!(answer["model"], "demo");
    let again = worker.post("/v1/chat/completions", hello(answer["model"].as_str().unwrap())).await.json();
    assert_eq!(again["choices"], answer["choices"]);
}

#[tokio::test]
async fn a_stream_brings_the_text_the_usage_and_the_end() {
    let worker = demo().await;
    let mut request = hello("demo");
    request["stream"] = true.into();
    let without = worker.post("/v1/chat/completions", request.clone()).await;
    request["stream_options"] = json!({"include_usage": true});
    let with = worker.post("/v1/chat/completions", request).await;
    for stream in [&without, &with] {
        assert_eq!((stream.status, stream.header("content-type")), (200, "text/event-stream; charset=utf-8"));
        assert!(stream.body.contains("Ahoy") && stream.body.ends_with("data: [DONE]\n\n"), "{}", stream.body);
    }
    assert!(!without.body.contains("prompt_tokens") && with.body.contains("prompt_tokens"));
}

#[tokio::test]
async fn tools_completions_and_embeddings_work_too() {
    let worker = demo().await;
    let tools = json!([{"type": "function", "function": {"name": "roll_dice", "parameters": {"type": "object"}}}]);
    let mut request = hello("demo");
    (request["tools"], request["tool_choice"]) = (tools, "required".into());
    let called = worker.post("/v1/chat/completions", request).await.json();
    assert_eq!(called["choices"][0]["message"]["tool_calls"][0]["function"]["name"], "roll_dice");
    let completed = worker.post("/v1/completions", json!({"model": "demo", "prompt": "Ahoy"})).await.json();
    assert!(completed["choices"][0]["text"].as_str().unwrap().contains("Ahoy"), "{completed}");
    let embedded =
        worker.post("/v1/embeddings", json!({"model": "demo-embedding", "input": "Ahoy", "dimensions": 3})).await.json();
    assert_eq!(embedded["data"][0]["embedding"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_models_that_are_listed_are_the_demos_own() {
    let worker = demo().await;
    let list = worker.ask("GET", "/v1/models", &[&bearer(INFERENCE)], "").await.json();
    let ids: Vec<&str> = list["data"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["demo", "demo-embedding"]);
}

#[tokio::test]
async fn a_credential_or_a_configuration_keeps_demo_away() {
    let environment = || [("OPENAI_API_KEY", "sk-provider"), ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")].into_iter().collect();
    let start = Start { environment: environment(), ..Start::default() };
    Worker::start(vec![nothing(), keys()], start).await.stands((503, "no configuration")).await;
    let start = Start { environment: environment(), ..Start::default() };
    let configured = Worker::start(vec![configuration("targets: [{virtual_key: openai}]"), keys()], start).await;
    configured.stands((200, "")).await;
    assert_eq!(configured.post("/v1/chat/completions", hello("demo-embedding")).await.status, 502);
}

#[tokio::test]
async fn asked_for_demo_stands_beside_the_configured_targets_and_takes_nothing_of_theirs() {
    let environment = [("OPENAI_API_KEY", "sk-provider"), ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")].into_iter().collect();
    let start = Start { environment, arguments: &["--demo"], ..Start::default() };
    let worker = Worker::start(vec![configuration("targets: [{virtual_key: openai}]"), keys()], start).await;
    worker.stands((200, "")).await;
    assert_eq!(worker.post("/v1/chat/completions", hello("demo")).await.json()["model"], "demo");
    assert_eq!(worker.post("/v1/chat/completions", hello("gpt-4o-mini")).await.status, 502);
}
