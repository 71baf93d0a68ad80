use std::sync::Arc;

use ferrogw_config::{Document, Syntax};
use tokio_util::sync::CancellationToken;

use super::{Configuration, Published, Publisher};
use crate::store::{Action, Actor, Areas, Backend, Draft, NewKey, Scope, Store};

async fn store() -> Store {
    Store::open(&Areas::all_in(Backend::Memory)).await.unwrap()
}

/// A configuration that checks, told from others by its alias.
fn document(alias: &str) -> Document {
    let text = format!("strategy: {{mode: single}}\ntargets: [{{virtual_key: openai}}]\naliases: {{{alias}: gpt-4o-mini}}\n");
    ferrogw_config::read::read(&text, Syntax::Yaml).unwrap().document()
}

async fn activate(store: &Store, document: Option<Document>) -> u64 {
    let draft = Draft { document, action: Action::Update, note: String::new() };
    store.activate(draft, None, &Actor::system()).await.unwrap().generation
}

async fn read(publisher: &Publisher) -> Arc<Published> {
    publisher.refresh().await.unwrap();
    publisher.published().borrow().clone()
}

#[tokio::test]
async fn a_store_that_never_held_a_configuration_is_told_from_one_whose_configuration_was_deleted() {
    let store = store().await;
    let publisher = Publisher::new(store.clone());
    assert!(matches!(publisher.published().borrow().configuration, Configuration::Unread));
    assert!(matches!(read(&publisher).await.configuration, Configuration::Absent { generation: 0 }));
    activate(&store, Some(document("one"))).await;
    activate(&store, None).await;
    assert!(matches!(read(&publisher).await.configuration, Configuration::Absent { generation: 2 }));
}

#[tokio::test]
async fn changes_are_published_as_they_happen() {
    let store = store().await;
    let publisher = Publisher::new(store.clone());
    let (mut published, shutdown) = (publisher.published(), CancellationToken::new());
    let running = tokio::spawn(publisher.run(shutdown.clone()));
    for number in ["one", "two", "three"] {
        let generation = activate(&store, Some(document(number))).await;
        published.wait_for(|published| published.configuration.generation() == Some(generation)).await.unwrap();
    }
    shutdown.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn a_key_change_is_read_once_for_all_who_stand_where_it_begins() {
    let store = store().await;
    let publisher = Publisher::new(store.clone());
    let before = read(&publisher).await;
    let new = NewKey { name: "a key".to_owned(), scopes: Scope::Inference.into(), expires_at: None };
    store.create_key(new, &Actor::system()).await.unwrap();
    let after = read(&publisher).await;
    let step = after.key_step.as_ref().unwrap();
    assert_eq!((step.from, step.to, step.upserts.len()), (before.key_revision, after.key_revision, 1));
}

#[tokio::test]
async fn when_the_stored_configuration_is_refused_the_last_good_one_is_pushed_until_it_is_replaced() {
    let store = store().await;
    let publisher = Publisher::new(store.clone());
    activate(&store, Some(document("good"))).await;
    activate(&store, Some(Document::from_parts(1, b"{\"no\": \"configuration\"}".to_vec()))).await;
    let published = read(&publisher).await;
    assert_eq!((published.stored_generation(), published.configuration.generation()), (Some(2), Some(1)));
    assert!(!published.unusable.as_ref().unwrap().issues.is_empty());

    activate(&store, Some(document("good"))).await;
    let published = read(&publisher).await;
    assert_eq!((published.configuration.generation(), published.unusable.is_none()), (Some(3), true));
}

#[tokio::test]
async fn a_store_that_is_away_leaves_published_what_was_read() {
    let store = store().await;
    let publisher = Publisher::new(store.clone());
    activate(&store, Some(document("one"))).await;
    read(&publisher).await;
    store.close().await;
    assert!(publisher.refresh().await.is_err());
    assert_eq!(publisher.published().borrow().configuration.generation(), Some(1));
}
