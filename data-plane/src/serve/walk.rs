//! What a walk over targets has seen so far: whether it goes on, and what the client is told when it ends in nothing.

use ferrogw_llm::{Failure, FailureClass};
use ferrogw_providers::Refusal;

use crate::rejection::Rejection;
use crate::snapshot::Offer;

/// Why a target did not answer.
#[derive(Debug)]
pub(super) enum Miss {
    /// Its provider cannot be asked this; nothing was sent.
    Refused(Refusal),
    /// Its last attempt failed.
    Failed(Failure),
}

impl From<Refusal> for Miss {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A walk over targets.
#[derive(Debug, Default)]
pub(super) struct Walk {
    most_telling: Option<(u8, Miss)>,
    /// The prompt was too long for a window of this many tokens.
    too_small: Option<u64>,
}

impl Walk {
    /// Whether `offer` is worth an attempt after what was seen.
    pub(super) fn may_try(&self, offer: &Offer) -> bool {
        match (self.too_small, offer.context_window) {
            (Some(too_small), Some(window)) => window > too_small,
            (None, _) | (_, None) => true,
        }
    }

    /// Notes a miss; whether every other target would refuse, too.
    pub(super) fn note(&mut self, offer: &Offer, miss: Miss) -> bool {
        if matches!(&miss, Miss::Failed(failure) if failure.class == FailureClass::ContextLength) {
            self.too_small = self.too_small.max(offer.context_window);
        }
        let ends = ends_the_walk(&miss);
        let weight = if ends { u8::MAX } else { weight(&miss) };
        if self.most_telling.as_ref().is_none_or(|(known, _)| weight >= *known) {
            self.most_telling = Some((weight, miss));
        }
        ends
    }

    /// What the client is told.
    pub(super) fn verdict(self) -> Rejection {
        match self.most_telling {
            Some((_, Miss::Refused(refusal))) => refusal.into(),
            Some((_, Miss::Failed(failure))) => failure.into(),
            None => Rejection::unroutable(),
        }
    }
}

fn ends_the_walk(miss: &Miss) -> bool {
    match miss {
        Miss::Refused(Refusal::Malformed(_)) => true,
        Miss::Refused(Refusal::Unsupported { .. }) => false,
        Miss::Failed(failure) => matches!(failure.class, FailureClass::InvalidRequest | FailureClass::ContentFilter),
    }
}

/// How much a miss tells the client, when several targets missed: first what the client can mend, then when to come again, then
/// what happened; last what only the operator can mend. Among equals the latest counts.
fn weight(miss: &Miss) -> u8 {
    use FailureClass as Class;
    let Miss::Failed(failure) = miss else { return 0 };
    match failure.class {
        Class::InvalidRequest | Class::ContentFilter => u8::MAX,
        Class::ContextLength => 9,
        Class::RateLimited => 8,
        Class::Overloaded => 7,
        Class::Timer | Class::UpstreamTimeout => 6,
        Class::Server | Class::Malformed => 5,
        Class::Connection => 4,
        Class::QuotaExceeded => 3,
        Class::NotFound => 2,
        Class::Auth => 1,
    }
}

#[cfg(test)]
mod tests;
