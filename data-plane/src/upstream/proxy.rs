//! The operator's own proxies, by the variables that curl knows.

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::environment::Environment;

/// Which destinations go through which proxy.
#[derive(Debug)]
pub(super) struct Proxies(Option<Matcher>);

impl Proxies {
    /// Reads `ALL_PROXY`, `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in capitals or not.
    pub(super) fn of(environment: &Environment) -> Self {
        let value = |name: &str| environment.get(name).or_else(|| environment.get(&name.to_ascii_lowercase())).map(str::to_owned);
        let (all, https, http) = (value("ALL_PROXY"), value("HTTPS_PROXY"), value("HTTP_PROXY"));
        if all.is_none() && https.is_none() && http.is_none() {
            return Self(None);
        }
        let text = Option::unwrap_or_default;
        let no = text(value("NO_PROXY"));
        Self(Some(Matcher::builder().all(text(all)).https(text(https)).http(text(http)).no(no).build()))
    }

    /// The proxy in front of `destination`, if there is one.
    pub(super) fn before(&self, destination: &Uri) -> Option<Intercept> {
        self.0.as_ref()?.intercept(destination)
    }

    /// What opens the proxy, for a plain destination: those are asked for with every request instead of tunnelled once.
    pub(super) fn login_for(&self, destination: &Uri) -> Option<HeaderValue> {
        if self.0.is_none() || destination.scheme_str() != Some("http") {
            return None;
        }
        self.before(destination)?.basic_auth().cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy_of(destination: &'static str, variables: &[(&str, &str)]) -> Option<String> {
        let proxies = Proxies::of(&Environment::from_iter(variables.iter().copied()));
        proxies.before(&Uri::from_static(destination)).map(|proxy| proxy.uri().to_string())
    }

    #[test]
    fn destinations_go_through_the_proxy_of_their_scheme_unless_exempt() {
        let variables = [("HTTPS_PROXY", "http://proxy:3128"), ("NO_PROXY", "internal.example,10.0.0.0/8")];
        assert_eq!(proxy_of("https://api.openai.com", &variables).as_deref(), Some("http://proxy:3128/"));
        assert_eq!(proxy_of("http://api.openai.com", &variables), None);
        assert_eq!(proxy_of("https://llm.internal.example", &variables), None);
        assert_eq!(proxy_of("https://10.1.2.3", &variables), None);
        assert_eq!(proxy_of("https://api.openai.com", &[("https_proxy", "http://small:1")]).as_deref(), Some("http://small:1/"));
        assert_eq!(proxy_of("https://api.openai.com", &[]), None);
    }

    #[test]
    fn the_proxys_login_is_sent_along_only_with_plain_requests() {
        let proxies = Proxies::of(&Environment::from_iter([("ALL_PROXY", "http://user:pass@proxy:3128")]));
        assert_eq!(proxies.login_for(&Uri::from_static("http://llm/")).expect("a login"), "Basic dXNlcjpwYXNz");
        assert_eq!(proxies.login_for(&Uri::from_static("https://llm/")), None);
    }
}
