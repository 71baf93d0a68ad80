//! `doctor`: what is wrong, here and at the gateway, and what to do about it.

mod configuration;
mod directory;
mod environment;
mod finding;
mod fleet;
mod gateway;
mod network;

use super::Verdict;
use crate::args::{Connection, Doctor};
use crate::failure::Failure;
use crate::output::{self, Output};

use finding::State;

pub(super) async fn run(connection: &Connection, wanted: &Doctor, output: Output) -> Result<Verdict, Failure> {
    // Standard input may hold the key, and is there once.
    let client = connection.client();
    let mut findings = environment::look(connection, client.as_ref().err()).await;
    findings.extend(configuration::look(wanted.config.as_deref()));
    findings.extend(directory::look(&wanted.data_dir));
    if !wanted.offline {
        findings.extend(gateway::look(connection, client.ok().as_ref()).await);
    }
    match () {
        () if !output.is_table() => output.record(&findings)?,
        () => output::write(&finding::page(&findings, output.quiet, output.look()))?,
    }
    let count = |state: State| findings.iter().filter(|finding| finding.state == state).count();
    let (problems, warnings) = (count(State::Problem), count(State::Warning));
    output.note(&format!("\n{}", summary(problems, warnings)));
    Ok(if problems > 0 { Verdict::Bad } else { Verdict::Good })
}

fn summary(problems: usize, warnings: usize) -> String {
    let some = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    match (problems, warnings) {
        (0, 0) => "nothing is wrong".to_owned(),
        (0, warnings) => format!("nothing is broken; {} to look at", some(warnings, "thing")),
        (problems, 0) => some(problems, "problem"),
        (problems, warnings) => format!("{}; {} more to look at", some(problems, "problem"), some(warnings, "thing")),
    }
}
