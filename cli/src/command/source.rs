//! Configuration files as they are named on the command line.

mod excerpt;

use std::path::Path;

use ferrogw_config::{Issue, Severity, Syntax};

use self::excerpt::Excerpts;
use crate::failure::Failure;
use crate::output::{Output, Stream, Tone};
use crate::{input, output, printable};

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
            let (name, text) = ("standard input".to_owned(), input::whole("the configuration")?);
            return Ok(Self { name, text, syntax: Syntax::Yaml });
        }
        let Some(syntax) = Syntax::of_path(&name) else { return Err(Failure::Syntax(name)) };
        match std::fs::read_to_string(file) {
            Ok(text) => Ok(Self { name, text, syntax }),
            Err(source) => Err(Failure::Read { file: name, source }),
        }
    }

    /// Writes issues as results, for people.
    pub(super) fn write(&self, issues: &[Issue]) -> Result<(), Failure> {
        output::write(&self.explain(issues, Stream::Output).join("\n"))
    }

    /// Says issues beside a result.
    pub(super) fn say(&self, issues: &[Issue], output: Output) {
        for told in self.explain(issues, Stream::Error) {
            output.tell(&told);
        }
    }

    /// Each issue as compilers write theirs, so that editors find the place, with the line that it is about.
    fn explain(&self, issues: &[Issue], stream: Stream) -> Vec<String> {
        let mut excerpts = Excerpts::of(&self.text);
        let explained = issues.iter().map(|issue| {
            let place = self.locate(issue, stream);
            match excerpts.about(issue) {
                Some((line, caret)) => format!("{place}\n{line}\n{}", paint_caret(&caret, issue, stream)),
                None => place,
            }
        });
        explained.collect()
    }

    fn locate(&self, issue: &Issue, stream: Stream) -> String {
        let mut line = self.name.clone();
        for number in [issue.line, issue.column].into_iter().flatten() {
            line.push_str(&format!(":{number}"));
        }
        let mut line = format!("{}: ", printable::line(&line));
        if issue.severity == Severity::Warning {
            line.push_str(&stream.paint("warning: ", Tone::Warn));
        }
        if !issue.path.is_empty() {
            line.push_str(&stream.paint(&format!("{}: ", printable::line(&issue.path)), Tone::Strong));
        }
        line.push_str(&printable::line(&issue.message));
        if !issue.hint.is_empty() {
            line.push_str(&format!(" ({})", printable::line(&issue.hint)));
        }
        line
    }
}

fn paint_caret(caret: &str, issue: &Issue, stream: Stream) -> String {
    stream.paint(caret, if issue.severity == Severity::Warning { Tone::Warn } else { Tone::Bad })
}

/// How much is wrong, in words.
pub(super) fn count(issues: &[Issue]) -> String {
    match issues.iter().filter(|issue| issue.severity == Severity::Error).count() {
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    }
}
