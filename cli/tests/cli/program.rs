//! Running the binary.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;

use crate::terminal::Terminal;

/// The binary with these arguments, and nothing of this process's environment that it would look at.
pub(crate) struct Program(Command);

pub(crate) fn cli(arguments: &[&str]) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrogw-cli"));
    // What is left is what the coverage tool needs.
    for (variable, _) in std::env::vars_os() {
        if !variable.to_string_lossy().starts_with("LLVM_") {
            command.env_remove(variable);
        }
    }
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Program(command)
}

impl Program {
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    /// Runs in this folder.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.0.current_dir(folder);
        self
    }

    /// Runs with a terminal of so many columns, on which `typed` was typed; what it shows there is its standard output.
    pub(crate) fn run_on_terminal(mut self, columns: u16, typed: &str) -> Done {
        let terminal = Terminal::open(columns);
        self.0.stdin(terminal.end()).stdout(terminal.end()).stderr(terminal.end());
        let child = self.0.spawn().expect("the binary starts");
        // The command holds ends of the terminal, which would never hang up.
        drop(self);
        terminal.attend(child, typed)
    }

    /// Starts it, to look at what it writes while it runs.
    pub(crate) fn begin(self) -> Running {
        self.begin_with("")
    }

    /// The same, with something on standard input.
    pub(crate) fn begin_with(mut self, input: &str) -> Running {
        let mut child = self.0.spawn().expect("the binary starts");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads its input");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Running { child, lines }
    }

    pub(crate) fn run(self) -> Done {
        self.run_with("")
    }

    pub(crate) fn run_with(mut self, input: &str) -> Done {
        let mut child = self.0.spawn().expect("the binary starts");
        // A program that does not read its input may have ended already.
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        Done::of(child.wait_with_output().expect("the binary ends"))
    }
}

/// A program that goes on until it is ended.
pub(crate) struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// The next line that it writes.
    #[track_caller]
    pub(crate) fn line(&mut self) -> String {
        self.lines.next().expect("it goes on").expect("text")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Done {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Self { code: output.status.code().expect("an exit code"), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// This run, which has to have succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).expect("standard output is JSON")
    }
}
