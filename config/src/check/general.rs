//! What stands at the top level.

use serde_json::{Map, Value};

use super::{duration, one_of};
use crate::Document;
use crate::model::Config;
use crate::path::Path;
use crate::report::Report;

pub(super) fn check(config: &Config, report: &mut Report) {
    let root = Path::ROOT;
    if let Some(version) = config.api_version.as_deref().filter(|version| !matches!(*version, "" | "v1")) {
        let path = root.key("apiVersion");
        report.warning(&path, format!("`{version}` is not a version that this build knows; it is read as `v1`"), "write `v1`");
    }
    if config.max_request_bytes.is_some_and(|bytes| bytes < 0) {
        report.error(&root.key("max_request_bytes"), "is less than zero", "write a number of bytes, or 0 for 10 MiB");
    }
    duration(&root.key("request_timeout"), config.request_timeout.as_ref(), report);
    observability(&root.key("observability"), config.observability.as_ref(), report);
    compatibility(&root.key("compatibility"), config.compatibility.as_ref(), report);
    for (key, target) in [("batch_target", &config.batch_target), ("responses_target", &config.responses_target)] {
        if let Some(target) = target {
            declared_target(&root.key(key), target, config, report);
            report.not_yet_served(&root.key(key), format!("`{key}`"), "remove it");
        }
    }
    let length = Document::of(config).bytes().len();
    if length > Document::MAX_BYTES {
        let message = format!("the configuration has {length} bytes as a document, which is more than {}", Document::MAX_BYTES);
        report.error(&root, message, "make it smaller, so that it fits one message to a worker");
    }
}

/// A rule names a target that there is.
pub(super) fn declared_target(path: &Path<'_>, key: &str, config: &Config, report: &mut Report) {
    let keys: Vec<_> = config.targets.iter().map(crate::Target::key).collect();
    if !keys.contains(&key) {
        report.error(path, format!("`{key}` is not one of the targets"), super::did_you_mean(key, &keys));
    }
}

fn observability(path: &Path<'_>, block: Option<&Map<String, Value>>, report: &mut Report) {
    let Some(block) = block.filter(|block| !block.is_empty()) else { return };
    if let Some(level) = block.get("tracing").and_then(|tracing| tracing["privacy_level"].as_str()) {
        one_of(&path.key("tracing").key("privacy_level"), level, &["none", "metadata", "full"], report);
    }
    report.not_yet_served(path, "`observability`", "remove it; `/metrics` and the request log need no configuration");
}

fn compatibility(path: &Path<'_>, block: Option<&Map<String, Value>>, report: &mut Report) {
    for (key, value) in block.into_iter().flatten() {
        let path = path.key(key);
        match value.as_str() {
            _ if key != "on_unsupported_param" => {
                report.error(&path, format!("unknown key `{key}`"), "`on_unsupported_param` is the only one here");
            }
            Some("warn") => {}
            Some(mode @ ("drop" | "reject")) => {
                report.not_yet_served(&path, format!("`{mode}`"), "write `warn`, or remove it");
            }
            Some(mode) => {
                one_of(&path, mode, &["warn", "drop", "reject"], report);
            }
            None => report.error(&path, "must be a string", "one of: warn, drop, reject"),
        }
    }
}
