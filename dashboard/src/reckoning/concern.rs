//! What is wrong right now, the worst first.

use ferrogw_api::health::Health;
use ferrogw_api::provider::Provider;
use ferrogw_api::usage::UsageFigures;
use ferrogw_api::worker::{Worker, Workers};
use time::{Duration, OffsetDateTime};

use crate::address::{Page, Query};
use crate::format::{ago, count, percent};

/// Failures are worth a word from this share of all requests on, and are bad from this one on.
const WORTH_A_WORD: f64 = 0.01;
const BAD: f64 = 0.05;

/// So few requests say nothing about a share.
const FEW: u64 = 20;

/// So many records are always on their way.
const USUAL: u64 = 1_000;

/// How long the last word of a worker that is gone counts: somebody has seen it by then, or the worker will not come back.
const LAST_WORD: Duration = Duration::DAY;

/// How much something matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Somebody has to look now.
    Bad,
    /// Somebody should look.
    Warning,
    /// Good to know.
    Note,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// How much it matters.
    pub weight: Weight,
    /// In a few words.
    pub title: String,
    /// What is behind it, or what to do.
    pub text: String,
    /// The address of where to look.
    pub link: String,
}

impl Concern {
    fn new(weight: Weight, title: impl Into<String>, text: impl Into<String>, link: String) -> Self {
        Self { weight, title: title.into(), text: text.into(), link }
    }
}

/// Everything that these say at `now`, by the control plane's clock. What is not known yet says nothing.
#[must_use]
pub fn concerns(
    health: Option<&Health>,
    workers: Option<&Workers>,
    providers: Option<&[Provider]>,
    lately: Option<&UsageFigures>,
    now: OffsetDateTime,
) -> Vec<Concern> {
    let mut concerns = Vec::new();
    health.into_iter().for_each(|health| of_health(health, &mut concerns));
    workers.into_iter().for_each(|workers| of_workers(workers, now, &mut concerns));
    providers.into_iter().flatten().for_each(|provider| of_provider(provider, &mut concerns));
    lately.into_iter().for_each(|figures| of_requests(figures, &mut concerns));
    concerns.sort_by_key(|concern| concern.weight);
    concerns
}

fn of_health(health: &Health, concerns: &mut Vec<Concern>) {
    for component in health.components.iter().filter(|component| component.status == "unavailable") {
        let text = "Requests go on; what needs this database fails until it is back.";
        concerns.push(Concern::new(Weight::Bad, format!("{} is unavailable", component.name), text, Page::Workers.path()));
    }
    match health.configuration.status.as_str() {
        "invalid" => {
            let text =
                "An earlier release took it, this one refuses it. Workers keep what they run. Roll back or apply a new one.";
            concerns.push(Concern::new(Weight::Bad, "The stored configuration is refused", text, Page::History.path()));
        }
        "none" => {
            let text = "Apply one, or workers without the demo answer no requests.";
            concerns.push(Concern::new(Weight::Warning, "No configuration is in force", text, Page::Configuration.path()));
        }
        _ => {}
    }
    if health.workers.connected == 0 {
        let text =
            "Workers that run go on with what they have, and keep their records. Nothing changes for them until they are back.";
        concerns.push(Concern::new(Weight::Bad, "No worker is connected", text, Page::Workers.path()));
    }
    concerns.extend(on_their_way(health));
    for provider in health.providers.iter().filter(|provider| provider.status != "available") {
        let text = provider.message.clone().unwrap_or_else(|| "No worker can use it.".to_owned());
        concerns.push(Concern::new(Weight::Warning, format!("{} is unavailable", provider.name), text, Page::Providers.path()));
    }
}

/// Workers that have neither taken nor refused the configuration yet.
fn on_their_way(health: &Health) -> Option<Concern> {
    let workers = health.workers;
    let waiting = workers.connected.saturating_sub(workers.current + workers.refused);
    if waiting == 0 || health.configuration.status != "valid" {
        return None;
    }
    let who = if waiting == 1 { "1 worker is".to_owned() } else { format!("{} workers are", count(waiting)) };
    let text = "Until the configuration is taken, they go on with what they have.";
    Some(Concern::new(Weight::Note, format!("{who} not on the configuration in force"), text, Page::Workers.path()))
}

