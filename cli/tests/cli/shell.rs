//! What shells and readers are told about the command line.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::program::cli;

/// Whether a shell takes a script; `None`: it is not installed here.
fn parses(shell: &str, arguments: &[&str], script: &str) -> Option<bool> {
    let mut child = Command::new(shell).args(arguments).stdin(Stdio::piped()).stderr(Stdio::inherit()).spawn().ok()?;
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    Some(child.wait().unwrap().success())
}

#[test]
fn every_shell_takes_its_completions() {
    for (shell, arguments) in [("bash", &["-n"][..]), ("zsh", &["-n"]), ("fish", &["--no-execute"])] {
        let script = cli(&["completions", shell]).run().ok().stdout;
        assert!(script.contains("ferrogw-cli"), "{shell}: {script}");
        assert_ne!(parses(shell, arguments, &script), Some(false), "{shell}");
    }
}

#[test]
fn bash_completes_commands_and_options() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("completions");
    std::fs::write(&script, cli(&["completions", "bash"]).run().ok().stdout).unwrap();
    let complete = |words: &[&str]| {
        let [.., before, last] = words else { panic!("two words at least") };
        let line = format!(
            "source '{}'; function=$(complete -p ferrogw-cli | sed 's/.*-F \\([^ ]*\\).*/\\1/'); \
             COMP_WORDS=(ferrogw-cli {}); COMP_CWORD={}; $function ferrogw-cli '{last}' '{before}'; echo \"${{COMPREPLY[*]}}\"",
            script.display(),
            words.join(" "),
            words.len()
        );
        let output = Command::new("bash").args(["--norc", "-c", &line]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(complete(&["admin", "keys", "rot"]).trim(), "rotate");
    assert!(complete(&["admin", "logs", "purge", "--dry"]).contains("--dry-run"));
    assert_eq!(complete(&["admin", "keys", "list", "--format", "y"]).trim(), "yaml");
}

#[test]
fn there_is_a_manual_page_of_everything_and_one_of_each_command() {
    let page = cli(&["man"]).run().ok().stdout;
    assert!(page.contains(".TH ferrogw-cli 1") && page.contains("Exit codes"), "{page}");
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man1");
    cli(&["man", "--dir", &pages.display().to_string()]).run().ok();
    let names: Vec<String> =
        std::fs::read_dir(&pages).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    for expected in ["ferrogw-cli.1", "ferrogw-cli-admin-config-diff.1", "ferrogw-cli-doctor.1"] {
        assert!(names.iter().any(|name| name == expected), "{expected} is not one of {names:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let line = format!("'{}' man | head -n 1", env!("CARGO_BIN_EXE_ferrogw-cli"));
    let output = Command::new("bash").args(["-o", "pipefail", "-c", &line]).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
