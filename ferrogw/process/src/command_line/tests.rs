use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;

use clap::CommandFactory as _;

use super::*;

#[derive(Debug, Parser)]
struct Settings {
    #[arg(long, env = "TEST_COMMAND_LINE_TOKEN", default_value = "", hide_env_values = true)]
    token: String,

    #[arg(long, default_value_t = 1)]
    port: u16,

    #[command(subcommand)]
    verb: Option<Verb>,
}

fn read(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Settings, UnreadableSecret> {
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    let arguments = ["server"].iter().chain(arguments).map(Into::into).collect();
    let arguments = with_secrets(&Settings::command(), arguments, |name| variables.get(name).map(Into::into))?;
    Ok(Settings::parse_from(arguments))
}

#[test]
fn a_secret_may_be_in_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, "s3cret\n").unwrap();
    let path = file.path().to_str().unwrap();
    let variables = [("TEST_COMMAND_LINE_TOKEN", " "), ("TEST_COMMAND_LINE_TOKEN_FILE", path)];
    let settings = read(&["--port", "7", "healthcheck"], &variables).unwrap();
    assert_eq!((settings.token.as_str(), settings.port, settings.verb), ("s3cret", 7, Some(Verb::Healthcheck)));
}

#[test]
fn what_is_said_aloud_goes_before_a_file() {
    let variables = [("TEST_COMMAND_LINE_TOKEN_FILE", "/nowhere")];
    assert_eq!(read(&["--token=given"], &variables).unwrap().token, "given");
    assert_eq!(read(&["--token", "given"], &variables).unwrap().token, "given");
    // clap reads the real environment, in which the variable is not set.
    let both = [("TEST_COMMAND_LINE_TOKEN", "given"), variables[0]];
    assert_eq!(read(&[], &both).unwrap().token, "");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let error = read(&[], &[("TEST_COMMAND_LINE_TOKEN_FILE", "/nowhere/token")]).unwrap_err().to_string();
    assert!(error.contains("TEST_COMMAND_LINE_TOKEN_FILE names /nowhere/token"), "{error}");
}

/// What the check makes of a process that answers with `answer`.
fn check(answer: &'static str) -> ExitCode {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), listener.local_addr().unwrap().port());
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let head: Vec<_> = BufReader::new(&stream).lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
        (&stream).write_all(answer.as_bytes()).unwrap();
        head[0].clone()
    });
    let code = healthcheck(address, "/readyz");
    assert_eq!(server.join().unwrap(), "GET /readyz HTTP/1.1");
    code
}

#[test]
fn a_process_is_well_that_says_so() {
    assert_eq!(check("HTTP/1.1 200 OK\r\n\r\n{}"), ExitCode::SUCCESS);
    assert_eq!(check("HTTP/1.1 503 Service Unavailable\r\n\r\n{}"), ExitCode::FAILURE);
    assert_eq!(check(""), ExitCode::FAILURE);
}

#[test]
fn a_process_is_not_well_that_is_not_there() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(healthcheck(free, "/readyz"), ExitCode::FAILURE);
}
