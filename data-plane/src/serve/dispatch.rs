//! The one attempt loop: targets in the strategy's order until one answers.
//!
//! It exists once, for every surface and mode, and it is over when the first content of an answer is there: from then on nothing
//! can be taken back.

use std::sync::Arc;
use std::time::Duration;

use ferrogw_llm::Request;
use tokio::time::{Instant, sleep};

use super::attempt::attempt;
use super::call::Prepared;
use super::relay::Reply;
use super::retry;
use super::walk::{Miss, Walk};
use crate::exchange::Exchange;
use crate::rejection::Rejection;
use crate::snapshot::Offer;

/// Tries targets until one answers; on a stream, until one has brought content.
pub(super) async fn dispatch(exchange: &mut Exchange, request: &Arc<Request>) -> Result<Reply, Rejection> {
    let offers = Arc::clone(&exchange.offers);
    let mut walk = Walk::default();
    for offer in exchange.snapshot.routes.strategy.order(&offers) {
        let able = offer.target.obstacle().is_none() && offer.target.offers(request.operation());
        if !able || !walk.may_try(offer) {
            continue;
        }
        match ask(exchange, offer, request).await {
            Ok(reply) => return Ok(reply),
            Err(miss) => {
                let is_over = exchange.deadline.is_some_and(|deadline| Instant::now() >= deadline);
                if walk.note(offer, miss) || is_over {
                    break;
                }
            }
        }
    }
    Err(walk.verdict())
}

/// Asks one target, as often as its policy says.
async fn ask(exchange: &mut Exchange, offer: &Offer, request: &Arc<Request>) -> Result<Reply, Miss> {
    let prepared = Prepared::new(offer, request).await?;
    exchange.dropped = prepared.dropped().to_vec();
    let mut tries = 0;
    loop {
        let failure = match attempt(exchange, offer, &prepared).await {
            Ok(reply) => return Ok(reply),
            Err(failure) => failure,
        };
        tries += 1;
        let wait = retry::wait(&offer.target.retry, &failure, tries);
        // A wait that would use up the request's time is not begun: another target may still be in time.
        let in_time = |wait: &Duration| exchange.deadline.is_none_or(|deadline| Instant::now() + *wait < deadline);
        match wait.filter(in_time) {
            Some(wait) => sleep(wait).await,
            None => return Err(Miss::Failed(failure)),
        }
    }
}
