//! Waiting until every connected worker serves a version.

use std::time::{Duration, Instant};

use ferrogw_api::Client;
use ferrogw_api::worker::Worker;

use crate::command::Verdict;
use crate::command::worker::issues;
use crate::failure::Failure;
use crate::output::Output;

/// How often the gateway is asked.
const PAUSE: Duration = Duration::from_millis(200);

pub(super) async fn wait(client: &Client, version: u64, most: Duration, output: Output) -> Result<Verdict, Failure> {
    let began = Instant::now();
    let mut told = String::new();
    loop {
        let workers = client.workers().await?.data;
        let connected: Vec<&Worker> = workers.iter().filter(|worker| worker.connected).collect();
        let serving = connected.iter().filter(|worker| worker.version >= version).count();
        let refused = connected.iter().filter(|worker| worker.status == "refused").count();
        let state = format!("{serving} of {} connected workers serve version {version}", connected.len());
        let done = serving == connected.len();
        if state != told {
            output.note(&state);
            told = state;
        }
        if done && !connected.is_empty() {
            return Ok(Verdict::Good);
        }
        if refused > 0 && serving + refused == connected.len() {
            issues(&workers, output);
            output.note(&format!("{refused} refused it and serve what they served before"));
            return Ok(Verdict::Bad);
        }
        if began.elapsed() >= most {
            output.note(&format!(
                "gave up after {} s; the configuration is in force, and workers take it as they connect",
                most.as_secs()
            ));
            return Ok(Verdict::Bad);
        }
        tokio::time::sleep(PAUSE).await;
    }
}
