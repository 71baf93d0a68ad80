#!/usr/bin/env python3
"""Measures the gateway beside plain nginx: one canned upstream, interleaved rounds, CPU from the kernel's own accounting.

    make bench        the whole table
    BENCH_SECONDS=1 BENCH_ROUNDS=1 make bench    a quick look

A row is printed only when every answer was a 200 and every request of the gateway's is in its log. The table goes to standard
output, everything measured to target/bench.json. Figures compare within one run and nowhere else.
"""

import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import startup
import systems
from systems import ROOT, Gateway, Proxy, wait_until

SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
CONNECTIONS = [1, 8, 64]
SIZES = {"350 B": 350, "50 kB": 50_000}
KINDS = {"whole": "whole", "200 frames": "streamed"}


def answers():
    """A completion of 0.8 kB, and a stream of 200 frames."""
    text = "The quick brown fox jumps over the lazy dog while the canned upstream says the same thing every time. " * 4
    usage = {"prompt_tokens": 60, "completion_tokens": 200, "total_tokens": 260}
    head = {"id": "chatcmpl-bench", "created": 1_700_000_000, "model": "gpt-4o-mini"}
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    whole = json.dumps({**head, "object": "chat.completion", "choices": [choice], "usage": usage})

    def frame(delta, finish=None, **more):
        choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
        return "data: " + json.dumps({**head, "object": "chat.completion.chunk", "choices": choices, **more}) + "\n\n"

    frames = [frame({"role": "assistant", "content": ""})] + [frame({"content": f" word{number}"}) for number in range(197)]
    last = "data: " + json.dumps({**head, "object": "chat.completion.chunk", "choices": [], "usage": usage}) + "\n\n"
    streamed = "".join([*frames, frame({}, "stop"), last, "data: [DONE]\n\n"])
    return [("/whole/", "application/json", whole), ("/streamed/", "text/event-stream", streamed)]


def body(model, size, streamed):
    request = {"model": model, "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": ""}]}
    if streamed:
        request |= {"stream": True, "stream_options": {"include_usage": True}}
    missing = size - len(json.dumps(request))
    words = "lorem ipsum dolor sit amet consectetur adipiscing elit " * (size // 55 + 1)
    request["messages"][1]["content"] = words[: max(missing, 1)]
    return json.dumps(request)


class Refused(Exception):
    """A row that must not be printed."""


def load(url, key, request, connections, seconds, folder):
    """One round of wrk."""
    path = pathlib.Path(folder) / "body.json"
    path.write_text(request)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(ROOT / "bench/post.lua"), url]
    environment = {**os.environ, "BENCH_BODY": str(path), "BENCH_KEY": key}
    output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    result = json.loads(next(line for line in output.splitlines() if line.startswith("BENCH "))[6:])
    if result["errors"] or not result["requests"]:
        raise Refused(f"{result['errors']} of {result['requests']} answers were not 200 at {url}\n{output}")
    return result


def round_of(system, kind, size, connections, folder, seconds=SECONDS):
    """One round on one system, with the CPU that its processes took until every record was stored."""
    request = body(system.model(kind), size, kind == "streamed")
    recorded = system.recorded()
    before = [process.cpu_seconds() for process in system.processes]
    result = load(system.url(kind), system.key, request, connections, f"{seconds:g}", folder)
    if recorded is not None:
        # wrk leaves with requests under way; those are recorded too, so there may be more, never fewer.
        wanted = recorded + result["requests"]
        stored = wait_until("every record is stored", lambda: (count := system.recorded()) >= wanted and count, 120, 0.05)
        if stored > wanted + connections:
            raise Refused(f"{stored - recorded} records of {result['requests']} requests")
    after = [process.cpu_seconds() for process in system.processes]
    names = [process.name for process in system.processes]
    result["cpu_us"] = {n: (a - b) / result["requests"] * 1e6 for n, a, b in zip(names, after, before)}
    result["resident_mib"] = {process.name: process.resident_mib() for process in system.processes}
    return result


def median(rounds, of):
    return statistics.median(of(one) for one in rounds)


def row(name, rounds, floor):
    names = rounds[0]["cpu_us"].keys()
    return {
        "system": name,
        "requests_per_second": median(rounds, lambda r: r["requests"] / r["seconds"]),
        "p50_us": median(rounds, lambda r: r["p50_us"]),
        "p99_us": median(rounds, lambda r: r["p99_us"]),
        "added_p50_us": median(rounds, lambda r: r["p50_us"]) - median(floor, lambda r: r["p50_us"]),
        "added_p99_us": median(rounds, lambda r: r["p99_us"]) - median(floor, lambda r: r["p99_us"]),
        "cpu_us": {n: median(rounds, lambda r, n=n: r["cpu_us"][n]) for n in names},
        "resident_mib": {n: median(rounds, lambda r, n=n: r["resident_mib"][n]) for n in names},
    }


