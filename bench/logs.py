#!/usr/bin/env python3
"""Measures how long the dashboard's pages wait for the admin API with ten million logged requests in PostgreSQL.

    make bench-logs                        ten million; takes about half an hour and 12 GB
    python3 bench/logs.py --rows 100000    a quick look
    python3 bench/logs.py --folder DIR     keeps the seeded database in DIR, and measures there again the next time

The aim: every page answers in under 300 ms. Each question is asked once with cold caches (the database started anew, its files dropped
from the page cache) and then ten times warm, or fewer times if that takes longer than ten seconds. The table is printed only when what
/admin/usage tells over all time is what the rows add up to. It goes to standard output, what the database planned for slow questions to
target/bench-logs-plans.txt.
"""

import argparse
import http.client
import json
import os
import pathlib
import shutil
import signal
import statistics
import sys
import tempfile
import time

import log_pages
import log_rows
from bench import Refused, machine
from cluster import Cluster
from systems import MASTER_KEY, ROOT, Process, call, free_port, wait_until

LIMIT_MS = 300
WARM = 10
# A question that takes for ever is not asked ten times more.
PATIENCE = 10.0
PROFILES = ["release", "quick", "debug"]


def control_plane_binary():
    """The best build there is; which one it was decides what the figures are worth."""
    found = [ROOT / "target" / profile / "ferrogw-control-plane" for profile in PROFILES]
    found = [path for path in found if path.exists()]
    if not found:
        raise SystemExit("bench: no ferrogw-control-plane in target; `make build` builds it")
    return found[0]


class ControlPlane:
    """A control plane with all its stores on the cluster, and one connection to it that is kept, as a browser keeps its own."""

    def __init__(self, folder, cluster, port):
        self.port = port or free_port()
        grpc = port + 1 if port else free_port()
        stores = {}
        for area in ["CONFIG", "API_KEY", "REQUEST_LOG"]:
            stores |= {f"{area}_STORE_BACKEND": "postgres", f"{area}_STORE_DSN": cluster.dsn}
        environment = {
            "PATH": os.environ["PATH"],
            "MASTER_KEY": MASTER_KEY,
            # A folder that is kept grows old.
            "REQUEST_LOG_RETENTION": "forever",
            "FERROGW_JOIN_TOKEN": "bench-join-token-of-this-run",
            "FERROGW_ADMIN_ADDR": f"127.0.0.1:{self.port}",
            "FERROGW_GRPC_ADDR": f"127.0.0.1:{grpc}",
            "FERROGW_DATA_DIR": str(folder / "control-plane"),
            "LOG_LEVEL": "warn",
            **stores,
        }
        self.process = Process("control plane", [str(control_plane_binary())], environment, folder / "control-plane.log")
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        wait_until("the admin API answers", lambda: self.get("/admin/config/history"), 120, 0.1)

    def call(self, method, path, body=None):
        return call(method, f"http://127.0.0.1:{self.port}{path}", body, timeout=120)

    def get(self, path):
        return self.call("GET", path)

    def timed(self, path):
        """Milliseconds until the whole answer is there, and its status."""
        began = time.perf_counter()
        self.connection.request("GET", path, headers={"Authorization": f"Bearer {MASTER_KEY}"})
        answer = self.connection.getresponse()
        answer.read()
        return (time.perf_counter() - began) * 1000, answer.status

    def stop(self):
        self.process.stop()


def seed(cluster, control, rows):
    """Makes the keys and fills the tables; what was seeded is told by a file beside the cluster."""
    told = cluster.folder / "seeded.json"
    if told.exists():
        return json.loads(told.read_text())
    began, end_us = time.monotonic(), time.time_ns() // 1000
    keys = [control.call("POST", "/admin/keys", {"name": f"team-{n}", "scopes": ["inference"]})["id"] for n in range(log_rows.KEYS)]
    print(f"Seeding {rows:,} requests", flush=True)
    log_rows.fill(cluster, rows, keys, end_us)
    seeded = {"rows": rows, "end_us": end_us, "keys": keys, "seconds": time.monotonic() - began}
    told.write_text(json.dumps(seeded))
    return seeded


def check(cluster, control, seeded):
    """What roll-ups tell has to be what the rows add up to."""
    columns = "count(*), count(error_class), sum(input + cache_read + cache_write + cache_write_1h), sum(output), sum(cost_nanos)"
    requests, errors, prompt, completion, cost = (int(n) for n in cluster.sql(f"SELECT {columns} FROM request_log")[0])
    since = (seeded["end_us"] - (log_rows.DAYS + 1) * 86_400_000_000) // 1_000_000
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(since))
    for group in ["model", "provider", "key"]:
        usage = control.get(log_pages.path("/admin/usage", since=since, points=72, group_by=group))
        told = usage["summary"]
        found = [told["requests"], told["errors"], told["prompt_tokens"], told["completion_tokens"]]
        groups = sum(one["requests"] for one in usage["groups"])
        measured = told["latency_ms"]["count"]
        if found != [requests, errors, prompt, completion] or not groups == measured == requests == seeded["rows"]:
            raise Refused(f"usage by {group} tells {found}, {groups} in groups, {measured} measured; the log holds {requests} requests")
        if abs(told["cost_usd"] - cost / 1e9) > 0.01:
            raise Refused(f"usage tells a cost of {told['cost_usd']}, the log {cost / 1e9}")


