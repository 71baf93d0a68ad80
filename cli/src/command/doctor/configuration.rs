//! The configuration file, where there is one.

use std::path::{Path, PathBuf};

use ferrogw_config::{Checked, Credential, Syntax, read, variable};

use super::environment;
use super::finding::{Finding, Findings};
use crate::command::source::count;

/// What `init` writes.
const USUAL: &str = "ferrogw.yaml";

pub(super) fn look(named: Option<&Path>) -> Vec<Finding> {
    let mut found = Findings::about("Configuration file");
    let named = named.filter(|file| !file.as_os_str().is_empty());
    let file = named.map(Path::to_owned).or_else(|| Some(PathBuf::from(USUAL)).filter(|usual| usual.is_file()));
    match file {
        None => found.skipped("file", "none is named by GATEWAY_CONFIG or --config; the gateway has its own"),
        Some(file) => check(&file, &mut found),
    }
    found.all()
}

fn check(file: &Path, found: &mut Findings) {
    let name = file.display().to_string();
    let Some(syntax) = Syntax::of_path(&name) else {
        found.problem(name, "its name tells no syntax", "let it end in .yaml, .yml or .json");
        return;
    };
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            return found.problem(name, format!("cannot be read: {error}"), "correct GATEWAY_CONFIG, or its permissions");
        }
    };
    match read(&text, syntax) {
        Err(issues) => {
            let advice = format!("`ferrogw-cli validate {name}` shows where");
            found.problem(name, format!("is not valid: {}", count(&issues)), advice);
        }
        Ok(checked) => {
            let targets = checked.targets().len();
            found.ok(&name, format!("is valid; strategy {}; targets: {targets}", checked.config().strategy.mode));
            for warning in checked.warnings() {
                found.warning(&name, warning.to_string(), format!("`ferrogw-cli validate {name}` shows the place"));
            }
            credentials(&checked, found);
        }
    }
}

/// Variables that its targets need and that are not set here.
fn credentials(checked: &Checked, found: &mut Findings) {
    for target in checked.targets() {
        let needed: Vec<&str> = match target.credential() {
            Credential::Own(name) => vec![name],
            Credential::Named(text) => variable::names(text),
            Credential::None => Vec::new(),
        };
        let missing: Vec<&str> = needed.into_iter().filter(|name| environment::variable(name).is_none()).collect();
        if !missing.is_empty() {
            let message = format!("{} is not set here", missing.join(" and "));
            found.warning(format!("target {}", target.key()), message, "set it where ferrogw or its workers run");
        }
    }
}
