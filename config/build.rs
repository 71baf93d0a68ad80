//! Turns `catalog/*.toml` into the static table of `src/catalog.rs`, so that start-up parses nothing and allocates nothing.
//!
//! The enums here are named as the table's: their `Debug` form is the Rust that is written.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{env, fs, path::Path};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Provider {
    name: String,
    wire: Option<WireId>,
    #[serde(default)]
    base_url: String,
    base_url_env: String,
    credential_env: Option<String>,
    #[serde(default)]
    other_credentials: Vec<String>,
    #[serde(default)]
    settings: Vec<String>,
    auth: Auth,
    serves: Vec<Surface>,
    #[serde(default)]
    completion_models: Vec<String>,
    #[serde(default)]
    any_model: bool,
    semconv_name: Option<String>,
    first_model: Option<String>,
    #[serde(default)]
    quirks: Quirks,
    provenance: Provenance,
    models: BTreeMap<String, Model>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WireId {
    OpenAi,
    Anthropic,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Auth {
    Bearer,
    Header(String),
    None,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Surface {
    Chat,
    Completions,
    Embeddings,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Quirks {
    drop: Vec<String>,
    rename: BTreeMap<String, String>,
    drop_in_messages: Vec<String>,
    developer_role: bool,
    token_limit: TokenLimit,
    stream_usage: StreamUsage,
    repair_frames: bool,
    reasoning_outside_output: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum TokenLimit {
    #[default]
    AsSent,
    Modern,
    Legacy,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StreamUsage {
    #[default]
    Request,
    Always,
}

/// Where the facts come from: required of every file, and of use to people alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Provenance {
    api: String,
    models: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    context_window: u64,
    #[serde(default)]
    max_output: u64,
    price: Option<Price>,
    #[serde(default)]
    thinking: Thinking,
    #[serde(default)]
    thinking_off: ThinkingOff,
    #[serde(default = "yes")]
    forced_calls: bool,
    #[serde(default)]
    sampling: Option<bool>,
    /// Where this row comes from, if not from where the file's rows do.
    source: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    #[default]
    Chat,
    Embedding,
    Other,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Thinking {
    #[default]
    Unspecified,
    Budget,
    Effort,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ThinkingOff {
    #[default]
    Disabled,
    BetweenTools,
    Never,
}

/// Dollars per million tokens, as decimals in strings: a float would round them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    input: String,
    output: String,
    cache_read: Option<String>,
    cache_write: Option<String>,
    cache_write_1h: Option<String>,
}

fn yes() -> bool {
    true
}

fn main() {
    println!("cargo::rerun-if-changed=catalog");
    let providers: BTreeMap<String, Provider> = fs::read_dir("catalog")
        .expect("the folder config/catalog is part of the source")
        .map(|entry| entry.expect("config/catalog can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| read(&path))
        .collect();
    let mut table = String::from("static PROVIDERS: &[Provider] = &[\n");
    for (id, provider) in &providers {
        check(id, provider);
        write_provider(&mut table, id, provider);
    }
    table.push_str("];\n");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(format!("{out}/catalog.rs"), table).expect("OUT_DIR is writable");
}

fn read(path: &Path) -> (String, Provider) {
    let id = path.file_stem().expect("it has an extension").to_string_lossy().into_owned();
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    (id, toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// What the types cannot say.
fn check(id: &str, provider: &Provider) {
    let base = &provider.base_url;
    assert!(
        id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
        "{id}: ids are kebab-case"
    );
    assert!(base.is_empty() || base.starts_with("http"), "{id}: base_url is an http(s) URL");
    assert!(!base.ends_with('/'), "{id}: base_url has no trailing slash");
    let placeholders: Vec<_> = base.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect();
    let settings = &provider.settings;
    assert!(
        placeholders.iter().all(|name| settings.iter().any(|setting| setting == name))
            && (base.is_empty() || settings.iter().all(|setting| placeholders.contains(&setting.as_str()))),
        "{id}: the settings are the {{NAME}}s of base_url"
    );
    if let Auth::Header(name) = &provider.auth {
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{id}: header names are lower case");
    }
    assert!(provider.serves.contains(&Surface::Chat), "{id}: every provider serves chat");
    assert!(
        provider.completion_models.iter().all(|model| provider.models.contains_key(model)),
        "{id}: completion_models are among the models"
    );
    assert!(
        provider.first_model.iter().all(|model| provider.models.contains_key(model)),
        "{id}: first_model is among the models"
    );
    let variables = [Some(&provider.base_url_env), provider.credential_env.as_ref()];
    for name in variables.into_iter().flatten().chain(&provider.other_credentials).chain(&provider.settings) {
        assert!(name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'), "{id}: {name}");
    }
    let sources = provider.models.values().filter_map(|model| model.source.as_ref());
    for source in sources.chain([&provider.provenance.api]) {
        assert!(source.starts_with("https://"), "{id}: a source is a page: {source}");
    }
    assert!(!provider.provenance.models.is_empty(), "{id}: the models come from somewhere");
    assert!(provider.models.keys().all(|model| !model.trim().is_empty()), "{id}: a model without a name");
}

fn write_provider(table: &mut String, id: &str, provider: &Provider) {
    let Provider { name, base_url, base_url_env, credential_env, other_credentials, settings, .. } = provider;
    let semconv_name = provider.semconv_name.as_deref().unwrap_or(id);
    let Provider { auth, serves, completion_models, any_model, first_model, quirks, .. } = provider;
    let wire = provider.wire.as_ref().map_or("None".to_owned(), |wire| format!("Some(WireId::{wire:?})"));
    let serves: String = serves.iter().map(|surface| format!("Surface::{surface:?}, ")).collect();
    let Quirks { drop, drop_in_messages, developer_role, token_limit, stream_usage, .. } = quirks;
    let Quirks { repair_frames, reasoning_outside_output, .. } = quirks;
    let rename: Vec<_> = quirks.rename.iter().collect();
    writeln!(
        table,
        "Provider {{ id: {id:?}, name: {name:?}, semconv_name: {semconv_name:?}, wire: {wire}, base_url: {base_url:?}, base_url_env: {base_url_env:?}, \
         credential_env: {credential_env:?}, other_credentials: &{other_credentials:?}, settings: &{settings:?}, \
         auth: Auth::{auth:?}, serves: &[{serves}], completion_models: &{completion_models:?}, any_model: {any_model}, \
         first_model: {first_model:?}, quirks: Quirks {{ drop: &{drop:?}, rename: &{rename:?}, drop_in_messages: &{drop_in_messages:?}, \
         developer_role: {developer_role}, token_limit: TokenLimit::{token_limit:?}, \
         stream_usage: StreamUsage::{stream_usage:?}, repair_frames: {repair_frames}, \
         reasoning_outside_output: {reasoning_outside_output} }}, models: &["
    )
    .expect("a string takes everything");
    for (model_id, model) in &provider.models {
        write_model(table, &format!("{id}: {model_id}"), model_id, model);
    }
    table.push_str("] },\n");
}

fn write_model(table: &mut String, place: &str, id: &str, model: &Model) {
    if env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        writeln!(table, "Model {{ id: {id:?} }},").expect("a string takes everything");
        return;
    }
    let Model { mode, context_window, max_output, thinking, thinking_off, forced_calls, .. } = model;
    // The newer models take no temperature, or only one; those with a budget always did.
    let sampling = model.sampling.unwrap_or(!matches!(thinking, Thinking::Effort));
    let price = model.price.as_ref().map_or("None".to_owned(), |price| {
        let optional = |text: &Option<String>| text.as_ref().map(|text| pico_dollars(place, text));
        format!(
            "Some(Price {{ input: {}, output: {}, cache_read: {:?}, cache_write: {:?}, cache_write_1h: {:?} }})",
            pico_dollars(place, &price.input),
            pico_dollars(place, &price.output),
            optional(&price.cache_read),
            optional(&price.cache_write),
            optional(&price.cache_write_1h),
        )
    });
    writeln!(
        table,
        "Model {{ id: {id:?}, mode: Mode::{mode:?}, context_window: {context_window}, max_output: {max_output}, \
         price: {price}, thinking: Thinking::{thinking:?}, thinking_off: ThinkingOff::{thinking_off:?}, \
         forced_calls: {forced_calls}, sampling: {sampling} }},"
    )
    .expect("a string takes everything");
}

/// Pico-dollars per token of a price in dollars per million tokens: the same digits, six places on.
fn pico_dollars(place: &str, text: &str) -> u64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    assert!(fraction.len() <= 6, "{place}: price {text:?} has more than six decimals");
    let digits = format!("{whole}{fraction:0<6}");
    assert!(digits.bytes().all(|byte| byte.is_ascii_digit()), "{place}: price {text:?} is not a decimal");
    digits.parse().unwrap_or_else(|error| panic!("{place}: price {text:?}: {error}"))
}
