//! Collects issues and says where in the text each one stands.

use std::collections::{BTreeMap, HashMap};

use crate::path::Path;
use crate::{Issue, Severity};

/// A place in a text: line and column from 1, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// Most issues of one severity in a report; nobody reads on, and a hostile text could hold very many.
const MAX_ISSUES: usize = 500;

/// All issues found so far. A value that came without a text has no positions, and neither have its issues.
#[derive(Default)]
pub(crate) struct Report {
    issues: Vec<Issue>,
    /// How many of each severity there were, those beyond the bound included.
    found: BTreeMap<Severity, usize>,
    /// By the marks of their paths.
    positions: HashMap<u64, Position>,
}

impl Report {
    /// Remembers where `path` stands.
    pub(crate) fn place(&mut self, path: &Path<'_>, position: Position) {
        self.positions.insert(path.mark(), position);
    }

    /// The configuration is refused for this: `message` says what is wrong, `hint` what to do.
    pub(crate) fn error(&mut self, path: &Path<'_>, message: impl Into<String>, hint: impl Into<String>) {
        self.add(Severity::Error, path, message.into(), hint.into());
    }

    /// The configuration is taken all the same.
    pub(crate) fn warning(&mut self, path: &Path<'_>, message: impl Into<String>, hint: impl Into<String>) {
        self.add(Severity::Warning, path, message.into(), hint.into());
    }

    /// The format has it, this build does not: refused, since nothing is accepted and ignored.
    pub(crate) fn not_yet_served(&mut self, path: &Path<'_>, what: impl std::fmt::Display, hint: impl Into<String>) {
        self.error(path, format!("{what} is not yet served by this version of ferrogw"), hint);
    }

    /// Whether further errors are only counted, so that nobody reads what they say.
    pub(crate) fn is_full(&self) -> bool {
        self.found.get(&Severity::Error).is_some_and(|found| *found >= MAX_ISSUES)
    }

    /// The paths of the errors so far.
    pub(crate) fn error_paths(&self) -> Vec<String> {
        self.issues.iter().filter(|issue| issue.severity == Severity::Error).map(|issue| issue.path.clone()).collect()
    }

    /// Drops the issues after the first `kept` ones that only follow from what is wrong at `causes`.
    pub(crate) fn drop_consequences(&mut self, kept: usize, causes: &[String]) {
        let mut at = 0;
        self.issues.retain(|issue| {
            at += 1;
            at <= kept || !causes.iter().any(|cause| follows(issue, cause))
        });
    }

    /// How many issues there are.
    pub(crate) fn len(&self) -> usize {
        self.issues.len()
    }

    /// Everything, in the order of the text.
    pub(crate) fn into_issues(self) -> Vec<Issue> {
        let mut issues = self.issues;
        issues.sort_by_key(|issue| (issue.line, issue.column));
        issues.extend(self.found.into_iter().filter(|(_, found)| *found > MAX_ISSUES).map(|(severity, found)| Issue {
            severity,
            path: String::new(),
            line: None,
            column: None,
            message: format!("there are {} more issues like these", found - MAX_ISSUES),
            hint: "mend those above first".to_owned(),
        }));
        issues
    }

    fn add(&mut self, severity: Severity, path: &Path<'_>, message: String, hint: String) {
        let found = self.found.entry(severity).or_default();
        *found += 1;
        if *found > MAX_ISSUES {
            return;
        }
        let position = path.and_ancestors().find_map(|place| self.positions.get(&place.mark()));
        self.issues.push(Issue {
            severity,
            path: path.to_string(),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            message,
            hint,
        });
    }
}

/// Whether `issue` is about what stands at `cause` or in it, or may have missed what should have stood there.
fn follows(issue: &Issue, cause: &str) -> bool {
    let is_within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || outer.is_empty() || rest.starts_with(['.', '[']))
    };
    let missed = issue.severity == Severity::Error && !issue.path.is_empty() && is_within(cause, &issue.path);
    missed || is_within(&issue.path, cause)
}
