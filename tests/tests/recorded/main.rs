//! Recorded exchanges through the running gateway: what the vendor said is what comes out.
//!
//! A recorded answer is replayed to the gateway under a model name that carries the recording's id. What the gateway answers is
//! compared with a reading of the vendor's bytes that shares no code with the gateway: text, tool calls, finish reason, usage,
//! and the status of refusals. Our own fixtures always run; the large collection runs where its folder is there.

mod asking;
mod exceptions;
mod exchange;
mod reading;
mod replay;

use std::collections::BTreeMap;

use ferrogw_tests::{Client, Database, Gateway, repository};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use self::exchange::Exchange;
use self::reading::Reading;

#[tokio::test]
async fn fixtures_of_our_own_come_back_as_the_vendor_said() {
    let exchanges = exchange::load(&repository().join("tests/tests/recorded/fixtures.jsonl"));

    let wrong = replay(&exchanges, &replay::scripted(&exchanges)).await;

    assert!(wrong.is_empty(), "{}", listed(&wrong));
}

#[tokio::test]
async fn recorded_exchanges_of_real_providers_come_back_as_the_vendor_said() {
    let Some(shared) = replay::folder() else {
        println!("skipped: no recorded exchanges here; FERROGW_SHARED names the folder that holds `data/exchanges` and `tools`");
        return;
    };
    let mut exchanges = exchange::load(&shared.join("data/exchanges/exchanges.jsonl.gz"));
    exchanges.retain(Exchange::is_in_scope);
    let upstream = replay::Tool::start(&shared).await;

    let mut wrong = replay(&exchanges, &|_| upstream.root()).await;

    let (all, failed) = (exchanges.len(), wrong.len());
    wrong.retain(|id, _| !exceptions::is_one(id));
    println!("{} of {all} recorded exchanges come back as the vendor said, {failed} do not", all - failed);
    assert!(failed * 50 <= all, "more than 2 % differ\n{}", listed(&wrong));
    assert!(wrong.is_empty(), "not among the exceptions that are explained\n{}", listed(&wrong));
}

/// Sends every exchange through a gateway whose targets are at these addresses; returns what differs, by id.
async fn replay(exchanges: &[Exchange], root: &dyn Fn(&str) -> String) -> BTreeMap<String, String> {
    let gateway = Gateway::all_in_one(Database::Sqlite).start().await;
    gateway.apply(&configuration(exchanges, root)).await;
    gateway.await_ready(0).await;
    let mut waiting: Vec<Exchange> = exchanges.to_vec();
    let mut tasks = JoinSet::new();
    let mut wrong = BTreeMap::new();
    loop {
        while tasks.len() < 16 {
            let Some(exchange) = waiting.pop() else { break };
            let client = gateway.client();
            tasks.spawn(async move { (exchange.id.clone(), difference(&client, &exchange).await) });
        }
        match tasks.join_next().await {
            Some(done) => {
                let (id, difference) = done.expect("no comparison panics");
                wrong.extend(difference.map(|difference| (id, difference)));
            }
            None => return wrong,
        }
    }
}

async fn difference(client: &Client, exchange: &Exchange) -> Option<String> {
    let answer = client.chat(&asking::request(exchange)).await;
    let expected = Reading::of_vendor(exchange);
    let actual = Reading::of_gateway(answer.status, exchange.stream, &answer.body);
    (expected != actual).then(|| {
        let lines: Vec<String> =
            expected.lines().into_iter().zip(actual.lines()).filter(|(one, other)| one != other).map(apart).collect();
        format!("{} {} ({})\n{}", exchange.provider, exchange.surface, exchange.source, lines.join("\n"))
    })
}

/// Two lines from where they begin to differ.
fn apart((one, other): (String, String)) -> String {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count().saturating_sub(30);
    let cut = |line: &str| line.chars().skip(same).take(200).collect::<String>();
    format!("  vendor  …{}\n  gateway …{}", cut(&one), cut(&other))
}

/// One target per provider, each serving exactly the models that carry its recordings' ids.
fn configuration(exchanges: &[Exchange], root: &dyn Fn(&str) -> String) -> Value {
    let mut models: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for exchange in exchanges {
        models.entry(&exchange.provider).or_default().push(exchange.model());
    }
    let target = |(provider, models): (&str, Vec<String>)| {
        let id = provider.replace('_', "-");
        json!({ "name": provider, "provider": id, "base_url": root(provider), "api_key": "${ALPHA_KEY}", "models": models })
    };
    json!({ "strategy": { "mode": "fallback" }, "targets": models.into_iter().map(target).collect::<Vec<_>>() })
}

fn listed(wrong: &BTreeMap<String, String>) -> String {
    let lines: Vec<String> = wrong.iter().take(40).map(|(id, difference)| format!("{id} {difference}")).collect();
    format!("{} exchanges differ\n{}", wrong.len(), lines.join("\n"))
}
