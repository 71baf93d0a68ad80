use ferrogw_control_plane::store::WorkerRow;
use serde_json::json;
use time::Duration;
use uuid::Uuid;

use crate::home::Home;
use crate::records::NOON;

fn worker(name: &str) -> WorkerRow {
    WorkerRow {
        id: Uuid::now_v7(),
        name: name.to_owned(),
        build: "0.1.0".to_owned(),
        last_seen_at: NOON,
        generation: 3,
        key_revision: u64::from(u32::MAX) * 1_000,
        issues: serde_json::Value::Null,
        report: json!({ "targets": [] }),
    }
}

on_every_database! {
    async fn a_worker_is_remembered_as_it_was_last_seen(home: &Home) {
        let store = home.store().await;
        let (first, second) = (worker("first"), worker("second"));
        store.touch_worker(&first).await.expect("it is written");
        store.touch_worker(&second).await.expect("it is written");
        let issues = json!([{ "path": "targets[0].api_key", "message": "not set" }]);
        let first = WorkerRow { last_seen_at: NOON + Duration::SECOND, generation: 4, issues, ..first };
        store.touch_worker(&first).await.expect("it is written");
        assert_eq!(store.workers().await.expect("it answers"), [first, second]);
    }

    async fn a_setting_is_remembered_until_it_is_set_again(home: &Home) {
        let store = home.store().await;
        assert_eq!(store.setting("color").await.expect("it answers"), None);
        store.set_setting("color", "red").await.expect("it is set");
        store.set_setting("color", "blue").await.expect("it is set");
        assert_eq!(store.setting("color").await.expect("it answers").as_deref(), Some("blue"));
    }
}
