//! Noticing changes: our own, those of other control planes, and (by the clock) whatever was missed.

use std::time::Duration;

use sea_orm::sqlx::postgres::PgListener;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;
use tokio_util::task::AbortOnDropHandle;

use super::database::CHANNEL;
use super::{Backend, PostgresUrl};

/// How often followers look without having been told.
const PERIOD: Duration = Duration::from_secs(2);

/// The tasks that notice changes of the configuration and of keys; they end when they are dropped.
pub(super) fn followers(config: &Backend, keys: &Backend, changes: &watch::Sender<u64>) -> Vec<AbortOnDropHandle<()>> {
    let mut tasks = Vec::new();
    if [config, keys].into_iter().any(|backend| *backend != Backend::Memory) {
        tasks.push(AbortOnDropHandle::new(tokio::spawn(tick(changes.clone()))));
    }
    let apart = (keys != config).then_some(keys);
    for backend in [Some(config), apart].into_iter().flatten() {
        if let Backend::Postgres(url) = backend {
            tasks.push(AbortOnDropHandle::new(tokio::spawn(listen(url.clone(), changes.clone()))));
        }
    }
    tasks
}

/// Makes every follower look.
pub(super) fn bump(changes: &watch::Sender<u64>) {
    changes.send_modify(|count| *count += 1);
}

async fn tick(changes: watch::Sender<u64>) {
    let mut clock = tokio::time::interval(PERIOD);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        bump(&changes);
    }
}

/// Waits for notifications, for ever. While the server is away the clock alone has to do, so a fault is not worth more than a
/// debug line here: whoever reads meets it too and reports it.
async fn listen(url: PostgresUrl, changes: watch::Sender<u64>) {
    loop {
        if let Err(error) = listen_once(&url, &changes).await {
            tracing::debug!(%error, database = %url, "not listening for changes");
        }
        tokio::time::sleep(PERIOD).await;
    }
}

async fn listen_once(url: &PostgresUrl, changes: &watch::Sender<u64>) -> Result<(), sea_orm::sqlx::Error> {
    let mut listener = PgListener::connect(url.expose()).await?;
    listener.listen(CHANNEL).await?;
    loop {
        // A lost connection is a change too: something may have been announced meanwhile.
        listener.try_recv().await?;
        bump(changes);
    }
}
