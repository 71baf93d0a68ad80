//! What was sent from the playground, as something to paste elsewhere.

use serde_json::{Map, Value};

/// Where a snippet is to be pasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// A shell.
    Curl,
    /// The OpenAI SDK for Python.
    Python,
    /// The OpenAI SDK for Node.
    Node,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Curl, Self::Python, Self::Node];

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Python => "Python",
            Self::Node => "Node",
        }
    }

    /// The request to `origin`, e.g. `https://gateway.example`, with the key in a variable.
    #[must_use]
    pub fn snippet(self, origin: &str, path: &str, body: &Value) -> String {
        match self {
            Self::Curl => curl(origin, path, body),
            Self::Python => python(origin, path, body),
            Self::Node => node(origin, path, body),
        }
    }
}

fn pretty(body: &Value) -> String {
    serde_json::to_string_pretty(body).unwrap_or_default()
}

fn curl(origin: &str, path: &str, body: &Value) -> String {
    let streams = if body["stream"] == true { "-N " } else { "" };
    let body = pretty(body).replace('\'', r"'\''");
    format!(
        "curl -sS {streams}{origin}/{path} \\\n  -H \"Authorization: Bearer $FERROGW_API_KEY\" \\\n  -H 'Content-Type: application/json' \\\n  -d '{body}'"
    )
}

fn call(path: &str) -> &'static str {
    match path {
        "v1/embeddings" => "embeddings",
        "v1/completions" => "completions",
        _ => "chat.completions",
    }
}

/// What the SDK for Python takes by name, in each of its calls and in some of them. It takes everything else as `extra_body`.
const ARGUMENTS: [&str; 14] = [
    "model",
    "frequency_penalty",
    "logit_bias",
    "logprobs",
    "max_tokens",
    "n",
    "presence_penalty",
    "seed",
    "stop",
    "stream",
    "stream_options",
    "temperature",
    "top_p",
    "user",
];
const CHAT_ARGUMENTS: [&str; 7] =
    ["messages", "max_completion_tokens", "parallel_tool_calls", "response_format", "tool_choice", "tools", "top_logprobs"];
const COMPLETION_ARGUMENTS: [&str; 4] = ["prompt", "best_of", "echo", "suffix"];
const EMBEDDING_ARGUMENTS: [&str; 5] = ["model", "input", "dimensions", "encoding_format", "user"];

fn takes(path: &str, name: &str) -> bool {
    match path {
        "v1/embeddings" => EMBEDDING_ARGUMENTS.contains(&name),
        "v1/completions" => ARGUMENTS.contains(&name) || COMPLETION_ARGUMENTS.contains(&name),
        _ => ARGUMENTS.contains(&name) || CHAT_ARGUMENTS.contains(&name),
    }
}

fn python(origin: &str, path: &str, body: &Value) -> String {
    let (mut arguments, mut extra) = (String::new(), Map::new());
    for (name, value) in body.as_object().into_iter().flatten() {
        if takes(path, name) {
            arguments.push_str(&format!("    {name}={},\n", literal(value, 1)));
        } else {
            extra.insert(name.clone(), value.clone());
        }
    }
    if !extra.is_empty() {
        arguments.push_str(&format!("    extra_body={},\n", literal(&Value::Object(extra), 1)));
    }
    let client = format!(
        "import os\nfrom openai import OpenAI\n\nclient = OpenAI(base_url={}, api_key=os.environ[\"FERROGW_API_KEY\"])\n",
        Value::from(format!("{origin}/v1"))
    );
    let call = format!("client.{}.create(\n{arguments})", call(path));
    match (path, body["stream"] == true) {
        ("v1/embeddings", _) => format!("{client}answer = {call}\nprint(len(answer.data[0].embedding))"),
        ("v1/completions", true) => {
            format!("{client}for chunk in {call}:\n    print(chunk.choices[0].text if chunk.choices else \"\", end=\"\")")
        }
        ("v1/completions", false) => format!("{client}answer = {call}\nprint(answer.choices[0].text)"),
        (_, true) => {
            format!(
                "{client}for chunk in {call}:\n    if chunk.choices:\n        print(chunk.choices[0].delta.content or \"\", end=\"\")"
            )
        }
        (_, false) => format!("{client}answer = {call}\nprint(answer.choices[0].message.content)"),
    }
}

