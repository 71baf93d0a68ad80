//! The demo provider's entry: the one that no file of `config/catalog/` holds, so that no configuration can name it.

use super::{Auth, Mode, Model, Provider, Quirks, StreamUsage, Surface, TokenLimit, WireId};

pub(super) static PROVIDER: Provider = Provider {
    id: "demo",
    name: "Demo",
    semconv_name: "demo",
    wire: Some(WireId::OpenAi),
    base_url: "",
    base_url_env: "",
    credential_env: None,
    other_credentials: &[],
    settings: &[],
    auth: Auth::None,
    serves: &[Surface::Chat, Surface::Completions, Surface::Embeddings],
    completion_models: &[],
    quirks: Quirks {
        drop: &[],
        rename: &[],
        drop_in_messages: &[],
        developer_role: true,
        token_limit: TokenLimit::AsSent,
        stream_usage: StreamUsage::Request,
        repair_frames: false,
        reasoning_outside_output: false,
    },
    any_model: false,
    first_model: Some("demo"),
    models: &[model("demo", Mode::Chat), model("demo-embedding", Mode::Embedding)],
};

#[cfg(not(target_arch = "wasm32"))]
const fn model(id: &'static str, mode: Mode) -> Model {
    let (thinking, thinking_off) = (super::Thinking::Unspecified, super::ThinkingOff::Disabled);
    Model { id, mode, context_window: 0, max_output: 0, price: None, thinking, thinking_off, forced_calls: true, sampling: true }
}

#[cfg(target_arch = "wasm32")]
const fn model(id: &'static str, _: Mode) -> Model {
    Model { id }
}
