use std::fmt::Write as _;

use clap::CommandFactory as _;

use super::Args;

#[test]
fn the_command_line_is_sound() {
    Args::command().debug_assert();
}

/// What `--help` says, of every command there is: a change of it is a change that operators see.
#[test]
fn every_command_explains_itself() {
    let mut command = Args::command().term_width(100);
    command.build();
    let mut pages = String::new();
    explain(&mut command, &mut pages);
    insta::assert_snapshot!("help", pages);
}

fn explain(command: &mut clap::Command, pages: &mut String) {
    if command.is_hide_set() || command.get_name() == "help" {
        return;
    }
    let page = command.render_long_help().to_string();
    let page: Vec<&str> = page.lines().map(str::trim_end).collect();
    let name = command.get_bin_name().unwrap_or("ferrogw-cli").to_owned();
    writeln!(pages, "═══ {name} --help\n\n{}\n", page.join("\n").trim_end()).unwrap();
    for command in command.get_subcommands_mut() {
        explain(command, pages);
    }
}
