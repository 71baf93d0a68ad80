//! The command line of a server: secrets that may come from files, and the question of containers whether it is well.

use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Arg, Command, Parser, Subcommand};

/// How long a process may take to say how it is.
const PATIENCE: Duration = Duration::from_secs(2);

/// More than an answer of ours needs.
const ANSWER_BYTES: u64 = 16 << 10;

/// What a server does other than serving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum Verb {
    /// Asks the process that runs on this machine with the same settings whether it is ready; exits with 0 or 1
    Healthcheck,
}

/// A secret's file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{variable} names {path}, which cannot be read; make it readable for this user, or set {name} instead: {source}")]
struct UnreadableSecret {
    variable: String,
    name: String,
    path: String,
    source: io::Error,
}

/// Reads the process's command line and environment. Every variable that holds a secret may be left out and given as a file
/// instead, whose path is in the variable of the same name with `_FILE` at its end; the end of the file's last line does not count.
///
/// Ends the process where they make no sense, as [`clap::Parser::parse`] does.
#[must_use]
pub fn parse<C: Parser>() -> C {
    let mut command = C::command();
    match with_secrets(&command, std::env::args_os().collect(), |name| std::env::var_os(name)) {
        Ok(arguments) => C::parse_from(arguments),
        Err(error) => command.error(ErrorKind::Io, error).exit(),
    }
}

/// Asks the process that listens on `address` at `path` how it is, and prints its answer.
#[expect(clippy::print_stdout, reason = "this is what the command is for")]
#[must_use]
pub fn healthcheck(address: SocketAddr, path: &str) -> ExitCode {
    let address = SocketAddr::new(loopback(address.ip()), address.port());
    match ask(address, path) {
        Ok(answer) if answer.status == "200" => {
            println!("{}", answer.body);
            ExitCode::SUCCESS
        }
        Ok(answer) => {
            println!("{} {}", answer.status, answer.body);
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("nobody answers at {address}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The arguments, with those secrets in front that are in files. They are seen by nobody: a process's own copy of its arguments
/// is not what others can look at.
fn with_secrets(
    command: &Command,
    mut arguments: Vec<OsString>,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<Vec<OsString>, UnreadableSecret> {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.to_string_lossy().trim().is_empty());
    for secret in command.get_arguments().filter(|argument| argument.is_hide_env_values_set()) {
        let (Some(name), Some(long)) = (secret.get_env().and_then(|name| name.to_str()), secret.get_long()) else { continue };
        let file = format!("{name}_FILE");
        if is_set(name) || !is_set(&file) || is_given(secret, &arguments) {
            continue;
        }
        let path = variable(&file).unwrap_or_default();
        let value = std::fs::read_to_string(Path::new(&path)).map_err(|source| UnreadableSecret {
            variable: file,
            name: name.to_owned(),
            path: path.to_string_lossy().into_owned(),
            source,
        })?;
        let place = arguments.len().min(1);
        arguments.insert(place, format!("--{long}={}", value.trim_end()).into());
    }
    Ok(arguments)
}

fn is_given(secret: &Arg, arguments: &[OsString]) -> bool {
    let flag = format!("--{}", secret.get_long().unwrap_or_default());
    arguments.iter().filter_map(|argument| argument.to_str()).any(|argument| argument.split('=').next() == Some(&flag))
}

/// Where a listener on `address` is reached from the same machine.
fn loopback(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    }
}

struct Answer {
    status: String,
    body: String,
}

fn ask(address: SocketAddr, path: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // In one piece: whoever answers a head that is not whole yet may be gone before the rest of it is sent.
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let status = head.split(' ').nth(1).unwrap_or_default().to_owned();
    Ok(Answer { status, body: body.lines().collect::<Vec<_>>().join(" ") })
}

#[cfg(test)]
mod tests;
