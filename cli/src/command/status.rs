//! `status`: how a running gateway is, on one page.

use ferrogw_api::Client;
use ferrogw_api::health::{Health, Readiness};
use ferrogw_api::key::Scope;
use ferrogw_api::session::Caller;
use serde::Serialize;

use super::Verdict;
use crate::args::Connection;
use crate::failure::Failure;
use crate::output::{self, Output, Stream, Tone, list};
use crate::printable;

/// How the gateway is.
#[derive(Debug, Serialize)]
struct Status {
    url: String,
    /// What anybody may know.
    readiness: Readiness,
    /// What a key's owner may know; absent: no key was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    health: Option<Health>,
    /// Whose key it is; absent: none was given, or the gateway cannot tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<Caller>,
    /// Some connected worker answers with the built-in demo.
    demo: bool,
}

/// A line of the page: how it is, what it is about, what there is to say.
type Line = (Tone, &'static str, String);

pub(super) async fn run(connection: &Connection, output: Output) -> Result<Verdict, Failure> {
    let client = connection.client()?;
    let status = Status::read(&client, connection.origin().is_some()).await?;
    let lines = status.lines();
    match () {
        () if !output.is_table() => output.record(&status)?,
        () if output.quiet => {}
        () => output::write(&page(&lines))?,
    }
    if status.health.is_none() {
        output.note("more is shown to a key: FERROGW_API_KEY, --api-key-file or --api-key-stdin");
    }
    let bad = lines.iter().any(|(tone, ..)| *tone == Tone::Bad);
    Ok(if bad { Verdict::Bad } else { Verdict::Good })
}

fn page(lines: &[Line]) -> String {
    let widest = lines.iter().map(|(_, name, _)| name.len()).max().unwrap_or_default();
    let lines = lines.iter().map(|(tone, name, text)| {
        format!("{} {name:widest$}   {}", Stream::Output.paint(tone.mark(), *tone), printable::line(text).trim_end())
    });
    lines.collect::<Vec<_>>().join("\n")
}

impl Status {
    async fn read(client: &Client, known: bool) -> Result<Self, Failure> {
        let readiness = client.ready().await?;
        let url = client.base().to_string();
        if !known {
            return Ok(Self { url, readiness, health: None, caller: None, demo: false });
        }
        let health = client.health().await?;
        // Who cannot list the workers, for the database is away, knows their number all the same.
        let workers = client.workers().await.map(|workers| workers.data).unwrap_or_default();
        let demo = workers.iter().any(|worker| worker.connected && worker.report.demo);
        Ok(Self { url, readiness, health: Some(health), caller: client.caller().await.ok(), demo })
    }

    fn lines(&self) -> Vec<Line> {
        let mut lines = vec![self.gateway()];
        if let Some(health) = &self.health {
            lines.push(configuration(health));
            lines.push(workers(health));
            lines.push(self.providers(health));
            lines.push(stores(health));
            let subject = self.caller.as_ref().map(|caller| format!("{}: ", caller.subject)).unwrap_or_default();
            lines.push((Tone::Good, "Your key", format!("{subject}{}", scopes(&health.scopes))));
        }
        lines
    }

    fn gateway(&self) -> Line {
        let Readiness { status, reason, detail } = &self.readiness;
        let why = reason.as_ref().or(detail.as_ref()).map(|why| format!(": {why}")).unwrap_or_default();
        let tone = match (status.as_str(), detail) {
            ("ready", None) => Tone::Good,
            ("ready", Some(_)) => Tone::Warn,
            _ => Tone::Bad,
        };
        (tone, "Gateway", format!("{} is {}{why}", self.url.trim_end_matches('/'), status.replace('_', " ")))
    }

    fn providers(&self, health: &Health) -> Line {
        let (available, away): (Vec<_>, Vec<_>) = health.providers.iter().partition(|provider| provider.status == "available");
        let troubled: Vec<&str> =
            available.iter().filter(|provider| provider.message.is_some()).map(|provider| provider.name.as_str()).collect();
        let mut text = match available.as_slice() {
            [] if self.demo => "none; the built-in demo answers".to_owned(),
            [] => "none can be used".to_owned(),
            available => list(available.iter().map(|provider| &provider.name)).replace(',', ", "),
        };
        if !troubled.is_empty() {
            text.push_str(&format!("; refused by {}", troubled.join(", ")));
        }
        if !away.is_empty() {
            let whys = away.iter().map(|provider| match &provider.message {
                Some(why) => format!("{} ({})", provider.name, why.trim_end_matches('.')),
                None => provider.name.clone(),
            });
            text.push_str(&format!("; not to be used: {}", whys.collect::<Vec<_>>().join(", ")));
        }
        let tone = match (available.is_empty(), troubled.is_empty() && away.is_empty()) {
            (true, _) if self.demo => Tone::Warn,
            (true, _) => Tone::Bad,
            (false, true) => Tone::Good,
            (false, false) => Tone::Warn,
        };
        (tone, "Providers", text)
    }
}

fn configuration(health: &Health) -> Line {
    let version = health.configuration.version;
    let (tone, text) = match health.configuration.status.as_str() {
        "valid" => (Tone::Good, format!("version {version}")),
        "none" => (Tone::Warn, "none is in force".to_owned()),
        "invalid" => (
            Tone::Bad,
            format!("version {version} was stored by another release and is refused by this one; roll back or apply a new one"),
        ),
        _ => (Tone::Bad, "unknown, as its store is away".to_owned()),
    };
    (tone, "Configuration", text)
}

fn workers(health: &Health) -> Line {
    let workers = health.workers;
    let behind = workers.connected.saturating_sub(workers.current + workers.refused);
    let mut text = format!("{} connected, {} current", workers.connected, workers.current);
    for (count, what) in [(behind, "behind"), (workers.refused, "refused the configuration")] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    let tone = match () {
        () if workers.connected == 0 || workers.refused > 0 => Tone::Bad,
        () if behind > 0 => Tone::Warn,
        () => Tone::Good,
    };
    (tone, "Workers", text)
}

fn stores(health: &Health) -> Line {
    let away: Vec<&str> =
        health.components.iter().filter(|part| part.status == "unavailable").map(|part| part.name.as_str()).collect();
    let off: Vec<&str> =
        health.components.iter().filter(|part| part.status == "disabled").map(|part| part.name.as_str()).collect();
    match (away.as_slice(), off.as_slice()) {
        ([], []) => (Tone::Good, "Stores", "all answer".to_owned()),
        ([], off) => (Tone::Good, "Stores", format!("all answer; disabled: {}", off.join(", "))),
        (away, _) => (Tone::Bad, "Stores", format!("not available: {}", away.join(", "))),
    }
}

fn scopes(scopes: &[Scope]) -> String {
    list(scopes).replace(',', ", ")
}