def per_process(figures, form):
    return " + ".join(form.format(figure) for figure in figures.values())


def print_case(title, rows):
    proxy = sum(next(r for r in rows if r["system"] == "nginx")["cpu_us"].values())
    print(f"\n### {title}\n")
    print("| system | requests/s | added p50 µs | added p99 µs | CPU µs/request | × nginx | RSS MiB |")
    print("|---|---|---|---|---|---|---|")
    for r in rows:
        times = " + ".join(f"{figure / proxy:.2f}" for figure in r["cpu_us"].values())
        print(
            f"| {r['system']} | {r['requests_per_second']:,.0f} | {r['added_p50_us']:,.0f} | {r['added_p99_us']:,.0f} "
            f"| {per_process(r['cpu_us'], '{:.1f}')} | {times} | {per_process(r['resident_mib'], '{:.1f}')} |"
        )
    sys.stdout.flush()


class Floor:
    """The upstream itself, asked without anything between."""

    name = "upstream"
    processes = []
    key = "none"

    def __init__(self, port):
        self.port = port

    def recorded(self):
        return None

    def url(self, kind):
        return f"http://127.0.0.1:{self.port}/{kind}/v1/chat/completions"

    def model(self, kind):
        return "gpt-4o-mini"


def measure(title, compared, kind, size, connections, folder):
    rounds = {system.name: [] for system in compared}
    for number in range(ROUNDS):
        # Every other round in the opposite order, so that no system always follows the same one.
        for system in compared if number % 2 == 0 else reversed(compared):
            rounds[system.name].append(round_of(system, kind, size, connections, folder))
    for system in compared:
        if system.recorded() is not None and system.logged() != system.recorded():
            raise Refused(f"{system.name}: {system.logged()} rows in the log for {system.recorded()} requests")
    floor = rounds.pop("upstream")
    rows = [row(name, measured, floor) for name, measured in rounds.items()]
    print_case(title, rows)
    return {"case": title, "rows": rows}


def warm_up(compared, folder):
    for system in compared:
        for kind in KINDS.values():
            round_of(system, kind, 350, 8, folder, seconds=1)


def table(folder, port):
    proxy, whole, split = Proxy(folder, port), Gateway(folder, port, split=False), Gateway(folder, port, split=True)
    compared = [Floor(port), proxy, whole, split]
    cases, refused = [], 0
    try:
        idle = {process.name: process.resident_mib() for process in whole.processes + split.processes}
        print("Idle, before the first request:", ", ".join(f"{name} {mib:.1f} MiB" for name, mib in idle.items()))
        warm_up(compared, folder)
        for label, kind in KINDS.items():
            for size_label, size in SIZES.items():
                for connections in CONNECTIONS:
                    title = f"{size_label} chat, {label}, {connections} connections".replace("1 connections", "1 connection")
                    try:
                        cases.append(measure(title, compared, kind, size, connections, folder))
                    except Refused as reason:
                        refused += 1
                        print(f"\n### {title}\n\nnot printed: {reason}")
    finally:
        for system in compared[1:]:
            system.stop()
    return {"idle_mib": idle, "cases": cases}, refused


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    return f"{os.cpu_count()} cores of {model}, Linux {platform.release()}"


def main():
    for program in ["wrk", "/usr/sbin/nginx"]:
        if not shutil.which(program):
            raise SystemExit(f"bench: {program} is missing; `make bench-deps` installs it")
    folder = tempfile.mkdtemp(prefix="ferrogw-bench-")
    began = time.time()
    print(f"{machine()}; {ROUNDS} rounds of {SECONDS:g} s per system and case, interleaved, medians")
    upstream = systems.upstream(folder, answers())
    try:
        results, refused = table(folder, upstream.port)
        results["start"] = startup.measure(folder)
        results["keys"] = startup.compare_keys(folder, upstream.port, round_of, ROUNDS)
    finally:
        upstream.stop()
        shutil.rmtree(folder, ignore_errors=True)
    results |= {"machine": machine(), "took_seconds": time.time() - began, "rounds": ROUNDS, "seconds": SECONDS}
    (ROOT / "target/bench.json").write_text(json.dumps(results, indent=2) + "\n")
    print("\nEverything measured is in target/bench.json.")
    sys.exit(1 if refused else 0)


if __name__ == "__main__":
    main()
