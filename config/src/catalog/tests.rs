use std::collections::BTreeSet;

use super::*;

#[test]
fn all_thirty_providers_are_listed_and_twenty_one_are_served() {
    let served: Vec<_> = providers().iter().filter(|provider| provider.is_served()).map(|provider| provider.id).collect();
    let waiting: Vec<_> = providers().iter().filter(|provider| !provider.is_served()).map(|provider| provider.id).collect();

    assert_eq!(
        served.join(" "),
        "ai21 anthropic cerebras cloudflare deepinfra deepseek fireworks groq hugging-face mistral moonshot novita nvidia-nim \
         ollama openai openrouter perplexity qwen sambanova together xai"
    );
    assert_eq!(waiting.join(" "), "azure-foundry azure-openai bedrock cohere databricks gemini ollama-cloud replicate vertex-ai");
}

#[test]
fn look_ups_find_what_the_table_holds() {
    for listed in providers() {
        assert!(std::ptr::eq(provider(listed.id).unwrap(), listed));
        assert!(listed.models.iter().all(|model| std::ptr::eq(listed.model(model.id).unwrap(), model)), "{}", listed.id);
    }
    assert!(provider("opena").is_none());
    assert!(provider("demo").is_none());
}

#[test]
fn a_price_keeps_every_digit() {
    let price = |id: &str, model| provider(id).unwrap().model(model).unwrap().price.unwrap();

    assert_eq!(price("openai", "gpt-4o-mini").input, 150_000);
    assert_eq!(price("openai", "gpt-4o-mini").cache_read, Some(75_000));
    assert_eq!(price("deepseek", "deepseek-v4-pro").cache_read, Some(3_625));
    assert_eq!(price("anthropic", "claude-sonnet-4-5").cache_write_1h, Some(6_000_000));
}

#[test]
fn an_unknown_price_is_not_zero() {
    assert_eq!(provider("hugging-face").unwrap().model("Qwen/Qwen2.5-72B-Instruct").unwrap().price, None);
    assert_eq!(provider("ollama").unwrap().model("llama3.1").unwrap().price.unwrap().input, 0);
}

#[test]
fn no_variable_holds_the_secret_of_two_providers() {
    let mut seen = BTreeSet::new();
    for name in providers().iter().flat_map(Provider::secret_variables) {
        assert!(seen.insert(name), "{name}");
        assert!(crate::variable::may_be_used(name), "{name}");
    }
    assert_eq!(owner_of_variable("OPENAI_API_KEY").unwrap().id, "openai");
    assert!(owner_of_variable("MY_VLLM_KEY").is_none());
}

#[test]
fn the_legacy_surface_of_openai_is_native_for_its_completion_models_alone() {
    let openai = provider("openai").unwrap();
    assert!(openai.serves_model(Surface::Completions, "gpt-3.5-turbo-instruct"));
    assert!(!openai.serves_model(Surface::Completions, "gpt-4o"));
    assert!(provider("together").unwrap().serves_model(Surface::Completions, "anything"));
    assert!(!provider("groq").unwrap().serves_model(Surface::Completions, "anything"));
}

#[test]
fn claude_models_say_how_they_think() {
    let thinking = |model| provider("anthropic").unwrap().model(model).unwrap().thinking;
    assert_eq!(thinking("claude-3-haiku-20240307"), Thinking::Unspecified);
    assert_eq!(thinking("claude-3-7-sonnet-20250219"), Thinking::Budget);
    assert_eq!(thinking("claude-haiku-4-5"), Thinking::Budget);
    assert_eq!(thinking("claude-opus-4-7"), Thinking::Effort);
    assert_eq!(thinking("claude-sonnet-5-5"), Thinking::Effort);
}

#[test]
fn the_demo_provider_knows_its_two_models() {
    assert_eq!(demo().model("demo").unwrap().mode, Mode::Chat);
    assert_eq!(demo().model("demo-embedding").unwrap().mode, Mode::Embedding);
    assert!(!knows_model("demo"));
}
