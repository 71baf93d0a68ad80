//! What a worker stands ready to do, in a few words for whoever started it.

use std::sync::Arc;

use ferrogw_config::catalog::{Mode, Price};

use crate::health::Told;
use crate::plane::Plane;
use crate::snapshot::{State, Target};

/// What a worker stands ready to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The built-in demo answers in place of a configuration.
    pub demo: bool,
    /// The targets that requests can go to, in the configuration's order.
    pub targets: Vec<String>,
    /// A model to try; `None`: there is nothing to go to.
    pub model: Option<String>,
}

/// Tells how a worker stands, also while it runs.
#[derive(Debug, Clone)]
pub struct Witness {
    pub(crate) plane: Arc<Plane>,
    pub(crate) told: Arc<Told>,
}

impl Witness {
    /// How the worker stands as soon as it knows its configuration and its keys.
    pub async fn standing(&self) -> Standing {
        self.told.everything().await;
        let snapshot = self.plane.live.load();
        let routable = || snapshot.routes.targets.iter().filter(|target| target.obstacle().is_none());
        Standing {
            demo: snapshot.state == State::Demo,
            targets: routable().map(|target| target.name.to_string()).collect(),
            model: routable().find_map(|target| first_model(target)),
        }
    }
}

/// The model that the catalog has for a first try, if `target` serves it; otherwise the one for conversation that costs least there,
/// or any where no price is known. The cheapest one alone is no good guess: it may be one that the vendor has retired.
fn first_model(target: &Target) -> Option<String> {
    let mut models: Vec<&str> = target.models().collect();
    if let Some(picked) = target.provider.first_model.filter(|picked| models.contains(picked)) {
        return Some(picked.to_owned());
    }
    models.sort_unstable();
    let priced = |model: &&&str| {
        let known = target.provider.model(model).filter(|known| known.mode == Mode::Chat)?;
        known.price.as_ref().map(total).filter(|total| *total > 0)
    };
    let cheapest = models.iter().filter(|model| priced(model).is_some()).min_by_key(priced);
    let is_chat = |model: &&&str| target.provider.model(model).is_none_or(|known| known.mode == Mode::Chat);
    cheapest.or_else(|| models.iter().find(is_chat)).map(|model| (*model).to_owned())
}

fn total(price: &Price) -> u64 {
    price.input.saturating_add(price.output)
}
