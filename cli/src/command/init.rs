//! `init`: a configuration to begin with.

mod template;

use ferrogw_config::catalog::{self, Provider};
use ferrogw_config::{StrategyMode, Syntax, read, suggest};

use crate::args::Init;
use crate::failure::Failure;
use crate::file::{refuse_existing, write_private};
use crate::input;
use crate::output::{self, Output};

/// What the configuration is to hold.
pub(super) struct Choice {
    pub(super) providers: Vec<&'static Provider>,
    pub(super) mode: StrategyMode,
}

pub(super) fn run(wanted: &Init, output: Output) -> Result<(), Failure> {
    let name = wanted.file.display().to_string();
    let syntax = Syntax::of_path(&name).ok_or_else(|| Failure::Syntax(name.clone()))?;
    if !wanted.force {
        refuse_existing(&wanted.file)?;
    }
    let found: Vec<&'static Provider> = found().collect();
    let choice = choose(wanted, &found, output)?;
    let text = match syntax {
        Syntax::Yaml => template::yaml(&choice),
        Syntax::Json => output::json(&template::config(&choice))?,
    };
    // What is written here has to pass `validate`; that it does is a matter of this program alone.
    if let Err(issues) = read(&text, syntax) {
        let count = super::source::count(&issues);
        return Err(Failure::Invalid { file: "the configuration that was made".to_owned(), count });
    }
    write_private(&wanted.file, &text, wanted.force)?;
    tell(&name, &choice, &found, output);
    if output.quiet { output::write(&name) } else { Ok(()) }
}

/// The providers whose credentials are in the environment.
pub(super) fn found() -> impl Iterator<Item = &'static Provider> {
    let has = |name: &str| std::env::var(name).is_ok_and(|value| !value.trim().is_empty());
    catalog::providers().iter().filter(move |provider| provider.is_served() && provider.is_found(has))
}

fn choose(wanted: &Init, found: &[&'static Provider], output: Output) -> Result<Choice, Failure> {
    let asks = !wanted.yes && input::is_terminal();
    if !asks && !wanted.yes {
        return Err(Failure::Unconfirmed("what to write"));
    }
    let detected: Vec<&str> = found.iter().map(|provider| provider.id).collect();
    let providers = match (wanted.providers.as_slice(), asks) {
        ([], false) => parse(&detected)?,
        ([], true) => ask_providers(&detected, output)?,
        (given, _) => parse(&given.iter().map(String::as_str).collect::<Vec<_>>())?,
    };
    let providers = if providers.is_empty() { parse(&["openai"])? } else { providers };
    let usual = if providers.len() > 1 { StrategyMode::Fallback } else { StrategyMode::Single };
    let mode = match wanted.strategy {
        Some(strategy) => strategy.into(),
        None if asks && providers.len() > 1 => ask_mode(usual, output)?,
        None => usual,
    };
    Ok(Choice { providers, mode })
}

fn ask_providers(detected: &[&str], output: Output) -> Result<Vec<&'static Provider>, Failure> {
    let offered = if detected.is_empty() { "openai".to_owned() } else { detected.join(",") };
    match detected {
        [] => output.note("No provider's credential is in the environment; `ferrogw-cli providers` lists the variables."),
        detected => output.note(&format!("Credentials in the environment: {}.", detected.join(", "))),
    }
    loop {
        let answer = input::ask("Providers, in the order in which they are tried", &offered)?;
        let names: Vec<&str> = answer.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        match parse(&names) {
            Ok(providers) if !providers.is_empty() => return Ok(providers),
            Ok(_) => {}
            Err(failure) => output.note(&failure.to_string()),
        }
    }
}

fn ask_mode(usual: StrategyMode, output: Output) -> Result<StrategyMode, Failure> {
    loop {
        match input::ask("Strategy, single or fallback", &usual.to_string())?.as_str() {
            "single" => return Ok(StrategyMode::Single),
            "fallback" => return Ok(StrategyMode::Fallback),
            other => output.note(&format!("`{other}` is neither")),
        }
    }
}

/// The providers of these ids, each once.
fn parse(names: &[&str]) -> Result<Vec<&'static Provider>, Failure> {
    let mut providers: Vec<&'static Provider> = Vec::new();
    for name in names {
        let served = catalog::providers().iter().filter(|provider| provider.is_served());
        match catalog::provider(name) {
            Some(provider) if !provider.is_served() => {
                return Err(Failure::Usage(format!("the provider `{name}` ({}) is not served yet", provider.name)));
            }
            Some(provider) if providers.iter().any(|known| known.id == provider.id) => {}
            Some(provider) => providers.push(provider),
            None => {
                let nearest = suggest::nearest(name, served.map(|provider| provider.id));
                let hint =
                    nearest.map_or("`ferrogw-cli providers` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
                return Err(Failure::Usage(format!("there is no provider `{name}`; {hint}")));
            }
        }
    }
    Ok(providers)
}

fn tell(file: &str, choice: &Choice, found: &[&'static Provider], output: Output) {
    let ids: Vec<&str> = choice.providers.iter().map(|provider| provider.id).collect();
    output.note(&format!("{file} is written: strategy {}; targets {}", choice.mode, ids.join(", ")));
    output.note("\nNext:");
    for provider in choice.providers.iter().filter(|provider| found.iter().all(|found| found.id != provider.id)) {
        output.note(&format!("  export {}=…   # where ferrogw or its workers run", provider.enablement_env()));
    }
    output.note(&format!("  ferrogw-cli validate {file}"));
    output.note(&format!("  GATEWAY_CONFIG={file} ferrogw               # to start with it"));
    output.note(&format!("  ferrogw-cli admin config apply {file}       # or to put it in force on a gateway that runs"));
}
