//! Providers as data: one small file per provider in `config/catalog/`, compiled into this table by the build script.
//!
//! Adding an OpenAI-compatible provider is adding such a file; no Rust changes.

mod demo;
#[cfg(test)]
mod tests;

include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

/// All providers, by id in alphabetical order.
#[must_use]
pub fn providers() -> &'static [Provider] {
    PROVIDERS
}

/// The provider called `id`.
#[must_use]
pub fn provider(id: &str) -> Option<&'static Provider> {
    PROVIDERS.binary_search_by(|provider| provider.id.cmp(id)).ok().map(|at| &PROVIDERS[at])
}

/// The provider whose secret the variable `name` holds.
#[must_use]
pub fn owner_of_variable(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.secret_variables().any(|own| own == name))
}

/// The built-in demo provider. It answers in the worker itself and is not one of [`providers`]: no configuration can name it.
#[must_use]
pub fn demo() -> &'static Provider {
    &demo::PROVIDER
}

/// Whether any provider's catalog entry knows the model `id`; a name that none knows may be a model of yesterday.
#[must_use]
pub fn knows_model(id: &str) -> bool {
    PROVIDERS.iter().any(|provider| provider.model(id).is_some())
}

/// One provider.
#[derive(Debug)]
pub struct Provider {
    /// The canonical id, as in `targets[].virtual_key`.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What OpenTelemetry's conventions call it (`gen_ai.provider.name`).
    pub semconv_name: &'static str,
    /// Which wire it speaks; `None`: not yet served.
    pub wire: Option<WireId>,
    /// Default API root, without trailing slash; `{NAME}` stands for a setting of [`Provider::settings`].
    /// Empty where the operator has to give one.
    pub base_url: &'static str,
    /// The variable that overrides the API root.
    pub base_url_env: &'static str,
    /// The variable that holds the credential; `None` where none is needed.
    pub credential_env: Option<&'static str>,
    /// Further variables that hold secrets of this provider and may go nowhere else.
    pub other_credentials: &'static [&'static str],
    /// Further variables that the provider needs (account id …), each a `{NAME}` of the base URL.
    pub settings: &'static [&'static str],
    /// How the credential is presented.
    pub auth: Auth,
    /// Surfaces that the provider serves natively.
    pub serves: &'static [Surface],
    /// The models that [`Surface::Completions`] is native for; empty: all of them, where it is served at all.
    pub completion_models: &'static [&'static str],
    /// Deviations from the wire.
    pub quirks: Quirks,
    /// Accepts ids that no list can enumerate (deployments, repositories).
    pub any_model: bool,
    /// A current and inexpensive model for a first try; `None`: nobody has picked one.
    pub first_model: Option<&'static str>,
    /// Known models, by id in byte order.
    pub models: &'static [Model],
}

impl Provider {
    /// The catalog's entry for the model `id` (exact match).
    #[must_use]
    pub fn model(&self, id: &str) -> Option<&'static Model> {
        let models: &'static [Model] = self.models;
        models.binary_search_by(|model| model.id.cmp(id)).ok().map(|at| &models[at])
    }

    /// Whether this build can route to it.
    #[must_use]
    pub fn is_served(&self) -> bool {
        self.wire.is_some()
    }

    /// Whether `surface` is one of its own.
    #[must_use]
    pub fn serves(&self, surface: Surface) -> bool {
        self.serves.contains(&surface)
    }

    /// Whether `surface` is one of its own for the model `id`: a chat model may be refused on a legacy surface.
    #[must_use]
    pub fn serves_model(&self, surface: Surface, id: &str) -> bool {
        let restricted = surface == Surface::Completions && !self.completion_models.is_empty();
        self.serves(surface) && (!restricted || self.completion_models.contains(&id))
    }

    /// The variable whose presence says that an operator means to use this provider.
    #[must_use]
    pub fn enablement_env(&self) -> &'static str {
        self.credential_env.unwrap_or(self.base_url_env)
    }

    /// Whether an environment that `has` these variables, not blank, is enough to reach it: the credential, and whatever else the
    /// address takes. A provider without a credential is found by its address.
    #[must_use]
    pub fn is_found(&self, has: impl Fn(&str) -> bool) -> bool {
        let has_address = has(self.base_url_env);
        match self.credential_env {
            Some(credential) => has(credential) && (has_address || self.settings.iter().all(|setting| has(setting))),
            None => has_address,
        }
    }

    /// The variables that hold its secrets.
    pub fn secret_variables(&self) -> impl Iterator<Item = &'static str> {
        let others: &'static [&'static str] = self.other_credentials;
        self.credential_env.into_iter().chain(others.iter().copied())
    }
}

