//! The configuration file that `GATEWAY_CONFIG` names.

use std::path::{Path, PathBuf};

use ferrogw_config::{Checked, Issue, Syntax, read};

use crate::start::StartError;

/// A configuration file as it was read.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    text: String,
    syntax: Syntax,
}

impl File {
    pub(super) fn read(path: &Path) -> Result<Self, StartError> {
        let path = path.to_owned();
        let Some(syntax) = path.to_str().and_then(Syntax::of_path) else { return Err(StartError::Syntax { path }) };
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self { path, text, syntax }),
            Err(source) => Err(StartError::File { path, source }),
        }
    }

    pub(super) fn check(&self) -> Result<Checked, Vec<Issue>> {
        read::read(&self.text, self.syntax)
    }

    /// The file's name without its folder, which is nobody's business in a history.
    pub(super) fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }
}
