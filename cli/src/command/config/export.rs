//! `admin config export`: the configuration in force as a file that can be edited and applied again.

use std::path::Path;

use ferrogw_api::{Client, scrub};
use ferrogw_config::{Config, Syntax};

use super::edition::Edition;
use crate::args::Export;
use crate::failure::Failure;
use crate::file::write_private;
use crate::output::{self, Format, Output};

pub(super) async fn run(client: &Client, wanted: &Export, output: Output) -> Result<(), Failure> {
    let file = wanted.file.as_deref().filter(|file| *file != Path::new("-"));
    let syntax = match file.map(|file| file.display().to_string()) {
        Some(name) => Syntax::of_path(&name).ok_or(Failure::Syntax(name))?,
        None if output.format == Format::Json => Syntax::Json,
        None => Syntax::Yaml,
    };
    let edition = match wanted.edition {
        Some(version) => Edition::of(client, version).await?,
        None => Edition::running(client).await?,
    };
    let text = text(&edition, syntax)?;
    match file {
        Some(file) => {
            write_private(file, &text, wanted.force)?;
            output.note(&format!("version {} is in {}", edition.version, file.display()));
        }
        None => {
            output.note(&format!("version {}", edition.version));
            output::write(text.trim_end())?;
        }
    }
    if let Some(place) = scrub::marked(&edition.config) {
        output.note(&format!(
            "`{place}` is hidden, as it could be a secret: write it out again, as ${{VARIABLE}}, before it is applied"
        ));
    }
    Ok(())
}

/// Members in the order in which people know them, where nothing that is hidden is in the way.
fn text(edition: &Edition, syntax: Syntax) -> Result<String, Failure> {
    match (serde_json::from_value::<Config>(edition.config.clone()), syntax) {
        (Ok(config), Syntax::Yaml) => output::yaml(&config),
        (Ok(config), Syntax::Json) => output::json(&config),
        (Err(_), Syntax::Yaml) => output::yaml(&edition.config),
        (Err(_), Syntax::Json) => output::json(&edition.config),
    }
}
