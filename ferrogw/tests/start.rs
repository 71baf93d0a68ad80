//! What somebody sees who starts `ferrogw` for the first time, and for the second.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// A running `ferrogw`, killed with the test.
struct Gateway {
    process: Child,
    output: BufReader<ChildStdout>,
    /// What it printed so far.
    printed: String,
}

/// In an environment that has nothing but, while coverage is measured, where that is written.
fn bare() -> Command {
    const PROFILE: &str = "LLVM_PROFILE_FILE";
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrogw"));
    command.env_clear().envs(std::env::var_os(PROFILE).map(|file| (PROFILE, file)));
    command
}

impl Gateway {
    fn start(data_dir: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = bare();
        command.env("PORT", "0").env("FERROGW_DATA_DIR", data_dir).envs(variables.iter().copied());
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary runs");
        let output = BufReader::new(process.stdout.take().expect("its output is piped"));
        Self { process, output, printed: String::new() }
    }

    /// The next line that begins with `start`.
    fn line(&mut self, start: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.output.read_line(&mut line).expect("text"), 0, "no line `{start}…` in:\n{}", self.printed);
            self.printed.push_str(&line);
            if line.trim_start().starts_with(start) {
                return line.trim().to_owned();
            }
        }
    }

    /// Ends it as a service manager does; its exit status and the rest of its output.
    fn end(mut self) -> (Option<i32>, String) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("text");
        (self.process.wait().expect("it ends").code(), rest)
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn shell(line: &str) -> Value {
    let output = Command::new("sh").args(["-c", line]).output().expect("a shell");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&output.stdout)))
}

#[test]
fn the_first_start_prints_keys_and_a_line_that_works_without_any_account() {
    let folder = tempfile::tempdir().unwrap();
    let mut gateway = Gateway::start(folder.path(), &[]);
    assert!(gateway.line("Admin ").contains("http://localhost:"));
    assert!(gateway.line("Dashboard").ends_with("/dashboard"));
    assert!(gateway.line("Admin key").contains("sk-ferro-"));
    assert!(gateway.line("Inference key").contains("sk-ferro-"));
    assert!(gateway.line("Requests go to").contains("demo"));

    let answer = shell(&gateway.line("curl "));
    assert_eq!(answer["model"], "demo");
    assert!(answer["choices"][0]["message"]["content"].as_str().unwrap().contains("Say hello from ferrogw"), "{answer}");
    let (status, rest) = gateway.end();
    assert_eq!((status, rest.trim()), (Some(0), ""));
}

#[test]
fn the_printed_admin_key_opens_the_admin_api_on_the_same_port() {
    let folder = tempfile::tempdir().unwrap();
    let mut gateway = Gateway::start(folder.path(), &[]);
    let admin = gateway.line("Admin ").split_whitespace().last().unwrap().to_owned();
    let key = gateway.line("Admin key").split_whitespace().nth(2).unwrap().to_owned();
    gateway.line("curl ");
    let keys = shell(&format!("curl -s {admin}/keys -H 'Authorization: Bearer {key}'"));
    let names: Vec<&Value> = keys.as_array().into_iter().flatten().map(|key| &key["name"]).collect();
    assert_eq!(json!(names), json!(["first inference", "first admin"]), "{keys}");
    let anonymous = shell(&format!("curl -s {admin}/keys"));
    assert_eq!(anonymous["error"]["code"], "missing_api_key", "{anonymous}");
}

#[test]
fn with_a_bootstrap_key_the_first_start_names_it_without_its_value_and_shows_a_line_that_works() {
    let folder = tempfile::tempdir().unwrap();
    let secret = "an-operators-own-secret";
    let variables = [("ADMIN_BOOTSTRAP_ENABLED", "true"), ("ADMIN_BOOTSTRAP_KEY", secret)];
    let mut gateway = Gateway::start(folder.path(), &variables);
    let admin = gateway.line("Admin ").split_whitespace().last().unwrap().to_owned();
    assert!(gateway.line("Admin key").contains("ADMIN_BOOTSTRAP_KEY"));
    assert!(gateway.line("Inference key").contains("sk-ferro-"));
    assert_eq!(shell(&gateway.line("curl "))["model"], "demo");
    assert!(!gateway.printed.contains(secret), "{}", gateway.printed);
    let made = shell(&format!(
        "curl -s {admin}/keys -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/json' -d '{{\"name\":\"ann\"}}'"
    ));
    assert!(made["key"].as_str().is_some_and(|key| key.starts_with("sk-ferro-")), "{made}");
}

#[test]
fn a_later_start_shows_no_key_and_honours_those_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Gateway::start(folder.path(), &[]);
    let line = first.line("curl ");
    let old_port = line.split("localhost:").nth(1).and_then(|rest| rest.split('/').next()).unwrap().to_owned();
    assert_eq!(first.end().0, Some(0));

    let mut second = Gateway::start(folder.path(), &[]);
    let api = second.line("API");
    let port = api.split("localhost:").nth(1).and_then(|rest| rest.split('/').next()).unwrap().to_owned();
    second.line("Requests go to");
    assert!(!second.printed.contains("sk-ferro-"), "{}", second.printed);
    assert_eq!(shell(&line.replace(&old_port, &port))["model"], "demo");
}

#[test]
fn credentials_that_are_found_are_routed_to_instead_of_the_demo() {
    let folder = tempfile::tempdir().unwrap();
    let upstream = [("OPENAI_API_KEY", "sk-not-real"), ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1"), ("GROQ_API_KEY", "gsk")];
    let mut gateway = Gateway::start(folder.path(), &upstream);
    assert_eq!(gateway.line("Requests go to"), "Requests go to groq, openai");
    assert!(!gateway.line("curl ").contains(r#""model":"demo""#));
    assert_eq!(gateway.end().0, Some(0));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("[::]:0").or_else(|_| std::net::TcpListener::bind("0.0.0.0:0")).unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let output =
        bare().envs([("PORT", &*port.to_string()), ("FERROGW_DATA_DIR", &folder.path().to_string_lossy())]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains(&format!("could not listen on port {port}; if another process has it, set PORT")), "{error}");
    assert_eq!(output.status.code(), Some(1));
}
