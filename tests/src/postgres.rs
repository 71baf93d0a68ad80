//! PostgreSQL for the suite: a cluster of our own, in a temporary folder, on a free port, as an ordinary user.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::{Process, folders, ports};

/// The server refuses to run as root, so there it runs as the user that the package made, without a process between.
const AS_POSTGRES: &[&str] = &["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"];

/// A cluster; it ends with the value, or with the test run.
#[derive(Debug)]
pub struct Cluster {
    port: u16,
    server: Process,
}

impl Cluster {
    /// A fresh cluster, started.
    ///
    /// # Panics
    /// When PostgreSQL's programs are missing or refuse.
    #[must_use]
    pub fn start() -> Self {
        let (folder, port) = (folders::fresh("postgres"), ports::free());
        let data = folder.join("data");
        let user = if is_root() { AS_POSTGRES } else { &[] };
        if is_root() {
            must(Command::new("chown").arg("postgres").arg(&folder));
        }
        let initdb = program("initdb");
        let mut words = user.iter().map(OsStr::new).chain([initdb.as_os_str()]);
        let mut command = Command::new(words.next().expect("at least initdb"));
        command.args(words).arg("--pgdata").arg(&data).current_dir(&folder);
        must(command.args(["--auth=trust", "--no-sync", "--username=ferrogw", "--encoding=UTF8", "--locale=C"]));

        let server = program("postgres");
        let mut words = user.iter().map(OsStr::new).chain([server.as_os_str()]);
        let mut server = Process::new(Path::new(words.next().expect("at least postgres")), &folder).ended_by("QUIT");
        for word in words {
            server = server.arg(word);
        }
        server = server.arg("-D").arg(&data).arg("-p").arg(port.to_string());
        for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=200"] {
            server = server.arg("-c").arg(setting);
        }
        let mut cluster = Self { port, server };
        cluster.up();
        cluster
    }

    /// Starts the server (again) and waits until it answers.
    ///
    /// # Panics
    /// When it does not.
    pub fn up(&mut self) {
        self.server.start();
        let began = Instant::now();
        while !self.psql("postgres", "SELECT 1").is_ok_and(|output| output.status.success()) {
            assert!(began.elapsed() < Duration::from_secs(20), "PostgreSQL does not start\n{}", self.server.tail());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Takes the server away as a crash would.
    pub fn down(&mut self) {
        self.server.kill();
    }

    /// A new empty database; returns its DSN.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn database(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("it_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let _ = self.query("postgres", &format!("CREATE DATABASE {name}"));
        self.dsn(&name)
    }

    /// The port that it listens on; everybody who reaches it is its superuser `ferrogw`.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Runs one statement and returns what `psql` prints, bare.
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn query(&self, database: &str, statement: &str) -> String {
        let output = self.psql(database, statement).expect("psql is installed");
        assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Keeps everybody else from a table of the newest database until the value is dropped.
    ///
    /// # Panics
    /// When there is no such table.
    #[must_use]
    pub fn lock(&self, table: &str) -> Lock {
        let newest =
            self.query("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'it_%' ORDER BY oid DESC LIMIT 1");
        let mut session = Command::new("psql")
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--dbname"])
            .arg(self.dsn(&newest))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("psql is installed");
        let mut said = BufReader::new(session.stdout.take().expect("a pipe"));
        let statement = format!("BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT 'locked';\n");
        session.stdin.as_mut().expect("a pipe").write_all(statement.as_bytes()).expect("psql listens");
        let mut line = String::new();
        said.read_line(&mut line).expect("psql answers");
        assert_eq!(line.trim(), "locked", "{table} of {newest}");
        Lock { session }
    }

    fn dsn(&self, database: &str) -> String {
        format!("postgresql://ferrogw@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    fn psql(&self, database: &str, statement: &str) -> std::io::Result<Output> {
        Command::new("psql")
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--dbname"])
            .arg(self.dsn(database))
            .args(["--command", statement])
            .output()
    }
}

/// A table that nobody else can touch.
#[derive(Debug)]
pub struct Lock {
    session: Child,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The end of its input ends the session, and that the transaction.
        drop(self.session.stdin.take());
        let _ = self.session.wait();
    }
}

fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| version.path().join("bin").join(name)).filter(|path| path.is_file()).max();
    debian.unwrap_or_else(|| PathBuf::from(name))
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}

fn must(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; `make deps` installs PostgreSQL"));
    assert!(
        output.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
