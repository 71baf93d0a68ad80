//! A child process that cannot outlive the test run: one of our binaries, a database, a mock of others.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Runs its arguments as a child; kills that child when standard input ends, which it does however the test run ends.
const LEASH: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
echo "$child" >"$PID_FILE.new" && mv "$PID_FILE.new" "$PID_FILE"
{ read -r _ <&3; kill "-$END" "$child"; } 2>/dev/null &
exec 3<&-
wait "$child"
"#;

/// The repository's root.
#[must_use]
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is a folder of the repository")
}

/// A program with its arguments and environment, running or not.
#[derive(Debug)]
pub struct Process {
    name: String,
    program: PathBuf,
    arguments: Vec<OsString>,
    variables: Vec<(String, String)>,
    folder: PathBuf,
    end: &'static str,
    leash: Option<Child>,
}

impl Process {
    /// The program with these variables and no others; its output goes to files in `folder`, where it also runs.
    pub fn new(program: &Path, folder: &Path) -> Self {
        std::fs::create_dir_all(folder).expect("a folder under the temporary directory");
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (arguments, variables, leash) = (Vec::new(), Vec::new(), None);
        Self { name, program: program.to_owned(), arguments, variables, folder: folder.to_owned(), end: "KILL", leash }
    }

    /// With one more argument.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Ended by this signal rather than by SIGKILL.
    #[must_use]
    pub fn ended_by(mut self, signal: &'static str) -> Self {
        self.end = signal;
        self
    }

    /// Starts it, a second time too.
    ///
    /// # Panics
    /// When it runs already.
    pub fn start(&mut self) {
        assert!(self.leash.is_none(), "{} runs already", self.name);
        let _ = std::fs::remove_file(self.pid_file());
        let append = |name| File::options().create(true).append(true).open(self.folder.join(name)).expect("a log file");
        let leash = bare("sh")
            .args(["-c", LEASH, "sh"])
            .arg(&self.program)
            .args(&self.arguments)
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("PID_FILE", self.pid_file())
            .env("END", self.end)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(append("stdout"))
            .stderr(append("stderr"))
            .spawn()
            .expect("sh starts");
        self.leash = Some(leash);
    }

    /// Gives it a variable, from its next start on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Ends it without a chance to say goodbye, and waits until it is gone.
    pub fn kill(&mut self) {
        if let Some(mut leash) = self.leash.take() {
            drop(leash.stdin.take());
            let _ = leash.wait();
        }
    }

    /// Asks it to end (SIGTERM) and returns its exit code and how long it took.
    ///
    /// # Panics
    /// When it does not end within twenty seconds.
    pub fn stop(&mut self) -> (Option<i32>, Duration) {
        self.signal("TERM");
        let began = Instant::now();
        let mut leash = self.leash.take().expect("only what runs can be stopped");
        while began.elapsed() < Duration::from_secs(20) {
            if let Some(status) = leash.try_wait().expect("a child of ours") {
                return (status.code(), began.elapsed());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self.leash = Some(leash);
        panic!("{} ignores SIGTERM\n{}", self.name, self.tail());
    }

    /// Sends a signal by name, `STOP` or `CONT` for example.
    ///
    /// # Panics
    /// When it does not run.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").arg(format!("-{signal}")).arg(self.pid().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "{} takes no signal: it is gone\n{}", self.name, self.tail());
    }

    /// The process id of the binary itself.
    ///
    /// # Panics
    /// When it was never started.
    #[must_use]
    pub fn pid(&self) -> u32 {
        let began = Instant::now();
        loop {
            if let Ok(text) = std::fs::read_to_string(self.pid_file()) {
                return text.trim().parse().expect("the leash writes a number");
            }
            assert!(began.elapsed() < Duration::from_secs(10), "{} was never started", self.name);
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Whether it ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.leash.as_mut().is_none_or(|leash| leash.try_wait().is_ok_and(|status| status.is_some()))
    }

    /// Resident memory in bytes.
    #[must_use]
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or_default() * 1024
    }

    /// What it printed on standard output since its first start.
    #[must_use]
    pub fn printed(&self) -> String {
        std::fs::read_to_string(self.folder.join("stdout")).unwrap_or_default()
    }

    /// What it logged (standard error) since its first start.
    #[must_use]
    pub fn logged(&self) -> String {
        std::fs::read_to_string(self.folder.join("stderr")).unwrap_or_default()
    }

    /// The end of its log, for the message of a failed test.
    #[must_use]
    pub fn tail(&self) -> String {
        let logged = self.logged();
        let lines: Vec<&str> = logged.lines().collect();
        format!("--- last lines of {}\n{}\n---", self.name, lines[lines.len().saturating_sub(30)..].join("\n"))
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.join("pid")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A command of the workspace's binary, in an environment that has nothing.
///
/// # Panics
/// When it is not built.
#[must_use]
pub fn command(name: &str) -> Command {
    bare(binary(name))
}

/// A command in an environment that has nothing but, while coverage is measured, where that is written.
fn bare(program: impl AsRef<OsStr>) -> Command {
    const PROFILE: &str = "LLVM_PROFILE_FILE";
    let mut command = Command::new(program);
    command.env_clear().envs(std::env::var_os(PROFILE).map(|file| (PROFILE, file)));
    command
}

/// The path of a binary of the workspace: in `FERROGW_BIN_DIR`, or where cargo puts it, beside the test executable's folder.
///
/// # Panics
/// When it is not built.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    let folder = std::env::var_os("FERROGW_BIN_DIR").map(PathBuf::from).unwrap_or_else(|| {
        let test = std::env::current_exe().expect("the test has a path");
        test.ancestors().nth(2).expect("target/<profile>/deps/<test>").to_owned()
    });
    let path = folder.join(name);
    assert!(path.is_file(), "{} is not built; run `cargo build --workspace --all-targets` (`make test` does)", path.display());
    path
}
