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
    column("UPTIME", uptime),
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

/// How long it had been up when it was last heard of, in its two largest units. Nothing where it is not connected or does not say.
pub(super) fn uptime(worker: &Worker) -> String {
    let Some(started_at) = worker.report.started_at.filter(|_| worker.connected) else { return String::new() };
    let seconds = (worker.last_seen_at - started_at).whole_seconds().max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, _) => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
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

#[cfg(test)]
mod tests {
    use ferrogw_api::worker::Worker;
    use serde_json::json;

    fn uptime(connected: bool, started_at: &str) -> String {
        let worker: Worker = serde_json::from_value(json!({
            "id": "1", "name": "w1", "build": "0.1.0", "connected": connected, "last_seen_at": "2026-11-25T12:00:00Z",
            "status": "current", "version": 3, "key_revision": 1, "report": { "started_at": started_at }
        }))
        .unwrap();
        super::uptime(&worker)
    }

    #[test]
    fn a_worker_has_been_up_since_it_started_as_long_as_it_is_connected() {
        let cases = [
            ("2026-11-25T11:59:30Z", "0 min"),
            ("2026-11-25T08:55:00Z", "3 h 5 min"),
            ("2026-11-20T09:00:00Z", "5 d 3 h"),
            ("2026-11-25T13:00:00Z", "0 min"),
        ];
        for (started_at, text) in cases {
            assert_eq!(uptime(true, started_at), text);
        }
        assert_eq!(uptime(false, "2026-11-25T08:55:00Z"), "");
    }
}
