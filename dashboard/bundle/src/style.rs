//! One style sheet of several files, in the order of their names, without what only people read.

use anyhow::{Context as _, Result};

pub(crate) fn style(folder: &str) -> Result<String> {
    let mut files: Vec<_> = std::fs::read_dir(folder).context(folder.to_owned())?.collect::<Result<_, _>>()?;
    files.sort_by_key(std::fs::DirEntry::file_name);
    let mut style = String::new();
    for file in files {
        style.push_str(&compact(&std::fs::read_to_string(file.path())?));
    }
    Ok(style)
}

/// Without remarks and indentation. Texts in quotes hold neither.
fn compact(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::new();
    while let Some((before, after)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let mut compact = String::new();
    for line in plain.lines().map(str::trim).filter(|line| !line.is_empty()) {
        compact.push_str(line);
        if line.ends_with(',') || !line.ends_with([';', '{', '}']) {
            compact.push(' ');
        }
    }
    compact.replace(" {", "{").replace(";}", "}").replace(": ", ":").replace(", ", ",")
}
