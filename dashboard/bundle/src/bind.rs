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
    let mut js = output.js().to_owned();
    let wasm = output.wasm_mut();
    for (number, import) in wasm.imports.iter_mut().enumerate().filter(|(_, import)| is_hashed(&import.name)) {
        let short = format!("i{number}");
        js = js.replace(&import.name, &short);
        import.name = short;
    }
    Ok(Bound { js, wasm: wasm.emit_wasm() })
}

/// Whether a name that script and program call each other by ends with a hash, as nearly all do: sixteen digits that no compression makes
/// smaller, in either file.
fn is_hashed(name: &str) -> bool {
    let hash = name.rsplit_once('_').map_or("", |(_, hash)| hash);
    name.starts_with("__wb") && hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}
