//! The playground where there is nobody to ask. What it does with workers is in the end-to-end suite.

use serde_json::json;

use crate::plane::Plane;

on_every_database! {
    async fn without_a_worker_it_says_so(plane: &Plane) {
        let body = json!({ "model": "m", "messages": [] });
        assert_eq!(plane.post("/admin/playground/v1/chat/completions").json(&body).await.refusal(), (503, "no_worker"));
        assert_eq!(plane.get("/admin/playground/v1/models").send().await.refusal(), (503, "no_worker"));
        assert_eq!(plane.post("/admin/playground/v1/files").send().await.refusal(), (404, "resource_not_found"));
    }

    async fn its_key_is_neither_listed_nor_written_down(plane: &Plane) {
        plane.get("/admin/playground/v1/models").send().await;
        assert_eq!(plane.get("/admin/keys").send().await.body, json!([]));
        assert_eq!(plane.get("/admin/dashboard").send().await.body["keys"]["total"], 0);
        assert_eq!(plane.audited().await, []);
    }
}
