//! What was in force, and going back to it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::plane::{Home, Kind, Plane, config};

fn versions(history: &Value) -> Vec<u64> {
    history["data"].as_array().unwrap().iter().map(|entry| entry["version"].as_u64().unwrap()).collect()
}

on_every_database! {
    async fn a_rollback_is_a_new_version_with_the_older_document(plane: &Plane) {
        for target in ["openai", "anthropic", "groq"] {
            plane.configure(&[target]).await;
        }
        let back = plane.post("/admin/config/rollback/1").header("if-match", "\"3\"").send().await.expect(StatusCode::OK);
        assert_eq!(back.body, json!({ "status": "rolled_back", "rolled_back_to": 1, "current_history_size": 4, "version": 4 }));
        assert_eq!(plane.get("/admin/config").send().await.body, config(&["openai"]));
        let history = plane.get("/admin/config/history").send().await.body;
        assert_eq!((versions(&history), &history["data"][3]["rolled_back_from"]), (vec![1, 2, 3, 4], &json!(3)));
        assert_eq!(history["data"][3]["digest"], history["data"][0]["digest"]);
    }

    async fn only_a_version_that_was_there_can_be_gone_back_to(plane: &Plane) {
        plane.configure(&["openai"]).await;
        for version in ["0", "-1", "abc", "99999999999999999999"] {
            let refused = plane.post(&format!("/admin/config/rollback/{version}")).send().await;
            assert_eq!(refused.refusal(), (400, "invalid_request"), "{version}");
        }
        assert_eq!(plane.post("/admin/config/rollback/99").send().await.refusal(), (404, "resource_not_found"));
        assert_eq!(plane.audited().await[0], ("config.rollback".to_owned(), "denied".to_owned()));
    }

    async fn the_history_says_who_did_it(plane: &Plane) {
        let ann = plane.key("ann", &["admin"]).await;
        plane.put("/admin/config").by(&ann.secret).json(&config(&["openai"])).await.expect(StatusCode::OK);
        let history = plane.get("/admin/config/history").send().await.body;
        assert_eq!(history["data"][0]["actor"], json!(format!("ann ({})", ann.id)));
    }

    async fn each_way_of_changing_it_takes_a_note(plane: &Plane) {
        plane.post("/admin/config?note=first").json(&config(&["openai"])).await.expect(StatusCode::CREATED);
        plane.put("/admin/config?note=%20for+%C3%85sa%0A").json(&config(&["groq"])).await.expect(StatusCode::OK);
        plane.post("/admin/config/rollback/1?note=third").send().await.expect(StatusCode::OK);
        plane.delete("/admin/config?note=fourth").send().await.expect(StatusCode::OK);
        plane.configure(&["openai"]).await;
        let history = plane.get("/admin/config/history").send().await.body;
        let notes: Vec<Option<&str>> = history["data"].as_array().unwrap().iter().map(|entry| entry["note"].as_str()).collect();
        assert_eq!(notes, [Some("first"), Some("for Åsa"), Some("third"), Some("fourth"), None]);
    }

    async fn a_note_is_one_line_of_at_most_500_characters(plane: &Plane) {
        let put = async |note: &str| plane.put(&format!("/admin/config?note={note}")).json(&config(&["openai"])).await;
        let letters = |count: usize| "%C3%A4".repeat(count);
        put(&letters(500)).await.expect(StatusCode::OK);
        for note in [letters(501).as_str(), "two%0Alines", "%1B%5B31mred", "nul%00"] {
            let refused = put(note).await;
            assert_eq!((refused.refusal(), &refused.body["error"]["param"]), ((400, "invalid_request"), &json!("note")), "{note}");
        }
        for call in [plane.delete("/admin/config?note=a%09b"), plane.post("/admin/config/rollback/1?note=a%09b")] {
            assert_eq!(call.send().await.refusal(), (400, "invalid_request"));
        }
        assert_eq!(plane.get("/admin/config/history").send().await.body["summary"]["total_versions"], 1);
    }

    async fn the_list_can_be_had_without_documents(plane: &Plane) {
        plane.configure(&["openai"]).await;
        plane.put("/admin/config?note=why").json(&config(&["groq"])).await.expect(StatusCode::OK);
        plane.post("/admin/config/rollback/1").send().await.expect(StatusCode::OK);
        plane.delete("/admin/config").send().await.expect(StatusCode::OK);
        let mut whole = plane.get("/admin/config/history?limit=3").send().await.body;
        let bare = plane.get("/admin/config/history?limit=3&documents=false").send().await.expect(StatusCode::OK).body;
        for entry in whole["data"].as_array_mut().unwrap() {
            entry.as_object_mut().unwrap().remove("config");
        }
        assert_eq!((&bare, versions(&bare)), (&whole, vec![2, 3, 4]));
        let odd = plane.get("/admin/config/history?documents=maybe").send().await;
        assert_eq!(odd.refusal(), (400, "invalid_request"));
    }

    async fn a_page_holds_the_newest_and_the_total_is_true(plane: &Plane) {
        for _ in 0..3 {
            plane.configure(&["openai"]).await;
            plane.configure(&["groq"]).await;
        }
        let newest = plane.get("/admin/config/history?limit=2").send().await.body;
        assert_eq!((versions(&newest), &newest["summary"]["total_versions"]), (vec![5, 6], &json!(6)));
        let older = plane.get("/admin/config/history?limit=2&offset=2").send().await.body;
        assert_eq!(versions(&older), [3, 4]);
    }

    async fn one_version_is_told_with_its_document_as_a_text(plane: &Plane) {
        plane.configure(&["openai"]).await;
        plane.delete("/admin/config").send().await.expect(StatusCode::OK);
        let told = plane.get("/admin/config/history/1").send().await.expect(StatusCode::OK).body;
        let text = told["text"].as_str().unwrap();
        assert_eq!((&told["version"], serde_json::from_str::<Value>(text).unwrap()), (&json!(1), config(&["openai"])));
        assert!(text.starts_with("{\n  \"") && text.ends_with("}\n"), "{text}");
        let deleted = plane.get("/admin/config/history/2").send().await.expect(StatusCode::OK).body;
        assert_eq!((&deleted["version"], deleted.get("text")), (&json!(2), None));
        assert_eq!(plane.get("/admin/config/history/3").send().await.refusal(), (404, "resource_not_found"));
        assert_eq!(plane.get("/admin/config/history/x").send().await.refusal(), (400, "invalid_request"));
    }

    async fn racing_changes_leave_no_gap_and_no_lost_entry(plane: &Plane) {
        plane.configure(&["openai"]).await;
        let racers = (0..8).map(|racer| async move {
            match racer % 3 {
                0 => plane.put("/admin/config").json(&config(&["groq"])).await,
                1 => plane.post("/admin/config/rollback/1").send().await,
                _ => plane.delete("/admin/config").send().await,
            }
        });
        let answers = futures::future::join_all(racers).await;
        assert!(answers.iter().all(|answer| answer.status == StatusCode::OK), "{answers:?}");
        let history = plane.get("/admin/config/history").send().await.body;
        assert_eq!(versions(&history), (1..=9).collect::<Vec<_>>());
        for entry in history["data"].as_array().unwrap().iter().filter(|entry| entry["rolled_back_from"].is_u64()) {
            assert_eq!(entry["rolled_back_from"].as_u64().unwrap() + 1, entry["version"].as_u64().unwrap());
        }
        let (newest, current) = (&history["data"][8], plane.get("/admin/config").send().await);
        assert_eq!(current.header("etag"), "\"9\"");
        assert_eq!(newest.get("config").cloned(), (current.status == StatusCode::OK).then_some(current.body));
    }
}

