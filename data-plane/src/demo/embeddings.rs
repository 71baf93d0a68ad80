//! `POST /v1/embeddings` of the demo: the same text has the same vector, and nothing else can be learned from it.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{EMBEDDING_MODEL, Unreadable, tokens};

/// Numbers in a vector, unless the request says how many.
const DIMENSIONS: usize = 256;

/// Longest vector that is made.
const MOST: usize = 4_096;

/// What the demo reads of a request.
#[derive(Debug, Deserialize)]
struct EmbeddingRequest {
    input: Value,
    dimensions: Option<usize>,
    encoding_format: Option<String>,
}

/// Answers with one vector per input.
pub(super) async fn answer(body: Bytes) -> Result<Response, Unreadable> {
    let request: EmbeddingRequest = serde_json::from_slice(&body)?;
    let dimensions = request.dimensions.unwrap_or(DIMENSIONS);
    if !(1..=MOST).contains(&dimensions) {
        return Err(Unreadable(format!("The demo provider makes vectors of 1 to {MOST} dimensions, not {dimensions}.")));
    }
    let inputs = inputs(&request.input);
    let in_base64 = request.encoding_format.as_deref() == Some("base64");
    let embedding = |(index, input): (usize, &String)| {
        let vector = vector(input, dimensions);
        let vector = if in_base64 { base64(&vector) } else { json!(vector) };
        json!({"object": "embedding", "index": index, "embedding": vector})
    };
    let data: Vec<Value> = inputs.iter().enumerate().map(embedding).collect();
    let prompt: usize = inputs.iter().map(|input| tokens(input)).sum();
    let usage = json!({"prompt_tokens": prompt, "total_tokens": prompt});
    Ok(axum::Json(json!({"object": "list", "data": data, "model": EMBEDDING_MODEL, "usage": usage})).into_response())
}

/// One text or list of token numbers, or several of either.
fn inputs(input: &Value) -> Vec<String> {
    match input {
        Value::Array(items) if !items.iter().all(Value::is_number) => items.iter().map(as_text).collect(),
        one => vec![as_text(one)],
    }
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A vector of length 1 that depends on `text` alone.
fn vector(text: &str, dimensions: usize) -> Vec<f32> {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let mut random = fastrand::Rng::with_seed(hasher.finish());
    let numbers: Vec<f32> = (0..dimensions).map(|_| random.f32() * 2.0 - 1.0).collect();
    let length = numbers.iter().map(|number| number * number).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    numbers.into_iter().map(|number| number / length).collect()
}

fn base64(vector: &[f32]) -> Value {
    let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
    BASE64_STANDARD.encode(bytes).into()
}
