//! Usage as OpenAI's API and its followers spell it, read and written.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Value, json};

use super::Usage;

impl Usage {
    /// Reads a `usage` member; `None` where it is `null` or holds no count.
    ///
    /// Nonsense is not an error, because an answer is worth more than its bill: what is no number counts as nothing, and a part
    /// never exceeds its whole. Some providers report reasoning beside `completion_tokens`, or audio beside `prompt_tokens`; their
    /// totals give it away, and `reasoning_outside_output` says it of a provider that gives no total.
    #[must_use]
    pub fn from_openai(json: &str, reasoning_outside_output: bool) -> Option<Self> {
        let spelt: Spelt = serde_json::from_str(json).ok()?;
        let told = [spelt.prompt_tokens, spelt.completion_tokens, spelt.total_tokens];
        if told.iter().all(Option::is_none) {
            return None;
        }
        let [prompt, completion, total] = told.map(|count| count.map(|count| count.0));
        let surplus = total.map(|total| total.saturating_sub(prompt.unwrap_or(0)).saturating_sub(completion.unwrap_or(0)));
        let reasoning = spelt.completion_tokens_details.reasoning_tokens.0;
        let audio = spelt.prompt_tokens_details.audio_tokens.0;
        let outside = surplus == Some(reasoning) || (reasoning_outside_output && surplus != Some(0));
        let output = completion.map_or(0, |output| if outside { output.saturating_add(reasoning) } else { output });
        let prompt = match prompt {
            Some(prompt) if surplus == Some(audio) => prompt.saturating_add(audio),
            Some(prompt) => prompt,
            None => total.unwrap_or(0).saturating_sub(output),
        };
        let cache_read = spelt.cache_read().min(prompt);
        let cache_write = spelt.cache_write().min(prompt - cache_read);
        let input = prompt - cache_read - cache_write;
        Some(Self {
            input,
            cache_read,
            cache_write,
            cache_write_1h: 0,
            output,
            reasoning: reasoning.min(output),
            audio_input: audio.min(input),
            audio_output: spelt.completion_tokens_details.audio_tokens.0.min(output),
        })
    }

    /// The `usage` member that says this: the prompt with everything read from and written to the cache, and the parts beside it.
    #[must_use]
    pub fn to_openai(&self) -> Value {
        json!({
            "prompt_tokens": self.prompt(),
            "completion_tokens": self.output,
            "total_tokens": self.total(),
            "prompt_tokens_details": {
                "cached_tokens": self.cache_read,
                "cache_creation_tokens": self.cache_write.saturating_add(self.cache_write_1h),
                "audio_tokens": self.audio_input,
            },
            "completion_tokens_details": {
                "reasoning_tokens": self.reasoning,
                "audio_tokens": self.audio_output,
            },
        })
    }
}

/// The members that count, wherever a provider puts them.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Spelt {
    prompt_tokens: Option<Count>,
    completion_tokens: Option<Count>,
    total_tokens: Option<Count>,
    #[serde(deserialize_with = "or_default")]
    prompt_tokens_details: PromptDetails,
    #[serde(deserialize_with = "or_default")]
    completion_tokens_details: CompletionDetails,
    prompt_cache_hit_tokens: Count,
    cached_tokens: Count,
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct PromptDetails {
    cached_tokens: Count,
    cache_creation_tokens: Count,
    cache_write_tokens: Count,
    audio_tokens: Count,
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct CompletionDetails {
    reasoning_tokens: Count,
    audio_tokens: Count,
}

impl Spelt {
    /// The same count under three names; whoever sends two of them means one.
    fn cache_read(&self) -> u64 {
        self.prompt_tokens_details.cached_tokens.0.max(self.prompt_cache_hit_tokens.0).max(self.cached_tokens.0)
    }

    fn cache_write(&self) -> u64 {
        self.prompt_tokens_details.cache_creation_tokens.0.max(self.prompt_tokens_details.cache_write_tokens.0)
    }
}

/// A member that is an object or, with some providers, `null`.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(source: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(source)?.unwrap_or_default())
}

/// A count of tokens; anything that is no count is 0.
#[derive(Debug, Clone, Copy, Default)]
struct Count(u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(AnyCount)
    }
}

struct AnyCount;

impl<'de> Visitor<'de> for AnyCount {
    type Value = Count;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a count")
    }

    fn visit_u64<E>(self, count: u64) -> Result<Count, E> {
        Ok(Count(count))
    }

    fn visit_i64<E>(self, count: i64) -> Result<Count, E> {
        Ok(Count(u64::try_from(count).unwrap_or(0)))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float's cast saturates at both ends, which is meant"
    )]
    fn visit_f64<E>(self, count: f64) -> Result<Count, E> {
        Ok(Count(count as u64))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Count, E> {
        Ok(Count(0))
    }

    fn visit_str<E>(self, _: &str) -> Result<Count, E> {
        Ok(Count(0))
    }

    fn visit_unit<E>(self) -> Result<Count, E> {
        Ok(Count(0))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Count, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Count(0))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Count, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Count(0))
    }
}
