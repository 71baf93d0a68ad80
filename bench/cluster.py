"""A PostgreSQL of our own: started, asked, and made to forget what it has in memory.

Its settings are the stock ones but for the size of its cache. What makes a cluster safe against a power cut is off, which reading does
not notice; autovacuum is off too, so that it does not run in the middle of a measurement.
"""

import glob
import os
import pathlib
import shutil
import subprocess

SETTINGS = """
listen_addresses = '127.0.0.1'
shared_buffers = 1GB
effective_cache_size = 3GB
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 512MB
autovacuum = off
shared_preload_libraries = 'pg_stat_statements, auto_explain'
pg_stat_statements.track_planning = on
auto_explain.log_min_duration = -1
auto_explain.log_analyze = on
auto_explain.log_buffers = on
auto_explain.log_parameter_max_length = 200
"""


def programs():
    """The folder of the server's programs, newest version last in the alphabet of Debian's layout."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: float(path.split("/")[-2]))
    folder = found[-1] if found else shutil.which("initdb") and os.path.dirname(shutil.which("initdb"))
    if not folder:
        raise SystemExit("bench: PostgreSQL's server programs were not found; install the package postgresql")
    return pathlib.Path(folder)


class Cluster:
    """One database `postgres` of the superuser `ferrogw`, which only this machine reaches. As root it runs as the user `postgres`."""

    def __init__(self, folder, port):
        self.folder, self.port = pathlib.Path(folder), port
        self.data, self.log = self.folder / "data", self.folder / "log"
        self.programs = programs()
        self.dsn = f"postgres://ferrogw@127.0.0.1:{port}/postgres?sslmode=disable"
        if not self.data.exists():
            self.create()
        self.control("start", "--options", f"-p {port} -k {self.folder}")

    def owned(self, *command):
        """Runs a command as the cluster's owner, which PostgreSQL does not want to be root."""
        owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        done = subprocess.run([*owner, *map(str, command)], cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"bench: {command[0]} failed: {done.stderr or done.stdout}")

    def create(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        common = ["--username", "ferrogw", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
        self.owned(self.programs / "initdb", "--pgdata", self.data, *common)
        with open(self.data / "postgresql.conf", "a") as settings:
            settings.write(SETTINGS)

    def control(self, action, *more):
        # The server keeps what it is started with, so its output goes to its log and not to a pipe that nobody reads.
        self.owned(self.programs / "pg_ctl", "--pgdata", self.data, "--log", self.log, "--wait", "--timeout", "300", *more, action)

    def sql(self, statements, **settings):
        """Runs statements one after the other and gives the last one's rows as lists of texts."""
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        environment = {**os.environ, "PGOPTIONS": options}
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "ferrogw", "-d", "postgres"]
        command = ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", *address]
        done = subprocess.run(command, input=statements, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"bench: psql: {done.stderr}\n{statements[:2000]}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def forget(self):
        """Starts the server anew and drops its files from the page cache, so that the next reader waits for the disk."""
        self.control("restart", "--mode", "fast", "--options", f"-p {self.port} -k {self.folder}")
        for path in self.data.rglob("*"):
            if path.is_file() and path.stat().st_size:
                with open(path, "rb") as file:
                    # Only what is written can be dropped.
                    os.fdatasync(file.fileno())
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def size(self):
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.data.rglob("*") if path.is_file())

    def stop(self):
        self.control("stop", "--mode", "fast")
