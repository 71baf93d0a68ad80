"""The composition of docker-compose.yml, as the tests handle it: started, looked at, and hurt."""

import json
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Trouble(Exception):
    """Something did not come about; the message says what."""


def run(*command, **environment):
    """A command's output; its errors are shown when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environment})
    if done.returncode:
        raise Trouble(f"`{shlex.join(command)}` failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout.strip()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(what, found, seconds=60):
    """The first true answer of `found`, which is asked again and again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(0.2)
    raise Trouble(f"not within {seconds} s: {what}")


class Composition:
    """One project of the Compose program `command`, on images with the tag `tag`."""

    def __init__(self, command, tag, **variables):
        self.command = shlex.split(command)
        self.project = f"ferrogwtest{os.getpid()}"
        self.port, self.admin_port = free_port(), free_port()
        self.variables = {"PORT": str(self.port), "ADMIN_PORT": str(self.admin_port), "FERROGW_TAG": tag, **variables}

    def compose(self, *words):
        return run(*self.command, "--project-name", self.project, *words, **self.variables)

    def up(self):
        self.compose("up", "--detach", "--no-build")
        wait_until("every service is healthy", self.is_well, 120)

    def down(self):
        self.compose("down", "--volumes", "--timeout", "1")

    def is_well(self):
        states = run("docker", "ps", "--filter", f"label=com.docker.compose.project={self.project}", "--format", "{{.Status}}")
        states = states.splitlines()
        return len(states) >= 5 and all("(healthy)" in state for state in states)

    def scale(self, workers):
        self.compose("up", "--detach", "--no-build", "--no-deps", "--no-recreate", "--scale", f"data-plane={workers}", "data-plane")

    def containers(self, service):
        """Ids of a service's running containers, oldest first."""
        return run(
            "docker", "ps", "--quiet", "--no-trunc",
            "--filter", f"label=com.docker.compose.project={self.project}",
            "--filter", f"label=com.docker.compose.service={service}",
        ).splitlines()[::-1]

    def crash(self, service):
        """Kills the first process of a service's container as a defect would, so that its restart policy holds."""
        container = self.containers(service)[0]
        return container, self.kill(container)

    def crash_and_stay_away(self, service):
        """Kills it when nobody starts it again."""
        container = self.containers(service)[0]
        run("docker", "update", "--restart", "no", container)
        return container, self.kill(container)

    @staticmethod
    def kill(container):
        """Kills a container's first process; the instant at which that happened."""
        process = int(run("docker", "inspect", "--format", "{{.State.Pid}}", container))
        os.kill(process, signal.SIGKILL)
        return time.time()

    def start(self, container):
        run("docker", "update", "--restart", "unless-stopped", container)
        run("docker", "start", container)

    def network(self, verb, network, container):
        run("docker", "network", verb, f"{self.project}_{network}", container)

    def await_healthy(self, container, seconds=60):
        state = ("docker", "inspect", "--format", "{{.State.Health.Status}}", container)
        wait_until(f"container {container[:12]} is healthy", lambda: run(*state) == "healthy", seconds)

    def logs(self, service):
        """What a service printed and logged."""
        logs = (["docker", "logs", container] for container in self.containers(service))
        return "\n".join(subprocess.run(log, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout for log in logs)

    def sql(self, statement):
        """Rows of a statement, each a list of strings."""
        container = self.containers("postgres")[0]
        text = run("docker", "exec", container, "psql", "-U", "ferrogw", "-d", "ferrogw", "-tA", "-F", "\t", "-c", statement)
        return [line.split("\t") for line in text.splitlines()]

    def admin(self, method, path, key, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.admin_port}{path}", method=method, data=json.dumps(body).encode() if body else None,
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    @property
    def api(self):
        return f"http://127.0.0.1:{self.port}/v1"
