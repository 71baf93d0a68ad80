//! A recorded exchange, as the collection and our fixtures spell it: one JSON object per line.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// Providers whose recorded chat is replayed; the others are not served.
const SERVED: [&str; 21] = [
    "ai21",
    "anthropic",
    "cerebras",
    "cloudflare",
    "deepinfra",
    "deepseek",
    "fireworks",
    "groq",
    "hugging_face",
    "mistral",
    "moonshot",
    "novita",
    "nvidia_nim",
    "ollama",
    "openai",
    "openrouter",
    "perplexity",
    "qwen",
    "sambanova",
    "together",
    "xai",
];

/// One request and the vendor's answer.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Exchange {
    /// Names it.
    pub(crate) id: String,
    /// Where it was recorded.
    pub(crate) source: String,
    /// The provider's id, with underscores.
    pub(crate) provider: String,
    /// The vendor's surface: `chat` or `messages`.
    pub(crate) surface: String,
    /// Whether the answer is an event stream.
    pub(crate) stream: bool,
    /// The request's body, often absent.
    #[serde(default)]
    pub(crate) request_text: String,
    /// The answer's status.
    pub(crate) status: u16,
    /// The answer's headers.
    #[serde(default)]
    pub(crate) response_headers: BTreeMap<String, String>,
    /// The answer's body; absent where it is not text.
    #[serde(default)]
    pub(crate) response_text: String,
}

impl Exchange {
    /// The model name under which the answer is replayed.
    pub(crate) fn model(&self) -> String {
        format!("rx{}", self.id)
    }

    /// Whether the gateway serves this provider's surface.
    pub(crate) fn is_in_scope(&self) -> bool {
        let surface = if self.provider == "anthropic" { "messages" } else { "chat" };
        self.surface == surface && SERVED.contains(&self.provider.as_str())
    }

    /// The answer's content type.
    pub(crate) fn content_type(&self) -> &str {
        let named = self.response_headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        named.map_or(if self.stream { "text/event-stream" } else { "application/json" }, |(_, value)| value)
    }
}

/// All exchanges of a file, compressed or not.
pub(crate) fn load(path: &Path) -> Vec<Exchange> {
    let text = if path.extension().is_some_and(|extension| extension == "gz") {
        let output = Command::new("gzip").arg("-dc").arg(path).output().expect("gzip is installed");
        String::from_utf8(output.stdout).expect("the collection is text")
    } else {
        std::fs::read_to_string(path).expect("the fixtures are in the repository")
    };
    text.lines().map(|line| serde_json::from_str(line).expect("an exchange per line")).collect()
}
