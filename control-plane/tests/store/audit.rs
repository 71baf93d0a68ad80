use ferrogw_control_plane::store::{Actor, Area, Areas, AuditFilter, Backend, Deed, Outcome, Page, SqliteFile, Store};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::home::{Home, Kind, draft, new_key, operator};
use ferrogw_control_plane::store::Scope;

fn deed<'a>(action: &'a str, outcome: Outcome) -> Deed<'a> {
    Deed { action, target: "*", outcome, detail: json!({ "reason": "because" }) }
}

on_every_database! {
    async fn an_entry_says_who_did_what_from_where(home: &Home) {
        let store = home.store().await;
        let actor = Actor { source_ip: Some("10.0.0.1".to_owned()), request_id: Some("r-1".to_owned()), ..operator() };
        store.note(Area::Config, &deed("config.rollback", Outcome::Denied), &actor).await.expect("it is written");
        let entry = store.audit(&AuditFilter::default()).await.expect("it answers").entries.remove(0);
        assert_eq!((entry.action.as_str(), entry.target.as_str(), entry.outcome), ("config.rollback", "*", Outcome::Denied));
        assert_eq!((entry.actor.as_str(), entry.actor_id.as_deref()), ("master key (master-key:0123)", Some("master-key:0123")));
        assert_eq!((entry.source_ip.as_deref(), entry.request_id.as_deref()), (Some("10.0.0.1"), Some("r-1")));
        assert_eq!((entry.detail.as_deref(), entry.at.offset()), (Some(r#"{"reason":"because"}"#), time::UtcOffset::UTC));
    }

    async fn somebody_unknown_is_called_so(home: &Home) {
        let store = home.store().await;
        store.note(Area::Keys, &deed("key.create", Outcome::Error), &Actor::named("", "")).await.expect("it is written");
        let entry = store.audit(&AuditFilter::default()).await.expect("it answers").entries.remove(0);
        assert_eq!((entry.actor.as_str(), entry.actor_id), ("unattributed", None));
    }

    async fn filters_combine_and_pages_keep_the_total(home: &Home) {
        let store = home.store().await;
        let before = OffsetDateTime::now_utc() - Duration::SECOND;
        for _ in 0..5 {
            store.note(Area::Config, &deed("config.update", Outcome::Ok), &operator()).await.expect("it is written");
        }
        store.note(Area::Config, &deed("config.update", Outcome::Denied), &operator()).await.expect("it is written");
        store.note(Area::Keys, &deed("key.create", Outcome::Ok), &Actor::system()).await.expect("it is written");
        let totals = async |filter: AuditFilter| store.audit(&filter).await.expect("it answers").total;
        let updates = AuditFilter { action: Some("config.update".to_owned()), ..AuditFilter::default() };
        assert_eq!(totals(updates.clone()).await, 6);
        assert_eq!(totals(AuditFilter { outcome: Some(Outcome::Ok), ..updates.clone() }).await, 5);
        assert_eq!(totals(AuditFilter { actor_id: Some("system".to_owned()), ..AuditFilter::default() }).await, 1);
        assert_eq!(totals(AuditFilter { target: Some("nothing".to_owned()), ..AuditFilter::default() }).await, 0);
        assert_eq!(totals(AuditFilter { since: Some(before), ..AuditFilter::default() }).await, 7);
        assert_eq!(totals(AuditFilter { until: Some(before), ..AuditFilter::default() }).await, 0);
        let page = store.audit(&AuditFilter { page: Page { limit: 4, offset: 4 }, ..updates }).await.expect("it answers");
        assert_eq!((page.entries.len(), page.total), (2, 6));
    }

    async fn an_entry_outlives_the_key_that_made_it(home: &Home) {
        let store = home.store().await;
        let key = store.create_key(new_key("ci", Scope::Admin), &operator()).await.expect("it is made").key;
        let actor = Actor::named(key.id.to_string(), "ci");
        store.activate(draft("a"), None, &actor).await.expect("it is put in force");
        store.create_key(new_key("heir", Scope::Admin), &operator()).await.expect("it is made");
        store.delete_key(key.id, &operator()).await.expect("it is deleted");
        let own = AuditFilter { actor_id: Some(key.id.to_string()), ..AuditFilter::default() };
        let entries = store.audit(&own).await.expect("it answers").entries;
        assert_eq!(entries[0].actor, format!("ci ({})", key.id));
    }
}

#[tokio::test]
async fn entries_of_three_databases_are_one_trail() {
    let home = Home::new(Kind::Sqlite).await.expect("SQLite is always there");
    let file = |name: &str| Backend::Sqlite(SqliteFile::at(&home.folder.path().join(name)));
    let areas = Areas { config: file("config.db"), keys: file("keys.db"), logs: Some(file("logs.db")) };
    let store = Store::open(&areas).await.expect("the store opens");
    for area in [Area::Config, Area::Keys, Area::Logs, Area::Config] {
        store.note(area, &deed(&format!("{area:?}"), Outcome::Ok), &operator()).await.expect("it is written");
    }
    let page = |limit, offset| AuditFilter { page: Page { limit, offset }, ..AuditFilter::default() };
    let actions = async |filter: AuditFilter| {
        let trail = store.audit(&filter).await.expect("it answers");
        assert_eq!(trail.total, 4);
        trail.entries.into_iter().map(|entry| entry.action).collect::<Vec<_>>()
    };
    assert_eq!(actions(page(10, 0)).await, ["Config", "Logs", "Keys", "Config"]);
    assert_eq!(actions(page(2, 1)).await, ["Logs", "Keys"]);
}
