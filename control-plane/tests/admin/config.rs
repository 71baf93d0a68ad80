//! The configuration in force.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::plane::{Home, Kind, Plane, config};

on_every_database! {
    async fn what_is_put_is_what_is_read(plane: &Plane) {
        let none = plane.get("/admin/config").send().await;
        assert_eq!((none.refusal(), none.header("etag")), ((404, "no_configuration"), "\"0\""));
        let created = plane.post("/admin/config").json(&config(&["openai"])).await.expect(StatusCode::CREATED);
        assert_eq!((&created.body, created.header("etag")), (&json!({ "status": "created", "version": 1 }), "\"1\""));
        let updated = plane.put("/admin/config").json(&config(&["anthropic"])).await.expect(StatusCode::OK);
        assert_eq!(updated.body, json!({ "status": "updated", "version": 2 }));
        let read = plane.get("/admin/config").send().await.expect(StatusCode::OK);
        assert_eq!((&read.body, read.header("etag")), (&config(&["anthropic"]), "\"2\""));
    }

    async fn yaml_is_taken_where_the_content_type_says_so(plane: &Plane) {
        let text = "targets:\n  - virtual_key: openai # the first\n";
        let put = plane.put("/admin/config").header("content-type", "application/yaml; charset=utf-8").text(text).send().await;
        put.expect(StatusCode::OK);
        assert_eq!(plane.put("/admin/config").text(text).send().await.refusal(), (400, "invalid_config"));
    }

    async fn an_invalid_document_is_refused_whole_and_changes_nothing(plane: &Plane) {
        plane.configure(&["openai"]).await;
        let wrong = json!({ "strategi": {}, "targets": [{ "virtual_key": "opnai" }], "max_request_bytes": "x" });
        let refused = plane.put("/admin/config").json(&wrong).await;
        assert_eq!(refused.refusal(), (400, "invalid_config"));
        let issues = refused.body["error"]["issues"].as_array().unwrap();
        assert!(issues.len() >= 3, "{issues:?}");
        assert!(issues.iter().all(|issue| issue["line"].is_u64() && issue["message"].is_string()), "{issues:?}");
        let history = plane.get("/admin/config/history").send().await.body;
        assert_eq!(history["summary"]["total_versions"], 1);
    }

    async fn a_write_against_another_version_is_a_conflict_that_names_the_current_one(plane: &Plane) {
        plane.configure(&["openai"]).await;
        plane.configure(&["anthropic"]).await;
        let late = plane.put("/admin/config").header("if-match", "\"1\"").json(&config(&["groq"])).await;
        assert_eq!((late.refusal(), late.header("etag")), ((412, "version_conflict"), "\"2\""));
        let in_time = plane.put("/admin/config").header("if-match", "\"2\"").json(&config(&["groq"])).await;
        assert_eq!(in_time.expect(StatusCode::OK).body["version"], 3);
        // As a proxy on the way has made it.
        let weak = plane.put("/admin/config").header("if-match", "W/\"3\"").json(&config(&["openai"])).await;
        assert_eq!(weak.expect(StatusCode::OK).body["version"], 4);
        let odd = plane.put("/admin/config").header("if-match", "\"1\", \"2\"").json(&config(&["groq"])).await;
        assert_eq!(odd.refusal(), (400, "invalid_request"));
    }

    async fn a_hidden_value_does_not_come_back_as_the_value(plane: &Plane) {
        let mut document = config(&["openai"]);
        document["targets"][0]["headers"] = json!({ "X-Team": "blue", "X-Token": "${TEAM_TOKEN}" });
        plane.put("/admin/config").json(&document).await.expect(StatusCode::OK);
        let read = plane.get("/admin/config").send().await.body;
        assert_eq!(read["targets"][0]["headers"], json!({ "X-Team": "[REDACTED]", "X-Token": "${TEAM_TOKEN}" }));
        let refused = plane.put("/admin/config").json(&read).await;
        assert_eq!(refused.refusal(), (400, "redacted_secret"));
        assert_eq!(refused.body["error"]["param"], "targets[0].headers.X-Team");
        assert_eq!(plane.audited().await[0], ("config.update".to_owned(), "denied".to_owned()));
        assert_eq!(plane.get("/admin/config").send().await.header("etag"), "\"1\"");
    }

    async fn a_check_says_what_a_write_would_and_stores_nothing(plane: &Plane) {
        let reader = plane.key("reader", &["read_only"]).await;
        let check = async |text: &str| plane.post("/admin/config/check").by(&reader.secret).text(text.to_owned()).send().await;
        let good = check(&config(&["openai"]).to_string()).await.expect(StatusCode::OK).body;
        assert_eq!(good, json!({ "issues": [], "warnings": [] }));
        let wrong = json!({ "strategi": {}, "targets": [{ "virtual_key": "opnai" }] });
        let refused = plane.put("/admin/config").json(&wrong).await.body["error"]["issues"].clone();
        let checked = check(&wrong.to_string()).await.expect(StatusCode::OK).body;
        assert_eq!(checked["issues"], refused);
        assert!(checked["issues"][0]["line"].is_u64(), "{checked}");
        let yaml = "targets: [{ virtual_key: openai, headers: { X-Team: \"[REDACTED]\" } }]";
        let hidden = plane.post("/admin/config/check").header("content-type", "application/yaml").text(yaml).send().await.body;
        assert_eq!(hidden["issues"][0]["path"], "targets[0].headers.X-Team", "{hidden}");
        assert_eq!(plane.get("/admin/config/history").send().await.body["summary"]["total_versions"], 0);
    }

    async fn the_schema_of_a_configuration_is_told(plane: &Plane) {
        let schema = plane.get("/admin/config/schema").send().await.expect(StatusCode::OK).body;
        assert_eq!((&schema["title"], schema["properties"]["targets"].is_object()), (&json!("ferrogw configuration"), true));
    }

    async fn a_document_over_3_mib_is_too_large(plane: &Plane) {
        let long = format!("{{\"targets\": [{{\"virtual_key\": \"openai\"}}]{}}}", " ".repeat(3 << 20));
        let refused = plane.put("/admin/config").text(long).send().await;
        assert_eq!(refused.refusal(), (413, "request_too_large"));
    }

    async fn other_bodies_are_bounded_by_the_configuration_in_force(plane: &Plane) {
        let mut document = config(&["openai"]);
        document["max_request_bytes"] = json!(64);
        plane.put("/admin/config").json(&document).await.expect(StatusCode::OK);
        let refused = plane.post("/admin/keys").json(&json!({ "name": "x".repeat(80) })).await;
        assert_eq!(refused.refusal(), (413, "request_too_large"));
        plane.post("/admin/keys").json(&json!({ "name": "x" })).await.expect(StatusCode::CREATED);
    }

    async fn a_body_that_is_not_text_is_refused(plane: &Plane) {
        let refused = plane.put("/admin/config").text(vec![0xff, 0xfe, b'{']).send().await;
        assert_eq!(refused.refusal(), (400, "invalid_request"));
    }

    async fn a_deletion_without_anything_to_go_back_to_leaves_none(plane: &Plane) {
        plane.configure(&["openai"]).await;
        let deleted = plane.delete("/admin/config").header("if-match", "\"1\"").send().await.expect(StatusCode::OK);
        assert_eq!(deleted.body, json!({ "status": "deleted", "version": 2 }));
        let none = plane.get("/admin/config").send().await;
        assert_eq!((none.refusal(), none.header("etag")), ((404, "no_configuration"), "\"2\""));
    }
}

#[tokio::test]
async fn a_deletion_goes_back_to_the_file_that_the_process_started_with() {
    let home = Home::new(Kind::Memory).await.unwrap().with_file("targets: [{ virtual_key: openai }]\n");
    let plane = home.start().await;
    plane.configure(&["groq"]).await;
    plane.delete("/admin/config").send().await.expect(StatusCode::OK);
    let read = plane.get("/admin/config").send().await.expect(StatusCode::OK);
    assert_eq!((&read.body["targets"][0]["virtual_key"], read.header("etag")), (&json!("openai"), "\"3\""));
}

#[tokio::test]
async fn warnings_of_a_taken_configuration_are_told() {
    let plane = Home::new(Kind::Memory).await.unwrap().start().await;
    let mut document = config(&["openai"]);
    document["plugins"] = json!([{
        "name": "request-logger", "stage": "before_request", "enabled": true, "config": { "level": "info", "persist": true }
    }]);
    let written = plane.put("/admin/config").json(&document).await.expect(StatusCode::OK);
    let warnings: Vec<&Value> = written.body["warnings"].as_array().unwrap().iter().map(|issue| &issue["severity"]).collect();
    assert_eq!(warnings, [&json!("warning")]);
}
