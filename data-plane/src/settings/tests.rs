use clap::Parser;

use super::Settings;

#[derive(Debug, Parser)]
struct Command {
    #[command(flatten)]
    settings: Settings,
}

fn parse(arguments: &[&str]) -> Result<Settings, String> {
    let arguments = std::iter::once("worker").chain(arguments.iter().copied());
    Command::try_parse_from(arguments).map(|command| command.settings).map_err(|error| error.to_string())
}

#[test]
fn nothing_has_to_be_said() {
    let settings = parse(&[]).unwrap();
    assert_eq!((settings.port, settings.demo, settings.metrics_addr), (8080, false, None));
    assert_eq!(settings.limits().connections, 16_384);
    assert_eq!(settings.spool().max_bytes, 1 << 30);
}

#[test]
fn what_is_set_to_nothing_counts_as_unset() {
    let settings = parse(&["--port", "", "--cores", " ", "--demo", "", "--spool-max-bytes", ""]).unwrap();
    assert_eq!((settings.port, settings.demo, settings.spool().max_bytes), (8080, false, 1 << 30));
}

#[test]
fn each_setting_has_a_flag() {
    let settings = parse(&["--port=0", "--cores=3", "--demo", "--cors-origins=https://a.example,https://b.example"]).unwrap();
    assert_eq!((settings.port, settings.cores().get(), settings.demo), (0, 3, true));
    assert_eq!(settings.cors_origins, ["https://a.example", "https://b.example"]);
}

#[test]
fn nonsense_is_refused_with_what_would_do() {
    assert!(parse(&["--port", "http"]).unwrap_err().contains("a port is a number from 0 to 65535"));
    assert!(parse(&["--demo=perhaps"]).unwrap_err().contains("say true or false"));
    assert!(parse(&["--cores", "0"]).is_err());
}
