"""A chat, and where its answer came from."""

import os

from openai import OpenAI

client = OpenAI(base_url=os.environ["FERROGW_URL"] + "/v1", api_key=os.environ["FERROGW_KEY"])
model = os.environ.get("FERROGW_MODEL", "demo")

answer = client.chat.completions.with_raw_response.create(
    model=model,
    messages=[{"role": "user", "content": "Say hello"}],
)
print(answer.parse().choices[0].message.content)
# Every answer names who gave it, and the id under which the request log has it.
print("target: ", answer.headers["x-ferrogw-target"])
print("request:", answer.headers["x-request-id"])
