"""Requests through the OpenAI SDK, without its retries, each under a name of its own that the gateway keeps in its record."""

import asyncio
import dataclasses
import itertools
import time
import uuid

import openai

import provider


@dataclasses.dataclass
class Request:
    """One request, as its client saw it, in the phase in which it ended. Times are of the machine's clock."""

    id: str
    streamed: bool
    started: float
    phase: str = ""
    ended: float = 0.0
    error: str = ""

    def was_under_way(self, instant):
        return self.started <= instant <= self.ended


class Load:
    """Clients that ask one request after the other, from `start` to `stop`."""

    def __init__(self, base_url, key, clients=16):
        self.base_url, self.key, self.clients = base_url, key, clients
        self.requests = []
        self.phase = "calm"
        self.going = False

    def start(self):
        self.going = True
        self.tasks = [asyncio.create_task(self.client(number)) for number in range(self.clients)]

    async def stop(self):
        self.going = False
        await asyncio.gather(*self.tasks)

    async def client(self, number):
        async with openai.AsyncOpenAI(base_url=self.base_url, api_key=self.key, max_retries=0, timeout=60) as client:
            for turn in itertools.count(number):
                if not self.going:
                    return
                await self.ask(client, streamed=turn % 2 == 0)

    async def ask(self, client, streamed):
        request = Request(uuid.uuid4().hex, streamed, time.time())
        self.requests.append(request)
        words = {
            "model": "gpt-4o-mini",
            "messages": [{"role": "user", "content": request.id}],
            "extra_headers": {"X-Request-ID": request.id},
        }
        try:
            count = await (self.streamed(client, words) if streamed else self.whole(client, words))
            if count != provider.FRAMES:
                request.error = f"{count} of {provider.FRAMES} words arrived"
        except Exception as error:  # whatever it is, a user would have seen it
            request.error = f"{type(error).__name__}: {str(error)[:300]}"
        request.phase, request.ended = self.phase, time.time()

    @staticmethod
    async def whole(client, words):
        answer = await client.chat.completions.create(**words)
        return len(answer.choices[0].message.content.split())

    @staticmethod
    async def streamed(client, words):
        count, finished = 0, False
        async for chunk in await client.chat.completions.create(**words, stream=True):
            for choice in chunk.choices:
                count += len((choice.delta.content or "").split())
                finished = finished or choice.finish_reason == "stop"
        return count if finished else -1
