//! The book's commands for another machine or for a person: its `console` blocks, and those of the README. They are not run here;
//! files, targets, services and variables that they name have to be there.

use super::{pages, text};
use ferrogw_tests::repository;

/// What the book itself has its readers set.
const OWN: &str = "FERROGW_KEY";

#[test]
fn what_commands_for_a_person_name_is_there() {
    let (mut count, mut missing) = (0, Vec::new());
    for page in pages() {
        let fence = if page.ends_with("README.md") { "```sh" } else { "```console" };
        for command in commands(&text(&page), fence) {
            count += 1;
            missing.extend(unknown(&command).into_iter().map(|name| format!("{}: {name} in `{command}`", page.display())));
        }
    }
    assert!(count > 50, "only {count} commands were found");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn a_command_that_names_what_is_not_there_is_found() {
    for (command, name) in [
        ("make everything", "everything"),
        ("sudo install -m 644 deploy/systemd/no.service /etc/systemd/system/", "deploy/systemd/no.service"),
        ("docker compose up --detach --scale no-plane=3", "no-plane"),
        ("docker compose exec -T mysql mysqldump", "mysql"),
        ("docker compose run --entrypoint cat init /secrets/no/key", "/secrets/no/key"),
        ("docker build --build-arg NOTHING=1 .", "NOTHING"),
        ("FERROGW_NOTHING=1 target/release/ferrogw", "FERROGW_NOTHING"),
        ("sudo systemctl enable --now no-unit", "no-unit"),
    ] {
        assert_eq!(unknown(command), [name], "{command}");
    }
}

/// The lines of all blocks that begin so, without comments; what goes on after a backslash is one line.
fn commands(page: &str, fence: &str) -> Vec<String> {
    let fence = format!("{fence}\n");
    let blocks = page.split(&fence).skip(1).filter_map(|rest| rest.split("\n```").next());
    let lines = blocks.flat_map(|block| block.replace("\\\n", " ").lines().map(str::to_owned).collect::<Vec<_>>());
    let bare = |line: String| line.split(" #").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    lines.map(bare).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// What a command names and nothing has.
fn unknown(command: &str) -> Vec<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let before = |index: usize| index.checked_sub(1).map_or("", |before| words[before]);
    let named = words.iter().enumerate().filter(|(index, word)| !is_known(before(*index), word)).map(|(_, word)| name(word));
    let units = words.iter().skip_while(|word| **word != "systemctl").skip(2).filter(|word| !word.starts_with('-'));
    let units = units.filter(|unit| !repository().join(format!("deploy/systemd/{unit}.service")).exists());
    let composition = text(&repository().join("docker-compose.yml"));
    let services = services(&words).into_iter().filter(|service| !composition.contains(&format!("\n  {service}:\n")));
    named.chain(units.copied()).chain(services).map(str::to_owned).collect()
}

/// A variable's name, or the word itself.
fn name(word: &str) -> &str {
    word.split_once('=').map_or(word, |(name, _)| name)
}

fn is_known(before: &str, word: &str) -> bool {
    let file = |path: &str| text(&repository().join(path));
    match (before, word) {
        ("make", target) => file("Makefile").contains(&format!("\n{target}:")),
        ("--build-arg", argument) => file("deploy/Dockerfile").contains(&format!("\nARG {}=", name(argument))),
        ("-e", variable) => is_variable(name(variable)),
        (_, path) if path.starts_with("deploy/") || path.starts_with("scripts/") => repository().join(path).exists(),
        (_, secret) if secret.starts_with("/secrets/") => {
            file("docker-compose.yml").contains(&format!("keep {} ", &secret["/secrets/".len()..]))
        }
        (_, word) if word.contains('=') && name(word).bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') => {
            is_variable(name(word))
        }
        _ => true,
    }
}

fn is_variable(name: &str) -> bool {
    name == OWN
        || name == "PATH"
        || name.starts_with("OTEL_")
        || text(&super::page("environment.md")).contains(&format!("`{name}`"))
}

/// The services that a Compose command names.
fn services<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut words = words.iter().copied().skip_while(|word| *word != "compose").skip(1);
    let verb = words.next();
    let mut services = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "--entrypoint" => drop(words.next()),
            "--scale" => services.extend(words.next().map(name)),
            flag if flag.starts_with('-') => {}
            end if end.starts_with(['|', '<', '>', '&']) => break,
            service => {
                services.push(service);
                if matches!(verb, Some("run" | "exec")) {
                    break;
                }
            }
        }
    }
    services
}
