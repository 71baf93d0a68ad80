//! Golden fixtures: one folder per case under `fixtures/<wire>/`.
//!
//! * `request.json` — what the client sends;
//! * `call.json` — where it goes, if not to the wire's own provider: `provider`, `model`, `operation`, `status`, `headers`, all optional;
//! * `upstream.request.json` — what the provider gets (`path`, `headers`, `body`, `dropped`), or why it gets nothing (`refusal`);
//! * `upstream.response.json` or `.sse` — what it answers;
//! * `response.json` or `.sse` — what the client gets: the answer, the chunks, or the failure.
//!
//! `UPDATE_FIXTURES=1` writes what came out, for review in the diff.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use ferrogw_config::catalog;
use ferrogw_llm::{Chunk, ChunkKind, Failure, Observed, Operation, Request, StreamFault};
use ferrogw_providers::{Call, Encoded, Refusal, Wire, wire};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::{read_stream, uneven};

#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Setting {
    provider: Option<String>,
    model: Option<String>,
    operation: Option<String>,
    status: Option<u16>,
    headers: std::collections::BTreeMap<String, String>,
}

#[test]
fn the_openai_wire_keeps_its_fixtures() {
    check_all("openai");
}

#[test]
fn the_anthropic_wire_keeps_its_fixtures() {
    check_all("anthropic");
}

fn check_all(folder: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut cases: Vec<PathBuf> =
        fs::read_dir(root).expect("a folder of fixtures").map(|entry| entry.expect("an entry").path()).collect();
    cases.sort();
    assert!(cases.len() >= 10, "only {} cases of {folder}", cases.len());
    for case in cases {
        check(&case, folder);
    }
}

fn check(case: &Path, default_provider: &str) {
    let setting: Setting =
        read(case, "call.json").map(|text| serde_json::from_slice(&text).expect("a setting")).unwrap_or_default();
    let provider = catalog::provider(setting.provider.as_deref().unwrap_or(default_provider)).expect("a provider of the catalog");
    let wire = wire(provider.wire.expect("a served provider"));
    let operation = match setting.operation.as_deref() {
        None => Operation::Chat,
        Some("completions") => Operation::Completions,
        Some("embeddings") => Operation::Embeddings,
        Some(other) => panic!("{}: unknown operation {other}", case.display()),
    };
    let request = Request::read(operation, read(case, "request.json").expect("a request")).expect("a readable request");
    let call =
        Call { provider, model: setting.model.as_deref().unwrap_or(request.model()), request: &request, now_unix: 1_790_000_000 };
    compare(case, "upstream.request.json", &pretty(&encoded(wire.encode(&call))));
    if let Some(stream) = read(case, "upstream.response.sse") {
        compare(case, "response.sse", &streamed(wire, &call, &stream));
    }
    if let Some(body) = read(case, "upstream.response.json") {
        compare(case, "response.json", &pretty(&answered(wire, &call, &setting, body)));
    }
}

fn encoded(encoded: Result<Encoded, Refusal>) -> Value {
    match encoded {
        Ok(Encoded { path, headers, body, dropped }) => {
            let headers: Value = headers
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_str().expect("ASCII").into()))
                .collect::<serde_json::Map<_, _>>()
                .into();
            let body: Value = serde_json::from_slice(&body).expect("JSON");
            json!({"path": path, "headers": headers, "body": body, "dropped": dropped})
        }
        Err(refusal) => json!({"refusal": refusal.to_string()}),
    }
}

fn answered(wire: &dyn Wire, call: &Call<'_>, setting: &Setting, body: Bytes) -> Value {
    let status = StatusCode::from_u16(setting.status.unwrap_or(200)).expect("a status");
    if !status.is_success() {
        let headers = HeaderMap::try_from(&setting.headers.clone().into_iter().collect::<std::collections::HashMap<_, _>>())
            .expect("headers");
        return failed(&wire.failure(status, &headers, &body));
    }
    match wire.decode(call, body) {
        Ok(answer) => {
            let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
            json!({"answer": body, "observed": observed(&answer.observed)})
        }
        Err(failure) => failed(&failure),
    }
}

fn streamed(wire: &dyn Wire, call: &Call<'_>, body: &[u8]) -> String {
    let (chunks, seen, fault) = read_stream(wire, call, uneven(body));
    let mut out: String = chunks.iter().map(chunk).collect();
    out.push_str(&match fault {
        None => "data: [DONE]\n\n".to_owned(),
        Some(StreamFault::Upstream(failure)) => format!(": failed {}\n\n", failed(&failure)),
        Some(StreamFault::Malformed(what)) => format!(": malformed {what}\n\n"),
        Some(StreamFault::Truncated) => ": truncated\n\n".to_owned(),
    });
    out.push_str(&format!(": observed {}\n", observed(&seen)));
    out
}

fn chunk(chunk: &Chunk) -> String {
    let kind = match chunk.kind {
        ChunkKind::Lead => ": lead\n",
        ChunkKind::Content => "",
        ChunkKind::UsageOnly => ": usage\n",
    };
    format!("{kind}data: {}\n\n", std::str::from_utf8(&chunk.data).expect("UTF-8"))
}

fn observed(observed: &Observed) -> Value {
    let Observed { id, model, usage, finish_reason, other_tier, repairs } = observed;
    let mut told = json!({"id": id, "model": model, "usage": usage, "finish_reason": finish_reason, "repairs": repairs});
    if *other_tier {
        told["other_tier"] = json!(true);
    }
    told
}

fn failed(failure: &Failure) -> Value {
    let Failure { class, status, message, kind, param, code, retry_after } = failure;
    let status = status.map(|status| status.as_u16());
    json!({"failure": class.name(), "status": status, "message": message, "type": kind, "param": param, "code": code,
        "retry_after_ms": retry_after.map(|wait| u64::try_from(wait.as_millis()).expect("a short wait"))})
}

fn pretty(json: &Value) -> String {
    format!("{json:#}\n")
}

fn read(case: &Path, name: &str) -> Option<Bytes> {
    fs::read(case.join(name)).ok().map(Bytes::from)
}

fn compare(case: &Path, name: &str, got: &str) {
    let path = case.join(name);
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(&path, got).expect("fixtures can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(got == expected, "{} is not what came out; came out:\n{got}", path.display());
}
