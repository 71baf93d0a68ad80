//! `validate`: a configuration file against every rule, without a gateway.

use std::path::Path;

use ferrogw_config::{Checked, Issue, read};

use super::source::{Source, count};
use crate::failure::Failure;
use crate::output::Output;

pub(super) fn run(file: &Path, output: Output) -> Result<(), Failure> {
    let source = Source::read(file)?;
    match read(&source.text, source.syntax) {
        Ok(checked) => {
            tell(&source, checked.warnings(), output)?;
            output.note(&format!("{} is valid: {}", source.name, summary(&checked)));
            Ok(())
        }
        Err(issues) => {
            tell(&source, &issues, output)?;
            Err(Failure::Invalid { file: source.name, count: count(&issues) })
        }
    }
}

fn tell(source: &Source, issues: &[Issue], output: Output) -> Result<(), Failure> {
    match () {
        () if !output.is_table() => output.record(&issues),
        () if output.quiet => Ok(()),
        () => source.write(issues),
    }
}

fn summary(checked: &Checked) -> String {
    let config = checked.config();
    let targets: Vec<&str> = checked.targets().iter().map(ferrogw_config::Target::key).collect();
    let (plugins, aliases) = (config.plugins.len(), config.aliases.len());
    let mode = config.strategy.mode;
    format!("strategy {mode}; targets {}; plugins: {plugins}; aliases: {aliases}", targets.join(", "))
}
