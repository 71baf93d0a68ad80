//! Which providers this process has what it takes to reach.

use ferrogw_config::catalog::{self, Provider};

use crate::environment::Environment;

/// The served providers whose credential, and whatever else they need, is in the environment; in alphabetical order.
///
/// A provider without a credential (Ollama) is found by its address.
pub fn providers_found(environment: &Environment) -> impl Iterator<Item = &'static Provider> {
    let has = |name: &str| environment.get(name).is_some();
    catalog::providers().iter().filter(move |provider| provider.is_served() && provider.is_found(has))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(variables: &[(&str, &str)], expected: &[&str]) {
        let environment: Environment = variables.iter().copied().collect();
        let found: Vec<&str> = providers_found(&environment).map(|provider| provider.id).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_credential_is_enough_for_most_and_order_is_alphabetical() {
        check(&[("OPENAI_API_KEY", "sk-1"), ("ANTHROPIC_API_KEY", "sk-2"), ("GROQ_API_KEY", " ")], &["anthropic", "openai"]);
    }

    #[test]
    fn a_provider_that_needs_more_is_found_with_all_of_it() {
        check(&[("CLOUDFLARE_API_KEY", "k")], &[]);
        check(&[("CLOUDFLARE_API_KEY", "k"), ("CLOUDFLARE_ACCOUNT_ID", "a")], &["cloudflare"]);
        check(&[("CLOUDFLARE_API_KEY", "k"), ("CLOUDFLARE_BASE_URL", "http://localhost:1")], &["cloudflare"]);
    }

    #[test]
    fn a_provider_without_a_credential_is_found_by_its_address() {
        check(&[("OLLAMA_HOST", "localhost:11434")], &["ollama"]);
    }

    #[test]
    fn a_provider_that_is_not_served_yet_is_not_found() {
        check(&[("GEMINI_API_KEY", "k")], &[]);
    }
}
