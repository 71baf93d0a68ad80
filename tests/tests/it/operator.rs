//! What operators watch over gRPC: on the control plane's admin address, and in all-in-one on the one port.

use std::time::Duration;

use ferrogw_proto::operator::operator_client::OperatorClient;
use ferrogw_proto::operator::{LogEntry, TailLogsRequest, WatchWorkersRequest, Workers};
use ferrogw_tests::{Database, Deployment, MASTER_KEY, Reply, World, Worlds, over_both};
use serde_json::json;
use tokio::time::timeout;
use tonic::metadata::MetadataValue;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status, Streaming};

use crate::setting::{alone, hello};

static WORLDS: Worlds = Worlds::of(alone);

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

over_both!(WORLDS:
    the_whole_fleet_comes_at_once_and_then_again_and_again,
    a_new_configuration_is_seen_on_its_way_to_every_worker,
    who_may_not_read_is_told_so_in_grpcs_own_words,
    a_session_is_as_good_as_its_key_until_it_ends,
    requests_are_seen_as_they_end_and_only_those_that_were_asked_for,
    a_filter_without_sense_is_refused,
);

async fn client(world: &World) -> OperatorClient<Channel> {
    let endpoint = Endpoint::from_shared(world.admin().origin().to_owned()).expect("an address");
    OperatorClient::new(endpoint.connect().await.expect("it speaks HTTP/2"))
}

async fn watch(world: &World, credential: &str) -> Result<Streaming<Workers>, Status> {
    let mut request = Request::new(WatchWorkersRequest {});
    let bearer = MetadataValue::try_from(format!("Bearer {credential}")).expect("a header value");
    request.metadata_mut().insert("authorization", bearer);
    client(world).await.watch_workers(request).await.map(tonic::Response::into_inner)
}

async fn next(stream: &mut Streaming<Workers>) -> Workers {
    let message = timeout(PATIENCE, stream.message()).await.expect("a message in time");
    message.expect("no failure").expect("a stream without end")
}

async fn the_whole_fleet_comes_at_once_and_then_again_and_again(world: &World) {
    let reader = world.gateway.create_key(json!({ "name": "watcher", "scopes": ["read_only"] })).await;

    let mut stream = watch(world, &reader.secret).await.expect("it is let in");
    // A worker's report of what it was just told takes its two seconds.
    let has_reported = |fleet: &Workers| fleet.workers[0].report.as_ref().is_some_and(|report| !report.targets.is_empty());
    let (mut first, mut second) = (next(&mut stream).await, next(&mut stream).await);
    while !has_reported(&first) {
        (first, second) = (second, next(&mut stream).await);
    }

    for fleet in [first, second] {
        let shown = world.admin().get("/admin/workers").await.expect(200).json();
        let ids: Vec<&str> = fleet.workers.iter().map(|worker| worker.id.as_str()).collect();
        let listed: Vec<&str> =
            shown["data"].as_array().expect("a list").iter().filter_map(|worker| worker["id"].as_str()).collect();
        assert_eq!(ids, listed);
        assert!(fleet.version > 0 && fleet.workers.iter().all(|worker| worker.connected), "{fleet:?}");
        let report = fleet.workers[0].report.as_ref().expect("a report");
        assert!(report.targets.iter().any(|target| target.name == "alpha" && target.credential_found), "{report:?}");
    }
}

async fn a_new_configuration_is_seen_on_its_way_to_every_worker(world: &World) {
    let mut stream = watch(world, MASTER_KEY).await.expect("it is let in");
    next(&mut stream).await;

    let mut config = alone(&world.upstream);
    config["aliases"] = json!({ "watched": "by-operators" });
    let written = world.admin().put("/admin/config", &config).await.expect(200).json();
    let version = written["version"].as_u64().expect("a version");

    let arrived = async {
        loop {
            let fleet = next(&mut stream).await;
            let serves = |worker: &&ferrogw_proto::operator::Worker| worker.version >= version && worker.status == "current";
            if fleet.version >= version && fleet.workers.iter().filter(serves).count() == world.gateway.workers() {
                return;
            }
        }
    };
    timeout(PATIENCE, arrived).await.expect("every worker is seen to serve it");
}

