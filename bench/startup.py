"""How fast a process is ready, and whether many keys make a request dearer."""

import hashlib
import os
import pathlib
import secrets
import sqlite3
import statistics
import time
import urllib.error
import urllib.request
import uuid

from systems import MASTER_KEY, RELEASE, Gateway, Process, call, free_port, wait_until

STARTS = 9
MANY_KEYS = 100_000


def ready_after(process_of, port):
    """Seconds from the start of a process to its first 200 on /readyz."""
    began = time.perf_counter()
    process = process_of()
    url = f"http://127.0.0.1:{port}/readyz"
    while time.perf_counter() - began < 10:
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return time.perf_counter() - began, process
        except (OSError, urllib.error.URLError):
            pass
        time.sleep(0.0005)
    process.stop()
    raise SystemExit(f"bench: not ready within ten seconds: {process.name}")


def measure(folder):
    """Cold start to ready: the whole gateway on an empty data directory, and again on the one that it made."""
    folder = pathlib.Path(folder) / "start"
    folder.mkdir()
    times = {"ferrogw, empty data directory": [], "ferrogw, again": []}
    for number in range(STARTS):
        data, port = folder / f"data-{number}", free_port()
        environment = {"PATH": os.environ["PATH"], "PORT": str(port), "FERROGW_DATA_DIR": str(data), "MASTER_KEY": MASTER_KEY, "LOG_LEVEL": "warn"}
        for name in times:
            seconds, process = ready_after(lambda: Process("ferrogw", [str(RELEASE / "ferrogw")], environment), port)
            times[name].append(seconds)
            process.stop()
    medians = {name: statistics.median(seconds) * 1000 for name, seconds in times.items()}
    print("\n### Cold start to ready\n")
    print(*(f"* {name}: {ms:.0f} ms" for name, ms in medians.items()), sep="\n")
    return medians


def seed_keys(database, count):
    """Adds keys straight to the stopped store, as copies of one that the API made."""
    connection = sqlite3.connect(database)
    columns = [column[1] for column in connection.execute("PRAGMA table_info(api_key)")]
    template = dict(zip(columns, connection.execute("SELECT * FROM api_key LIMIT 1").fetchone()))
    revision = connection.execute("SELECT revision FROM key_revision").fetchone()[0]

    def copies():
        for number in range(1, count + 1):
            digest = hashlib.sha256(secrets.token_bytes(32)).digest()
            copy = {**template, "id": uuid.uuid4().bytes, "digest": digest, "revision": revision + number, "name": f"bench-{number}"}
            yield [copy[column] for column in columns]

    with connection:
        connection.executemany(f"INSERT INTO api_key VALUES ({','.join('?' * len(columns))})", copies())
        connection.execute("UPDATE key_revision SET revision = ?", [revision + count])
    connection.close()


def compare_keys(folder, upstream_port, round_of, rounds):
    """CPU per request of a worker that knows ten keys, and of one that knows a hundred thousand; interleaved."""
    gateways = {}
    for count in [10, MANY_KEYS]:
        gateway = Gateway(folder, upstream_port, split=True, name=f"{count} keys")
        for process in gateway.processes:
            process.stop()
        seed_keys(gateway.folder / "control/ferrogw.db", count - 1)
        gateway.start()
        gateway.wait_ready()
        wait_until("all keys are on the worker", lambda g=gateway: call("GET", f"http://127.0.0.1:{g.port}/v1/models", key=g.key))
        gateways[count] = gateway
    try:
        measured = {count: [] for count in gateways}
        for _ in range(max(rounds, 3)):
            for count, gateway in gateways.items():
                measured[count].append(round_of(gateway, "whole", 350, 64, folder))
        cost = {count: statistics.median(r["cpu_us"]["worker"] for r in all_of) for count, all_of in measured.items()}
        memory = {count: measured[count][-1]["resident_mib"]["worker"] for count in cost}
    finally:
        for gateway in gateways.values():
            gateway.stop()
    few, many = cost[10], cost[MANY_KEYS]
    print("\n### Keys (350 B chat, 64 connections, the worker's process)\n")
    print(f"* 10 keys: {few:.1f} µs/request, {memory[10]:.1f} MiB\n* {MANY_KEYS:,} keys: {many:.1f} µs/request, {memory[MANY_KEYS]:.1f} MiB")
    print(f"* difference: {(many / few - 1) * 100:+.1f} %")
    return {"cpu_us": {str(count): us for count, us in cost.items()}, "resident_mib": {str(count): mib for count, mib in memory.items()}}
