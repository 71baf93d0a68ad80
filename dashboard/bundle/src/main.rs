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
mod style;

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use dist::Dist;

/// What is built: the page, and what checks configurations in a thread of its own.
const PROGRAMS: [&str; 2] = ["ferrogw-dashboard", "checker"];

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
    for program in PROGRAMS {
        let bound = bind::bind(&compiled.join(format!("{program}.wasm")), program)?;
        let wasm = match &options.wasm_opt {
            Some(wasm_opt) if !options.quick => shrink::shrink(&bound.wasm, wasm_opt)?,
            _ => bound.wasm,
        };
        let wasm = dist.asset(program, "wasm", wasm)?;
        let glue = dist.asset(program, "js", bound.js.into_bytes())?;
        names.programs.push((glue, wasm));
    }
    names.style = dist.asset("style", "css", style::style("dashboard/style")?.into_bytes())?;
    names.icon = dist.asset("icon", "svg", std::fs::read("dashboard/page/icon.svg").context("dashboard/page/icon.svg")?)?;
    page::write(&mut dist, names)?;
    dist.finish()
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
