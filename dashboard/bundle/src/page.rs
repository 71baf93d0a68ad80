//! The page's own files, with the names of the others in them.

use anyhow::{Context as _, Result};

use crate::dist::Dist;

/// Addresses of what was built.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// The program's JavaScript.
    pub(crate) glue: String,
    /// Its WebAssembly.
    pub(crate) wasm: String,
    pub(crate) style: String,
    pub(crate) icon: String,
}

pub(crate) fn write(dist: &mut Dist, names: Names) -> Result<()> {
    let Names { glue, wasm, .. } = &names;
    let mut starts = Vec::new();
    for template in ["start.js", "check.js"] {
        let script = filled(template, &[("glue", glue), ("wasm", wasm)])?;
        starts.push(dist.asset(template.trim_end_matches(".js"), "js", script.into_bytes()));
    }
    let fills: [(&str, &str); 6] = [
        ("start", &starts[0]),
        ("check", &starts[1]),
        ("glue", glue),
        ("wasm", wasm),
        ("style", &names.style),
        ("icon", &names.icon),
    ];
    dist.page("index.html", filled("index.html", &fills)?);
    Ok(())
}

/// A template with `{{name}}`s filled.
fn filled<T: AsRef<str>>(template: &str, fills: &[(&str, T)]) -> Result<String> {
    let path = format!("dashboard/page/{template}");
    let text = std::fs::read_to_string(&path).context(path)?;
    Ok(fills.iter().fold(text, |text, (name, fill)| text.replace(&format!("{{{{{name}}}}}"), fill.as_ref())))
}
