#!/usr/bin/env python3
"""Brings docker-compose.yml up for real, on images packed from programs that are built already, and drives it with the OpenAI SDK.

    run.py short     up, a streamed chat through each of two workers, a record of each in PostgreSQL, down
    run.py full      the same with every Compose program that is here, then faults under load, counted against PostgreSQL

`make test-compose` and `make test-compose-short` start this with an engine: see scripts/with-engine.sh.
"""

import asyncio
import contextlib
import os
import secrets
import sys
import time

import openai

import ledger
from composition import ROOT, Composition, Trouble, run, wait_until
from faults import Faults
from load import Load
from provider import Provider

IMAGES = ["ferrogw-data-plane", "ferrogw-control-plane", "ferrogw-gateway"]


def programs():
    """Where the newest programs are that are built already."""
    folders = [os.environ["FERROGW_BIN_DIR"]] if "FERROGW_BIN_DIR" in os.environ else ["target/release", "target/quick", "target/debug"]
    built = [ROOT / folder for folder in folders if (ROOT / folder / "ferrogw-data-plane").is_file()]
    if not built:
        raise Trouble("nothing is built; run `cargo build --workspace --all-targets` (`make test-compose` does)")
    return str(max(built, key=lambda folder: (folder / "ferrogw-data-plane").stat().st_mtime))


def pack(tag):
    began, folder = time.monotonic(), programs()
    run("scripts/images.sh", folder, *IMAGES, FERROGW_TAG=tag)
    print(f"images packed from {folder} in {time.monotonic() - began:.0f} s", flush=True)


@contextlib.contextmanager
def composition(command, tag, **variables):
    """One that is up, and gone afterwards."""
    project, began = Composition(command, tag, **variables), time.monotonic()
    try:
        project.up()
        print(f"`{command} up` to healthy took {time.monotonic() - began:.0f} s", flush=True)
        yield project
    except BaseException:
        for service in ("control-plane", "data-plane", "gateway", "postgres"):
            with contextlib.suppress(Trouble):
                print(f"--- {service}\n" + "\n".join(project.logs(service).splitlines()[-15:]), file=sys.stderr)
        raise
    finally:
        project.down()


def two_workers(command, tag):
    """As a newcomer: nothing is set, the keys are in the log, and the demo answers."""
    with composition(command, tag) as project:
        key = next(word for line in project.logs("control-plane").splitlines() if line.startswith("Inference key") for word in line.split() if word.startswith("sk-ferro-"))
        client = openai.OpenAI(base_url=project.api, api_key=key, max_retries=0)

        def streamed_chat():
            stream = client.chat.completions.create(model="demo", stream=True, messages=[{"role": "user", "content": "Say hello"}])
            text = "".join(choice.delta.content or "" for chunk in stream for choice in chunk.choices)
            if not text:
                raise Trouble("a stream without words")

        # The balancer may have found the second worker a moment later than the engine did.
        chats, until = 0, time.monotonic() + 30
        while chats < 2 or (len(records(project)) < 2 and time.monotonic() < until):
            streamed_chat()
            chats += 1
            time.sleep(0.2)
        rows = wait_until("each record is in PostgreSQL", lambda: stored(project, chats), 20)
        if len(rows) != 2:
            raise Trouble(f"both workers were to have a record: {rows}")
        print("a streamed chat through each of two workers, and a record of each in PostgreSQL", flush=True)


def records(project):
    return project.sql("SELECT worker_id, count(*) FROM request_log WHERE stream AND status = 200 GROUP BY worker_id")


def stored(project, count):
    rows = records(project)
    return rows if sum(int(of_worker) for _, of_worker in rows) == count else None


async def faults(command, tag):
    provider, master = Provider(), secrets.token_hex(24)
    await provider.start()
    variables = {"MASTER_KEY": master, "OPENAI_API_KEY": "a-credential-of-the-test", "OPENAI_BASE_URL": provider.address}
    with composition(command, tag, **variables) as project:
        key = project.admin("POST", "/admin/keys", master, {"name": "load", "scopes": ["inference"]})["key"]
        await asyncio.sleep(2)
        load = Load(project.api, key)
        hurt = Faults(project, load, master)
        load.start()
        await hurt.all()
        await load.stop()
        recorded = ledger.settled(project)
        rows = ledger.table(load.requests, recorded, provider.asked, hurt.kills)
        print(ledger.render(rows), *hurt.notes, sep="\n", flush=True)
        for request in load.requests:
            if request.error:
                print(f"  failed: {request.phase}: {request.error}")
        strangers = set(recorded) - {request.id for request in load.requests}
        if strangers:
            raise Trouble(f"{len(strangers)} records are of no request of ours")
        if not all(row.excused() for row in rows.values()):
            raise Trouble("more went wrong than what a killed worker had in its hands")


def main(form):
    tag = f"test-{os.getpid()}"
    commands = run("tests/setup/engine.sh", "compose", os.environ.get("FERROGW_ENGINE_DIR", ".run/engine")).splitlines()
    if not commands:
        raise Trouble("there is an engine, but neither `docker compose` nor `docker-compose`")
    pack(tag)
    try:
        for command in commands if form == "full" else commands[:1]:
            two_workers(command, tag)
        if form == "full":
            asyncio.run(faults(commands[-1], tag))
    finally:
        run("docker", "rmi", "--force", *(f"{image}:{tag}" for image in IMAGES))


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "short")
    except Trouble as trouble:
        sys.exit(f"compose: {trouble}")
