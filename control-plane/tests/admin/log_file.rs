//! The request log as a file.

use axum::body::Body;
use axum::http::{Response, StatusCode};
use ferrogw_control_plane::store::{LogError, LogRecord};
use serde_json::{Value, json};

use crate::log::{failed, record, store};
use crate::plane::{Home, Kind, Plane};

async fn text(response: Response<Body>) -> String {
    assert_eq!(response.status(), StatusCode::OK);
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn export(plane: &Plane, query: &str) -> String {
    text(plane.get(&format!("/admin/logs/export?{query}")).raw().await).await
}

on_every_database! {
    async fn lines_of_json_are_the_entries_of_the_list(plane: &Plane) {
        store(plane, vec![record("gpt-4o"), failed("claude")]).await;
        let lines: Vec<Value> = export(plane, "format=json").await.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(json!(lines), plane.get("/admin/logs").send().await.body["data"]);
        assert_eq!(export(plane, "status=error").await.lines().count(), 1);
        assert_eq!(export(plane, "stage=before_request").await, "");
    }

    async fn a_table_has_a_header_and_no_formulas(plane: &Plane) {
        let error = LogError { class: "server".to_owned(), code: "x".to_owned(), message: "=1+1, \"quoted\"".to_owned() };
        store(plane, vec![LogRecord { error: Some(error), requested_model: "@model".to_owned(), ..failed("-2") }]).await;
        let response = plane.get("/admin/logs/export?format=csv").raw().await;
        assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
        assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"requests.csv\"");
        let table = text(response).await;
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!((lines.len(), lines[0].starts_with("created_at,id,trace_id,")), (2, true));
        assert!(lines[1].contains(",'@model,'-2,openai,openai,,504,true,false,"), "{}", lines[1]);
        assert!(lines[1].contains(",\"'=1+1, \"\"quoted\"\"\","), "{}", lines[1]);
    }

    async fn a_file_is_as_long_as_the_log(plane: &Plane) {
        store(plane, (0..1_100).map(|number| record(&number.to_string())).collect()).await;
        store(plane, (0..1_100).map(|number| record(&number.to_string())).collect()).await;
        let mut ids: Vec<String> = export(plane, "").await.lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 2_200);
    }

    async fn what_makes_no_sense_is_refused(plane: &Plane) {
        for query in ["format=xml", "cursor=x", "status=bad", "since=now"] {
            assert_eq!(plane.get(&format!("/admin/logs/export?{query}")).send().await.refusal(), (400, "invalid_request"), "{query}");
        }
    }
}

#[tokio::test]
async fn a_few_exports_run_at_once_and_one_more_is_told_to_wait() {
    let plane = Home::new(Kind::Memory).await.unwrap().start().await;
    let mut running = Vec::new();
    for _ in 0..4 {
        running.push(plane.get("/admin/logs/export").raw().await);
    }
    let refused = plane.get("/admin/logs/export").send().await;
    assert_eq!((refused.refusal(), refused.header("retry-after")), ((429, "too_many_streams"), "5"));
    running.pop();
    assert_eq!(plane.get("/admin/logs/export").raw().await.status(), StatusCode::OK);
}