fn of_workers(workers: &Workers, now: OffsetDateTime, concerns: &mut Vec<Concern>) {
    let link = Page::Workers.path();
    for worker in &workers.data {
        let report = &worker.report;
        if worker.status == "refused" {
            let why = worker.issues.first().map_or_else(String::new, ToString::to_string);
            concerns.push(Concern::new(Weight::Bad, format!("{} refused the configuration", worker.name), why, link.clone()));
        }
        if !worker.connected {
            concerns.extend(left_behind(worker, now));
        } else if report.spool_full {
            let text = "The oldest records that were never sent are folded into sums: money is kept, detail is not.";
            concerns.push(Concern::new(Weight::Bad, format!("The spool of {} is full", worker.name), text, link.clone()));
        } else if report.spool_records > USUAL {
            let text = format!("{} records wait to be delivered.", count(report.spool_records));
            concerns.push(Concern::new(
                Weight::Warning,
                format!("{} is behind with its records", worker.name),
                text,
                link.clone(),
            ));
        }
        if worker.connected && report.demo {
            let text = "Set a provider's credential where it runs, and apply a configuration, to have real answers.";
            concerns.push(Concern::new(
                Weight::Note,
                format!("{} answers with the built-in demo", worker.name),
                text,
                link.clone(),
            ));
        }
    }
}

/// What a worker that is gone may still hold.
fn left_behind(worker: &Worker, now: OffsetDateTime) -> Option<Concern> {
    let records = worker.report.spool_records;
    let few = records <= USUAL && !worker.report.spool_full;
    if few || now - worker.last_seen_at > LAST_WORD {
        return None;
    }
    let text = format!(
        "It was last seen {} and may still hold {} records. They are delivered once a worker has its data directory again.",
        ago(worker.last_seen_at, now),
        count(records)
    );
    Some(Concern::new(Weight::Warning, format!("{} is gone with its records", worker.name), text, Page::Workers.path()))
}

fn of_provider(provider: &Provider, concerns: &mut Vec<Concern>) {
    let link = Page::Providers.path();
    for target in &provider.targets {
        if target.misconfigured > 0 {
            let text =
                target.last_error.clone().unwrap_or_else(|| "The provider refuses its credential or its model.".to_owned());
            concerns.push(Concern::new(Weight::Bad, format!("{} is misconfigured", target.name), text, link.clone()));
        } else if target.failing > 0 {
            let told = target.last_error.as_deref().unwrap_or_default();
            let text = format!(
                "Its last attempts all failed, on {} of {} workers; other targets may hide that. {told}",
                target.failing, target.workers
            );
            concerns.push(Concern::new(Weight::Bad, format!("{} is failing", target.name), text, link.clone()));
        } else if target.workers == 0 {
            let text = "No connected worker finds its credential, so nothing is routed to it.";
            concerns.push(Concern::new(Weight::Warning, format!("{} has no credential", target.name), text, link.clone()));
        }
    }
}

