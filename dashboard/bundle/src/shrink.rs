//! Binaryen's part: what the compiler left.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// What Rust's target and the binding step use of WebAssembly, and every browser of the last years knows.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

pub(crate) fn shrink(wasm: &[u8], wasm_opt: &Path) -> Result<Vec<u8>> {
    let folder = Path::new("target/wasm");
    let (before, after) = (folder.join("before.wasm"), folder.join("after.wasm"));
    std::fs::write(&before, wasm)?;
    let mut command = Command::new(wasm_opt);
    command.args(FEATURES).args(["-Oz", "--strip-debug", "--strip-producers"]).arg(&before).arg("-o").arg(&after);
    let output = command.output().with_context(|| format!("{} did not start", wasm_opt.display()))?;
    if !output.status.success() {
        bail!("{} failed: {}", wasm_opt.display(), String::from_utf8_lossy(&output.stderr));
    }
    Ok(std::fs::read(&after)?)
}
