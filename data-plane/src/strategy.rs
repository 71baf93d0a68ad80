//! In which order targets are tried: that and nothing else. The attempt loop is `serve::dispatch`.

use std::sync::Arc;

use ferrogw_config::StrategyMode;

use crate::snapshot::{Offer, Target};

/// How targets are chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Strategy {
    /// The first target, and no other.
    #[default]
    Single,
    /// Targets in their order until one answers.
    Fallback,
}

impl Strategy {
    /// The strategy of a mode; `None`: this build does not serve it.
    #[must_use]
    pub fn of(mode: StrategyMode) -> Option<Self> {
        match mode {
            StrategyMode::Single => Some(Self::Single),
            StrategyMode::Fallback => Some(Self::Fallback),
            StrategyMode::Loadbalance
            | StrategyMode::Conditional
            | StrategyMode::LeastLatency
            | StrategyMode::CostOptimized
            | StrategyMode::ContentBased
            | StrategyMode::AbTest => None,
        }
    }

    /// The targets that take part at all.
    #[must_use]
    pub fn pool(self, targets: &[Arc<Target>]) -> &[Arc<Target>] {
        match self {
            Self::Single => &targets[..targets.len().min(1)],
            Self::Fallback => targets,
        }
    }

    /// The offers worth trying for one request, in order.
    pub fn order(self, offers: &[Offer]) -> impl Iterator<Item = &Offer> {
        match self {
            // Only targets of the pool make offers, so a single one is alone here.
            Self::Single | Self::Fallback => offers.iter(),
        }
    }
}
