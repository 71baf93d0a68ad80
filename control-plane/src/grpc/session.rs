//! What a worker runs, what it was sent, and what to send it next: the rules of the push, without a socket or a clock.
//!
//! One update is unanswered at a time; newer state replaces what was not sent yet. Key changes that take keys away go ahead of
//! everything, also of a configuration that is still unanswered.

use ferrogw_proto::sync::update::Change;
use ferrogw_proto::sync::{self, Unconfigured};

use super::translate;
use crate::publisher::{Configuration, Published};
use crate::store::KeyChanges;

#[cfg(test)]
mod tests;

/// One stream's state.
#[derive(Debug)]
pub(super) struct Session {
    running: sync::Running,
    /// The nonce of the last update.
    nonce: u64,
    configuration: Option<Unanswered<u64>>,
    keys: Option<Unanswered<Step>>,
    /// Where the worker's key table stands; `None`: it needs a whole one.
    keys_at: Option<u64>,
    /// A whole table is half sent.
    keys_incomplete: bool,
    /// A generation that the worker refused on this stream.
    refused: Option<u64>,
    /// The key revision at which it refused even a whole table.
    keys_refused: Option<u64>,
    /// The worker was told of the absence of this generation.
    told_absent: Option<u64>,
    /// What the worker said that it runs was compared with what the store holds.
    judged: bool,
}

#[derive(Debug, Clone, Copy)]
struct Unanswered<T> {
    nonce: u64,
    what: T,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    to: u64,
    more: bool,
    /// Part of a whole table.
    whole: bool,
}

/// What an ack was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    Configuration,
    Keys,
}

/// What a nack was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    Configuration { generation: u64 },
    Keys,
}

impl Session {
    pub(super) fn new(running: sync::Running) -> Self {
        let keys_at = (running.key_revision > 0).then_some(running.key_revision);
        Self {
            running,
            nonce: 0,
            configuration: None,
            keys: None,
            keys_at,
            keys_incomplete: false,
            refused: None,
            keys_refused: None,
            told_absent: None,
            judged: false,
        }
    }

    /// Whether the worker runs something newer than what was read: then the store should be read again before it is judged.
    pub(super) fn is_ahead_of(&self, published: &Published) -> bool {
        !self.judged
            && published
                .stored_generation()
                .is_some_and(|stored| self.running.generation > stored || self.running.key_revision > published.key_revision)
    }

    /// The worker's numbers may be those of another store: then its key table counts for nothing.
    pub(super) fn judge(&mut self, published: &Published) {
        let Some(stored) = published.stored_generation().filter(|_| !self.judged) else { return };
        self.judged = true;
        let namesake = self.running.generation == stored && !published.is_run_by(stored, &self.running.digest);
        let ahead = self.running.generation > stored || self.running.key_revision > published.key_revision;
        if ahead || namesake {
            self.keys_at = None;
        }
    }

    /// Where the next step of the key table has to begin, if one is needed.
    pub(super) fn wants_keys_from(&self, published: &Published) -> Option<u64> {
        let refused = self.keys_refused == Some(published.key_revision);
        if !self.judged || self.keys.is_some() || refused {
            return None;
        }
        match self.keys_at {
            None => Some(0),
            // Where its revision is not one of this store, the step will be a whole table.
            Some(at) => (self.keys_incomplete || at != published.key_revision).then_some(at),
        }
    }

    /// Sends a step of the key table if its turn has come.
    pub(super) fn send_keys(&mut self, step: &KeyChanges, published: &Published) -> Option<sync::Update> {
        let needless = step.from != 0 && !self.keys_incomplete && step.upserts.is_empty() && step.removed.is_empty();
        let takes_away = !step.removed.is_empty();
        let configuration_first = self.configuration.is_some() || self.wanted(published).is_some();
        if needless || (configuration_first && !takes_away) {
            return None;
        }
        let update = self.update(Change::Keys(translate::key_changes(step)));
        let what = Step { to: step.to, more: step.more, whole: step.from == 0 || self.keys_incomplete };
        self.keys = Some(Unanswered { nonce: update.nonce, what });
        Some(update)
    }

    /// Sends the configuration if the worker lacks it and its turn has come.
    pub(super) fn send_configuration(&mut self, published: &Published) -> Option<sync::Update> {
        if !self.judged || self.configuration.is_some() || self.keys.is_some() {
            return None;
        }
        let change = self.wanted(published)?;
        let generation = published.configuration.generation()?;
        if matches!(change, Change::Unconfigured(_)) {
            self.told_absent = Some(generation);
        }
        let update = self.update(change);
        self.configuration = Some(Unanswered { nonce: update.nonce, what: generation });
        Some(update)
    }

    /// The worker took an update; which one.
    pub(super) fn ack(&mut self, ack: &sync::Ack) -> Option<Taken> {
        self.running = ack.running.clone().unwrap_or_default();
        if self.configuration.take_if(|sent| sent.nonce == ack.nonce).is_some() {
            self.refused = None;
            return Some(Taken::Configuration);
        }
        let sent = self.keys.take_if(|sent| sent.nonce == ack.nonce)?;
        (self.keys_at, self.keys_incomplete) = (Some(sent.what.to), sent.what.more && sent.what.whole);
        Some(Taken::Keys)
    }

    /// The worker refused an update; which one. It is not sent again on this stream until something newer is there.
    pub(super) fn nack(&mut self, nack: &sync::Nack, published: &Published) -> Option<Refused> {
        self.running = nack.running.clone().unwrap_or_default();
        if let Some(sent) = self.configuration.take_if(|sent| sent.nonce == nack.nonce) {
            self.refused = Some(sent.what);
            return Some(Refused::Configuration { generation: sent.what });
        }
        let sent = self.keys.take_if(|sent| sent.nonce == nack.nonce)?;
        (self.keys_at, self.keys_incomplete) = (None, false);
        if sent.what.whole {
            self.keys_refused = Some(published.key_revision);
        }
        Some(Refused::Keys)
    }

    /// What the worker runs.
    pub(super) fn running(&self) -> &sync::Running {
        &self.running
    }

    /// The configuration that the worker lacks.
    fn wanted(&self, published: &Published) -> Option<Change> {
        if self.refused.is_some() && self.refused == published.configuration.generation() {
            return None;
        }
        match &published.configuration {
            Configuration::Unread => None,
            Configuration::Absent { generation } => {
                let keeps_last_good = published.unusable.is_some() && !self.running.digest.is_empty();
                let told = self.told_absent == Some(*generation);
                (!told && !keeps_last_good).then_some(Change::Unconfigured(Unconfigured { generation: *generation }))
            }
            Configuration::Present { generation, version } => {
                let runs = published.is_run_by(self.running.generation, &self.running.digest);
                (!runs).then(|| Change::Activation(translate::activation(*generation, version)))
            }
        }
    }

    fn update(&mut self, change: Change) -> sync::Update {
        self.nonce += 1;
        sync::Update { nonce: self.nonce, change: Some(change) }
    }
}
