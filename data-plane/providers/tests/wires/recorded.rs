//! Recorded exchanges with real providers, through the wires, against an independent reading of what the vendor said.
//!
//! `FERROGW_EXCHANGES` names the file (gzipped JSON lines: `id`, `provider`, `surface`, `stream`, `status`, `request_text`,
//! `response_headers`, `response_text` or `response_base64`). Without it, the test says so and passes.

mod vendor;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};

use ferrogw_config::catalog;
use ferrogw_llm::{FailureClass, Operation, Request, StreamFault};
use ferrogw_providers::{Call, Wire, wire};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use self::vendor::{Outcome, outcome};
use crate::said::{Said, of_answer, of_chunks};
use crate::{read_stream, uneven};

/// Exchanges that come out otherwise than the vendor's bytes read alone, each with its reason.
const EXCEPTIONS: [(&str, &str); 2] = [
    ("34934d4aa3a8c772", "the recording joins fifteen messages in one body; an answer ends with the first message_stop"),
    ("49d5ec1a2d9144b8", "the recording joins two messages in one body; an answer ends with the first message_stop"),
];

#[derive(serde::Deserialize)]
struct Exchange {
    id: String,
    provider: String,
    surface: String,
    #[serde(default)]
    stream: bool,
    status: u16,
    request_text: Option<String>,
    #[serde(default)]
    response_headers: BTreeMap<String, Value>,
    response_text: Option<String>,
}

#[test]
fn recorded_answers_come_out_as_the_vendor_said() {
    let Some(path) = std::env::var_os("FERROGW_EXCHANGES").filter(|path| std::path::Path::new(path).exists()) else {
        // Past the harness, which keeps what passing tests print to itself.
        let _ = writeln!(std::io::stderr(), "skipped: FERROGW_EXCHANGES names no file of recorded exchanges");
        return;
    };
    let file = std::fs::File::open(path).expect("the file can be opened");
    let mut count = 0;
    let mut wrong = Vec::new();
    for line in BufReader::new(flate2::read::GzDecoder::new(file)).lines() {
        let exchange: Exchange = serde_json::from_str(&line.expect("a line")).expect("an exchange");
        let Some(provider) = catalog::provider(&exchange.provider.replace('_', "-")).filter(|provider| provider.is_served())
        else {
            continue;
        };
        if !matches!(&*exchange.surface, "chat" | "messages") {
            continue;
        }
        count += 1;
        if let Err(difference) = compare(&exchange, provider) {
            wrong
                .push((exchange.id.clone(), format!("{} {} {}: {difference}", exchange.id, exchange.provider, exchange.surface)));
        }
    }
    let unexplained: Vec<&String> = wrong
        .iter()
        .filter(|(id, _)| !EXCEPTIONS.iter().any(|(known, _)| known == id))
        .map(|(_, difference)| difference)
        .collect();
    assert!(
        unexplained.is_empty(),
        "{} of {count} differ:\n{}",
        unexplained.len(),
        unexplained.iter().take(40).map(|line| line.as_str()).collect::<Vec<_>>().join("\n")
    );
    let explained = wrong.len();
    assert!(count >= 1_000, "only {count} exchanges in scope; is this the right file?");
    assert!(explained * 50 <= count, "{explained} exceptions of {count} are more than 2 %");
    println!("{count} exchanges, {explained} explained exceptions");
}

fn compare(exchange: &Exchange, provider: &'static catalog::Provider) -> Result<(), String> {
    let wire = wire(provider.wire.expect("a served provider has a wire"));
    let text = exchange.response_text.as_deref().unwrap_or_default();
    let expected = outcome(text, exchange.stream, exchange.status, &exchange.surface);
    let body = text.as_bytes();
    let request = request(exchange);
    let call = Call { provider, model: request.model(), request: &request, now_unix: 1_790_000_000 };
    let got = match (exchange.status, exchange.stream) {
        (200, true) => streamed(wire, &call, body),
        (200, false) => whole(wire, &call, body),
        (status, _) => refused(wire, status, &exchange.response_headers, body),
    };
    let same = match (&got, &expected) {
        (Outcome::Said(got), Outcome::Said(expected)) => got.clone().amounts_to(expected.clone()),
        _ => got == expected,
    };
    match same {
        true => Ok(()),
        false => Err(format!("\n  expected {expected:?}\n  got      {got:?}")),
    }
}

/// The recorded request where it is spelt as ours are; any chat request otherwise, since reading does not depend on it.
fn request(exchange: &Exchange) -> Request {
    let recorded = exchange.request_text.as_deref().filter(|_| exchange.surface == "chat");
    let read = |text: &str| Request::read(Operation::Chat, text.to_owned().into()).ok();
    recorded.and_then(read).unwrap_or_else(|| {
        read(&format!(r#"{{"model":"m","messages":[{{"role":"user","content":"?"}}],"stream":{}}}"#, exchange.stream))
            .expect("a request")
    })
}

fn whole(wire: &dyn Wire, call: &Call<'_>, body: &[u8]) -> Outcome {
    match wire.decode(call, bytes::Bytes::copy_from_slice(body)) {
        Ok(answer) => Outcome::Said(of_answer(&answer)),
        Err(failure) => Outcome::Failed(failure.status.map(|status| status.as_u16())),
    }
}

fn streamed(wire: &dyn Wire, call: &Call<'_>, body: &[u8]) -> Outcome {
    let (chunks, observed, fault) = read_stream(wire, call, uneven(body));
    let said: Said = of_chunks(&chunks, &observed);
    match fault {
        None => Outcome::Said(said),
        Some(StreamFault::Upstream(failure)) => Outcome::Failed(failure.status.map(|status| status.as_u16())),
        Some(fault) => Outcome::Broken(format!("{fault:?}")),
    }
}

fn refused(wire: &dyn Wire, status: u16, headers: &BTreeMap<String, Value>, body: &[u8]) -> Outcome {
    let headers: HeaderMap = headers
        .iter()
        .filter_map(|(name, value)| Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value.as_str()?).ok()?)))
        .collect();
    let failure = wire.failure(StatusCode::from_u16(status).expect("a status"), &headers, body);
    assert_ne!(failure.class, FailureClass::Malformed);
    let vendors: Value = serde_json::from_slice(body).unwrap_or_default();
    let vendors = vendors["error"]["message"].as_str().unwrap_or_default();
    assert_eq!(failure.message, vendors, "the vendor's own message");
    Outcome::Failed(failure.status.map(|status| status.as_u16()))
}
