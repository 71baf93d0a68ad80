//! The typed client against the real server: each understands the other.

use ferrogw_api::audit::AuditQuery;
use ferrogw_api::client::{Change, Current, HistoryQuery, KeyUsageQuery, Purge};
use ferrogw_api::key::{KeyChange, NewKey, Scope};
use ferrogw_api::log::{ExportFormat, LogEvent, LogQuery};
use ferrogw_api::stats::StatsQuery;
use ferrogw_api::usage::{GroupBy, UsageQuery};
use ferrogw_api::{Client, Error};
use ferrogw_config::{Secret, Syntax};
use time::OffsetDateTime;

use crate::log::{failed, record, store};
use crate::plane::{Home, Kind, MASTER_KEY};
use crate::start::running;

const FIRST: &str = "targets: [{ virtual_key: openai }]";
const SECOND: &str = r#"{ "targets": [{ "virtual_key": "groq" }] }"#;

/// A client of a control plane that runs until the test ends.
async fn client(credential: &str) -> Client {
    let home = Home::new(Kind::Memory).await.unwrap();
    let (address, _, _) = running(&home).await;
    Client::new(&format!("http://{address}"), Some(&Secret::new(credential.to_owned()))).unwrap()
}

#[tokio::test]
async fn a_key_goes_through_its_life() {
    let client = client(MASTER_KEY).await;
    let new = NewKey { name: "ci".to_owned(), scopes: vec!["inference".to_owned()], expires_at: None };
    let key = client.create_key(&new).await.unwrap();
    let change =
        KeyChange { name: "new".to_owned(), expires_at: Some("2999-01-01T00:00:00Z".to_owned()), ..KeyChange::default() };
    assert_eq!(client.update_key(&key.id, &change).await.unwrap().scopes, [Scope::Inference]);
    assert_ne!(client.rotate_key(&key.id).await.unwrap().key, key.key);
    client.revoke_key(&key.id).await.unwrap();
    assert!(!client.key(&key.id).await.unwrap().active);
    let usage = client.key_usage(&KeyUsageQuery { active: Some(false), ..KeyUsageQuery::default() }).await.unwrap();
    assert_eq!((usage.data, usage.summary.total_keys), (client.keys().await.unwrap(), 1));
    client.delete_key(&key.id).await.unwrap();
    let gone = client.key(&key.id).await.unwrap_err();
    assert_eq!((gone.status().map(|status| status.as_u16()), gone.code()), (Some(404), Some("resource_not_found")));
}

#[tokio::test]
async fn a_configuration_goes_through_its_history() {
    let client = client(MASTER_KEY).await;
    assert_eq!(client.config().await.unwrap(), Current { config: None, version: 0 });
    let at = |version, note: &str| Change { if_version: Some(version), note: note.to_owned() };
    client.create_config(FIRST.to_owned(), Syntax::Yaml, &at(0, "")).await.unwrap();
    client.apply(SECOND.to_owned(), Syntax::Json, &at(1, "groq & others")).await.unwrap();
    let Err(Error::Refused { version, .. }) = client.rollback(1, &at(1, "")).await else { panic!("it was not refused") };
    assert_eq!(version, Some(2));
    client.rollback(1, &at(2, "100 % sure?")).await.unwrap();
    client.delete_config(&at(3, "")).await.unwrap();
    assert_eq!(client.config().await.unwrap(), Current { config: None, version: 4 });
    assert!(client.history_version(2).await.unwrap().text.unwrap().contains("groq"));
    let history = client.history(&HistoryQuery { limit: Some(2), ..HistoryQuery::default() }).await.unwrap();
    assert_eq!((history.data.len(), history.summary.total_versions, history.data[0].rolled_back_from), (2, 4, Some(2)));
    let bare = HistoryQuery { limit: None, offset: Some(1), documents: Some(false) };
    let notes: Vec<_> = client.history(&bare).await.unwrap().data.into_iter().map(|entry| (entry.config, entry.note)).collect();
    assert_eq!(notes, [(None, None), (None, Some("groq & others".to_owned())), (None, Some("100 % sure?".to_owned()))]);
}