def spent(cluster):
    """Milliseconds that the database planned and executed since the last reset."""
    rows = cluster.sql("SELECT coalesce(sum(total_plan_time + total_exec_time), 0) FROM pg_stat_statements WHERE query ~ '\"'")
    return float(rows[0][0])


def measure(cluster, control, question):
    page, what, path = question
    cluster.forget()
    # The pool's first connection is made anew; a page that somebody has open has one.
    wait_until("the database is there again", lambda: control.get("/admin/session") and control.get("/admin/sessions"), 60, 0.1)
    cold, status = control.timed(path)
    cluster.sql("SELECT pg_stat_statements_reset()")
    warm, began = [], time.monotonic()
    while len(warm) < WARM and time.monotonic() - began < PATIENCE:
        took, again = control.timed(path)
        status = max(status, again)
        warm.append(took)
    database = spent(cluster) / len(warm)
    return {"page": page, "what": what, "path": path, "status": status, "cold": cold, "warm": warm, "database": database}


def row(result):
    middle, worst, cold = statistics.median(result["warm"]), max(result["warm"]), result["cold"]
    mark = lambda took: f"**{took:,.0f}**" if took > LIMIT_MS else f"{took:,.1f}" if took < 10 else f"{took:,.0f}"
    what = result["what"] if result["status"] == 200 else f"{result['what']} (status {result['status']})"
    return f"| {result['page']} | {what} | {mark(middle)} | {mark(worst)} | {mark(cold)} | {result['database']:,.1f} |"


def slow(result):
    return result["status"] != 200 or max(*result["warm"], result["cold"]) > LIMIT_MS


def plans(cluster, control, results):
    """What the database did for each slow question, as it explains it itself."""
    texts = []
    cluster.sql("ALTER SYSTEM SET auto_explain.log_min_duration = 20")
    cluster.sql("SELECT pg_reload_conf()")
    time.sleep(0.5)
    for result in filter(slow, results):
        before = cluster.log.stat().st_size
        took, _ = control.timed(result["path"])
        with open(cluster.log, "rb") as log:
            log.seek(before)
            text = log.read().decode(errors="replace")
        texts.append(f"### {result['page']}: {result['what']} ({took:,.0f} ms)\n{result['path']}\n\n{text}\n")
    cluster.sql("ALTER SYSTEM RESET auto_explain.log_min_duration")
    cluster.sql("SELECT pg_reload_conf()")
    (ROOT / "target/bench-logs-plans.txt").write_text("\n".join(texts))


def sizes(cluster):
    tables = "SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class WHERE relname IN ('request_log', 'rollup')"
    told = [f"{name} {int(rows) / 1e9:.2f} GB and {int(indexes) / 1e9:.2f} GB of indexes" for name, rows, indexes in cluster.sql(tables)]
    counted = cluster.sql("SELECT count(*) FROM rollup")[0][0]
    return f"{', '.join(told)}; {int(counted):,} roll-ups; {cluster.size() / 1e9:.1f} GB in all"


def measured(cluster, control, only):
    known = log_pages.Known(cluster, *control.seeded)
    results = []
    print("\n| page | what is asked | median ms | worst ms | cold ms | of it database ms |\n|---|---|---|---|---|---|")
    for question in log_pages.questions(known):
        if only in f"{question[0]}: {question[1]}":
            results.append(measure(cluster, control, question))
            print(row(results[-1]), flush=True)
    return results


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000, help="how many requests (10,000,000)")
    parser.add_argument("--folder", type=pathlib.Path, help="where the database is kept, and found again the next time")
    parser.add_argument("--port", type=int, default=0, help="the first of three ports that are used; any free ones otherwise")
    parser.add_argument("--only", default="", help="only questions with this text in `page: what`")
    return parser.parse_args()


def run(folder, said):
    cluster = Cluster(folder / "postgres", said.port + 2 if said.port else free_port())
    try:
        control = ControlPlane(folder, cluster, said.port)
        try:
            cluster.sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            seeded = seed(cluster, control, said.rows)
            check(cluster, control, seeded)
            os.sync()
            profile = control_plane_binary().parent.name
            print(f"\n{machine()}; {seeded['rows']:,} requests seeded in {seeded['seconds']:.0f} s; {sizes(cluster)}; control plane of profile {profile}")
            control.seeded = (seeded["end_us"], seeded["keys"])
            results = measured(cluster, control, said.only)
            plans(cluster, control, results)
        finally:
            control.stop()
    finally:
        cluster.stop()
    late = [result for result in results if slow(result)]
    print(f"\n{len(late)} of {len(results)} questions took longer than {LIMIT_MS} ms at least once.")
    (ROOT / "target/bench-logs.json").write_text(json.dumps({"seeded": seeded, "machine": machine(), "profile": profile, "results": results}, indent=2) + "\n")


def main():
    said = arguments()
    # Whoever ends this ends the database and the control plane too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = said.folder or pathlib.Path(tempfile.mkdtemp(prefix="ferrogw-bench-logs-"))
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    # The database's owner has to get through.
    folder.chmod(0o755)
    try:
        run(folder, said)
    except Refused as reason:
        raise SystemExit(f"bench: no table is printed: {reason}")
    finally:
        if not said.folder:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
