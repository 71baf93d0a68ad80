//! `validate`: a configuration file against every rule, without a gateway.

use std::path::Path;

use ferrogw_config::{Checked, Issue, read};

use super::source::{Source, count};
use crate::failure::Failure;
use crate::output::{self, Format};
use crate::say;

pub(super) fn run(file: &Path, format: Format) -> Result<(), Failure> {
    let source = Source::read(file)?;
    match read(&source.text, source.syntax) {
        Ok(checked) => {
            tell(&source, checked.warnings(), format)?;
            say::note(&format!("{} is valid: {}", source.name, summary(&checked)));
            Ok(())
        }
        Err(issues) => {
            tell(&source, &issues, format)?;
            Err(Failure::Invalid { file: source.name, count: count(&issues) })
        }
    }
}

fn tell(source: &Source, issues: &[Issue], format: Format) -> Result<(), Failure> {
    match format {
        Format::Table if issues.is_empty() => Ok(()),
        Format::Table => {
            let lines: Vec<String> = issues.iter().map(|issue| say::printable(&source.locate(issue))).collect();
            output::write(&lines.join("\n"))
        }
        Format::Json | Format::Yaml => format.record(&issues),
    }
}

fn summary(checked: &Checked) -> String {
    let config = checked.config();
    let targets: Vec<&str> = checked.targets().iter().map(ferrogw_config::Target::key).collect();
    let mode = serde_json::to_value(config.strategy.mode).ok();
    let mode = mode.as_ref().and_then(|mode| mode.as_str()).unwrap_or_default();
    let (plugins, aliases) = (config.plugins.len(), config.aliases.len());
    format!("strategy {mode}; targets {}; plugins: {plugins}; aliases: {aliases}", targets.join(", "))
}
