//! Sending, reading, stopping.

use crate::console::effect::spawn;
use leptos::prelude::*;
use serde_json::Value;
use web_sys::AbortController;

use super::{Bench, Models, Outcome};
use crate::console::relay::{self, Answer};
use ferrogw_dashboard::reckoning::trial::{Said, Surface};
use ferrogw_dashboard::stream::{Characters, Events, Told};

/// As much of a raw answer as is kept to look at.
const MOST: usize = 400_000;

/// Asks which models there are, and takes the first where none is chosen.
pub(super) fn list_models(bench: Bench) {
    spawn(async move {
        let Some(ids) = known_models().await else {
            bench.models.set(Models::Unknown);
            return;
        };
        if let Some(first) = ids.first().filter(|_| bench.model.try_with_untracked(String::is_empty) == Some(true)) {
            bench.model.set(first.clone());
        }
        bench.models.set(Models::Known(ids));
    });
}

/// `None`: no list came.
async fn known_models() -> Option<Vec<String>> {
    let stop = AbortController::new().ok()?;
    let body = relay::send("v1/models", None, &stop).await.ok()?.rest().await.ok()?;
    let list: Value = serde_json::from_slice(&body).ok()?;
    Some(list["data"].as_array()?.iter().filter_map(|model| model["id"].as_str().map(str::to_owned)).collect())
}

/// Ends the request under way, if there is one.
pub(super) fn stop(bench: Bench) {
    bench.stop.try_update_value(|stop| {
        if let Some(stop) = stop {
            stop.abort();
        }
    });
}

/// Ends it and forgets it: whatever still comes of it is not shown.
pub(super) fn forget(bench: Bench) {
    stop(bench);
    bench.stop.set_value(None);
    bench.said.set(Vec::new());
    bench.outcome.set(Outcome::default());
}

/// Sends what is filled in.
pub(super) fn send(bench: Bench) {
    if bench.outcome.with_untracked(|outcome| outcome.running) {
        return;
    }
    let trial = bench.trial();
    let body = match trial.body() {
        Ok(body) => body,
        Err(incomplete) => {
            bench.outcome.update(|outcome| outcome.fault = Some(incomplete.to_string()));
            return;
        }
    };
    let Ok(controller) = AbortController::new() else { return };
    let sent = serde_json::to_string_pretty(&body).unwrap_or_default();
    let path = trial.surface.path();
    bench.said.set(trial.said);
    bench.draft.set(String::new());
    bench.outcome.set(Outcome { running: true, path, sent: sent.clone(), ..Outcome::default() });
    bench.stop.set_value(Some(controller.clone()));
    spawn(async move {
        let began = js_sys::Date::now();
        let fault = match relay::send(path, Some(&sent), &controller).await {
            Ok(answer) => read(bench, answer, began).await.err(),
            Err(fault) => Some(fault),
        };
        if bench.stop.try_with_value(|stop| stop.as_ref() == Some(&controller)) == Some(true) {
            finish(bench, trial.surface, fault, js_sys::Date::now() - began);
        }
    });
}

async fn read(bench: Bench, mut answer: Answer, began: f64) -> Result<(), String> {
    let (head, events) = (answer.head.clone(), answer.head.events);
    let status = head.status;
    bench.outcome.try_update(|outcome| outcome.head = Some(head));
    if !events {
        let body = answer.rest().await?;
        bench.outcome.try_update(|outcome| take_whole(outcome, &body, status));
        return Ok(());
    }
    let (mut frames, mut characters) = (Events::default(), Characters::default());
    while let Some(part) = answer.next().await? {
        let values: Vec<Value> = frames.feed(&part).iter().filter_map(|data| serde_json::from_str(data).ok()).collect();
        bench.outcome.try_update(|outcome| {
            if outcome.received.len() < MOST {
                outcome.received.push_str(&characters.feed(&part));
            } else {
                outcome.cut = true;
            }
            values.iter().for_each(|value| outcome.told.take(value));
            if outcome.first_ms.is_none() && !(outcome.told.text.is_empty() && outcome.told.reasoning.is_empty()) {
                outcome.first_ms = Some(js_sys::Date::now() - began);
            }
        });
    }
    Ok(())
}

fn take_whole(outcome: &mut Outcome, body: &[u8], status: u16) {
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => {
            outcome.told.take(&value);
            outcome.received = serde_json::to_string_pretty(&value).unwrap_or_default();
        }
        Err(_) => {
            outcome.received = String::from_utf8_lossy(body).chars().take(MOST).collect();
            outcome.cut = body.len() > outcome.received.len();
            outcome.fault = Some(format!("Something answered {status} in the gateway's place."));
        }
    }
}

fn finish(bench: Bench, surface: Surface, fault: Option<String>, millis: f64) {
    let told: Option<Told> = bench.outcome.try_update(|outcome| {
        outcome.running = false;
        outcome.whole_ms = Some(millis);
        outcome.fault = fault.or(outcome.fault.take()).or(outcome.told.error.clone());
        outcome.told.clone()
    });
    let Some(told) = told else { return };
    if surface == Surface::Chat && !told.text.is_empty() {
        bench.said.update(|said| said.push(Said { role: "assistant", text: told.text }));
        bench.outcome.update(|outcome| outcome.told.text.clear());
    }
}
