//! What became of a connection, as a failure in our words.

use std::error::Error;

use ferrogw_llm::{Failure, FailureClass};
use hyper_util::client::legacy;

use super::connect::ConnectTimedOut;
use super::egress::Refused;

/// The failure behind a request that got no answer.
pub(crate) fn unanswered(error: &legacy::Error) -> Failure {
    if let Some(timeout) = cause::<ConnectTimedOut>(error) {
        return Failure::ours(FailureClass::Timer, timeout.to_string());
    }
    if let Some(refused) = cause::<Refused>(error) {
        return Failure::ours(FailureClass::Connection, refused.to_string());
    }
    let what = if error.is_connect() { "cannot connect" } else { "the connection broke before an answer came" };
    Failure::ours(FailureClass::Connection, format!("{what}: {}", root(error)))
}

/// The failure behind an answer that broke off.
pub(crate) fn broken_body(error: &hyper::Error) -> Failure {
    Failure::ours(FailureClass::Connection, format!("the connection broke before the answer was whole: {}", root(error)))
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| {
        // An I/O error hides what it was made of from the chain.
        let inner =
            error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref).and_then(|inner| inner.downcast_ref());
        error.downcast_ref::<E>().or(inner)
    })
}

/// What lies at the bottom of an error: the operating system's or the library's own words, which name no secret.
fn root(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}