async fn tail(world: &World, wanted: TailLogsRequest) -> Result<Streaming<LogEntry>, Status> {
    let mut request = Request::new(wanted);
    let bearer = MetadataValue::try_from(format!("Bearer {MASTER_KEY}")).expect("a header value");
    request.metadata_mut().insert("authorization", bearer);
    client(world).await.tail_logs(request).await.map(tonic::Response::into_inner)
}

async fn requests_are_seen_as_they_end_and_only_those_that_were_asked_for(world: &World) {
    let (model, other) = (world.upstream.answers(Reply::completion("Hello")), world.upstream.answers(Reply::completion("No")));
    let wanted = TailLogsRequest { model: model.clone(), status: "ok".to_owned(), ..TailLogsRequest::default() };
    let mut stream = tail(world, wanted).await.expect("it is let in");

    for model in [&other, &model] {
        world.client().chat(&hello(model)).await.expect(200);
    }

    let entry = timeout(PATIENCE, stream.message()).await.expect("in time").expect("no failure").expect("an entry");
    assert_eq!((entry.model.as_str(), entry.target.as_str(), entry.status), (model.as_str(), "alpha", 200));
    assert_eq!((entry.prompt_tokens, entry.completion_tokens, entry.attempts.len()), (11, 7, 1));
    assert_eq!(world.record(&model).await["id"], entry.id.as_str());
}

async fn a_filter_without_sense_is_refused(world: &World) {
    let wanted = TailLogsRequest { status: "fine".to_owned(), ..TailLogsRequest::default() };
    let refused = tail(world, wanted).await.expect_err("no such status");
    assert_eq!(refused.code(), Code::InvalidArgument);
}

async fn who_may_not_read_is_told_so_in_grpcs_own_words(world: &World) {
    let user = world.gateway.create_key(json!({ "name": "user", "scopes": ["inference"] })).await;
    let wrong = watch(world, "sk-ferro-wrong").await.expect_err("nobody's key");
    assert_eq!((wrong.code(), wrong.message()), (Code::Unauthenticated, "The API key is unknown, revoked or expired."));
    assert_eq!(watch(world, &user.secret).await.expect_err("not a reader").code(), Code::PermissionDenied);
    let bare = client(world).await.watch_workers(WatchWorkersRequest {}).await.expect_err("no key");
    assert_eq!(bare.code(), Code::Unauthenticated);
}

async fn a_session_is_as_good_as_its_key_until_it_ends(world: &World) {
    let opened = world.admin().post("/admin/session", &json!({})).await.expect(201).json();
    let token = opened["token"].as_str().expect("a token");
    let mut stream = watch(world, token).await.expect("it is let in");
    next(&mut stream).await;

    assert_eq!(world.admin().with_key(token).delete("/admin/session").await.status, 204);

    let ended = async {
        loop {
            if let Err(status) = stream.message().await {
                return status.code();
            }
        }
    };
    assert_eq!(timeout(PATIENCE, ended).await.expect("it ends"), Code::Unauthenticated);
}

#[tokio::test]
async fn a_gateway_that_is_watched_ends_all_the_same_and_says_so() {
    for deployment in [Deployment::AllInOne(Database::Sqlite), Deployment::Split(Database::Sqlite)] {
        let mut world = World::start(deployment, alone).await;
        let mut stream = watch(&world, MASTER_KEY).await.expect("it is let in");
        next(&mut stream).await;

        let stopping = tokio::task::spawn_blocking(move || world.gateway.control().stop());
        let ended = async {
            loop {
                if let Err(status) = stream.message().await {
                    return status;
                }
            }
        };

        let status = timeout(PATIENCE, ended).await.expect("it ends");
        assert_eq!((status.code(), status.message()), (Code::Unavailable, "the control plane is shutting down"));
        assert_eq!(stopping.await.expect("it stops").0, Some(0));
    }
}
