// The OpenAI SDK for Node, unmodified. The gateway comes from the environment; the end-to-end suite starts it.

import assert from "node:assert/strict";
import { test } from "node:test";

import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";

const { FERROGW_TEST_URL, FERROGW_TEST_KEY, FERROGW_TEST_ADMIN_URL, FERROGW_TEST_ADMIN_KEY } = process.env;
const client = new OpenAI({ baseURL: `${FERROGW_TEST_URL}/v1`, apiKey: FERROGW_TEST_KEY, maxRetries: 0, timeout: 30_000 });

const ask = (text) => [{ role: "user", content: text }];
const weather = {
  type: "function",
  function: {
    name: "weather",
    description: "Tells the weather",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

for (const model of ["gpt-4o-mini", "claude-haiku-4-5"]) {
  test(`${model}: a chat is answered`, async () => {
    const answer = await client.chat.completions.create({ model, messages: ask("Say hello"), max_tokens: 50 });

    assert.equal(answer.choices[0].message.content, "Hello from the mock, word by word.");
    assert.equal(answer.choices[0].finish_reason, "stop");
    assert.deepEqual([answer.usage.prompt_tokens, answer.usage.completion_tokens], [11, 7]);
    assert.ok(answer._request_id);
  });

  test(`${model}: a chat is streamed`, async () => {
    const stream = await client.chat.completions.create({
      model,
      messages: ask("Say hello"),
      max_tokens: 50,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);

    const text = chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? "").join("");
    assert.equal(text, "Hello from the mock, word by word.");
    assert.equal(chunks.findLast((chunk) => chunk.usage).usage.completion_tokens, 7);
  });

  test(`${model}: a tool goes round`, async () => {
    const messages = ask("What is the weather in Paris?");
    const first = await client.chat.completions.create({ model, messages, tools: [weather], max_tokens: 50 });

    const { message, finish_reason } = first.choices[0];
    assert.equal(finish_reason, "tool_calls");
    const call = message.tool_calls[0];
    assert.deepEqual([call.function.name, JSON.parse(call.function.arguments)], ["weather", { city: "Paris" }]);

    messages.push(message, { role: "tool", tool_call_id: call.id, content: "sunny" });
    const second = await client.chat.completions.create({ model, messages, tools: [weather], max_tokens: 50 });
    assert.equal(second.choices[0].message.content, "It is sunny in Paris.");
  });

  test(`${model}: a streamed tool call is put together`, async () => {
    const stream = client.chat.completions.stream({
      model,
      messages: ask("What is the weather in Paris?"),
      tools: [weather],
      max_tokens: 50,
    });
    const [call] = (await stream.finalMessage()).tool_calls;

    assert.deepEqual([call.function.name, JSON.parse(call.function.arguments)], ["weather", { city: "Paris" }]);
  });

  test(`${model}: a refusal is a BadRequestError`, async () => {
    const refused = client.chat.completions.create({ model, messages: ask("Be refused"), max_tokens: 50 });

    await assert.rejects(refused, (error) => error instanceof OpenAI.BadRequestError && /temperature is too high/.test(error.message));
  });

  test(`${model}: a rate limit says when to come back`, async () => {
    const limited = client.chat.completions.create({ model, messages: ask("Be limited"), max_tokens: 50 });

    await assert.rejects(limited, (error) => error instanceof OpenAI.RateLimitError && error.headers.get("retry-after") === "3");
  });

  test(`${model}: a stream that is aborted is recorded`, async () => {
    const { data: stream, response } = await client.chat.completions
      .create({ model, messages: ask("Talk for a long time"), max_tokens: 50, stream: true })
      .withResponse();
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta?.content) break;
    }
    stream.controller.abort();

    const record = await recorded(response.headers.get("x-request-id"));
    assert.equal(record.client_gone, true);
  });
}

test("a structured answer is parsed", async () => {
  const event = z.object({ name: z.string(), day: z.string(), participants: z.array(z.string()) });
  const answer = await client.chat.completions.parse({
    model: "gpt-4o-mini",
    messages: ask("Extract the event"),
    response_format: zodResponseFormat(event, "event"),
  });

  assert.deepEqual(answer.choices[0].message.parsed, { name: "science fair", day: "Friday", participants: ["Alice", "Bob"] });
});

test("embeddings are made", async () => {
  const answer = await client.embeddings.create({ model: "text-embedding-3-small", input: "Embed me", encoding_format: "float" });

  assert.deepEqual(answer.data[0].embedding, [0.5, -0.25, 0.125]);
});

test("models are listed and retrieved", async () => {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);

  assert.ok(ids.includes("gpt-4o-mini") && ids.includes("claude-haiku-4-5"));
  assert.equal((await client.models.retrieve("gpt-4o-mini")).id, "gpt-4o-mini");
});

test("a wrong key is an AuthenticationError", async () => {
  const stranger = client.withOptions({ apiKey: "sk-ferro-wrong" });

  await assert.rejects(stranger.models.list(), (error) => error instanceof OpenAI.AuthenticationError && error.code === "invalid_api_key");
});

test("a model that nobody serves is a NotFoundError", async () => {
  const missing = client.chat.completions.create({ model: "mistral-large-latest", messages: ask("Say hello") });

  await assert.rejects(missing, (error) => error instanceof OpenAI.NotFoundError && error.code === "model_not_found");
});

async function recorded(requestId) {
  const headers = { authorization: `Bearer ${FERROGW_TEST_ADMIN_KEY}` };
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    const answer = await fetch(`${FERROGW_TEST_ADMIN_URL}/admin/logs?limit=200`, { headers });
    const found = (await answer.json()).data.find((entry) => entry.trace_id === requestId);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`request ${requestId} is not in the log`);
}
