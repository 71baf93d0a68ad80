//! `workers watch` and `admin logs tail`: what happens, as it happens.

mod screen;

use std::ops::ControlFlow;

use ferrogw_api::log::LogEntry;
use ferrogw_api::worker::Worker;
use ferrogw_proto::operator::TailLogsRequest;

use crate::args::{Connection, TailLogs};
use crate::failure::Failure;
use crate::live::{Live, follow, translate};
use crate::output::{self, Column, Format, Output, column, dollars, id, millis, moment, toned};

use screen::Screen;

/// What changes while one looks; the rest is in `workers list`.
const WORKERS: &[Column<Worker>] = &[
    column("NAME", |worker| worker.name.clone()),
    toned("STATUS", |worker| worker.status.clone(), super::worker::tone),
    column("SERVES", super::worker::serves),
    column("IN FLIGHT", |worker| worker.report.requests_in_flight.to_string()),
    column("SPOOL", super::worker::spool),
    column("BUILD", |worker| worker.build.clone()),
    column("UPTIME", super::worker::uptime),
    column("LAST SEEN", |worker| moment(worker.last_seen_at)),
];

/// Where lines come one by one, columns keep their width: nobody knows what comes next.
const WORKER_WIDTHS: &[usize] = &[20, 8, 12, 9, 14, 8, 10, 23];

const REQUESTS: &[Column<LogEntry>] = &[
    column("TIME", |entry| moment(entry.created_at)),
    toned("STATUS", |entry| entry.status.to_string(), super::log::tone),
    column("MS", |entry| millis(entry.duration_ms)),
    column("TOKENS", |entry| entry.total_tokens.to_string()),
    column("COST USD", |entry| dollars(entry.cost_usd)),
    column("TARGET", |entry| entry.target.clone()),
    column("MODEL", |entry| entry.shown_model().to_owned()),
    id("TRACE ID", |entry| entry.trace_id.clone()),
    column("ERROR", |entry| entry.error_message.clone()),
];
const REQUEST_WIDTHS: &[usize] = &[23, 6, 8, 6, 10, 14, 22, 32, 0];

pub(super) async fn workers(connection: &Connection, output: Output) -> Result<(), Failure> {
    let live = Live::new(connection)?;
    let mut screen = Screen::new(output);
    follow(
        &live.base,
        output,
        async || live.workers().await,
        |fleet| {
            let workers: Vec<Worker> = fleet.workers.into_iter().map(translate::worker).collect();
            match output.format {
                Format::Table if output.quiet => {
                    screen.changes(&workers, |worker| format!("{} {} {}", worker.id, worker.status, worker.version))
                }
                Format::Table => screen.show(fleet.version, &workers),
                Format::Json | Format::Yaml => output.event(&workers),
            }
        },
    )
    .await
}

pub(super) async fn logs(connection: &Connection, wanted: TailLogs, output: Output) -> Result<(), Failure> {
    let live = Live::new(connection)?;
    let wanted = TailLogsRequest {
        model: wanted.model.unwrap_or_default(),
        provider: wanted.provider.unwrap_or_default(),
        api_key_id: wanted.api_key_id.unwrap_or_default(),
        status: wanted.status.unwrap_or_default(),
    };
    let mut headed = false;
    follow(
        &live.base,
        output,
        async || live.logs(wanted.clone()).await,
        |entry| {
            if entry.left_out > 0 {
                output.note(&format!("{} requests before the next were too many to be shown", output::count(entry.left_out)));
            }
            let entry = translate::entry(entry);
            match output.format {
                Format::Table if output.quiet => output::write_on(&entry.trace_id),
                Format::Table => {
                    if !std::mem::replace(&mut headed, true)
                        && output::write_on(&output::heading(REQUESTS, REQUEST_WIDTHS))?.is_break()
                    {
                        return Ok(ControlFlow::Break(()));
                    }
                    output::write_on(&output::line(&entry, REQUESTS, REQUEST_WIDTHS))
                }
                Format::Json | Format::Yaml => output.event(&entry),
            }
        },
    )
    .await
}
