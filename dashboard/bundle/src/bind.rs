//! wasm-bindgen's part: JavaScript around the WebAssembly.

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

/// A program that a browser can load.
pub(crate) struct Bound {
    pub(crate) js: String,
    pub(crate) wasm: Vec<u8>,
}

pub(crate) fn bind(program: Vec<u8>, name: &str) -> Result<Bound> {
    let mut output = Bindgen::new()
        .input_bytes(name, program)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        // What is fetched later is linked to what the linker exported.
        .keep_lld_exports(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .with_context(|| format!("{name} could not be bound"))?;
    let js = output.js().to_owned();
    Ok(Bound { js, wasm: output.wasm_mut().emit_wasm() })
}
