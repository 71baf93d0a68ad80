//! Workers: which configuration each one runs, what it refused and why, and what it has not yet told.

mod flow;

use ferrogw_api::worker::{Report, Worker, Workers};
use ferrogw_config::{Issue, Severity};
use leptos::prelude::*;

use crate::console::Console;
use crate::console::clock::offset;
use crate::console::load::load;
use crate::console::part::icon::{Icon, icon};
use crate::console::part::state::{empty, shown};
use crate::console::part::table::{Column, cell, table};
use crate::console::part::{name, none, pill, when};
use ferrogw_dashboard::format::{Moment, bytes, count, span};

pub(super) fn view(console: Console) -> AnyView {
    let workers = load(console, 2, |client| async move { client.workers().await });
    let current = load(console, 5, |client| async move { client.health().await });
    let version = Signal::derive(move || current.value.with(|health| health.as_ref().map(|health| health.configuration.version)));
    shown(workers, 8, move |workers| content(console, workers, version))
}

fn content(console: Console, workers: Signal<Workers>, version: Signal<Option<u64>>) -> AnyView {
    let none_yet = Memo::new(move |_| workers.with(|workers| workers.data.is_empty()));
    (move || {
        if none_yet.get() {
            let text = "A worker shows here as soon as it connects with the join token. It needs FERROGW_CONTROL_PLANE and FERROGW_JOIN_TOKEN.";
            return view! { <div class="panel">{empty(Icon::Server, "No workers yet", text, ().into_any())}</div> }.into_any();
        }
        view! {
            {flow::view(workers, version)}
            <section class="panel" aria-label="Workers">
                <div class="panel-head"><h2>"Workers"</h2></div>
                {list(console, workers)}
            </section>
            {move || troubles(&workers.get())}
        }
        .into_any()
    })
    .into_any()
}

fn list(console: Console, workers: Signal<Workers>) -> AnyView {
    let columns: Vec<Column> = vec![
        ("Name", ""),
        ("State", ""),
        ("Version", "number"),
        ("In flight", "number"),
        ("Waiting records", "number"),
        ("Build", ""),
        ("Uptime", "number"),
        ("Address", ""),
        ("Heard of", ""),
    ];
    table("Workers", "", columns, move || workers.with(|workers| workers.data.clone()), key, move |worker| row(console, worker))
}

fn key(worker: &Worker) -> String {
    let report = &worker.report;
    format!(
        "{} {} {} {} {} {} {} {} {:?}",
        worker.id,
        worker.status,
        worker.version,
        worker.key_revision,
        worker.last_seen_at.unix_timestamp() / 10,
        report.requests_in_flight,
        report.spool_records,
        report.spool_full,
        worker.address
    )
}

/// How a worker is, in one word.
pub(super) fn status(worker: &Worker) -> AnyView {
    match worker.status.as_str() {
        "current" => pill("good", "Current"),
        "pending" => pill("info", "Pending"),
        "refused" => pill("bad", "Refused"),
        "offline" => pill("", "Offline"),
        other => pill("", other),
    }
}

fn row(console: Console, worker: Worker) -> AnyView {
    let report = &worker.report;
    let now = |told: AnyView| if worker.connected { told } else { none("Not known: it is not connected") };
    let demo = report.demo.then(|| pill("info", "Demo"));
    view! {
        <tr>
            {cell("Name", "lead", view! { <span class="row">{name(worker.name.clone())}<code class="quiet small" title=worker.id.clone()>{worker.id.chars().take(8).collect::<String>()}</code></span> })}
            {cell("State", "", view! { <span class="row">{status(&worker)}{demo}</span> })}
            {cell("Version", "number", if worker.version == 0 { none("No configuration") } else { worker.version.to_string().into_any() })}
            {cell("In flight", "number", now(count(report.requests_in_flight).into_any()))}
            {cell("Waiting records", "number", now(spool(report)))}
            {cell("Build", "half", view! { <code class="quiet">{worker.build.clone()}</code> })}
            {cell("Uptime", "number", uptime(&worker))}
            {cell("Address", "", worker.address.clone().map_or_else(|| none("In this process, or connected elsewhere"), |address| view! { <code>{address}</code> }.into_any()))}
            {cell("Heard of", "half", when(console, worker.last_seen_at))}
        </tr>
    }
    .into_any()
}

/// Records that it has not delivered yet, and how large they are.
fn spool(report: &Report) -> AnyView {
    if report.spool_records == 0 && !report.spool_full {
        return "0".into_any();
    }
    let text = format!("{} ({})", count(report.spool_records), bytes(report.spool_bytes));
    view! { <span class=if report.spool_full { "bad strong" } else { "" }>{text}</span> }.into_any()
}

/// How long it had been up when it was last heard of; the hover says since when.
fn uptime(worker: &Worker) -> AnyView {
    match worker.report.started_at.filter(|_| worker.connected) {
        None => none("It is not connected, or too old to say"),
        Some(since) => {
            let up = span((worker.last_seen_at - since).as_seconds_f64() * 1e3);
            let title = Moment::of(since, offset(since)).local;
            view! { <span class="nowrap" title=title>{up}</span> }.into_any()
        }
    }
}

/// What workers refused, or have to say about what they took.
fn troubles(workers: &Workers) -> AnyView {
    let told = workers
        .data
        .iter()
        .filter(|worker| worker.connected)
        .filter(|worker| !worker.issues.is_empty() || worker.report.spool_full || worker.report.records_folded > 0);
    told.map(trouble).collect_view().into_any()
}

fn trouble(worker: &Worker) -> AnyView {
    let report = &worker.report;
    let issues = worker.issues.iter().map(issue).collect_view();
    let full = report.spool_full.then(|| {
        view! { <li>"Its spool is full: the oldest records that were never sent are folded into sums. Money is kept, detail is not."</li> }
    });
    let folded = (report.records_folded > 0).then(|| {
        view! { <li>{format!("{} records were folded into sums since it started.", count(report.records_folded))}</li> }
    });
    let refused = worker.status == "refused";
    view! {
        <section class=if refused { "note bad-note" } else { "note warn-note" } aria-label="What a worker has to say">
            {icon(Icon::Warning)}
            <div class="grow stack tight">
                <h3>{name(worker.name.clone())}{if refused { " refused the configuration" } else { " has something to say" }}</h3>
                <ul class="stack tight">{full}{folded}{issues}</ul>
            </div>
        </section>
    }
    .into_any()
}

fn issue(issue: &Issue) -> AnyView {
    let tone = if issue.severity == Severity::Error { "bad" } else { "warn" };
    let path = (!issue.path.is_empty()).then(|| view! { <code>{issue.path.clone()}</code>" " });
    let hint = (!issue.hint.is_empty()).then(|| view! { <span class="second">" – "{issue.hint.clone()}</span> });
    view! { <li class="whole"><span class=tone>{if issue.severity == Severity::Error { "Error " } else { "Warning " }}</span>{path}{issue.message.clone()}{hint}</li> }.into_any()
}
