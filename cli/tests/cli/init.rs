//! A first configuration.

use std::os::unix::fs::PermissionsExt as _;

use crate::program::cli;

#[test]
fn what_init_writes_is_valid_private_and_never_overwritten_by_chance() {
    let folder = tempfile::tempdir().unwrap();
    let init = |arguments: &[&str]| {
        cli(&[&["init", "--yes"], arguments].concat()).within(folder.path()).env("OPENAI_API_KEY", "sk-secret-1").run()
    };
    let made = init(&[]).ok();
    assert!(made.stderr.contains("ferrogw.yaml is written: strategy single; targets openai"), "{}", made.stderr);
    let file = folder.path().join("ferrogw.yaml");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    cli(&["validate", "ferrogw.yaml"]).within(folder.path()).run().ok();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("# ") && !text.contains("sk-secret-1"), "{text}");

    std::fs::write(&file, "mine").unwrap();
    let again = init(&[]);
    assert!(again.code == 1 && again.stderr.contains("--force"), "{again:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    init(&["--force"]).ok();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn init_takes_the_providers_that_are_named_and_any_place() {
    let folder = tempfile::tempdir().unwrap();
    let init = |arguments: &[&str]| cli(&[&["init", "--yes"], arguments].concat()).within(folder.path()).run();
    init(&["two.json", "--provider", "anthropic,openai"]).ok();
    let text = std::fs::read_to_string(folder.path().join("two.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&config["strategy"]["mode"], &config["targets"][1]["virtual_key"]), (&"fallback".into(), &"openai".into()));
    let wrong = init(&["three.yaml", "--provider", "opnai"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("did you mean `openai`?"), "{wrong:?}");
    let unserved = init(&["three.yaml", "--provider", "gemini"]);
    assert!(unserved.code == 2 && unserved.stderr.contains("not served yet"), "{unserved:?}");
    assert_eq!(init(&["three.toml"]).code, 2);
    assert_eq!(init(&["nowhere/three.yaml"]).code, 1);
    let quiet = init(&["four.yaml", "--quiet"]).ok();
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("four.yaml\n", ""));
}

#[test]
fn where_nobody_can_be_asked_init_wants_to_be_told() {
    let folder = tempfile::tempdir().unwrap();
    let run = cli(&["init"]).within(folder.path()).run();
    assert!(run.code == 2 && run.stderr.contains("--yes"), "{run:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
