//! How many records a second the store takes: `record_rate DSN [RECORDS] [WORKERS]`.
//!
//! Records are of the kind that `make bench-logs` seeds (50 keys, 12 models of 5 providers, streams and failures), in batches of
//! 500 as workers deliver them. Part of `make bench-logs`; figures go to `docs/performance.md`.
#![expect(clippy::print_stdout, reason = "a measurement is printed")]

use std::path::Path;
use std::time::{Duration, Instant};

use ferrogw_control_plane::store::{Areas, Backend, LogAttempt, LogEntry, LogError, LogItem, LogRecord, Store, Tokens};
use time::OffsetDateTime;
use uuid::Uuid;

const BATCH: usize = 500;
const MODELS: [(&str, &str); 12] = [
    ("openai", "gpt-4o"),
    ("openai", "gpt-4o-mini"),
    ("openai", "gpt-4.1"),
    ("openai", "text-embedding-3-small"),
    ("anthropic", "claude-sonnet-4-5"),
    ("anthropic", "claude-haiku-4-5"),
    ("anthropic", "claude-opus-4-1"),
    ("groq", "llama-3.3-70b-versatile"),
    ("groq", "llama-3.1-8b-instant"),
    ("mistral", "mistral-large-latest"),
    ("mistral", "mistral-small-latest"),
    ("deepseek", "deepseek-chat"),
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let dsn = words.next().ok_or("usage: record_rate DSN [RECORDS] [WORKERS]")?;
    let records: usize = words.next().map_or(Ok(100_000), |word| word.parse())?;
    let workers: usize = words.next().map_or(Ok(1), |word| word.parse())?;
    let store = Store::open(&Areas::all_in(Backend::parse(None, Some(&dsn), Path::new("unused"))?)).await?;
    let keys: Vec<Uuid> = (0..50).map(|_| Uuid::now_v7()).collect();
    let batches = records.div_ceil(BATCH * workers);

    let began = Instant::now();
    let deliveries = (0..workers).map(|_| deliver(store.clone(), keys.clone(), batches));
    for told in futures::future::join_all(deliveries.map(tokio::spawn)).await {
        told?.map_err(|error| error.to_string())?;
    }
    let (stored, took) = (batches * BATCH * workers, began.elapsed());
    println!("{stored} records by {workers} workers in {:.2} s: {:.0}/s", took.as_secs_f64(), stored as f64 / took.as_secs_f64());
    store.close().await;
    Ok(())
}

async fn deliver(store: Store, keys: Vec<Uuid>, batches: usize) -> Result<(), ferrogw_control_plane::StoreError> {
    let worker = Uuid::now_v7();
    for batch in 0..batches {
        let first = (batch * BATCH) as u64 + 1;
        let items: Vec<LogItem> = (first..first + BATCH as u64).map(|sequence| item(sequence, &keys)).collect();
        store.record(worker, 1, &items).await?;
    }
    Ok(())
}

fn item(sequence: u64, keys: &[Uuid]) -> LogItem {
    // A multiplicative hash: as good as chance for this, and the same in every run.
    let chance = (sequence.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33) as usize;
    let (provider, model) = MODELS[chance % MODELS.len()];
    let (id, took) = (Uuid::now_v7(), Duration::from_micros(150_000 + (chance as u64 * 7919) % 4_000_000));
    let failure = chance.is_multiple_of(33).then(|| LogError {
        class: "server".to_owned(),
        code: "upstream_error".to_owned(),
        message: "the provider answered 500".to_owned(),
    });
    let attempt = LogAttempt {
        target: provider.to_owned(),
        provider: provider.to_owned(),
        model: model.to_owned(),
        status: if failure.is_some() { 500 } else { 200 },
        outcome: if failure.is_some() { "server" } else { "ok" }.to_owned(),
        message: String::new(),
        started_us: 120,
        duration_us: took.as_micros() as u64,
    };
    let stream = chance.is_multiple_of(2);
    let record = LogRecord {
        id,
        request_id: id.simple().to_string(),
        started_at: OffsetDateTime::now_utc(),
        duration: took,
        first_content: stream.then_some(took / 4),
        surface: "chat_completions".to_owned(),
        requested_model: model.to_owned(),
        model: model.to_owned(),
        provider: provider.to_owned(),
        target: provider.to_owned(),
        key_id: Some(keys[chance / 7 % keys.len()]),
        status: if failure.is_some() { 502 } else { 200 },
        stream,
        client_gone: false,
        finish_reason: failure.is_none().then(|| "stop".to_owned()),
        tokens: failure.is_none().then(|| Tokens { input: 900, output: 210, cache_read: 100, ..Tokens::default() }),
        cost_nanos: failure.is_none().then_some(1_234_000),
        price_rule: Some(format!("catalog:{provider}/{model}")),
        error: failure,
        attempts: vec![attempt],
        generation: 7,
        repairs: 0,
    };
    LogItem { sequence, entry: LogEntry::Record(Box::new(record)) }
}
