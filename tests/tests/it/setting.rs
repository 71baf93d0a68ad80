//! Configurations that several modules start from.

use ferrogw_tests::{Client, Upstream};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// One target that serves every model.
pub(crate) fn alone(upstream: &Upstream) -> Value {
    json!({ "targets": [openai(upstream, "alpha", "${ALPHA_KEY}")] })
}

/// Three targets that serve every model and are tried in order; the last speaks another wire.
pub(crate) fn three(upstream: &Upstream) -> Value {
    let mut alpha = openai(upstream, "alpha", "${ALPHA_KEY}");
    alpha["retry"] = json!({ "attempts": 2, "initial_backoff_ms": 1 });
    json!({
        "strategy": { "mode": "fallback" },
        "targets": [alpha, openai(upstream, "beta", "${BETA_KEY}"), anthropic(upstream, "gamma", "${GAMMA_KEY}")],
    })
}

/// A target that speaks OpenAI's wire.
pub(crate) fn openai(upstream: &Upstream, name: &str, key: &str) -> Value {
    let root = format!("{}/v1", upstream.root(name));
    json!({ "name": name, "provider": "openai", "base_url": root, "api_key": key, "models": ["*"] })
}

/// A target that speaks Anthropic's wire.
pub(crate) fn anthropic(upstream: &Upstream, name: &str, key: &str) -> Value {
    let root = format!("{}/v1", upstream.root(name));
    json!({ "name": name, "provider": "anthropic", "base_url": root, "api_key": key, "models": ["*"] })
}

/// A chat request that says hello.
pub(crate) fn hello(model: &str) -> Value {
    json!({ "model": model, "messages": [{ "role": "user", "content": "Hello" }] })
}

/// The same, streamed.
pub(crate) fn hello_streamed(model: &str) -> Value {
    json!({ "model": model, "messages": [{ "role": "user", "content": "Hello" }], "stream": true })
}

/// That many requests, eight at a time, of which none fails.
pub(crate) async fn many(client: &Client, model: &str, count: usize) {
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let (client, body) = (client.clone(), hello(model));
        tasks.spawn(async move {
            for _ in 0..count / 8 {
                client.chat(&body).await.expect(200);
            }
        });
    }
    tasks.join_all().await;
}