#[tokio::test]
async fn a_list_without_documents_leaves_none_out_however_long_they_are() {
    let plane = Home::new(Kind::Memory).await.unwrap().start().await;
    for version in 1..=6 {
        let mut document = config(&["openai"]);
        document["targets"][0]["headers"] = json!({ "X-Long": format!("{version}{}", "x".repeat(3_000_000)) });
        plane.put("/admin/config").json(&document).await.expect(StatusCode::OK);
    }
    let whole = plane.get("/admin/config/history").send().await.body;
    let bare = plane.get("/admin/config/history?documents=false").send().await.body;
    assert_eq!((versions(&whole), versions(&bare)), ((2..=6).collect(), (1..=6).collect::<Vec<_>>()));
}

#[tokio::test]
async fn the_history_survives_a_restart() {
    let home = Home::new(Kind::Sqlite).await.unwrap();
    let before = {
        let plane = home.start().await;
        plane.configure(&["openai"]).await;
        plane.configure(&["groq"]).await;
        plane.post("/admin/config/rollback/1").send().await.expect(StatusCode::OK);
        let history = plane.get("/admin/config/history").send().await.body;
        plane.store().close().await;
        history
    };
    let plane = home.start().await;
    assert_eq!(plane.get("/admin/config/history").send().await.body, before);
    assert_eq!(plane.configure(&["groq"]).await, 4);
}