/// A value as Python spells it.
fn literal(value: &Value, depth: usize) -> String {
    let indent = "    ".repeat(depth + 1);
    let close = "    ".repeat(depth);
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Array(items) if !items.is_empty() => {
            let items: String = items.iter().map(|item| format!("{indent}{},\n", literal(item, depth + 1))).collect();
            format!("[\n{items}{close}]")
        }
        Value::Object(members) if !members.is_empty() => {
            let member = |(name, value): (&String, &Value)| format!("{}: {}", Value::from(name.as_str()), literal(value, depth));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}

fn node(origin: &str, path: &str, body: &Value) -> String {
    let client = format!(
        "import OpenAI from \"openai\";\n\nconst client = new OpenAI({{ baseURL: {}, apiKey: process.env.FERROGW_API_KEY }});\n",
        Value::from(format!("{origin}/v1"))
    );
    let call = format!("await client.{}.create({})", call(path), pretty(body));
    match (path, body["stream"] == true) {
        ("v1/embeddings", _) => format!("{client}const answer = {call};\nconsole.log(answer.data[0].embedding.length);"),
        ("v1/completions", true) => {
            format!("{client}for await (const chunk of {call}) {{\n  process.stdout.write(chunk.choices[0]?.text ?? \"\");\n}}")
        }
        ("v1/completions", false) => format!("{client}const answer = {call};\nconsole.log(answer.choices[0].text);"),
        (_, true) => format!(
            "{client}for await (const chunk of {call}) {{\n  process.stdout.write(chunk.choices[0]?.delta?.content ?? \"\");\n}}"
        ),
        (_, false) => format!("{client}const answer = {call};\nconsole.log(answer.choices[0].message.content);"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_shell_gets_the_body_as_it_is() {
        let text = Language::Curl.snippet("http://gw:8080", "v1/chat/completions", &json!({"model": "it's", "stream": true}));
        assert!(text.starts_with("curl -sS -N http://gw:8080/v1/chat/completions"), "{text}");
        assert!(text.ends_with("-d '{\n  \"model\": \"it'\\''s\",\n  \"stream\": true\n}'"), "{text}");
    }

    #[test]
    fn python_spells_values_in_its_own_way() {
        let body = json!({"model": "m", "messages": [{"role": "user", "content": "hi \"you\""}], "stream": false, "stop": null});
        let text = Language::Python.snippet("http://gw", "v1/chat/completions", &body);
        assert!(
            text.contains("base_url=\"http://gw/v1\"") && text.contains("stream=False") && text.contains("stop=None"),
            "{text}"
        );
        assert!(text.contains(r#"{"content": "hi \"you\"", "role": "user"}"#), "{text}");
    }

    #[test]
    fn what_the_sdk_for_python_does_not_know_goes_into_the_body() {
        let body = json!({"model": "m", "messages": [], "top_k": 40, "top_p": 0.9, "reasoning": {"effort": "low"}});
        let text = Language::Python.snippet("http://gw", "v1/chat/completions", &body);
        assert!(
            text.contains("    top_p=0.9,\n    extra_body={\"reasoning\": {\"effort\": \"low\"}, \"top_k\": 40},\n"),
            "{text}"
        );
        let body = json!({"model": "m", "input": "hi", "temperature": 1});
        let text = Language::Python.snippet("http://gw", "v1/embeddings", &body);
        assert!(text.contains("    input=\"hi\",\n    model=\"m\",\n    extra_body={\"temperature\": 1},\n"), "{text}");
    }

    #[test]
    fn each_surface_has_its_own_call() {
        for (path, call) in
            [("v1/chat/completions", "chat.completions"), ("v1/completions", "completions"), ("v1/embeddings", "embeddings")]
        {
            for stream in [true, false] {
                let body = json!({"model": "m", "stream": stream});
                assert!(Language::Node.snippet("http://gw", path, &body).contains(&format!("client.{call}.create(")));
                assert!(Language::Python.snippet("http://gw", path, &body).contains(&format!("client.{call}.create(")));
            }
        }
    }
}