/// A provider family's spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WireId {
    /// OpenAI's API and everything compatible with it.
    OpenAi,
    /// Anthropic Messages.
    Anthropic,
}

/// How a credential is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization: Bearer …`
    Bearer,
    /// A header of this name.
    Header(&'static str),
    /// None.
    None,
}

/// What a provider's API offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Surface {
    /// Chat, streamed and not.
    Chat,
    /// Legacy text completions.
    Completions,
    /// Embeddings.
    Embeddings,
}

/// Deviations from the OpenAI wire; a closed set. A difference that one provider alone has is not a quirk.
#[derive(Debug, Default)]
pub struct Quirks {
    /// Top-level members that the provider refuses and that mean nothing there: dropped.
    pub drop: &'static [&'static str],
    /// Top-level members that it calls otherwise: (ours, theirs).
    pub rename: &'static [(&'static str, &'static str)],
    /// Members of each message that it refuses: dropped.
    pub drop_in_messages: &'static [&'static str],
    /// It knows the role `developer`; where not, that role is spelt `system`.
    pub developer_role: bool,
    /// Which of `max_tokens` and `max_completion_tokens` it takes.
    pub token_limit: TokenLimit,
    /// How usage is had on a stream.
    pub stream_usage: StreamUsage,
    /// Its stream frames lack members that SDKs insist on, so every frame is mended.
    pub repair_frames: bool,
    /// Reasoning tokens are reported outside of `completion_tokens`.
    pub reasoning_outside_output: bool,
}

/// Which of the two members that limit the answer's length a provider takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenLimit {
    /// Both, as the client sent them.
    #[default]
    AsSent,
    /// `max_completion_tokens` alone; `max_tokens` is renamed.
    Modern,
    /// `max_tokens` alone; `max_completion_tokens` is renamed.
    Legacy,
}

/// How usage is had on a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StreamUsage {
    /// With `stream_options.include_usage`.
    #[default]
    Request,
    /// Unasked; `stream_options` is not added.
    Always,
}

/// One model of a provider. A browser, where configurations are checked and nothing is served, knows the ids alone.
#[derive(Debug)]
pub struct Model {
    /// The vendor's id.
    pub id: &'static str,
    /// What it is for.
    #[cfg(not(target_arch = "wasm32"))]
    pub mode: Mode,
    /// Prompt and answer together, in tokens; 0: unknown.
    #[cfg(not(target_arch = "wasm32"))]
    pub context_window: u64,
    /// Longest answer, in tokens; 0: unknown.
    #[cfg(not(target_arch = "wasm32"))]
    pub max_output: u64,
    /// What it costs; `None`: unknown, which is not free.
    #[cfg(not(target_arch = "wasm32"))]
    pub price: Option<Price>,
    /// Answers after thinking; `Effort` models take a reasoning effort, `Budget` models a token budget.
    #[cfg(not(target_arch = "wasm32"))]
    pub thinking: Thinking,
    /// How an answer without thinking is asked for.
    #[cfg(not(target_arch = "wasm32"))]
    pub thinking_off: ThinkingOff,
    /// Whether it can be made to call a tool; the others refuse the whole request over such a wish.
    #[cfg(not(target_arch = "wasm32"))]
    pub forced_calls: bool,
    /// Whether it takes a temperature and its kin while it does not think; the others refuse the whole request over one.
    #[cfg(not(target_arch = "wasm32"))]
    pub sampling: bool,
}

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Conversation.
    Chat,
    /// Embeddings.
    Embedding,
    /// Anything that this build does not serve.
    Other,
}

/// How a model takes a wish for reasoning on wires that have more than one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Thinking {
    /// Not known to reason, or the wire has one way only.
    #[default]
    Unspecified,
    /// A budget in tokens.
    Budget,
    /// Adaptive, with an effort.
    Effort,
}

/// How a model that thinks is asked not to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThinkingOff {
    /// By saying so.
    #[default]
    Disabled,
    /// It thinks between the calls of tools all the same.
    BetweenTools,
    /// It cannot be; the least effort is the nearest.
    Never,
}

/// Prices in pico-dollars (10⁻¹² USD) per token; $1 per million tokens is 1,000,000. `None`: the bucket has no price of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Fresh input.
    pub input: u64,
    /// Output, reasoning included.
    pub output: u64,
    /// Cache reads; `None`: as input.
    pub cache_read: Option<u64>,
    /// Cache writes; `None`: as input.
    pub cache_write: Option<u64>,
    /// Cache writes that live for an hour; `None`: as `cache_write`.
    pub cache_write_1h: Option<u64>,
}
