"""Chat as the SDK's users write it: plain, streamed, with tools, structured."""

import json

import pydantic
import pytest


def ask(text):
    return [{"role": "user", "content": text}]


WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tells the weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def test_a_chat_is_answered(client, model):
    answer = client.chat.completions.create(model=model, messages=ask("Say hello"), max_tokens=50)

    assert answer.choices[0].message.content == "Hello from the mock, word by word."
    assert answer.choices[0].finish_reason == "stop"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (11, 7)
    assert answer._request_id


def test_a_chat_is_streamed(client, model):
    stream = client.chat.completions.create(
        model=model, messages=ask("Say hello"), max_tokens=50, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)

    assert len(chunks) > 3
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == "Hello from the mock, word by word."
    assert [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason] == ["stop"]
    assert [(c.usage.prompt_tokens, c.usage.completion_tokens) for c in chunks if c.usage][-1] == (11, 7)


def test_usage_is_not_streamed_unasked(client, model):
    stream = client.chat.completions.create(model=model, messages=ask("Say hello"), max_tokens=50, stream=True)

    assert all(chunk.choices and chunk.usage is None for chunk in stream)


def test_a_tool_goes_round(client, model):
    messages = ask("What is the weather in Paris?")
    answer = client.chat.completions.create(model=model, messages=messages, tools=[WEATHER], max_tokens=50)

    assert answer.choices[0].finish_reason == "tool_calls"
    call = answer.choices[0].message.tool_calls[0]
    assert (call.function.name, json.loads(call.function.arguments)) == ("weather", {"city": "Paris"})

    messages += [answer.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "sunny"}]
    answer = client.chat.completions.create(model=model, messages=messages, tools=[WEATHER], max_tokens=50)
    assert answer.choices[0].message.content == "It is sunny in Paris."


def test_a_streamed_tool_call_is_put_together(client, model):
    with client.chat.completions.stream(
        model=model, messages=ask("What is the weather in Paris?"), tools=[WEATHER], max_tokens=50
    ) as stream:
        answer = stream.get_final_completion()

    call = answer.choices[0].message.tool_calls[0]
    assert (call.function.name, json.loads(call.function.arguments)) == ("weather", {"city": "Paris"})


class Event(pydantic.BaseModel):
    name: str
    day: str
    participants: list[str]


def test_a_structured_answer_is_parsed(client):
    answer = client.chat.completions.parse(
        model="gpt-4o-mini", messages=ask("Extract the event"), response_format=Event, max_tokens=50
    )

    assert answer.choices[0].message.parsed == Event(name="science fair", day="Friday", participants=["Alice", "Bob"])


def test_a_stream_that_is_closed_early_is_recorded(client, recorded, model):
    response = client.chat.completions.with_raw_response.create(
        model=model, messages=ask("Talk for a long time"), max_tokens=50, stream=True
    )
    stream = response.parse()
    next(chunk for chunk in stream if chunk.choices and chunk.choices[0].delta.content)
    stream.close()

    record = recorded(response.headers["x-request-id"])
    assert record["client_gone"] is True


@pytest.mark.parametrize("text", ["Grüße 😀", "\u0000 and \u2028", "x" * 300_000], ids=["emoji", "control", "long"])
def test_any_text_arrives(client, text):
    answer = client.chat.completions.create(model="gpt-4o-mini", messages=ask("Say hello") + [{"role": "assistant", "content": text}] + ask("Say hello"))

    assert answer.choices[0].message.content.startswith("Hello")
