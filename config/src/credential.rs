//! Which credential a target presents. The rule that a provider's own secret goes to that provider alone lives here.

use crate::catalog::{self, Provider};
use crate::model::Target;
use crate::origin::Origin;

/// What a target presents to its provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential<'a> {
    /// The value of the provider's own variable, which has this name.
    Own(&'static str),
    /// What this text comes to when its `${VAR}` references are resolved.
    Named(&'a str),
    /// Nothing: the provider needs none, or the target has an API root of its own and names none.
    None,
}

impl Target {
    /// The provider's catalog entry.
    #[must_use]
    pub fn catalog_entry(&self) -> Option<&'static Provider> {
        catalog::provider(self.provider_id())
    }

    /// What it presents to its provider: `api_key`, or else the provider's own variable, which stays at home where the target
    /// leads elsewhere.
    #[must_use]
    pub fn credential(&self) -> Credential<'_> {
        if let Some(api_key) = &self.api_key {
            return Credential::Named(api_key);
        }
        match self.catalog_entry().and_then(|provider| provider.credential_env) {
            Some(own) if self.leads_to_its_provider() => Credential::Own(own),
            _ => Credential::None,
        }
    }

    /// Whether requests go to the catalog's host of its provider, or to where the operator's `<PROVIDER>_BASE_URL` says.
    #[must_use]
    pub fn leads_to_its_provider(&self) -> bool {
        match (&self.base_url, self.catalog_entry()) {
            (None, _) => true,
            (Some(url), Some(provider)) => {
                Origin::of(url).is_ok_and(|origin| Origin::of(provider.base_url).is_ok_and(|home| origin == home))
            }
            (Some(_), None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(provider: &str, base_url: Option<&str>, api_key: Option<&str>, expected: Credential<'_>) {
        let own = |text: &str| Some(text.to_owned());
        let target = Target {
            provider: own(provider),
            base_url: base_url.and_then(own),
            api_key: api_key.and_then(own),
            ..Target::default()
        };
        assert_eq!(target.credential(), expected);
    }

    #[test]
    fn the_providers_own_variable_is_the_default() {
        check("openai", None, None, Credential::Own("OPENAI_API_KEY"));
        check("openai", Some("https://api.openai.com/v2"), None, Credential::Own("OPENAI_API_KEY"));
    }

    #[test]
    fn the_providers_own_variable_goes_nowhere_else() {
        check("openai", Some("http://localhost:8000/v1"), None, Credential::None);
        check("openai", Some("http://api.openai.com/v1"), None, Credential::None);
        check("openai", Some("https://api.openai.com.evil.example/v1"), None, Credential::None);
    }

    #[test]
    fn a_named_one_goes_wherever_the_target_leads() {
        check("openai", Some("http://localhost:8000/v1"), Some("${MY_KEY}"), Credential::Named("${MY_KEY}"));
    }

    #[test]
    fn a_provider_without_credentials_gets_none() {
        check("ollama", None, None, Credential::None);
    }
}
