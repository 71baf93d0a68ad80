//! What the worker runs, and how an update becomes that.

use std::path::Path;
use std::sync::Arc;

use ferrogw_config::{Digest, Document, Issue};
use ferrogw_proto::sync::follow_request::Message;
use ferrogw_proto::sync::update::Change as Sent;
use ferrogw_proto::sync::{Ack, Activation, KeyChanges, Nack, Running};
use tracing::{info, warn};

use super::kept::Kept;
use super::table::{Table, Taken};
use super::translate::{issue, issues_to_proto};
use super::{Apply, Change};

/// What the worker runs.
pub(super) struct State {
    apply: Apply,
    kept: Kept,
    table: Table,
    generation: u64,
    digest: Option<Digest>,
}

/// What is to be written to disk after an update was taken.
pub(super) enum Keep {
    Nothing,
    Configuration {
        generation: u64,
        document: Document,
    },
    Unconfigured,
    /// A change of the key table.
    Keys(KeyChanges),
    /// A whole new key table.
    KeyTable,
}

impl State {
    pub(super) fn new(directory: &Path, apply: Apply) -> Self {
        Self { apply, kept: Kept::new(directory), table: Table::default(), generation: 0, digest: None }
    }

    /// Puts in force what is on disk.
    pub(super) fn boot(&mut self) {
        if let Some(table) = self.kept.load_keys() {
            self.table = table;
            if let Err(issues) = self.put_keys_in_force() {
                warn!(issues = %list(&issues), "the key table on disk cannot be used");
            }
        }
        if let Some((generation, document)) = self.kept.load_configuration() {
            match self.configure(generation, &document) {
                Ok(_) => info!(generation, keys = self.table.keys().len(), "serving the last good snapshot"),
                Err(issues) => warn!(generation, issues = %list(&issues), "the last good snapshot cannot be used here any more"),
            }
        }
    }

    /// A new stream begins: what the last one left half sent will not be finished.
    pub(super) fn begin_stream(&mut self) {
        self.table.abandon_coming();
    }

    /// What the control plane is told that runs here.
    pub(super) fn running(&self) -> Running {
        let digest = self.digest.map(|digest| digest.0.to_vec().into()).unwrap_or_default();
        Running { generation: self.generation, key_revision: self.table.revision(), digest }
    }

    /// Applies an update; the answer, and what to write to disk once it is on its way.
    pub(super) fn apply(&mut self, nonce: u64, change: Sent) -> (Message, Keep) {
        let applied = match change {
            Sent::Activation(activation) => self.take_activation(activation),
            Sent::Unconfigured(none) => self.take_unconfigured(none.generation),
            Sent::Keys(chunk) => self.take_keys(chunk),
            Sent::Heartbeat(_) => Ok((Vec::new(), Keep::Nothing)),
        };
        let running = Some(self.running());
        match applied {
            Ok((warnings, keep)) => (Message::Ack(Ack { nonce, running, warnings: issues_to_proto(warnings) }), keep),
            Err(issues) => {
                warn!(generation = self.generation, issues = %list(&issues), "refused an update; serving goes on with what was there");
                (Message::Nack(Nack { nonce, running, issues: issues_to_proto(issues) }), Keep::Nothing)
            }
        }
    }

    /// The answer to an update on which this build broke.
    pub(super) fn refuse_broken(&self, nonce: u64) -> Message {
        let broken = issue("", "this worker's build panicked on the update", "report it as a bug, with the worker's log");
        Message::Nack(Nack { nonce, running: Some(self.running()), issues: issues_to_proto(vec![broken]) })
    }

    /// Writes to disk what was taken.
    pub(super) fn keep(&mut self, keep: Keep) {
        match keep {
            Keep::Nothing => {}
            Keep::Configuration { generation, document } => self.kept.keep_configuration(generation, &document),
            Keep::Unconfigured => self.kept.forget_configuration(),
            Keep::Keys(chunk) => self.kept.keep_key_changes(&chunk, &self.table),
            Keep::KeyTable => self.kept.keep_key_table(&self.table),
        }
    }

    fn take_activation(&mut self, sent: Activation) -> Result<(Vec<Issue>, Keep), Vec<Issue>> {
        let document = Document::from_parts(sent.format, sent.document.into());
        if document.digest().0.as_slice() != sent.digest.as_ref() {
            return Err(vec![issue(
                "",
                "the document does not have the digest that names it",
                "it was damaged on its way or in the store",
            )]);
        }
        let warnings = self.configure(sent.generation, &document)?;
        info!(generation = sent.generation, version = sent.version, warnings = warnings.len(), "configuration is live");
        Ok((warnings, Keep::Configuration { generation: sent.generation, document }))
    }

    fn configure(&mut self, generation: u64, document: &Document) -> Result<Vec<Issue>, Vec<Issue>> {
        let checked = Box::new(document.read()?);
        let warnings = (self.apply)(Change::Configuration { checked, generation })?;
        (self.generation, self.digest) = (generation, Some(document.digest()));
        Ok(warnings)
    }

    fn take_unconfigured(&mut self, generation: u64) -> Result<(Vec<Issue>, Keep), Vec<Issue>> {
        let warnings = (self.apply)(Change::Unconfigured { generation })?;
        (self.generation, self.digest) = (generation, None);
        Ok((warnings, Keep::Unconfigured))
    }

    fn take_keys(&mut self, chunk: KeyChanges) -> Result<(Vec<Issue>, Keep), Vec<Issue>> {
        match self.table.take(&chunk) {
            Ok(Taken::Awaits) => Ok((Vec::new(), Keep::Nothing)),
            Ok(Taken::Changed) => Ok((self.put_keys_in_force()?, Keep::Keys(chunk))),
            Ok(Taken::Replaced) => Ok((self.put_keys_in_force()?, Keep::KeyTable)),
            Err(unfit) => {
                self.table.abandon_coming();
                Err(vec![issue("", unfit.to_string(), "the whole table is needed again")])
            }
        }
    }

    fn put_keys_in_force(&self) -> Result<Vec<Issue>, Vec<Issue>> {
        (self.apply)(Change::Keys { keys: Arc::new(self.table.keys().clone()), revision: self.table.revision() })
    }
}

fn list(issues: &[Issue]) -> String {
    issues.iter().map(Issue::to_string).collect::<Vec<_>>().join("; ")
}
