"""A tool call and its round trip: the model asks, we answer, the model goes on."""

import json
import os

from openai import OpenAI

client = OpenAI(base_url=os.environ["FERROGW_URL"] + "/v1", api_key=os.environ["FERROGW_KEY"])
model = os.environ.get("FERROGW_MODEL", "demo")

weather = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
messages = [{"role": "user", "content": "What is the weather in Paris?"}]

asked = client.chat.completions.create(model=model, messages=messages, tools=[weather]).choices[0].message
messages.append(asked)
for call in asked.tool_calls or []:
    arguments = json.loads(call.function.arguments)
    print("asked for", call.function.name, "with", sorted(arguments))
    messages.append({"role": "tool", "tool_call_id": call.id, "content": "18 °C and sunny"})

print(client.chat.completions.create(model=model, messages=messages, tools=[weather]).choices[0].message.content)