fn of_requests(figures: &UsageFigures, concerns: &mut Vec<Concern>) {
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let share = figures.errors as f64 / figures.requests.max(1) as f64;
    if figures.requests < FEW || share < WORTH_A_WORD {
        return;
    }
    let weight = if share >= BAD { Weight::Bad } else { Weight::Warning };
    let title = format!("{} of the requests of the last 15 minutes failed", percent(figures.errors, figures.requests));
    let text = format!("{} of {}.", count(figures.errors), count(figures.requests));
    let link = Page::Requests.with(&Query::default().with("status", "error").with("range", "15m"));
    concerns.push(Concern::new(weight, title, text, link));
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-25 12:00 UTC);

    fn titles(concerns: &[Concern]) -> Vec<(Weight, &str)> {
        concerns.iter().map(|concern| (concern.weight, concern.title.as_str())).collect()
    }

    fn health(configuration: &str, connected: u64) -> Health {
        serde_json::from_value(json!({
            "status": "degraded",
            "providers": [{"name": "openai", "status": "available", "models": 1}],
            "components": [{"name": "Request logs", "status": "disabled"}, {"name": "Key store", "status": "healthy"}],
            "configuration": {"status": configuration, "version": 3},
            "workers": {"connected": connected, "current": connected, "refused": 0},
            "scopes": ["admin"]
        }))
        .unwrap()
    }

    fn worker(status: &str, report: serde_json::Value) -> Workers {
        serde_json::from_value(json!({"data": [{
            "id": "1", "name": "w1", "build": "0.1.0", "connected": true, "last_seen_at": "2026-11-25T12:00:00Z", "status": status,
            "version": 3, "key_revision": 1, "report": report,
            "issues": [{"severity": "error", "path": "targets[0]", "message": "is bad"}]
        }]}))
        .unwrap()
    }

    #[test]
    fn a_healthy_gateway_has_none() {
        let figures = UsageFigures { requests: 1_000, errors: 9, ..UsageFigures::default() };
        assert_eq!(concerns(Some(&health("valid", 1)), Some(&worker("current", json!({}))), Some(&[]), Some(&figures), NOW), []);
        assert_eq!(concerns(None, None, None, None, NOW), []);
    }

    #[test]
    fn the_worst_comes_first() {
        let found = concerns(Some(&health("none", 0)), Some(&worker("refused", json!({"demo": true}))), None, None, NOW);
        let expected = [
            (Weight::Bad, "No worker is connected"),
            (Weight::Bad, "w1 refused the configuration"),
            (Weight::Warning, "No configuration is in force"),
            (Weight::Note, "w1 answers with the built-in demo"),
        ];
        assert_eq!(titles(&found), expected);
        assert_eq!(found[1].text, "targets[0]: is bad");
    }

    #[test]
    fn workers_that_are_not_on_the_configuration_in_force_are_counted() {
        let told = |current, refused| {
            let mut health = health("valid", 3);
            health.workers.current = current;
            health.workers.refused = refused;
            concerns(Some(&health), None, None, None, NOW).into_iter().map(|concern| concern.title).collect::<Vec<_>>()
        };
        assert_eq!(told(2, 0), ["1 worker is not on the configuration in force"]);
        assert_eq!(told(0, 1), ["2 workers are not on the configuration in force"]);
        assert_eq!(told(2, 1), [""; 0]);
        let mut unknown = health("unknown", 3);
        unknown.workers.current = 0;
        assert_eq!(concerns(Some(&unknown), None, None, None, NOW), []);
    }

    #[test]
    fn a_full_spool_is_worse_than_a_long_one() {
        let weight = |report| concerns(None, Some(&worker("current", report)), None, None, NOW)[0].weight;
        assert_eq!(weight(json!({"spool_records": 2_000})), Weight::Warning);
        assert_eq!(weight(json!({"spool_records": 2_000, "spool_full": true})), Weight::Bad);
    }

    #[test]
    fn what_a_worker_that_is_gone_may_hold_is_told_for_a_day() {
        let mut workers = worker("offline", json!({"spool_records": 2_000, "spool_full": true}));
        workers.data[0].connected = false;
        let told = |now| concerns(None, Some(&workers), None, None, now);
        let found = told(NOW + Duration::hours(3));
        assert_eq!(titles(&found), [(Weight::Warning, "w1 is gone with its records")]);
        assert!(found[0].text.starts_with("It was last seen 3 h ago and may still hold 2,000 records."), "{}", found[0].text);
        assert_eq!(told(NOW + Duration::hours(25)), []);
    }

    #[test]
    fn failures_count_once_there_are_enough_requests() {
        let weight = |requests, errors| {
            let figures = UsageFigures { requests, errors, ..UsageFigures::default() };
            concerns(None, None, None, Some(&figures), NOW).first().map(|concern| concern.weight)
        };
        assert_eq!(weight(10, 10), None);
        assert_eq!(weight(100, 2), Some(Weight::Warning));
        assert_eq!(weight(100, 5), Some(Weight::Bad));
    }

    #[test]
    fn a_target_that_is_refused_or_fails_is_named_with_the_reason() {
        let provider: Provider = serde_json::from_value(json!({"name": "openai", "models": [], "targets": [
            {"name": "eu", "workers": 2, "misconfigured": 1, "in_flight": 0, "requests": 1, "failures": 1, "latency_ms": null, "last_error": "401"},
            {"name": "uk", "workers": 2, "misconfigured": 0, "failing": 2, "in_flight": 0, "requests": 9, "failures": 9, "latency_ms": null, "last_error": "500"},
            {"name": "us", "workers": 0, "misconfigured": 0, "in_flight": 0, "requests": 0, "failures": 0, "latency_ms": null}
        ]}))
        .unwrap();
        let found = concerns(None, None, Some(&[provider]), None, NOW);
        let expected =
            [(Weight::Bad, "eu is misconfigured"), (Weight::Bad, "uk is failing"), (Weight::Warning, "us has no credential")];
        assert_eq!(titles(&found), expected);
        assert_eq!(found[0].text, "401");
        assert!(found[1].text.contains("on 2 of 2 workers") && found[1].text.ends_with(" 500"), "{}", found[1].text);
    }
}
