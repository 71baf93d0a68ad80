"""The systems under measurement: the canned upstream, nginx as a plain proxy, the gateway in one process and in two planes."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
RELEASE = ROOT / "target/release"
MASTER_KEY = "bench-master-key-of-this-run"
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def call(method, url, body=None, key=MASTER_KEY, timeout=30):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=timeout) as answer:
        return json.loads(answer.read() or "null")


def wait_until(what, ask, seconds=30.0, pause=0.01):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            answer = ask()
        except (OSError, urllib.error.URLError, ValueError):
            answer = None
        if answer:
            return answer
        time.sleep(pause)
    raise SystemExit(f"bench: not within {seconds:.0f} s: {what}")


class Process:
    """A child and its children, and what the kernel accounts for them."""

    def __init__(self, name, command, environment=None, log=None):
        self.name = name
        output = open(log, "ab") if log else subprocess.DEVNULL
        self.child = subprocess.Popen(command, env=environment, stdout=output, stderr=output, stdin=subprocess.DEVNULL)

    def pids(self):
        children = pathlib.Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text().split()
        return [self.child.pid, *map(int, children)]

    def cpu_seconds(self):
        """User and system time of all its processes."""
        total = 0
        for pid in self.pids():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def resident_mib(self):
        total = 0
        for pid in self.pids():
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            total += int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")))
        return total / 1024

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(20)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()


class Nginx:
    """An nginx of our own, in the foreground, from a configuration text."""

    def __init__(self, name, folder, workers, servers):
        folder = pathlib.Path(folder) / name
        folder.mkdir()
        text = f"""
daemon off; worker_processes {workers}; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off; tcp_nodelay on; keepalive_requests 100000000; client_max_body_size 16m; client_body_buffer_size 256k;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {servers}
}}
"""
        path = folder / "nginx.conf"
        path.write_text(text)
        self.process = Process(name, ["/usr/sbin/nginx", "-p", str(folder), "-c", str(path)])

    def stop(self):
        self.process.stop()


def upstream(folder, answers):
    """Answers each `(path, content type, body)` of `answers` with the same bytes every time."""
    port = free_port()
    places = "".join(place(*answer) for answer in answers)
    server = Nginx("upstream", folder, 1, f"server {{ listen 127.0.0.1:{port} reuseport; {places} }}")
    server.port = port
    return server


def place(path, content_type, body):
    # A parameter of nginx's may be 4 kB long, so the body is put together from pieces.
    pieces = [body[at : at + 3000] for at in range(0, len(body), 3000)]
    sets = "".join(f"set $p{number} '{piece}'; " for number, piece in enumerate(pieces))
    whole = "".join(f"${{p{number}}}" for number in range(len(pieces)))
    return f'location {path} {{ default_type {content_type}; {sets} return 200 "{whole}"; }}\n'


class Proxy:
    """nginx as a plain reverse proxy: the floor."""

    name = "nginx"

    def __init__(self, folder, upstream_port):
        self.port = free_port()
        servers = f"""
upstream canned {{ server 127.0.0.1:{upstream_port}; keepalive 256; keepalive_requests 100000000; }}
server {{
    listen 127.0.0.1:{self.port} reuseport;
    location / {{ proxy_pass http://canned; proxy_http_version 1.1; proxy_set_header Connection ""; }}
}}
"""
        self.server = Nginx("proxy", folder, "auto", servers)
        self.processes = [self.server.process]
        self.key = "none"

    def recorded(self):
        return None

    def url(self, kind):
        return f"http://127.0.0.1:{self.port}/{kind}/v1/chat/completions"

    def model(self, kind):
        return "gpt-4o-mini"

    def stop(self):
        self.server.stop()


class Gateway:
    """ferrogw with key authentication, request log and metrics on; in one process or split."""

    def __init__(self, folder, upstream_port, split, name=None):
        self.name = name or ("ferrogw, two planes" if split else "ferrogw")
        self.folder = pathlib.Path(folder) / self.name.replace(" ", "-").replace(",", "")
        self.folder.mkdir()
        self.split = split
        self.port = free_port()
        self.admin_port = free_port() if split else self.port
        self.grpc_port = free_port()
        self.processes = []
        self.start()
        created = call("POST", self.admin("/admin/keys"), {"name": "bench", "scopes": ["inference"]})
        self.key, self.key_id = created["key"], created["id"]
        call("PUT", self.admin("/admin/config"), self.configuration(upstream_port))
        self.wait_ready()
        wait_until("the key works", lambda: call("GET", f"http://127.0.0.1:{self.port}/v1/models", key=self.key))

    def environment(self, **more):
        shared = {"FERROGW_JOIN_TOKEN": "bench-join-token-of-this-run", "LOG_LEVEL": "warn", "BENCH_UPSTREAM_KEY": "canned-credential"}
        return {"PATH": os.environ["PATH"], **shared, **more}

    def start(self):
        log = self.folder / "log"
        if not self.split:
            environment = self.environment(PORT=str(self.port), FERROGW_DATA_DIR=str(self.folder / "data"), MASTER_KEY=MASTER_KEY)
            self.processes = [Process("ferrogw", [str(RELEASE / "ferrogw")], environment, log)]
        else:
            control = self.environment(
                FERROGW_ADMIN_ADDR=f"127.0.0.1:{self.admin_port}",
                FERROGW_GRPC_ADDR=f"127.0.0.1:{self.grpc_port}",
                FERROGW_DATA_DIR=str(self.folder / "control"),
                MASTER_KEY=MASTER_KEY,
            )
            worker = self.environment(
                PORT=str(self.port),
                FERROGW_CONTROL_PLANE=f"http://127.0.0.1:{self.grpc_port}",
                FERROGW_DATA_DIR=str(self.folder / "worker"),
            )
            self.processes = [
                Process("worker", [str(RELEASE / "ferrogw-data-plane")], worker, log),
                Process("control plane", [str(RELEASE / "ferrogw-control-plane")], control, log),
            ]
        wait_until("the admin side answers", lambda: call("GET", self.admin("/admin/config/history")))

    def configuration(self, upstream_port):
        root = f"http://127.0.0.1:{upstream_port}"
        target = lambda kind: {
            "name": kind,
            "provider": "openai",
            "base_url": f"{root}/{kind}/v1",
            "api_key": "${BENCH_UPSTREAM_KEY}",
            "models": {self.model(kind): "gpt-4o-mini"},
        }
        return {"strategy": {"mode": "fallback"}, "targets": [target("whole"), target("streamed")]}

    def admin(self, path):
        return f"http://127.0.0.1:{self.admin_port}{path}"

    def url(self, _kind):
        return f"http://127.0.0.1:{self.port}/v1/chat/completions"

    def model(self, kind):
        return f"gpt-4o-mini-{kind}"

    def wait_ready(self):
        def ready():
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200

        wait_until("the worker is ready", ready)

    def recorded(self):
        """Requests that are accounted for: the key's uses, which move with the log's rows and cost next to nothing to read."""
        return call("GET", self.admin(f"/admin/keys/{self.key_id}"))["usage_count"]

    def logged(self):
        """Rows in the log; counting them costs, so it is done outside of what is measured."""
        return call("GET", self.admin("/admin/logs/stats"), timeout=120)["summary"]["total_entries"]

    def stop(self):
        for process in self.processes:
            process.stop()
