//! `WatchWorkers`: the fleet, whenever something about it changes.

use std::time::Duration;

use ferrogw_proto::operator::Workers;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::{End, Line, translate};
use crate::app::App;
use crate::fleet::Fleet;

/// How often the fleet is sent whether or not it has changed: it says how busy it is that often.
const EVERY: Duration = Duration::from_secs(2);

/// How long a change waits for others that come with it.
const GATHER: Duration = Duration::from_millis(100);

/// Sends the fleet until the stream is over.
pub(super) async fn watch(line: &mut Line<Workers>) -> End {
    let (mut news, mut changes) = (line.app.roster.news(), line.app.store.changes());
    let mut clock = interval(EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            _ = news.changed() => sleep(GATHER).await,
            _ = changes.changed() => sleep(GATHER).await,
            end = line.over() => return end,
        }
        news.mark_unchanged();
        changes.mark_unchanged();
        let workers = workers(&line.app).await;
        if let Err(end) = line.send(workers).await {
            return end;
        }
    }
}

/// The fleet as it is. While the store is away it is what this process hears itself.
async fn workers(app: &App) -> Workers {
    let generation = match app.store.current().await {
        Ok(activation) => activation.map_or(0, |activation| activation.generation),
        Err(_) => app.publisher.published().borrow().stored_generation().unwrap_or_default(),
    };
    let fleet = Fleet::read(app).await.unwrap_or_else(|_| Fleet::here(app));
    Workers {
        version: generation,
        workers: fleet.workers.into_iter().map(|worker| translate::worker(worker, generation)).collect(),
    }
}
