//! The ways to give a key without anybody looking over one's shoulder.

use crate::gateway::{Gateway, KEY};
use crate::program::cli;

#[test]
fn a_key_is_read_from_standard_input_or_a_file() {
    let gateway = Gateway::start();
    let list = |options: &[&str]| cli(&[&["admin", "keys", "list"], options].concat()).env("FERROGW_URL", &gateway.url);
    list(&["--api-key-stdin"]).run_with(&format!("{KEY}\n")).ok();
    list(&["--api-key", "-"]).run_with(KEY).ok();
    list(&["--api-key-file", &gateway.file("key", &format!("\n{KEY}\nnotes\n"))]).run().ok();
    let run = |command: &[&str]| cli(command).env("FERROGW_URL", &gateway.url).run_with(KEY);
    let doctor = run(&["doctor", "--api-key-stdin", "--format", "json"]);
    assert!(doctor.stdout.contains("takes the key"), "{doctor:?}");
    let mut watching =
        cli(&["workers", "watch", "--api-key", "-", "--format", "json"]).env("FERROGW_URL", &gateway.url).begin_with(KEY);
    assert_eq!(watching.line(), "[]");
    let wrong = list(&["--api-key-file", &gateway.file("wrong", "sk-ferro-wrong")]).env("FERROGW_API_KEY", KEY).run();
    assert_eq!(wrong.code, 4, "a flag beats the environment");
}

#[test]
fn a_key_that_cannot_be_had_is_said_to_be_missing() {
    let list = |options: &[&str], input: &str| cli(&[&["admin", "keys", "list"], options].concat()).run_with(input);
    let empty = list(&["--api-key-stdin"], "\n");
    assert!(empty.code == 2 && empty.stderr.contains("standard input is empty"), "{empty:?}");
    let missing = list(&["--api-key-file", "/nowhere/key"], "");
    assert!(missing.code == 1 && missing.stderr.contains("/nowhere/key"), "{missing:?}");
}

#[test]
fn standard_input_cannot_be_two_things() {
    let both = cli(&["admin", "config", "apply", "-", "--api-key-stdin"]).run_with("x");
    assert!(both.code == 2 && both.stderr.contains("cannot be both"), "{both:?}");
}
