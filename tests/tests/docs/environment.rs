//! `docs/environment.md`: every variable that the binaries read, from their own `--help` and from the provider catalog.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ferrogw_config::catalog;
use ferrogw_tests::command;

const BINARIES: [&str; 4] = ["ferrogw", "ferrogw-control-plane", "ferrogw-data-plane", "ferrogw-cli"];

const INTRODUCTION: &str = "\
# Environment variables

<!-- Generated from the binaries' --help and from config/catalog by `make docs`. -->

Each setting is a variable and a flag; the flag wins. `ferrogw --help` and its siblings say the same. A server reads a secret
(`MASTER_KEY`, `FERROGW_JOIN_TOKEN`, a `*_DSN`, a bootstrap key) from a file too, which the variable of the same name with `_FILE` at its
end names.
";

const OTHERS: &str = "
## Read besides

| variable | read by | meaning |
|---|---|---|
| `FERROGW_CA_FILE` | workers | PEM certificates to trust in addition to the system's, on the way to providers and to an `https://` control plane |
| `SSL_CERT_FILE`, `SSL_CERT_DIR` | all | certificates to trust in place of the system's |
| `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY` | workers, `ferrogw-cli` | proxies on the way to providers and to the gateway, upper or lower case |
| `OTEL_EXPORTER_OTLP_ENDPOINT` and its siblings | servers | a collector for traces and metrics; see [Observability](observability.md) |
| `NO_COLOR` | `ferrogw-cli` | no colours, also on a terminal |

A variable that a configuration names as `${NAME}` is read by the workers when they put that configuration in force.
";

/// One setting, as `--help` has it.
#[derive(Debug, Default, Clone)]
struct Setting {
    flag: String,
    meaning: String,
    default: String,
    read_by: Vec<&'static str>,
}

#[test]
fn the_list_of_variables_is_current() {
    let mut settings: BTreeMap<String, Setting> = BTreeMap::new();
    for binary in BINARIES {
        for (variable, setting) in read(&help(binary)) {
            settings.entry(variable).or_insert(setting).read_by.push(binary);
        }
    }
    // By subcommands, or as what another variable falls back to.
    for variable in ["MASTER_KEY", "GATEWAY_CONFIG", "FERROGW_DATA_DIR"] {
        settings.get_mut(variable).expect("a variable").read_by.push("ferrogw-cli");
    }
    super::is_current("environment.md", &written(&settings));
}

fn help(binary: &str) -> String {
    // Wide, so that no sentence is broken.
    let output = command(binary).arg("--help").env("COLUMNS", "10000").output();
    String::from_utf8(output.expect("the binary runs").stdout).expect("text")
}

/// The settings of a help text that have a variable. A setting begins with its flag; what is said of it follows, on the same line
/// or on further ones.
fn read(help: &str) -> BTreeMap<String, Setting> {
    let mut blocks: Vec<String> = Vec::new();
    for line in help.lines() {
        let is_flag = line.starts_with("      --") || line.starts_with("  -");
        match blocks.last_mut() {
            _ if is_flag => blocks.push(line.trim().to_owned()),
            Some(block) if line.starts_with("   ") => *block += &format!("  {}", line.trim()),
            _ => {}
        }
    }
    blocks.iter().filter_map(|block| setting(block)).collect()
}

fn setting(block: &str) -> Option<(String, Setting)> {
    let bracketed = |name: &str| block.split_once(&format!("[{name}: ")).and_then(|(_, rest)| rest.split(']').next());
    let variable = bracketed("env")?.split('=').next()?.to_owned();
    let (flag, said) = block.split_once("  ")?;
    let meaning = said.split("[env: ").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let flag = flag.split(' ').find(|word| word.starts_with("--"))?.to_owned();
    let default = bracketed("default").unwrap_or_default().to_owned();
    Some((variable, Setting { flag, meaning, default, read_by: Vec::new() }))
}

fn written(settings: &BTreeMap<String, Setting>) -> String {
    let mut page = format!("{INTRODUCTION}\n| variable | flag | default | meaning | read by |\n|---|---|---|---|---|\n");
    for (variable, Setting { flag, meaning, default, read_by }) in settings {
        let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
        let read_by: Vec<_> = read_by.iter().map(|binary| format!("`{binary}`")).collect();
        let meaning = meaning.replace('|', "\\|");
        writeln!(page, "| `{variable}` | `{flag}` | {default} | {meaning} | {} |", read_by.join(", ")).expect("a string");
    }
    page + OTHERS + &providers()
}

/// What each provider's credential is called.
fn providers() -> String {
    let mut table =
        "\n## Providers\n\nRead by the workers. A credential goes to the provider's own address, or to the one that its \
                     `…_BASE_URL` names, and nowhere else.\n\n\
                     | provider | `virtual_key` | credential | further settings | address | served |\n|---|---|---|---|---|---|\n"
            .to_owned();
    let code = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    for provider in catalog::providers() {
        let credential = provider.credential_env.map(|name| code(&[name])).unwrap_or_default();
        let further = code(&[provider.settings, provider.other_credentials].concat());
        let served = if provider.is_served() { "yes" } else { "not yet" };
        writeln!(
            table,
            "| {} | `{}` | {credential} | {further} | `{}` | {served} |",
            provider.name, provider.id, provider.base_url_env
        )
        .expect("a string");
    }
    table
}
