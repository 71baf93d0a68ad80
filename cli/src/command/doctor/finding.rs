//! What was found, and how it is shown.

use serde::Serialize;

use crate::output::{Stream, Tone};
use crate::printable;

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// As it should be.
    Ok,
    /// Somebody should look.
    Warning,
    /// Something does not work.
    Problem,
    /// It was not looked at, or there is nothing to look at.
    Skipped,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    area: &'static str,
    pub(super) state: State,
    subject: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

/// Findings about one area, as they are made.
pub(super) struct Findings {
    area: &'static str,
    found: Vec<Finding>,
}

impl Findings {
    pub(super) fn about(area: &'static str) -> Self {
        Self { area, found: Vec::new() }
    }

    /// It is as it should be.
    pub(super) fn ok(&mut self, subject: impl Into<String>, message: impl Into<String>) {
        self.add(State::Ok, subject.into(), message.into(), None);
    }

    /// There is nothing to look at.
    pub(super) fn skipped(&mut self, subject: impl Into<String>, message: impl Into<String>) {
        self.add(State::Skipped, subject.into(), message.into(), None);
    }

    /// Somebody should look, and do this.
    pub(super) fn warning(&mut self, subject: impl Into<String>, message: impl Into<String>, advice: impl Into<String>) {
        self.add(State::Warning, subject.into(), message.into(), Some(advice.into()));
    }

    /// It does not work; this helps.
    pub(super) fn problem(&mut self, subject: impl Into<String>, message: impl Into<String>, advice: impl Into<String>) {
        self.add(State::Problem, subject.into(), message.into(), Some(advice.into()));
    }

    pub(super) fn all(self) -> Vec<Finding> {
        self.found
    }

    fn add(&mut self, state: State, subject: String, message: String, advice: Option<String>) {
        self.found.push(Finding { area: self.area, state, subject, message, advice });
    }
}

/// The findings by area; `briefly`: only those that somebody should look at.
/// `look`: lines are broken before this column.
pub(super) fn page(findings: &[Finding], briefly: bool, look: Option<usize>) -> String {
    let shown: Vec<&Finding> =
        findings.iter().filter(|finding| !briefly || matches!(finding.state, State::Warning | State::Problem)).collect();
    let widest = shown.iter().map(|finding| printable::width(&finding.subject())).max().unwrap_or_default();
    let mut lines = Vec::new();
    let mut area = "";
    for finding in shown {
        if finding.area != area && !briefly {
            let gap = if area.is_empty() { "" } else { "\n" };
            lines.push(format!("{gap}{}", Stream::Output.paint(finding.area, Tone::Strong)));
            area = finding.area;
        }
        lines.extend(finding.lines(widest, look));
    }
    lines.join("\n")
}

impl Finding {
    fn subject(&self) -> String {
        printable::fit(&self.subject, 40)
    }

    fn lines(&self, widest: usize, look: Option<usize>) -> Vec<String> {
        let tone = match self.state {
            State::Ok => Tone::Good,
            State::Warning => Tone::Warn,
            State::Problem => Tone::Bad,
            State::Skipped => Tone::Dim,
        };
        let subject = self.subject();
        let gap = " ".repeat(widest - printable::width(&subject));
        let indent = " ".repeat(4 + widest + 3);
        let room = look.map_or(usize::MAX, |look| look.saturating_sub(indent.len() + 2).max(30));
        let mut message = printable::broken(&self.message, room).into_iter();
        let first = message.next().unwrap_or_default();
        let mut lines = vec![format!("  {} {subject}{gap}   {first}", Stream::Output.paint(tone.mark(), tone))];
        lines.extend(message.map(|line| format!("{indent}{line}")));
        let advice = self.advice.iter().flat_map(|advice| printable::broken(advice, room));
        lines.extend(advice.enumerate().map(|(at, line)| format!("{indent}{} {line}", if at == 0 { "→" } else { " " })));
        lines
    }
}
