//! What people see who sit at a terminal.

use crate::gateway::Gateway;
use crate::program::cli;

const FIRST: &str = "targets: [{ virtual_key: openai }]\n";
const SECOND: &str = "targets: [{ virtual_key: openai }, { virtual_key: groq }]\nstrategy: { mode: fallback }\n";

#[test]
fn a_comparison_is_coloured_on_a_terminal_and_nowhere_else() {
    let gateway = Gateway::start();
    gateway.cli(&["admin", "config", "apply", &gateway.file("first.yaml", FIRST)]).ok();
    let second = gateway.file("second.yaml", SECOND);
    let diff = || gateway.program(&["admin", "config", "diff", &second]);
    let seen = diff().run_on_terminal(80, "");
    assert!(seen.code == 1 && seen.stdout.contains("\u{1b}[32m+- virtual_key: groq\u{1b}[0m"), "{seen:?}");
    let plain = diff().env("NO_COLOR", "1").run_on_terminal(80, "");
    assert!(!plain.stdout.contains('\u{1b}') && plain.stdout.contains("+- virtual_key: groq"), "{plain:?}");
    let dumb = diff().env("TERM", "dumb").run_on_terminal(80, "");
    assert!(!dumb.stdout.contains('\u{1b}'), "{dumb:?}");
    assert!(!diff().run().stdout.contains('\u{1b}'));
}

#[test]
fn a_purge_is_confirmed_by_its_word() {
    let gateway = Gateway::start();
    let purge = || gateway.program(&["admin", "logs", "purge", "--before", "2026-01-01"]);
    let confirmed = purge().run_on_terminal(80, "purge\n");
    assert!(
        confirmed.code == 0 && confirmed.stdout.contains("0 requests from before 2026-01-01 00:00 UTC are deleted"),
        "{confirmed:?}"
    );
    let declined = purge().run_on_terminal(80, "yes\n");
    assert!(declined.code == 1 && declined.stdout.contains("nothing was done"), "{declined:?}");
    let script = purge().run();
    assert!(script.code == 2 && script.stderr.contains("--yes"), "{script:?}");
    gateway.cli(&["admin", "logs", "purge", "--before", "2026-01-01", "--yes"]).ok();
}

#[test]
fn what_happens_to_a_key_is_confirmed_by_its_name() {
    let gateway = Gateway::start();
    let id = gateway.make(&["--name", "ci"]).json()["id"].as_str().unwrap().to_owned();
    let rotate = |typed: &str| gateway.program(&["admin", "keys", "rotate", &id]).run_on_terminal(80, typed);
    let declined = rotate("\n");
    assert!(declined.code == 1 && declined.stdout.contains("the key `ci` (read_only), not used yet"), "{declined:?}");
    let confirmed = rotate("ci\n");
    assert!(confirmed.code == 0 && confirmed.stdout.contains("sk-ferro-"), "{confirmed:?}");
    let deleted = gateway.program(&["admin", "keys", "delete", &id]).run_on_terminal(80, "ci\n");
    assert!(deleted.code == 0 && deleted.stdout.contains("is deleted"), "{deleted:?}");
}

#[test]
fn a_table_fits_the_terminal_and_ids_stay_whole() {
    let gateway = Gateway::start();
    let id = gateway.make(&["--name", &"a very long name ".repeat(10)]).json()["id"].as_str().unwrap().to_owned();
    let seen = gateway.program(&["admin", "keys", "list"]).run_on_terminal(140, "");
    assert!(seen.stdout.lines().all(|line| line.chars().count() <= 140) && seen.stdout.contains(&id), "{}", seen.stdout);
}

#[test]
fn init_asks_and_takes_no_nonsense() {
    let folder = tempfile::tempdir().unwrap();
    let init = cli(&["init"]).within(folder.path()).env("OPENAI_API_KEY", "sk-secret").env("GROQ_API_KEY", "gsk-secret");
    let asked = init.run_on_terminal(100, "opnai\ngroq, openai\nrandom\n\n");
    assert_eq!(asked.code, 0, "{}", asked.stdout);
    for expected in ["groq, openai", "did you mean `openai`?", "`random` is neither", "[fallback]"] {
        assert!(asked.stdout.contains(expected), "`{expected}` is missing in {}", asked.stdout);
    }
    let text = std::fs::read_to_string(folder.path().join("ferrogw.yaml")).unwrap();
    assert!(text.contains("mode: fallback") && text.find("groq") < text.find("virtual_key: openai"), "{text}");
}
