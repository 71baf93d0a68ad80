//! The document in which a configuration is stored and travels: canonical JSON bytes, a digest and a format number.

use sha2::{Digest as _, Sha256};

use crate::model::Config;
use crate::read::{self, Syntax};
use crate::{Checked, Issue, Severity};

/// SHA-256 of a document's bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "sha256:{self}")
    }
}

/// A configuration as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    format: u32,
    bytes: Vec<u8>,
}

impl Document {
    /// The newest format that this build writes and reads.
    pub const FORMAT: u32 = 1;

    /// Longest document, in bytes: an activation has to fit one gRPC message.
    pub const MAX_BYTES: usize = 3 << 20;

    /// The document of `config`: JSON with members in the types' order, absent ones left out.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let bytes = serde_json::to_vec(config).expect("a configuration has string keys and finite numbers only");
        Self { format: Self::FORMAT, bytes }
    }

    /// A document as it was stored or received.
    #[must_use]
    pub fn from_parts(format: u32, bytes: Vec<u8>) -> Self {
        Self { format, bytes }
    }

    /// The format number.
    #[must_use]
    pub fn format(&self) -> u32 {
        self.format
    }

    /// The canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The digest that names it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest(Sha256::digest(&self.bytes).into())
    }

    /// Reads and checks the configuration in it.
    ///
    /// # Errors
    ///
    /// All issues, one of them where the format is newer than this build.
    pub fn read(&self) -> Result<Checked, Vec<Issue>> {
        if self.format > Self::FORMAT {
            return Err(vec![whole(format!(
                "the document has format {}, and this build reads no newer one than {}",
                self.format,
                Self::FORMAT
            ))]);
        }
        match serde_json::from_slice::<Config>(&self.bytes) {
            Ok(config) => config.check(),
            Err(error) => Err(self.issues(&error)),
        }
    }

    /// Everything that keeps the document from being read; its one line tells nobody anything.
    fn issues(&self, error: &serde_json::Error) -> Vec<Issue> {
        let read = std::str::from_utf8(&self.bytes).map(|text| read::read(text, Syntax::Json));
        let Ok(Err(issues)) = read else {
            return vec![Issue {
                hint: "activate the configuration anew".into(),
                ..whole(format!("the document cannot be read: {error}"))
            }];
        };
        issues.into_iter().map(|issue| Issue { line: None, column: None, ..issue }).collect()
    }
}

/// An error with the document as a whole.
fn whole(message: String) -> Issue {
    let hint = "upgrade ferrogw here to at least the version that wrote it".to_owned();
    Issue { severity: Severity::Error, path: String::new(), line: None, column: None, message, hint }
}

#[cfg(test)]
mod tests;
