//! `admin logs get`: everything that is known of one request.

use ferrogw_api::Client;
use ferrogw_api::log::{Attempt, LogDetail, LogPrice};

use super::tone;
use crate::failure::Failure;
use crate::output::{self, Column, Output, Tone, column, count, dollars, id, millis, moment, text, toned};

const DETAILS: &[Column<LogDetail>] = &[
    id("ID", |record| record.entry.id.clone()),
    column("REQUEST ID", |record| record.entry.trace_id.clone()),
    column("TIME", |record| moment(record.entry.created_at)),
    toned("STATUS", |record| record.entry.status.to_string(), |record| tone(&record.entry)),
    toned("ERROR", failure, |_| Tone::Bad),
    column("API", |record| record.entry.surface.clone()),
    column("STREAM", |record| if record.entry.stream { "yes" } else { "no" }.to_owned()),
    column("CLIENT", |record| if record.entry.client_gone { "hung up before the end" } else { "" }.to_owned()),
    column("MODEL ASKED FOR", |record| record.entry.requested_model.clone()),
    column("MODEL", |record| record.entry.shown_model().to_owned()),
    column("TARGET", |record| format!("{} ({})", record.entry.target, record.entry.provider)),
    column("KEY", |record| record.entry.api_key_id.clone()),
    column("FINISH REASON", |record| text(record.entry.finish_reason.as_deref())),
    column("DURATION MS", |record| millis(record.entry.duration_ms)),
    column("FIRST CONTENT MS", |record| millis(record.entry.ttft_ms)),
    column("TOKENS", tokens),
    column("COST USD", |record| dollars(record.entry.cost_usd)),
    column("PRICE", price),
    column("VERSION", |record| record.entry.version.to_string()),
    column("WORKER", worker),
    column("REPAIRS", |record| record.repairs.to_string()),
];

const ATTEMPTS: &[Column<Attempt>] = &[
    column("ATTEMPT AT", target),
    column("MODEL", |attempt| attempt.model.clone()),
    column("STATUS", |attempt| if attempt.status == 0 { String::new() } else { attempt.status.to_string() }),
    toned("OUTCOME", |attempt| attempt.outcome.clone(), |attempt| if attempt.outcome == "ok" { Tone::Good } else { Tone::Bad }),
    column("AFTER MS", |attempt| millis(Some(attempt.started_ms))),
    column("TOOK MS", |attempt| millis(Some(attempt.duration_ms))),
    column("MESSAGE", |attempt| attempt.message.clone()),
];

pub(in crate::command) async fn get(client: &Client, id: &str, output: Output) -> Result<(), Failure> {
    let record = client.log(id).await?;
    output.details(&record, DETAILS)?;
    if !output.is_table() || output.quiet || record.entry.attempts.is_empty() {
        return Ok(());
    }
    output::write(&format!("\n{}", output::table(&record.entry.attempts, ATTEMPTS, output.look())))
}

fn failure(record: &LogDetail) -> String {
    let code = record.entry.error_code.as_ref().or(record.entry.error_class.as_ref());
    match (code, record.entry.error_message.as_str()) {
        (None, message) => message.to_owned(),
        (Some(code), "") => code.clone(),
        (Some(code), message) => format!("{code}: {message}"),
    }
}

/// The buckets that have something in them.
fn tokens(record: &LogDetail) -> String {
    let Some(usage) = record.usage else { return "the provider did not say".to_owned() };
    let buckets = [
        ("input", usage.input),
        ("cache read", usage.cache_read),
        ("cache write", usage.cache_write),
        ("cache write for an hour", usage.cache_write_1h),
        ("output", usage.output),
        ("of it reasoning", usage.reasoning),
        ("audio in", usage.audio_input),
        ("audio out", usage.audio_output),
    ];
    let told = buckets.into_iter().filter(|(_, tokens)| *tokens > 0).map(|(name, tokens)| format!("{} {name}", count(tokens)));
    told.collect::<Vec<_>>().join(", ")
}

/// The rule, and what it comes to for a million tokens.
fn price(record: &LogDetail) -> String {
    let Some(rule) = &record.price_rule else { return "unknown".to_owned() };
    match record.price {
        Some(LogPrice { input, output, .. }) => format!("{rule}: {input} in, {output} out per million"),
        None => rule.clone(),
    }
}

fn worker(record: &LogDetail) -> String {
    match &record.worker_name {
        Some(name) => format!("{name} ({})", record.worker_id),
        None => record.worker_id.clone(),
    }
}

fn target(attempt: &Attempt) -> String {
    if attempt.target == attempt.provider { attempt.target.clone() } else { format!("{} ({})", attempt.target, attempt.provider) }
}
