// A streamed chat.
import OpenAI from "openai";

const client = new OpenAI({ baseURL: `${process.env.FERROGW_URL}/v1`, apiKey: process.env.FERROGW_KEY });

const stream = await client.chat.completions.create({
  model: process.env.FERROGW_MODEL ?? "demo",
  messages: [{ role: "user", content: "Say hello" }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
process.stdout.write("\n");
