//! Which worker is asked.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::Unanswered;
use crate::app::App;
use crate::publisher::{Published, Worker};

/// How long a worker may take to come to what is in force, the playground's own key among it.
const PATIENCE: Duration = Duration::from_secs(3);

/// A worker that could be asked.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) url: String,
}

/// The address of a worker that says none: where it connects from, or this machine where it is in this process.
pub(crate) fn default_url(peer: Option<SocketAddr>, port: u16) -> String {
    let host = peer.map_or(SocketAddr::from(([127, 0, 0, 1], port)), |peer| SocketAddr::new(peer.ip().to_canonical(), port));
    format!("http://{host}")
}

/// The workers that serve the configuration in force and know the keys up to `revision`, the least busy first. Waits for the first.
pub(super) async fn candidates(app: &App, revision: u64) -> Result<Vec<Candidate>, Unanswered> {
    let (mut news, published) = (app.roster.news(), app.publisher.published());
    let deadline = Instant::now() + PATIENCE;
    loop {
        news.mark_unchanged();
        let mut workers = app.roster.snapshot();
        workers.retain(|worker| worker.connection.is_some());
        if workers.is_empty() {
            return Err(Unanswered::NoWorker);
        }
        workers.retain(|worker| is_current(worker, &published.borrow(), revision));
        if !workers.is_empty() {
            // They come by name, which decides between equals.
            workers.sort_by_key(|worker| worker.report.requests_in_flight);
            return Ok(workers.into_iter().map(|Worker { id, name, url, .. }| Candidate { id, name, url }).collect());
        }
        if timeout_at(deadline, news.changed()).await.is_err() {
            return Err(Unanswered::NoneCurrent);
        }
    }
}

fn is_current(worker: &Worker, published: &Published, revision: u64) -> bool {
    let generation = Some(worker.running.generation);
    let configured = generation == published.configuration.generation() || generation == published.stored_generation();
    configured && worker.refused.is_none() && worker.running.key_revision >= revision
}

#[cfg(test)]
mod tests {
    use super::default_url;

    #[test]
    fn a_worker_that_says_no_address_is_where_it_connects_from() {
        let peer = |text: &str| Some(text.parse().unwrap());
        assert_eq!(default_url(peer("192.0.2.7:4321"), 8080), "http://192.0.2.7:8080");
        assert_eq!(default_url(peer("[::ffff:192.0.2.7]:4321"), 8080), "http://192.0.2.7:8080");
        assert_eq!(default_url(peer("[2001:db8::7]:4321"), 9000), "http://[2001:db8::7]:9000");
        assert_eq!(default_url(None, 8080), "http://127.0.0.1:8080");
    }
}
