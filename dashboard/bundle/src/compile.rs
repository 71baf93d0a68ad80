//! Cargo's part.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

const TARGET: &str = "wasm32-unknown-unknown";

/// Apart from the other binaries' folder, since the same crates are built for another machine there.
const FOLDER: &str = "target/wasm";

/// Compiles the page, and says where its programs are.
pub(crate) fn compile(quick: bool) -> Result<PathBuf> {
    same_version()?;
    let profile = if quick { "web-quick" } else { "web" };
    // By its name, so that the toolchain is the one that the repository asks for.
    let status = Command::new("cargo")
        .args(["build", "--locked", "-p", "ferrogw-dashboard", "--target", TARGET, "--target-dir", FOLDER, "--profile", profile])
        .status()
        .context("cargo did not start")?;
    if !status.success() {
        bail!("the dashboard did not compile");
    }
    Ok(PathBuf::from(FOLDER).join(TARGET).join(profile))
}

/// The binding step understands code of its own version alone.
fn same_version() -> Result<()> {
    let locked = |file: &str, package: &str| -> Result<String> {
        let text = std::fs::read_to_string(file).context(file.to_owned())?;
        let begin = format!("name = \"{package}\"\nversion = \"");
        let version = text.split(&begin).nth(1).and_then(|rest| rest.split('"').next());
        version.map(str::to_owned).with_context(|| format!("{file} does not name {package}"))
    };
    let (used, ours) =
        (locked("Cargo.lock", "wasm-bindgen")?, locked("dashboard/bundle/Cargo.lock", "wasm-bindgen-cli-support")?);
    if used != ours {
        bail!("the gateway is on wasm-bindgen {used} and the bundler on {ours}: set {used} in dashboard/bundle/Cargo.toml");
    }
    Ok(())
}
