"""An answer that fits a schema."""

import os

from openai import OpenAI
from pydantic import BaseModel

client = OpenAI(base_url=os.environ["FERROGW_URL"] + "/v1", api_key=os.environ["FERROGW_KEY"])


class Event(BaseModel):
    name: str
    participants: list[str]


answer = client.chat.completions.parse(
    model=os.environ.get("FERROGW_MODEL", "demo"),
    messages=[{"role": "user", "content": "Alice and Bob go to a science fair."}],
    response_format=Event,
)
event = answer.choices[0].message.parsed
print(type(event).__name__, sorted(event.model_dump()))
