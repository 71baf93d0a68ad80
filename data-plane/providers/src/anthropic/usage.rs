//! Usage as the Messages API counts it: the cache apart from fresh input, told in pieces while a stream runs.

use ferrogw_llm::Usage;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// What was told so far. Later figures replace earlier ones: they are cumulative.
#[derive(Debug, Default)]
pub(super) struct Tally {
    told: Told,
    /// Work of the provider's own tools, as it came; it has no canonical word.
    server_tool_use: Option<Value>,
    service_tier: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
    cache_creation: Option<ByLifetime>,
    output_tokens: Option<u64>,
    output_tokens_details: Option<OutputDetails>,
    iterations: Option<Vec<Iteration>>,
    server_tool_use: Option<Value>,
    service_tier: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ByLifetime {
    ephemeral_5m_input_tokens: u64,
    ephemeral_1h_input_tokens: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OutputDetails {
    thinking_tokens: u64,
}

/// One pass of the model over the prompt. The top level leaves out passes that compact the context, though they are billed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Iteration {
    #[serde(rename = "type")]
    kind: String,
    input_tokens: u64,
    cache_read_input_tokens: u64,
    cache_creation_input_tokens: u64,
    output_tokens: u64,
}

impl Tally {
    /// Takes in a `usage` member; one that cannot be read says nothing.
    pub(super) fn hear(&mut self, usage: &RawValue) {
        let Ok(told) = serde_json::from_str::<Told>(usage.get()) else { return };
        let known = &mut self.told;
        known.input_tokens = told.input_tokens.or(known.input_tokens);
        known.cache_read_input_tokens = told.cache_read_input_tokens.or(known.cache_read_input_tokens);
        known.cache_creation_input_tokens = told.cache_creation_input_tokens.or(known.cache_creation_input_tokens);
        known.cache_creation = told.cache_creation.or(known.cache_creation.take());
        known.output_tokens = told.output_tokens.or(known.output_tokens);
        known.output_tokens_details = told.output_tokens_details.or(known.output_tokens_details.take());
        known.iterations = told.iterations.or(known.iterations.take());
        self.server_tool_use = told.server_tool_use.or(self.server_tool_use.take());
        self.service_tier = told.service_tier.or(self.service_tier.take());
    }

    /// The tier that served the request, in the API's word.
    pub(super) fn service_tier(&self) -> Option<&str> {
        self.service_tier.as_deref()
    }

    /// Whether that is another one than the list of prices is about.
    pub(super) fn is_of_other_tier(&self) -> bool {
        self.service_tier().is_some_and(|tier| tier != "standard")
    }

    /// The disjoint buckets; `None`: nothing was told.
    pub(super) fn usage(&self) -> Option<Usage> {
        let told = &self.told;
        if told.input_tokens.is_none() && told.output_tokens.is_none() {
            return None;
        }
        let lifetimes = told.cache_creation.as_ref();
        let hour = lifetimes.map_or(0, |lifetimes| lifetimes.ephemeral_1h_input_tokens);
        let minutes = lifetimes.map_or(0, |lifetimes| lifetimes.ephemeral_5m_input_tokens);
        let written = told.cache_creation_input_tokens.unwrap_or_else(|| hour.saturating_add(minutes));
        let cache_write_1h = hour.min(written);
        let output = told.output_tokens.unwrap_or(0);
        let usage = Usage {
            input: told.input_tokens.unwrap_or(0),
            cache_read: told.cache_read_input_tokens.unwrap_or(0),
            cache_write: written - cache_write_1h,
            cache_write_1h,
            output,
            reasoning: told.output_tokens_details.as_ref().map_or(0, |details| details.thinking_tokens).min(output),
            ..Usage::default()
        };
        let compactions = told.iterations.iter().flatten().filter(|iteration| iteration.kind == "compaction");
        Some(compactions.fold(usage, |sum, iteration| sum + iteration.usage()))
    }

    /// The canonical `usage` member, with what has no canonical word beside it.
    pub(super) fn to_canonical(&self) -> Option<Value> {
        let mut usage = self.usage()?.to_openai();
        if let Some(tools) = self.server_tool_use.as_ref().filter(|tools| !tools.is_null()) {
            usage["server_tool_use"] = tools.clone();
        }
        Some(usage)
    }
}

impl Iteration {
    fn usage(&self) -> Usage {
        Usage {
            input: self.input_tokens,
            cache_read: self.cache_read_input_tokens,
            cache_write: self.cache_creation_input_tokens,
            output: self.output_tokens,
            ..Usage::default()
        }
    }
}

#[cfg(test)]
mod tests;
