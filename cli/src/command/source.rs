//! Configuration files as they are named on the command line.

use std::io::{self, Read as _};
use std::path::Path;

use ferrogw_config::{Issue, Severity, Syntax};

use crate::failure::Failure;

/// A configuration file that was read.
#[derive(Debug)]
pub(super) struct Source {
    /// What to call it.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) syntax: Syntax,
}

impl Source {
    /// Reads a file, or standard input for `-`; JSON is YAML there.
    pub(super) fn read(file: &Path) -> Result<Self, Failure> {
        let name = file.display().to_string();
        if name == "-" {
            let mut text = String::new();
            let read = io::stdin().read_to_string(&mut text);
            let name = "standard input".to_owned();
            return match read {
                Ok(_) => Ok(Self { name, text, syntax: Syntax::Yaml }),
                Err(source) => Err(Failure::Read { file: name, source }),
            };
        }
        let Some(syntax) = Syntax::of_path(&name) else { return Err(Failure::Syntax(name)) };
        match std::fs::read_to_string(file) {
            Ok(text) => Ok(Self { name, text, syntax }),
            Err(source) => Err(Failure::Read { file: name, source }),
        }
    }

    /// An issue as compilers write theirs, so that editors find the place.
    pub(super) fn locate(&self, issue: &Issue) -> String {
        let mut line = self.name.clone();
        for number in [issue.line, issue.column].into_iter().flatten() {
            line.push_str(&format!(":{number}"));
        }
        line.push_str(": ");
        if issue.severity == Severity::Warning {
            line.push_str("warning: ");
        }
        if !issue.path.is_empty() {
            line.push_str(&format!("{}: ", issue.path));
        }
        line.push_str(&issue.message);
        if !issue.hint.is_empty() {
            line.push_str(&format!(" ({})", issue.hint));
        }
        line
    }
}

/// How much is wrong, in words.
pub(super) fn count(issues: &[Issue]) -> String {
    match issues.iter().filter(|issue| issue.severity == Severity::Error).count() {
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    }
}
