//! A wish for reasoning, in the words that the model understands.

use ferrogw_config::catalog::{Model, Thinking as Kind, ThinkingOff};
use ferrogw_llm::Malformed;
use ferrogw_llm::object::Object;
use serde::Serialize;
use serde_json::value::RawValue;

use super::members::{raw, says};

/// The smallest budget that the API takes.
const LEAST_BUDGET: u64 = 1024;

/// How the model is to think.
#[derive(Debug, Serialize, PartialEq, Eq)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Thinking {
    Adaptive,
    Enabled { budget_tokens: u64 },
    BetweenTools,
    Disabled,
}

/// What becomes of `reasoning_effort`.
#[derive(Default)]
pub(super) struct Reasoning {
    pub(super) thinking: Option<Thinking>,
    pub(super) effort: Option<String>,
    /// Whether the model takes a temperature: not while it thinks, and the newer ones not at all.
    pub(super) allows_sampling: bool,
}

impl Reasoning {
    /// Plans for a model as the catalog knows it; one that it does not know is taken for a newer one.
    ///
    /// A forced call and thinking exclude each other, and the call is the promise. The same holds for calls whose thoughts did
    /// not come back from the client.
    pub(super) fn plan(
        object: &Object,
        model: Option<&Model>,
        max_tokens: u64,
        is_forced: bool,
        can_think: bool,
        dropped: &mut Vec<String>,
    ) -> Result<Self, Malformed> {
        let effort: Option<String> = object.read_member("reasoning_effort", "a text")?;
        let kind = model.map_or(Kind::Effort, |model| model.thinking);
        let own = raw(object, "thinking")?;
        let thinks = own.is_some_and(|own| !says(own, &Thinking::Disabled));
        let allows_sampling = !thinks && model.is_some_and(|model| model.sampling);
        let mut plan = Self { allows_sampling, ..Self::default() };
        let Some(effort) = effort else { return Ok(plan) };
        match (kind, &*effort) {
            (Kind::Effort, "none") => plan.switch_off(model, dropped),
            (Kind::Budget, "none") => plan.thinking = Some(Thinking::Disabled),
            (Kind::Effort, _) => {
                plan.thinking = (!is_forced).then_some(Thinking::Adaptive);
                plan.allows_sampling &= is_forced;
                plan.effort = Some(if effort == "minimal" { "low".to_owned() } else { effort });
            }
            (Kind::Budget, _) => match budget(&effort, max_tokens).filter(|_| can_think && !is_forced) {
                Some(budget_tokens) => {
                    plan.thinking = Some(Thinking::Enabled { budget_tokens });
                    plan.allows_sampling = false;
                }
                None => dropped.push("reasoning_effort".to_owned()),
            },
            (Kind::Unspecified, _) => dropped.push("reasoning_effort".to_owned()),
        }
        if let Some(own) = own {
            plan.yield_to(own, dropped);
        }
        Ok(plan)
    }

    /// No thinking, or as little as the model can.
    fn switch_off(&mut self, model: Option<&Model>, dropped: &mut Vec<String>) {
        match model.map_or(ThinkingOff::Never, |model| model.thinking_off) {
            ThinkingOff::Disabled => self.thinking = Some(Thinking::Disabled),
            ThinkingOff::BetweenTools => self.thinking = Some(Thinking::BetweenTools),
            ThinkingOff::Never => {
                self.effort = Some("low".to_owned());
                dropped.push("reasoning_effort".to_owned());
            }
        }
    }

    /// The client's `own` thinking stands in place of the plan's.
    fn yield_to(&mut self, own: &RawValue, dropped: &mut Vec<String>) {
        let is_lost = self.thinking.take().is_some_and(|planned| !says(own, &planned)) && self.effort.is_none();
        if is_lost {
            dropped.push("reasoning_effort".to_owned());
        }
    }
}

/// Tokens to think with: at most half of what may be written at all, so that an answer remains.
fn budget(effort: &str, max_tokens: u64) -> Option<u64> {
    let wanted = match effort {
        "minimal" | "low" => 1_024,
        "medium" => 4_096,
        "high" => 16_384,
        _ => 32_768,
    };
    Some(wanted.min(max_tokens / 2)).filter(|budget| *budget >= LEAST_BUDGET)
}
