"""What is done to the composition under load, one phase after the other."""

import asyncio
import json
import subprocess
import time
import urllib.request

from composition import ROOT, Trouble, run

AWAY = 8


class Faults:
    """The phases; `kills` are the instants at which a worker was killed."""

    def __init__(self, composition, load, master):
        self.composition, self.load, self.master = composition, load, master
        self.kills = []
        self.notes = []

    async def all(self):
        for phase in (
            self.calm,
            self.control_plane_crashes,
            self.control_plane_is_away,
            self.worker_crashes,
            self.worker_is_away,
            self.database_crashes,
            self.database_is_away,
            self.worker_is_cut_off,
            self.scaled_to_three,
            self.upgraded_one_at_a_time,
        ):
            self.load.phase = phase.__doc__
            began = time.monotonic()
            await phase()
            await asyncio.sleep(3)
            print(f"  {phase.__doc__}: {time.monotonic() - began:.0f} s", flush=True)

    async def do(self, call, *arguments):
        """Runs what blocks beside the load, which goes on."""
        return await asyncio.to_thread(call, *arguments)

    async def calm(self):
        """nothing happens"""
        await asyncio.sleep(5)

    async def control_plane_crashes(self):
        """control plane killed, restarts by itself"""
        container, _ = await self.do(self.composition.crash, "control-plane")
        await asyncio.sleep(1)
        await self.do(self.composition.await_healthy, container)

    async def control_plane_is_away(self):
        """control plane killed, away for 8 s"""
        container, _ = await self.do(self.composition.crash_and_stay_away, "control-plane")
        await asyncio.sleep(AWAY)
        await self.do(self.composition.start, container)
        await self.do(self.composition.await_healthy, container)

    async def worker_crashes(self):
        """worker killed, restarts by itself"""
        container, instant = await self.do(self.composition.crash, "data-plane")
        self.kills.append(instant)
        await asyncio.sleep(1)
        await self.do(self.composition.await_healthy, container)

    async def worker_is_away(self):
        """worker killed, away for 8 s"""
        container, instant = await self.do(self.composition.crash_and_stay_away, "data-plane")
        self.kills.append(instant)
        await asyncio.sleep(AWAY)
        await self.do(self.composition.start, container)
        await self.do(self.composition.await_healthy, container)

    async def database_crashes(self):
        """database killed, restarts by itself"""
        container, _ = await self.do(self.composition.crash, "postgres")
        await asyncio.sleep(1)
        await self.do(self.composition.await_healthy, container)

    async def database_is_away(self):
        """database killed, away for 8 s"""
        container, _ = await self.do(self.composition.crash_and_stay_away, "postgres")
        await asyncio.sleep(AWAY)
        await self.do(self.composition.start, container)
        await self.do(self.composition.await_healthy, container)

    async def worker_is_cut_off(self):
        """worker cut off the control plane for 16 s"""
        container = (await self.do(self.composition.containers, "data-plane"))[0]
        await self.do(self.composition.network, "disconnect", "planes", container)
        await asyncio.sleep(AWAY)
        config = {"targets": [{"virtual_key": "openai"}], "aliases": {"written-during-the-cut": "gpt-4o-mini"}}
        written = await self.do(self.composition.admin, "PUT", "/admin/config", self.master, config)
        await asyncio.sleep(AWAY)
        behind = await self.do(self.generations)
        if set(behind) != {written["version"], written["version"] - 1}:
            raise Trouble(f"one worker is to run {written['version']}, the one that was cut off the version before: {behind}")
        await self.do(self.composition.network, "connect", "planes", container)
        for _ in range(60):
            if set(await self.do(self.generations)) == {written["version"]}:
                return
            await asyncio.sleep(0.5)
        raise Trouble("the worker that was cut off did not catch up")

    def generations(self):
        """What each worker serves, by its own account."""
        return [self.generation(container) for container in self.composition.containers("data-plane")]

    def generation(self, container):
        address = run(
            "docker", "inspect", "--format", f'{{{{(index .NetworkSettings.Networks "{self.composition.project}_edge").IPAddress}}}}',
            container,
        )
        with urllib.request.urlopen(f"http://{address}:8080/health", timeout=5) as answer:
            return json.load(answer)["generation"]

    async def scaled_to_three(self):
        """scaled to three workers and back to two"""
        await self.do(self.composition.scale, 3)
        began = time.time()
        for seconds in range(1, 41):
            await asyncio.sleep(1)
            workers = await self.do(self.serving, began)
            if workers == 3:
                break
        else:
            raise Trouble(f"three workers run, and {workers} had a request within 40 s")
        self.notes.append(f"the third worker's first request was stored within {seconds} s")
        await self.do(self.composition.scale, 2)

    def serving(self, since):
        """Workers with a request that began since. A new container may go on where one that is gone left off, under its id."""
        return int(self.composition.sql(f"SELECT COUNT(DISTINCT worker_id) FROM request_log WHERE started_us > {int(since * 1e6)}")[0][0])

    async def upgraded_one_at_a_time(self):
        """control plane, then one worker at a time upgraded"""
        before = await self.do(self.composition.containers, "data-plane")
        variables = {**self.composition.variables, "COMPOSE": " ".join([*self.composition.command, "-p", self.composition.project])}
        for name in ("control-plane", "data-plane"):
            image = f"ferrogw-{name}:{variables['FERROGW_TAG']}"
            subprocess.run(
                ["docker", "build", "--quiet", "--tag", image, "-"], check=True, capture_output=True, cwd=ROOT,
                input=f"FROM {image}\nLABEL release=next\n".encode(),
            )
        await self.do(lambda: run("deploy/upgrade.sh", **variables))
        after = await self.do(self.composition.containers, "data-plane")
        if set(before) & set(after) or len(after) != len(before):
            raise Trouble(f"not every worker was replaced: {before} {after}")
