"""A provider that takes its time, on an address that containers reach. It counts how often it was asked for each request."""

import asyncio
import collections
import contextlib
import json
import subprocess
import time

from aiohttp import web

FRAMES = 12
PAUSE = 0.03


class Provider:
    """Runs in the loop of whoever starts it."""

    def __init__(self):
        self.asked = collections.Counter()
        self.address = None

    async def start(self):
        application = web.Application()
        application.router.add_post("/v1/chat/completions", self.chat)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        # The engine's own bridge: the host as every container sees it.
        gateway = subprocess.run(
            ["docker", "network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"],
            capture_output=True, text=True, check=True,
        ).stdout.strip()
        site = web.TCPSite(runner, gateway, 0)
        await site.start()
        self.address = "http://{}:{}/v1".format(*runner.addresses[0][:2])

    async def chat(self, request):
        asked = await request.json()
        self.asked[asked["messages"][0]["content"]] += 1
        head = {"id": "chatcmpl-compose", "created": int(time.time()), "model": asked["model"]}
        usage = {"prompt_tokens": 5, "completion_tokens": FRAMES, "total_tokens": 5 + FRAMES}
        if not asked.get("stream"):
            await asyncio.sleep(FRAMES * PAUSE / 2)
            message = {"role": "assistant", "content": "word " * FRAMES}
            choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
            return web.json_response({**head, "object": "chat.completion", "choices": choices, "usage": usage})
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        # A worker that is killed hangs up.
        with contextlib.suppress(ConnectionError):
            await self.stream(request, response, head, usage)
        return response

    async def stream(self, request, response, head, usage):
        await response.prepare(request)
        for number in range(FRAMES + 1):
            finish = "stop" if number == FRAMES else None
            delta = {} if finish else {"content": "word "}
            await self.frame(response, head, [{"index": 0, "delta": delta, "finish_reason": finish}])
            await asyncio.sleep(PAUSE)
        await self.frame(response, head, [], usage=usage)
        await response.write(b"data: [DONE]\n\n")

    @staticmethod
    async def frame(response, head, choices, **more):
        chunk = {**head, "object": "chat.completion.chunk", "choices": choices, **more}
        await response.write(f"data: {json.dumps(chunk)}\n\n".encode())
