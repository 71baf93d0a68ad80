use ferrogw_proto::link;
use ferrogw_proto::sync::follow_request::Message;
use ferrogw_proto::sync::sync_client::SyncClient;
use ferrogw_proto::sync::sync_server::SyncServer;
use ferrogw_proto::sync::{FollowRequest, Hello};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::Code;
use uuid::Uuid;

use super::{Sync, Taken, ends};
use crate::publisher::{Publisher, Refusal, Roster};
use crate::store::{Areas, Backend, Store};

#[tokio::test]
async fn a_worker_that_says_nothing_is_gone_although_it_is_talked_to() {
    let store = Store::open(&Areas::all_in(Backend::Memory)).await.unwrap();
    let (publisher, roster) = (Publisher::new(store.clone()), Roster::new(store.clone()));
    let service = SyncServer::new(Sync::new(store, publisher, roster, CancellationToken::new()));
    let (said, inbound) = mpsc::channel(1);
    let hello = Hello { worker_id: Uuid::now_v7().to_string(), ..Hello::default() };
    said.send(FollowRequest { message: Some(Message::Hello(hello)) }).await.unwrap();
    // From here on nobody asks the database, and waiting takes no time.
    tokio::time::pause();
    let updates = SyncClient::new(link(service)).follow(ReceiverStream::new(inbound)).await;
    let mut updates = updates.unwrap().into_inner();
    let mut heartbeats = 0;
    let end = loop {
        match updates.message().await {
            Ok(Some(_)) if heartbeats < 10 => heartbeats += 1,
            end => break end,
        }
    };
    assert_eq!(end.unwrap_err().code(), Code::DeadlineExceeded);
    drop(said);
}

#[test]
fn a_refusal_ends_with_the_next_update_of_its_kind_and_no_other() {
    let refusal = |generation| Refusal { generation, issues: Vec::new() };
    let (configuration, keys) = (refusal(Some(3)), refusal(None));
    assert!(ends(&configuration, Some(Taken::Configuration)) && ends(&keys, Some(Taken::Keys)));
    assert!(!ends(&configuration, Some(Taken::Keys)) && !ends(&keys, Some(Taken::Configuration)));
    assert!(!ends(&configuration, None) && !ends(&keys, None));
}
