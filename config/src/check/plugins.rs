//! Plugins: known, served, at a known stage, and one instance of each configuration.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{did_you_mean, one_of, variables};
use crate::model::Plugin;
use crate::path::Path;
use crate::report::Report;

/// The plugins of the format, and whether this build serves them.
const PLUGINS: [(&str, bool); 6] = [
    ("budget", false),
    ("max-token", false),
    ("rate-limit", false),
    ("request-logger", true),
    ("response-cache", false),
    ("word-filter", false),
];

const STAGES: [&str; 3] = ["before_request", "after_request", "on_error"];

pub(super) fn check(plugins: &[Plugin], report: &mut Report) {
    let path = Path::ROOT.key("plugins");
    let mut earlier = Entries::new();
    for (index, plugin) in plugins.iter().enumerate() {
        let path = path.index(index);
        known(&path.key("name"), plugin, report);
        if plugin.enabled {
            if one_of(&path.key("stage"), &plugin.stage, &STAGES, report) {
                instance(&path, plugin, &mut earlier, report);
            }
            let path = path.key("config");
            plugin.config.iter().for_each(|(key, value)| variables::check_all(&path.key(key), value, report));
            if plugin.name == "request-logger" {
                request_logger(&path, &plugin.config, report);
            }
        }
    }
}

/// A disabled plugin is nobody's harm, but its author should know what enabling it would come to.
fn known(path: &Path<'_>, plugin: &Plugin, report: &mut Report) {
    let name = &plugin.name;
    match (PLUGINS.iter().find(|(known, _)| known == name), plugin.enabled) {
        (Some((_, true)), _) => {}
        (Some(_), true) => report.not_yet_served(path, format!("the plugin `{name}`"), "set `enabled: false`, or remove it"),
        (Some(_), false) => {
            report.warning(path, format!("the plugin `{name}` is not yet served; disabled, it is ignored"), "remove it");
        }
        (None, enabled) => {
            let names: Vec<_> = PLUGINS.iter().map(|(known, _)| *known).collect();
            let message = format!("there is no plugin `{name}`");
            match enabled {
                true => report.error(path, message, did_you_mean(name, &names)),
                false => report.warning(path, message, did_you_mean(name, &names)),
            }
        }
    }
}

/// The configs of enabled entries, by name and stage: a list of plugins may be very long.
type Entries<'a> = HashMap<(&'a str, &'a str), HashSet<&'a Map<String, Value>>>;

/// Entries of one name and one config are one instance, at one or several stages.
fn instance<'a>(path: &Path<'_>, plugin: &'a Plugin, earlier: &mut Entries<'a>, report: &mut Report) {
    let Plugin { name, stage, config, .. } = plugin;
    let elsewhere = STAGES.into_iter().filter(|other| other != stage).filter_map(|other| earlier.get(&(name.as_str(), other)));
    let differs = elsewhere.flatten().any(|other| *other != config);
    let is_new = earlier.entry((name.as_str(), stage.as_str())).or_default().insert(config);
    if !is_new {
        let message = format!("`{name}` is listed a second time at this stage with the same config");
        report.error(path, message, "keep one of the two");
    } else if differs {
        let message = format!("`{name}` stands at another stage with another config; it is one instance");
        report.error(&path.key("config"), message, "give it the same config at every stage");
    }
}

fn request_logger(path: &Path<'_>, config: &Map<String, Value>, report: &mut Report) {
    for (key, value) in config {
        let path = path.key(key);
        match (key.as_str(), value) {
            ("level", Value::String(level)) => {
                one_of(&path, level, &["debug", "info", "warn", "error"], report);
            }
            ("level", _) => report.error(&path, "must be a string", "one of: debug, info, warn, error"),
            ("persist" | "backend" | "dsn", _) => {
                let message = "has no effect: requests are recorded whenever a request-log store is set up";
                report.warning(&path, message, "set REQUEST_LOG_STORE_BACKEND and REQUEST_LOG_STORE_DSN on the control plane");
            }
            (key, _) => report.error(&path, format!("unknown option `{key}`"), did_you_mean(key, &["level"])),
        }
    }
}
