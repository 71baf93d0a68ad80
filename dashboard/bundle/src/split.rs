//! Cutting off what is fetched later: one WebAssembly file becomes several.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

/// The script that fetches what was cut off, as the program knows it.
pub(crate) const LOADER: &str = "./later.js";

/// A program in parts.
pub(crate) struct Parts {
    /// What is loaded first, still to be bound.
    pub(crate) first: Vec<u8>,
    /// What is fetched later, by the name that the loader knows it under (`requests` for `./requests.wasm`).
    pub(crate) later: Vec<(String, Vec<u8>)>,
    /// The loader.
    pub(crate) loader: String,
}

/// Splits a program. `glue` is the script that will be bound to its first part.
pub(crate) fn split(program: &Path, glue: &str) -> Result<Parts> {
    let input = fs::read(program).with_context(|| program.display().to_string())?;
    let folder = program.with_extension("parts");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let first = folder.join("first.wasm");
    let mut options = Options::new(&input);
    options.output_dir = &folder;
    options.main_out_path = &first;
    options.main_module = glue;
    options.link_name = LOADER;
    let parts = transform(options).map_err(|error| anyhow!("{} could not be split: {error:#}", program.display()))?;
    let mut later = Vec::new();
    for path in parts.split_modules {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        later.push((name, fs::read(&path)?));
    }
    later.sort();
    Ok(Parts { first: fs::read(&first)?, later, loader: fs::read_to_string(folder.join(LOADER))? })
}
