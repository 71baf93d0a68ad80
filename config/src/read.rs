//! From text to [`Config`](crate::Config): one tree that knows where each node stands, for YAML and JSON alike.
//!
//! `yaml` and `json` make the tree, `decode` holds it against the types' own schema and collects every difference, and
//! [`check`] adds what the types cannot say.

mod decode;
mod json;
#[cfg(test)]
mod tests;
mod tree;
mod yaml;

use crate::path::Path;
use crate::report::{Position, Report};
use crate::{Checked, Issue, check};

/// In which syntax a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// YAML 1.2.
    Yaml,
    /// JSON.
    Json,
}

impl Syntax {
    /// By the file's extension: `.yaml`, `.yml` or `.json`, in any case.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Reads and checks a text; every issue carries its line.
///
/// # Errors
///
/// All issues at once, errors and warnings, in the order of the text.
pub fn read(text: &str, syntax: Syntax) -> Result<Checked, Vec<Issue>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let tree = match syntax {
        Syntax::Yaml => yaml::parse(text),
        Syntax::Json => json::parse(text),
    };
    let mut report = Report::default();
    report.place(&Path::ROOT, Position { line: 1, column: 1 });
    let root = match tree {
        Ok(Some(root)) if !root.is_null() => root,
        Ok(_) => {
            report.error(&Path::ROOT, "the document is empty", "name at least one target: `targets: [{virtual_key: openai}]`");
            return Err(report.into_issues());
        }
        Err(fault) => {
            report.place(&Path::ROOT, fault.at);
            report.error(&Path::ROOT, fault.message, fault.hint);
            return Err(report.into_issues());
        }
    };
    let (config, causes) = decode::config(&root, &mut report);
    check::finish(config, report, &causes)
}
