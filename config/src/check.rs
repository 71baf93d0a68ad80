//! Every rule of the configuration that its types cannot say, in one pass that finds all issues.

mod aliases;
mod general;
mod headers;
mod mcp;
mod models;
mod plugins;
mod resilience;
mod strategy;
mod targets;
#[cfg(test)]
mod tests;
mod variables;

use crate::model::{Config, Target};
use crate::path::Path;
use crate::report::Report;
use crate::{Document, Issue, Severity, duration, suggest};
use general::Declared;

/// Longest name, in bytes: what the request log keeps of one.
const LONGEST_NAME: usize = 256;

/// A configuration without errors. It cannot be had but by checking.
#[derive(Debug, Clone)]
pub struct Checked {
    config: Config,
    warnings: Vec<Issue>,
}

impl Checked {
    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What somebody should look at all the same.
    #[must_use]
    pub fn warnings(&self) -> &[Issue] {
        &self.warnings
    }

    /// The targets, in order.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        &self.config.targets
    }

    /// The document in which it travels.
    #[must_use]
    pub fn document(&self) -> Document {
        Document::of(&self.config)
    }
}

impl Config {
    /// Checks every rule.
    ///
    /// # Errors
    ///
    /// All issues at once, warnings included.
    pub fn check(self) -> Result<Checked, Vec<Issue>> {
        finish(self, Report::default(), &[])
    }
}

/// Checks every rule and adds what it finds to what reading has found, but for what only follows from what is wrong at `causes`.
pub(crate) fn finish(config: Config, mut report: Report, causes: &[String]) -> Result<Checked, Vec<Issue>> {
    let found = report.len();
    let declared = Declared::of(&config);
    general::check(&config, &declared, &mut report);
    strategy::check(&config, &declared, &mut report);
    targets::check(&config.targets, &mut report);
    aliases::check(&config.aliases, &mut report);
    plugins::check(&config.plugins, &mut report);
    mcp::check(&config.mcp_servers, &mut report);
    report.drop_consequences(found, causes);

    let issues = report.into_issues();
    if issues.iter().any(|issue| issue.severity == Severity::Error) {
        return Err(issues);
    }
    Ok(Checked { config, warnings: issues })
}

/// A name that people write: not blank, no white space around it, nothing that breaks a line, and of a bearable length.
fn name(path: &Path<'_>, text: &str, report: &mut Report) -> bool {
    if text.len() > LONGEST_NAME {
        let message = format!("has {} bytes, and a name has at most {LONGEST_NAME}", text.len());
        report.error(path, message, "write a shorter one");
        return false;
    }
    let message = match text {
        _ if text.trim().is_empty() => "is blank",
        _ if text.trim() != text => "has white space around it",
        _ if text.contains(char::is_control) => "has a control character in it",
        _ => return true,
    };
    report.error(path, message, "write the name alone");
    false
}

/// One of a closed set of words.
fn one_of(path: &Path<'_>, text: &str, choices: &[&str], report: &mut Report) -> bool {
    if choices.contains(&text) {
        return true;
    }
    report.error(path, format!("`{text}` is unknown here"), did_you_mean(text, choices));
    false
}

fn did_you_mean(text: &str, choices: &[&str]) -> String {
    match suggest::nearest(text, choices.iter().copied()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("one of: {}", choices.join(", ")),
    }
}

/// A duration longer than zero, where one is given.
fn duration(path: &Path<'_>, text: Option<&String>, report: &mut Report) {
    if let Some(text) = text
        && let Err(error) = duration::parse(text)
    {
        report.error(path, format!("`{text}` {error}"), "write a duration such as `30s`, `1m30s` or `500ms`");
    }
}
