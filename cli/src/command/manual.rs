//! `completions` and `man`: what shells and readers are told about the command line.

use std::io;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_complete::Shell as Generator;
use clap_mangen::Man;

use crate::args::{Args, Shell};
use crate::failure::Failure;
use crate::output::{self, Output};

pub(super) fn completions(shell: Shell) -> Result<(), Failure> {
    let generator = match shell {
        Shell::Bash => Generator::Bash,
        Shell::Zsh => Generator::Zsh,
        Shell::Fish => Generator::Fish,
    };
    let mut script = Vec::new();
    let mut command = Args::command();
    clap_complete::generate(generator, &mut command, "ferrogw-cli", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if shell == Shell::Bash {
        // clap_complete 4.6 spells a hyphen in two ways, so that commands below a name with one complete to nothing.
        for name in hyphenated(&command) {
            script = script.replace(&name.replace('-', "__subcmd__"), &name.replace('-', "__"));
        }
    }
    output::write(script.trim_end())
}

/// The names of commands that have a hyphen in them.
fn hyphenated(command: &Command) -> Vec<String> {
    let own = Some(command.get_name()).filter(|name| name.contains('-')).map(str::to_owned);
    own.into_iter().chain(command.get_subcommands().flat_map(hyphenated)).collect()
}

/// One page about everything to standard output, or one for each command to a directory.
pub(super) fn pages(folder: Option<&Path>, output: Output) -> Result<(), Failure> {
    let command = Args::command();
    let Some(folder) = folder else {
        let mut page = Vec::new();
        Man::new(command).render(&mut page).map_err(Failure::Write)?;
        return output::write(String::from_utf8_lossy(&page).trim_end());
    };
    let written = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder));
    written.map_err(|source: io::Error| Failure::WriteFile { file: folder.display().to_string(), source })?;
    output.note(&format!("`man -l {}` shows the first of them", folder.join("ferrogw-cli.1").display()));
    Ok(())
}
