//! The targets: who they are, where they lead and what they present there.

use std::collections::BTreeMap;

use super::{headers, models, name, resilience, variables};
use crate::credential::Credential;
use crate::model::Target;
use crate::origin::Origin;
use crate::path::Path;
use crate::report::Report;
use crate::{catalog, suggest, variable};

pub(super) fn check(targets: &[Target], report: &mut Report) {
    let path = Path::ROOT.key("targets");
    if targets.is_empty() {
        report.error(&path, "there is no target, so nothing would be served", "name a provider: `- virtual_key: openai`");
    }
    for (index, target) in targets.iter().enumerate() {
        let path = path.index(index);
        identity(&path, target, report);
        provider(&path, target, report);
        base_url(&path.key("base_url"), target, report);
        api_key(&path.key("api_key"), target, report);
        headers::check(&path.key("headers"), &target.headers, Some(target), report);
        models::check(&path.key("models"), target.models.as_ref(), report);
        resilience::check(&path, target, report);
    }
    unique(&path, targets, report);
}

fn identity(path: &Path<'_>, target: &Target, report: &mut Report) {
    let names = [("virtual_key", &target.virtual_key), ("name", &target.name), ("provider", &target.provider)];
    for (key, text) in names {
        if let Some(text) = text {
            name(&path.key(key), text, report);
        }
    }
    if target.virtual_key.is_none() && target.provider.is_none() {
        report.error(path, "names no provider", "set `virtual_key` to a provider's id, such as `openai`");
    }
}

/// The provider is in the catalog and this build speaks its wire.
fn provider(path: &Path<'_>, target: &Target, report: &mut Report) {
    let id = target.provider_id();
    let path = path.key(if target.provider.is_some() { "provider" } else { "virtual_key" });
    match catalog::provider(id) {
        // Said already.
        _ if id.trim().is_empty() => {}
        Some(provider) if provider.is_served() => {}
        Some(provider) => report.not_yet_served(&path, format!("the provider `{id}` ({})", provider.name), "remove the target"),
        None if id == catalog::demo().id => {
            report.error(&path, "the demo provider is built in and cannot be configured", "start with FERROGW_DEMO=1 instead");
        }
        None => {
            let hint = match suggest::nearest(id, catalog::providers().iter().map(|provider| provider.id)) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => "set `provider` to an id of the catalog, and `virtual_key` to any name".to_owned(),
            };
            report.error(&path, format!("there is no provider `{id}`"), hint);
        }
    }
}

fn unique(path: &Path<'_>, targets: &[Target], report: &mut Report) {
    let mut first = BTreeMap::new();
    for (index, target) in targets.iter().enumerate().filter(|(_, target)| !target.key().is_empty()) {
        if let Some(earlier) = first.get(target.key()) {
            let message = format!("`{}` is the name of targets[{earlier}] already", target.key());
            let key = match (&target.name, &target.virtual_key) {
                (Some(_), _) => "name",
                (None, Some(_)) => "virtual_key",
                (None, None) => "provider",
            };
            report.error(&path.index(index).key(key), message, "give one of them a `name` of its own");
        } else {
            first.insert(target.key(), index);
        }
    }
}

fn base_url(path: &Path<'_>, target: &Target, report: &mut Report) {
    let Some(url) = &target.base_url else { return };
    if let Err(error) = Origin::of(url) {
        // The text may hold a password.
        report.error(path, error.to_string(), "write an API root such as `https://host/v1`");
        return;
    }
    let needs_one = target.catalog_entry().is_some_and(|provider| provider.credential_env.is_some());
    if needs_one && target.credential() == Credential::None {
        let message = "leads to another host than the provider's, so no credential is sent there";
        report.warning(path, message, "if it needs one, name a variable of its own: `api_key: ${MY_KEY}`");
    }
}

fn api_key(path: &Path<'_>, target: &Target, report: &mut Report) {
    let Some(text) = &target.api_key else { return };
    if variable::names(text).is_empty() || !variable::literal(text).is_empty() {
        let message = "holds a literal; a configuration is stored, shown and sent, so it never holds a secret";
        report.error(path, message, "write a reference to a variable of the workers: `${MY_KEY}`");
    }
    variables::check(path, text, Some(target), report);
}
