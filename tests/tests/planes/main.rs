//! The two conversations between the planes, over both links: within one process and over a socket.
//!
//! Here the planes' own parts talk to each other over a real store, without the processes around them; what needs those (a killed
//! worker, a real client) is in `it`.
#![expect(clippy::unwrap_used, reason = "what a sentence arranges has to be there")]

mod control;
mod push;
mod usage;
mod worker;

/// How the planes reach each other.
#[derive(Debug, Clone, Copy)]
enum Via {
    Process,
    Network,
}

/// Runs each sentence over both links.
macro_rules! over_both_links {
    ($($sentence:ident),+ $(,)?) => {
        mod in_process {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $sentence() {
                super::$sentence(crate::Via::Process).await;
            })+
        }
        mod over_the_network {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $sentence() {
                super::$sentence(crate::Via::Network).await;
            })+
        }
    };
}
use over_both_links;
