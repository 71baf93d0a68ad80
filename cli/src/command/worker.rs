//! `workers`: what each data-plane worker serves, and how it is.

use ferrogw_api::Client;
use ferrogw_api::worker::Worker;

use crate::failure::Failure;
use crate::output::{Column, Output, Tone, column, count, id, instant, text, toned};

const COLUMNS: &[Column<Worker>] = &[
    id("ID", |worker| worker.id.clone()),
    column("NAME", |worker| worker.name.clone()),
    toned("STATUS", |worker| worker.status.clone(), tone),
    column("SERVES", serves),
    column("IN FLIGHT", |worker| worker.report.requests_in_flight.to_string()),
    toned("SPOOL", spool, |worker| if worker.report.spool_full { Tone::Bad } else { Tone::Plain }),
    column("BUILD", |worker| worker.build.clone()),
    column("ADDRESS", |worker| text(worker.address.as_deref())),
    column("LAST SEEN", |worker| instant(Some(worker.last_seen_at))),
];

pub(super) async fn list(client: &Client, output: Output) -> Result<(), Failure> {
    let workers = client.workers().await?.data;
    output.list(&workers, COLUMNS, "workers; one connects by FERROGW_CONTROL_PLANE and FERROGW_JOIN_TOKEN")?;
    if output.is_table() {
        issues(&workers, output);
    }
    Ok(())
}

/// What workers refused, or have to say about what they took.
pub(super) fn issues(workers: &[Worker], output: Output) {
    for worker in workers.iter().filter(|worker| worker.connected) {
        for issue in &worker.issues {
            output.note(&format!("{}: {issue}", worker.name));
        }
    }
}

pub(super) fn serves(worker: &Worker) -> String {
    match worker.version {
        0 if worker.report.demo => "demo".to_owned(),
        0 => String::new(),
        version => format!("version {version}"),
    }
}

pub(super) fn spool(worker: &Worker) -> String {
    match worker.report.spool_records {
        0 => "empty".to_owned(),
        records if worker.report.spool_full => format!("full: {} records", count(records)),
        1 => "1 record".to_owned(),
        records => format!("{} records", count(records)),
    }
}

pub(super) fn tone(worker: &Worker) -> Tone {
    match worker.status.as_str() {
        "current" => Tone::Good,
        "pending" => Tone::Warn,
        "refused" => Tone::Bad,
        _ => Tone::Dim,
    }
}
