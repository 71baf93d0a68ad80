//! The push protocol, drawn: what the control plane wants each worker to run, what it runs, and what comes back.

use ferrogw_api::worker::{Worker, Workers};
use leptos::prelude::*;

use super::status;
use crate::console::part::name;
use ferrogw_dashboard::format::count;

/// Workers that are drawn; a table shows all of them.
const MOST: usize = 12;

pub(super) fn view(workers: Signal<Workers>, version: Signal<Option<u64>>) -> AnyView {
    let rows = move || {
        let version = version.get();
        workers.with(|workers| workers.data.iter().take(MOST).map(|worker| row(worker, version)).collect_view())
    };
    let rest = move || {
        let rest = workers.with(|workers| workers.data.len()).saturating_sub(MOST);
        (rest > 0).then(|| view! { <p class="quiet small">{format!("and {} more in the list below", count(rest as u64))}</p> })
    };
    let current = move || {
        let (all, current) = workers.with(|workers| {
            let connected = workers.data.iter().filter(|worker| worker.connected);
            (connected.clone().count(), connected.filter(|worker| worker.status == "current").count())
        });
        format!("{current} of {all} connected workers run what is wanted")
    };
    view! {
        <section class="panel" aria-label="From the control plane to the workers and back">
            <div class="panel-head">
                <h2>"Push"</h2>
                <span class="quiet small">{current}</span>
            </div>
            <div class="flow">{rows}{rest}</div>
        </section>
    }
    .into_any()
}

fn row(worker: &Worker, version: Option<u64>) -> AnyView {
    let wanted = match version {
        None => "asking …".to_owned(),
        Some(0) => "has no configuration yet".to_owned(),
        Some(version) => format!("wants version {version}"),
    };
    let runs = if worker.version == 0 { "runs no configuration".to_owned() } else { format!("runs version {}", worker.version) };
    let (there, told) = match worker.status.as_str() {
        "current" => ("there", "taken"),
        "pending" => ("there busy", "on its way"),
        "refused" => ("there broken", "refused"),
        _ => ("there broken", "not connected"),
    };
    let waiting = match worker.report.spool_records {
        _ if !worker.connected => "its records are not known".to_owned(),
        0 => "all records told".to_owned(),
        1 => "1 record waiting".to_owned(),
        records => format!("{} records waiting", count(records)),
    };
    let back = if worker.connected { "back" } else { "back broken" };
    let box_class = match worker.status.as_str() {
        "refused" => "flow-box bad-box",
        "offline" => "flow-box off-box",
        _ => "flow-box",
    };
    view! {
        <div class="flow-row">
            <div class="flow-box">
                <span class="strong">"Control plane"</span>
                <span class="small quiet">{wanted}</span>
            </div>
            <div class="flow-ways">
                <div class="flow-way"><span>{told}</span><i class=format!("flow-arrow {there}")></i></div>
                <div class="flow-way"><i class=format!("flow-arrow {back}")></i><span>{waiting}</span></div>
            </div>
            <div class=box_class>
                <span class="row">{name(worker.name.clone())}{status(worker)}</span>
                <span class="small quiet">{runs}</span>
            </div>
        </div>
    }
    .into_any()
}
