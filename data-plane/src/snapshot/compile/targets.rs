//! One target after the other: where it is, what opens it, what it serves.

use std::sync::Arc;

use ferrogw_config::catalog::{self, Provider};
use ferrogw_config::{Issue, Severity, Target as Configured, model};
use http::{HeaderMap, HeaderValue, header};

use super::super::credential::{self, Credentials, Trouble};
use super::super::target::{Access, Models, Target};
use super::{Endpoint, error};
use crate::environment::Environment;
use crate::upstream::Egress;
use crate::vitals::Vitals;

/// The targets of one configuration being compiled.
pub(super) struct Targets<'a> {
    environment: &'a Environment,
    vitals: &'a Vitals,
    egress: Egress,
    pub errors: Vec<Issue>,
    pub warnings: Vec<Issue>,
}

impl<'a> Targets<'a> {
    pub(super) fn new(environment: &'a Environment, vitals: &'a Vitals) -> Self {
        Self { environment, vitals, egress: Egress::of(environment), errors: Vec::new(), warnings: Vec::new() }
    }

    /// The target at position `at`; `None`: an error was noted.
    pub(super) fn compile(&mut self, at: usize, configured: &Configured) -> Option<Arc<Target>> {
        let path = format!("targets[{at}]");
        let provider = catalog::provider(configured.provider_id());
        let Some((provider, wire)) = provider.and_then(|provider| Some((provider, provider.wire?))) else {
            let message = format!("the provider `{}` is not served by this worker's build", configured.provider_id());
            self.errors.push(error(path, message, "update the worker, or choose another provider"));
            return None;
        };
        let access = match self.access(configured, provider) {
            Ok(access) => Ok(access),
            Err(Trouble::Worker(obstacle)) => {
                self.warnings.push(unroutable(path, &obstacle));
                Err(obstacle)
            }
            Err(Trouble::Document(member, message, hint)) => {
                self.errors.push(error(format!("{path}.{member}"), message, hint));
                return None;
            }
        };
        Some(Arc::new(Target {
            name: configured.key().into(),
            provider,
            wire: ferrogw_providers::wire(wire),
            whole: configured.attempt_limits(false),
            streamed: configured.attempt_limits(true),
            retry: configured.retry_policy(),
            vitals: self.vitals.of(configured.key(), provider.id),
            access,
            models: models(configured, provider),
        }))
    }

    fn access(&self, configured: &Configured, provider: &'static Provider) -> Result<Access, Trouble> {
        let endpoint = self.endpoint(configured, provider)?;
        let headers =
            Credentials { environment: self.environment, target: configured, provider, endpoint: &endpoint }.headers()?;
        Ok(Access { endpoint, headers })
    }

    fn endpoint(&self, configured: &Configured, provider: &'static Provider) -> Result<Endpoint, Trouble> {
        let own = provider.base_url_env;
        if let Some(text) = &configured.base_url {
            let document = |message: &str, hint| Trouble::Document("base_url".to_owned(), message.to_owned(), hint);
            let endpoint = Endpoint::parse(text).map_err(|error| document(&error.to_string(), "mend the address"))?;
            return match self.egress.allows_host(endpoint.host()) {
                true => Ok(endpoint),
                false => Err(document(
                    "leads to a link-local or metadata address, which is refused",
                    "use another address, or set FERROGW_ALLOW_LINK_LOCAL=1 on the workers",
                )),
            };
        }
        let Some(text) = self.environment.get(own) else {
            return credential::root(provider, self.environment).map_err(Trouble::Worker);
        };
        let endpoint = Endpoint::parse_variable(text, provider.base_url);
        let endpoint = endpoint.map_err(|error| Trouble::Worker(format!("{own} {error}; mend it and restart the worker")))?;
        match self.egress.allows_host(endpoint.host()) {
            true => Ok(endpoint),
            false => Err(Trouble::Worker(format!("{own} leads to a link-local or metadata address; use another address"))),
        }
    }
}

/// Headers of a target that needs no credential.
pub(super) fn plain_headers() -> HeaderMap {
    HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))])
}

fn models(configured: &Configured, provider: &'static Provider) -> Models {
    match &configured.models {
        None => Models::of_catalog(provider),
        Some(model::Models::List(names)) if names.iter().any(|name| name == "*") => Models::everything(provider),
        Some(model::Models::List(names)) => Models::exactly(names.iter().map(|name| (name.as_str(), name.as_str()))),
        Some(model::Models::Map(names)) => {
            Models::exactly(names.iter().map(|(public, vendor)| (public.as_str(), vendor.as_str())))
        }
    }
}

fn unroutable(path: String, obstacle: &str) -> Issue {
    let message = format!("nothing can be routed to this target: {obstacle}");
    Issue { severity: Severity::Warning, path, line: None, column: None, message, hint: String::new() }
}
