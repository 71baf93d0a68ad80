"""A streamed chat with its usage, which the gateway knows even if it is not asked for."""

import os

from openai import OpenAI

client = OpenAI(base_url=os.environ["FERROGW_URL"] + "/v1", api_key=os.environ["FERROGW_KEY"])

stream = client.chat.completions.create(
    model=os.environ.get("FERROGW_MODEL", "demo"),
    messages=[{"role": "user", "content": "Say hello"}],
    stream=True,
    stream_options={"include_usage": True},
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
    elif chunk.usage:
        print(f"\n{chunk.usage.prompt_tokens} tokens in, {chunk.usage.completion_tokens} out")