#[tokio::test]
async fn everything_else_is_understood_too() {
    let client = client(MASTER_KEY).await;
    assert_eq!(client.dashboard().await.unwrap().keys.total, 0);
    assert_eq!(client.health().await.unwrap().scopes, [Scope::Admin]);
    assert!(client.workers().await.unwrap().data.is_empty());
    assert!(client.providers().await.unwrap().is_empty());
    assert!(client.provider_catalog().await.unwrap().providers.len() >= 30);
    assert!(client.plugins().await.unwrap().is_empty());
    assert_eq!(client.plugin_catalog().await.unwrap().data.len(), 6);
    let since = Some(OffsetDateTime::UNIX_EPOCH);
    assert!(client.logs(&LogQuery { since, ..LogQuery::default() }).await.unwrap().data.is_empty());
    let stats = StatsQuery { since, buckets: Some(2), ..StatsQuery::default() };
    assert_eq!(client.log_stats(&stats).await.unwrap().series.points.len(), 2);
    let usage = client.usage(&UsageQuery { group_by: Some(GroupBy::Model), ..UsageQuery::default() }).await.unwrap();
    assert_eq!((usage.summary.requests, usage.groups.len()), (0, 0));
    assert_eq!(client.config_schema().await.unwrap()["title"], "ferrogw configuration");
    let checked = client.check_config("targets: 3".to_owned(), Syntax::Yaml).await.unwrap();
    assert!(!checked.issues.is_empty() && checked.warnings.is_empty());
    let purge = Purge { before: OffsetDateTime::UNIX_EPOCH, stage: None, model: None, provider: None };
    assert_eq!(client.purge_logs(&purge).await.unwrap().deleted, 0);
    let audit = client.audit(&AuditQuery { action: Some("logs.purge".to_owned()), ..AuditQuery::default() }).await.unwrap();
    assert_eq!(audit.summary.total_entries, 1);
    assert_eq!(client.openapi().await.unwrap()["info"]["title"], "ferrogw admin API");
}

#[tokio::test]
async fn a_log_is_followed_looked_through_and_taken_away() {
    let home = Home::new(Kind::Sqlite).await.unwrap();
    let (address, stop, task) = running(&home).await;
    let client = Client::new(&format!("http://{address}"), Some(&Secret::new(MASTER_KEY.to_owned()))).unwrap();
    let other = home.start().await;
    let mut tail = client.tail_logs(&LogQuery { status: Some("ok".to_owned()), ..LogQuery::default() }).await.unwrap();
    store(&other, vec![failed("bad"), record("good"), record("better")]).await;
    let Some(LogEvent::Record(first)) = tail.next().await.unwrap() else { panic!("a record") };
    assert!(["good", "better"].contains(&first.model.as_str()));

    assert_eq!(client.log(&first.id).await.unwrap().entry, *first);
    let page = client.logs(&LogQuery { limit: Some(2), ..LogQuery::default() }).await.unwrap();
    let next = client.logs(&LogQuery { cursor: page.next_cursor.clone(), ..LogQuery::default() }).await.unwrap();
    assert_eq!((page.data.len(), next.data.len(), next.next_cursor), (2, 1, None));
    let mut file = client.export_logs(&LogQuery::default(), ExportFormat::Csv).await.unwrap();
    let mut text = String::new();
    while let Some(part) = file.next().await.unwrap() {
        text.push_str(std::str::from_utf8(&part).unwrap());
    }
    assert_eq!(text.lines().count(), 4);

    stop.cancel();
    while tail.next().await.unwrap().is_some() {}
    task.await.unwrap();
}

#[tokio::test]
async fn a_wrong_key_is_a_refusal_with_the_gateways_words() {
    let error = client("sk-ferro-wrong").await.keys().await.unwrap_err();
    let text = "GET /admin/keys: 401 Unauthorized (invalid_api_key): The API key is unknown, revoked or expired.";
    assert_eq!(error.to_string(), text);
}

#[tokio::test]
async fn a_session_is_opened_looked_at_and_ended() {
    let home = Home::new(Kind::Memory).await.unwrap();
    let (address, _, _) = running(&home).await;
    let with = |credential: &str| Client::new(&format!("http://{address}"), Some(&Secret::new(credential.to_owned()))).unwrap();
    let operator = with(MASTER_KEY);
    let (first, second) = (operator.sign_in(false).await.unwrap(), operator.sign_in(false).await.unwrap());
    assert_eq!((first.subject.as_str(), &first.scopes[..]), ("master-key", &[Scope::Admin][..]));
    assert_eq!(operator.sign_in(true).await.unwrap().token, None);
    let session = with(&first.token.unwrap());
    let caller = session.caller().await.unwrap();
    let listed = session.sessions().await.unwrap().data;
    assert_eq!((listed.len(), listed[2].current, Some(&listed[2].id)), (3, true, caller.id.as_ref()));
    session.end_session(&listed[1].id).await.unwrap();
    assert_eq!(with(&second.token.unwrap()).caller().await.unwrap_err().code(), Some("invalid_session"));
    session.sign_out().await.unwrap();
    assert_eq!(operator.end_sessions().await.unwrap().revoked, 1);
    assert_eq!(operator.caller().await.unwrap().id, None);
}
