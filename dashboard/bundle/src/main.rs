//! Builds the dashboard: compiles it for the browser, binds it to JavaScript, shrinks it, names each file by what is in it, and
//! compresses it once for all readers.
//!
//! `ferrogw-dashboard-bundle [--quick] [--wasm-opt PROGRAM]`, from the repository's root. `--quick` is for working on the page: no
//! optimisation, no compression.

mod bind;
mod compile;
mod dist;
mod page;
mod shrink;
mod split;
mod style;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use dist::Dist;

/// What is built.
const PROGRAM: &str = "ferrogw-dashboard";

/// How it is built.
#[derive(Debug, Default)]
struct Options {
    quick: bool,
    wasm_opt: Option<PathBuf>,
}

fn main() -> Result<()> {
    let options = options(std::env::args().skip(1))?;
    let compiled = compile::compile(options.quick)?;
    let mut dist = Dist::new(PathBuf::from("dashboard/dist"), !options.quick);
    let mut names = page::Names::default();
    (names.glue, names.wasm) = dist.group(program_files(&options, &compiled)?);
    names.style = dist.asset("style", "css", style::style("dashboard/style")?.into_bytes());
    names.icon = dist.asset("icon", "svg", std::fs::read("dashboard/page/icon.svg").context("dashboard/page/icon.svg")?);
    page::write(&mut dist, names)?;
    dist.finish()
}

/// The program's files under the names that they call each other by: its script, its WebAssembly, and what is fetched later.
fn program_files(options: &Options, compiled: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let glue = format!("./{PROGRAM}.js");
    let parts = split::split(&compiled.join(format!("{PROGRAM}.wasm")), &glue)?;
    let first = bind::bind(parts.first, PROGRAM)?;
    let mut files = vec![
        (glue, first.js.into_bytes()),
        (format!("./{PROGRAM}.wasm"), shrunk(options, first.wasm)?),
        (split::LOADER.to_owned(), parts.loader.into_bytes()),
    ];
    for (name, wasm) in parts.later {
        files.push((format!("./{name}.wasm"), shrunk(options, wasm)?));
    }
    Ok(files)
}

fn shrunk(options: &Options, wasm: Vec<u8>) -> Result<Vec<u8>> {
    match &options.wasm_opt {
        Some(wasm_opt) if !options.quick => shrink::shrink(&wasm, wasm_opt),
        _ => Ok(wasm),
    }
}

fn options(mut words: impl Iterator<Item = String>) -> Result<Options> {
    let mut options = Options::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => options.quick = true,
            "--wasm-opt" => options.wasm_opt = Some(words.next().context("--wasm-opt needs a program")?.into()),
            other => bail!("unknown option `{other}`; there are --quick and --wasm-opt PROGRAM"),
        }
    }
    Ok(options)
}
