//! The text of a first configuration.

use ferrogw_config::catalog::{Mode, Provider};
use ferrogw_config::{Config, Strategy, StrategyMode, Target};

use super::Choice;

/// The configuration as such.
pub(super) fn config(choice: &Choice) -> Config {
    let target = |provider: &&Provider| Target { virtual_key: Some(provider.id.to_owned()), ..Target::default() };
    Config {
        api_version: Some("v1".to_owned()),
        strategy: Strategy { mode: choice.mode, ..Strategy::default() },
        targets: choice.providers.iter().map(target).collect(),
        ..Config::default()
    }
}

/// The configuration with comments that say what else it can hold.
pub(super) fn yaml(choice: &Choice) -> String {
    let mut text = String::from(HEAD);
    let strategy = match choice.mode {
        StrategyMode::Fallback => "One target after the other, in this order, until one answers.",
        _ => "The first target answers every request; `fallback` tries them in their order until one answers.",
    };
    text.push_str(&format!("# {strategy}\nstrategy:\n  mode: {}\n", choice.mode));
    text.push_str(TARGETS);
    for provider in &choice.providers {
        text.push_str(&target(provider));
    }
    text.push_str(MORE_TARGETS);
    text.push_str(&aliases(choice));
    text.push_str(TAIL);
    text
}

fn target(provider: &Provider) -> String {
    let needs: Vec<&str> = std::iter::once(provider.enablement_env()).chain(provider.settings.iter().copied()).collect();
    let models = match provider.models.len() {
        0 => String::new(),
        1 => "; 1 known model".to_owned(),
        count => format!("; {count} known models"),
    };
    let comment = format!("# {}: {}{models}", provider.name, needs.join(" and "));
    format!("  {comment}\n  - virtual_key: {}\n    retry:\n      attempts: 2\n", provider.id)
}

/// Names for the first model of each provider that has one.
fn aliases(choice: &Choice) -> String {
    let first = choice.providers.iter().find_map(|provider| first_model(provider));
    let example = first.unwrap_or("gpt-4o-mini");
    format!(
        "\n# Names that stand for models, replaced before everything else: a client asks for `fast`, and you decide what that is.\n\
         # aliases:\n#   fast: {example}\n"
    )
}

fn first_model(provider: &Provider) -> Option<&'static str> {
    let chat = || provider.models.iter().find(|model| model.mode == Mode::Chat).map(|model| model.id);
    provider.first_model.or_else(chat)
}

const HEAD: &str = "\
# The configuration of ferrogw. `ferrogw-cli validate` checks this file, `ferrogw-cli admin config diff` shows what it would
# change, and `ferrogw-cli admin config apply` puts it in force on a gateway that runs.

apiVersion: v1

";

const TARGETS: &str = "
# Providers with credentials. Credentials never stand in this file: they are read from the environment of ferrogw, or of its
# workers, from the variables named here.
targets:
";

const MORE_TARGETS: &str = "
  # A provider can come a second time, under a name and with a credential of its own, and any server that speaks OpenAI's API is
  # a target with its own address. `models` says which models it serves: a list, or public names for the vendor's.
  # - name: local
  #   provider: openai
  #   base_url: http://localhost:8000/v1
  #   api_key: ${LOCAL_API_KEY}
  #   models: [\"*\"]
";

const TAIL: &str = "
# Bounds of a request: all attempts together (on a stream up to its first content), and its body in bytes.
# request_timeout: 15m
# max_request_bytes: 10485760
";

#[cfg(test)]
mod tests {
    use ferrogw_config::{StrategyMode, Syntax, catalog, read};

    use super::{Choice, config, yaml};

    #[test]
    fn every_served_provider_makes_a_valid_configuration_without_warnings() {
        for provider in catalog::providers().iter().filter(|provider| provider.is_served()) {
            let choice = Choice { providers: vec![provider], mode: StrategyMode::Single };
            let checked = read(&yaml(&choice), Syntax::Yaml).unwrap();
            assert!(checked.warnings().is_empty(), "{:?}", checked.warnings());
            assert_eq!(checked.targets().len(), 1);
        }
    }

    #[test]
    fn comments_are_all_that_yaml_has_more() {
        let providers = ["anthropic", "openai"].map(|id| catalog::provider(id).unwrap()).to_vec();
        let choice = Choice { providers, mode: StrategyMode::Fallback };
        let mut read = read(&yaml(&choice), Syntax::Yaml).unwrap().config().clone();
        read.targets.iter_mut().for_each(|target| target.retry = None);
        assert_eq!(read, config(&choice));
    }

    #[test]
    fn what_is_commented_out_is_valid_too() {
        let choice = Choice { providers: vec![catalog::provider("openai").unwrap()], mode: StrategyMode::Fallback };
        let text = yaml(&choice);
        let (head, rest) = text.split_once("\n  # - name: local").unwrap();
        let uncommented: Vec<String> = rest.lines().map(|line| line.replacen("# ", "", usize::from(!is_prose(line)))).collect();
        let text = format!("{head}\n  - name: local{}", uncommented.join("\n"));
        assert!(valid(&text), "{text}");
    }

    fn is_prose(line: &str) -> bool {
        line.starts_with("# Names") || line.starts_with("# Bounds")
    }

    fn valid(text: &str) -> bool {
        read(text, Syntax::Yaml).is_ok()
    }
}
