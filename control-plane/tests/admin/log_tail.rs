//! Following the request log.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::StatusCode;
use ferrogw_control_plane::store::LogFilter;
use ferrogw_control_plane::tail::{Following, Tailed};
use futures::StreamExt as _;
use serde_json::Value;

use crate::log::{failed, record, store};
use crate::plane::{Home, Kind, Plane};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A stream of events and what of it came already.
struct Events {
    stream: BodyDataStream,
    text: String,
}

impl Events {
    async fn open(plane: &Plane, query: &str) -> Self {
        let response = plane.get(&format!("/admin/logs/tail?{query}")).raw().await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut events = Self { stream: Body::into_data_stream(response.into_body()), text: String::new() };
        assert_eq!(events.next().await.unwrap(), ": following");
        events
    }

    /// The next event; `None`: it is over.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let event = event.to_owned();
                self.text = rest.to_owned();
                return Some(event);
            }
            let chunk = tokio::time::timeout(PATIENCE, self.stream.next()).await.expect("something happens")?;
            self.text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
    }

    /// The model of the next record.
    async fn model(&mut self) -> String {
        let event = self.next().await.expect("it goes on");
        let data = event.strip_prefix("event: record\ndata: ").unwrap_or_else(|| panic!("{event}"));
        serde_json::from_str::<Value>(data).unwrap()["model"].as_str().unwrap().to_owned()
    }
}

async fn next(following: &mut Following) -> Option<Tailed> {
    tokio::time::timeout(PATIENCE, following.next()).await.expect("something happens")
}

on_every_database! {
    async fn what_is_stored_from_now_on_is_told_as_it_comes(plane: &Plane) {
        store(plane, vec![record("before")]).await;
        let mut events = Events::open(plane, "").await;
        for model in ["one", "two"] {
            store(plane, vec![record(model)]).await;
            assert_eq!(events.model().await, model);
        }
    }

    async fn it_ends_with_the_credential_that_opened_it(plane: &Plane) {
        let reader = plane.key("reader", &["read_only"]).await;
        let response = plane.get("/admin/logs/tail").by(&reader.secret).raw().await;
        let mut events = Events { stream: Body::into_data_stream(response.into_body()), text: String::new() };
        assert_eq!(events.next().await.unwrap(), ": following");
        plane.post(&format!("/admin/keys/{}/revoke", reader.id)).send().await.expect(StatusCode::OK);
        while let Some(event) = events.next().await {
            assert_eq!(event, ": still following");
        }
    }

    async fn a_filter_holds_for_what_comes_too(plane: &Plane) {
        let mut events = Events::open(plane, "status=error").await;
        store(plane, vec![record("good")]).await;
        store(plane, vec![failed("bad")]).await;
        assert_eq!(events.model().await, "bad");
    }

    async fn it_ends_when_the_control_plane_does(plane: &Plane) {
        let mut events = Events::open(plane, "").await;
        plane.control.app().closing.cancel();
        assert_eq!(events.next().await, None);
    }

    async fn parameters_without_sense_are_refused(plane: &Plane) {
        assert_eq!(plane.get("/admin/logs/tail?status=bad").send().await.refusal(), (400, "invalid_request"));
    }
}

#[tokio::test]
async fn what_another_control_plane_stores_is_told() {
    let Some(home) = Home::new(Kind::Postgres).await else { return };
    let (here, there) = (home.start().await, home.start().await);
    let mut events = Events::open(&here, "").await;
    store(&there, vec![record("elsewhere")]).await;
    assert_eq!(events.model().await, "elsewhere");
}

#[tokio::test]
async fn who_is_too_slow_misses_some_and_is_told_how_many() {
    let plane = Home::new(Kind::Memory).await.unwrap().start().await;
    let tail = &plane.control.app().tail;
    let (mut quick, mut slow) =
        (tail.follow(LogFilter::default()).await.unwrap(), tail.follow(LogFilter::default()).await.unwrap());
    for number in 0..6 {
        store(&plane, vec![record(&number.to_string())]).await;
        assert!(matches!(next(&mut quick).await, Some(Tailed::Row(_))));
    }
    // Four batches wait for the slowest.
    assert_eq!(next(&mut slow).await, Some(Tailed::Skipped(2)));
    let Some(Tailed::Row(row)) = next(&mut slow).await else { panic!("a row") };
    assert_eq!(row.record.model, "2");
}

#[tokio::test]
async fn so_many_follow_and_one_more_is_told_to_wait() {
    let plane = Home::new(Kind::Memory).await.unwrap().start().await;
    let mut following = Vec::new();
    for _ in 0..32 {
        following.push(plane.get("/admin/logs/tail").raw().await);
    }
    assert_eq!(plane.get("/admin/logs/tail").send().await.refusal(), (429, "too_many_streams"));
    following.pop();
    assert_eq!(plane.get("/admin/logs/tail").raw().await.status(), StatusCode::OK);
}

#[tokio::test]
async fn without_a_log_there_is_nothing_to_follow() {
    let mut home = Home::new(Kind::Memory).await.unwrap();
    home.settings.stores.request_log_store_backend = Some("disabled".to_owned());
    let plane = home.start().await;
    for path in
        ["/admin/logs/tail", "/admin/logs/export", "/admin/logs/export?stage=before_request", "/admin/logs/x", "/admin/usage"]
    {
        assert_eq!(plane.get(path).send().await.refusal(), (501, "not_implemented"), "{path}");
    }
}
