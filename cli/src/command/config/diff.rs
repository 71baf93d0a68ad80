//! `admin config diff`: what two configurations differ in, as a unified diff of their canonical YAML.
//!
//! Both sides are shown as the gateway shows them, with everything hidden that could be a secret; whether they are the same is
//! decided by their digests, which hide nothing.

use std::time::Duration;

use ferrogw_api::{Client, scrub};
use ferrogw_config::read;
use serde::Serialize;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::edition::Edition;
use crate::args::{Diff, Side};
use crate::command::Verdict;
use crate::command::source::{Source, count};
use crate::failure::Failure;
use crate::output::{self, Output, Stream, Tone};
use crate::printable;

/// How long a shortest diff is looked for; a longer one is shown after that.
const PATIENCE: Duration = Duration::from_secs(2);

/// One side of a comparison.
struct Text {
    name: String,
    text: String,
    digest: Option<String>,
}

/// The comparison, for programs.
#[derive(Debug, Serialize)]
struct Comparison {
    from: String,
    to: String,
    differ: bool,
    diff: String,
}

pub(super) async fn run(client: &Client, wanted: &Diff, output: Output) -> Result<Verdict, Failure> {
    let (from, to) = match (&wanted.from, &wanted.to) {
        (from, Some(to)) => (from, to),
        (file @ Side::File(_), None) => (&Side::Running, file),
        (Side::Running, None) => {
            return Err(Failure::Usage("say what to compare the running configuration with: a file or a version".to_owned()));
        }
        (version @ Side::Version(_), None) => (version, &Side::Running),
    };
    let (from, to) = (side(client, from, output).await?, side(client, to, output).await?);
    let differ = match (&from.digest, &to.digest) {
        (Some(from), Some(to)) => from != to,
        _ => from.text != to.text,
    };
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(&from.text, &to.text);
    let lines = unified(&diff, wanted.context);
    if !output.is_table() {
        let diff = lines.iter().map(|(_, line)| format!("{line}\n")).collect();
        output.record(&Comparison { from: from.name, to: to.name, differ, diff })?;
    } else if !output.quiet {
        show(&from, &to, &lines)?;
    }
    match (differ, lines.is_empty()) {
        (false, _) => output.note("no differences"),
        (true, true) => output.note("they differ only in values that are hidden, as they could be secrets"),
        (true, false) => {}
    }
    Ok(if differ { Verdict::Bad } else { Verdict::Good })
}

async fn side(client: &Client, side: &Side, output: Output) -> Result<Text, Failure> {
    let edition = match side {
        Side::Running => Edition::running(client).await?,
        Side::Version(version) => Edition::of(client, *version).await?,
        Side::File(file) => return file_side(&Source::read(file)?, output),
    };
    let name = match side {
        Side::Running => format!("version {} (running)", edition.version),
        _ => format!("version {}", edition.version),
    };
    Ok(Text { name, text: canonical(&edition.config)?, digest: edition.digest })
}

/// A file is taken as the gateway would take it.
fn file_side(source: &Source, output: Output) -> Result<Text, Failure> {
    let checked = read(&source.text, source.syntax).map_err(|issues| {
        source.say(&issues, output);
        Failure::Invalid { file: source.name.clone(), count: count(&issues) }
    })?;
    let document = checked.document();
    let tree: Value = serde_json::from_slice(document.bytes()).unwrap_or(Value::Null);
    Ok(Text { name: source.name.clone(), text: canonical(&scrub::scrub(&tree))?, digest: Some(document.digest().to_string()) })
}

fn canonical(config: &Value) -> Result<String, Failure> {
    output::yaml(&sorted(config))
}

/// With members by name, so that an order in which they were written is no difference.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            Value::Object(members.into_iter().map(|(name, value)| (name.clone(), sorted(value))).collect())
        }
        Value::Array(elements) => Value::Array(elements.iter().map(sorted).collect()),
        value => value.clone(),
    }
}

/// The changes with so many lines around them, as `diff -U` writes them; empty: there are none.
fn unified<'a>(diff: &TextDiff<'a, 'a, 'a, str>, context: usize) -> Vec<(Tone, String)> {
    let mut lines = Vec::new();
    for hunk in diff.unified_diff().context_radius(context).iter_hunks() {
        lines.push((Tone::Dim, hunk.header().to_string().trim_end().to_owned()));
        for change in hunk.iter_changes() {
            let tone = match change.tag() {
                ChangeTag::Equal => Tone::Plain,
                ChangeTag::Delete => Tone::Bad,
                ChangeTag::Insert => Tone::Good,
            };
            let line = change.value().trim_end_matches('\n');
            lines.push((tone, format!("{}{}", change.tag(), printable::line(line))));
        }
    }
    lines
}

fn show(from: &Text, to: &Text, lines: &[(Tone, String)]) -> Result<(), Failure> {
    if lines.is_empty() {
        return Ok(());
    }
    let head = [("---", &from.name), ("+++", &to.name)];
    let head = head.map(|(mark, name)| Stream::Output.paint(&format!("{mark} {}", printable::line(name)), Tone::Strong));
    let lines = lines.iter().map(|(tone, line)| Stream::Output.paint(line, *tone));
    output::write(&head.into_iter().chain(lines).collect::<Vec<_>>().join("\n"))
}
