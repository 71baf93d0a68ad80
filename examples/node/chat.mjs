// A chat.
import OpenAI from "openai";

const client = new OpenAI({ baseURL: `${process.env.FERROGW_URL}/v1`, apiKey: process.env.FERROGW_KEY });

const answer = await client.chat.completions.create({
  model: process.env.FERROGW_MODEL ?? "demo",
  messages: [{ role: "user", content: "Say hello" }],
});
console.log(answer.choices[0].message.content);
