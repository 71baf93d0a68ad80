//! What holds for every address and every answer.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::plane::{Home, Kind, Plane};

async fn plane() -> Plane {
    Home::new(Kind::Memory).await.unwrap().start().await
}

/// Every guarded operation of the description, with something in the place of its parameters.
async fn guarded(plane: &Plane) -> Vec<(Method, String)> {
    let description = plane.get("/admin/openapi.json").send().await.expect(StatusCode::OK).body;
    let mut operations = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        let path = path.replace("{id}", "00000000-0000-0000-0000-000000000000").replace("{version}", "1");
        for (method, operation) in item.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let guarded = operation.get("security").is_some();
            assert_eq!(guarded, path.starts_with("/admin") || path == "/metrics", "{method} {path}");
            if guarded {
                operations.push((method, path.clone()));
            }
        }
    }
    operations
}

#[tokio::test]
async fn no_route_of_the_admin_api_is_open() {
    let plane = plane().await;
    let guarded = guarded(&plane).await;
    assert_eq!(guarded.len(), 45, "{guarded:?}");
    for (method, path) in guarded {
        let anonymous = plane.call(method.clone(), &path).anonymous().send().await;
        assert_eq!(anonymous.refusal(), (401, "missing_api_key"), "{method} {path}");
        let wrong = plane.call(method.clone(), &path).by("sk-ferro-wrong").send().await;
        assert_eq!(wrong.refusal(), (401, "invalid_api_key"), "{method} {path}");
    }
}

#[tokio::test]
async fn every_route_that_changes_something_needs_admin() {
    let plane = plane().await;
    let (reader, user) = (plane.key("reader", &["read_only"]).await, plane.key("user", &["inference"]).await);
    for (method, path) in guarded(&plane).await {
        let by_user = plane.call(method.clone(), &path).by(&user.secret).send().await;
        assert_eq!(by_user.refusal(), (403, "insufficient_scope"), "{method} {path}");
        // Only the head: some answers have no end.
        let by_reader = plane.call(method.clone(), &path).by(&reader.secret).raw().await.status();
        // To sign in and out changes nothing but who is signed in.
        // What models are asked costs money.
        let asks = path.starts_with("/admin/playground/");
        // A document that is only checked is stored nowhere.
        let changes = asks || (method != Method::GET && !["/admin/session", "/admin/config/check"].contains(&path.as_str()));
        assert_eq!(by_reader == StatusCode::FORBIDDEN, changes, "{method} {path}");
    }
}

#[tokio::test]
async fn every_answer_has_its_id_and_is_stored_nowhere() {
    let plane = plane().await;
    for path in ["/admin/keys", "/admin/nothing", "/livez", "/admin/providers/catalog"] {
        for answer in [plane.get(path).send().await, plane.get(path).anonymous().send().await] {
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert!(answer.header("access-control-allow-origin").is_empty(), "{path}");
            let id = answer.header("x-request-id");
            assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{path}: {id}");
        }
    }
}

#[tokio::test]
async fn a_callers_id_is_kept_if_traces_can_carry_it() {
    let plane = plane().await;
    let answered = async |id: &str| {
        let answer = plane.get("/livez").header("x-request-id", id).send().await;
        answer.header("x-request-id").to_owned()
    };
    assert_eq!(answered("0123456789ABCDEF0123456789abcdef").await, "0123456789abcdef0123456789abcdef");
    for id in
        ["00000000000000000000000000000000", "0190a8c4-7d5b-7000-8000-000000000000", "short", "0123456789abcdef0123456789abcdeg"]
    {
        assert_ne!(answered(id).await, id);
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_in_the_envelope() {
    let plane = plane().await;
    let answers = [
        (plane.get("/admin/nothing").send().await, (404, "resource_not_found")),
        (plane.get("/admin/keys/").send().await, (404, "resource_not_found")),
        (plane.call(Method::PATCH, "/admin/keys").send().await, (405, "method_not_supported")),
        (plane.call("BREW".parse().unwrap(), "/admin/keys").send().await, (501, "method_not_supported")),
    ];
    for (answer, refusal) in &answers {
        assert_eq!(answer.refusal(), *refusal);
        let error = answer.body["error"].as_object().unwrap();
        assert!(["message", "type", "param", "code"].iter().all(|member| error.contains_key(*member)), "{error:?}");
    }
    let allowed: Vec<&str> = answers[2].0.header("allow").split(',').map(str::trim).collect();
    assert!(allowed.contains(&"GET") && allowed.contains(&"POST") && !allowed.contains(&"PATCH"), "{allowed:?}");
}

#[tokio::test]
async fn a_name_that_is_not_text_is_told_in_the_envelope_too() {
    let plane = plane().await;
    let calls = [
        plane.get("/admin/keys/%FF"),
        plane.put("/admin/keys/%FF"),
        plane.delete("/admin/keys/%FF"),
        plane.post("/admin/keys/%FF/revoke"),
        plane.post("/admin/keys/%FF/rotate"),
        plane.delete("/admin/sessions/%FF"),
        plane.get("/admin/logs/%FF"),
        plane.get("/admin/config/history/%FF"),
        plane.post("/admin/config/rollback/%FF"),
    ];
    for call in calls {
        assert_eq!(call.send().await.refusal(), (404, "resource_not_found"));
    }
}

#[tokio::test]
async fn a_head_request_is_answered_as_its_get_without_a_body() {
    let answer = plane().await.call(Method::HEAD, "/admin/keys").send().await;
    assert_eq!((answer.status, answer.body), (StatusCode::OK, Value::Null));
}

#[tokio::test]
async fn the_description_names_every_schema_that_it_refers_to() {
    let description = plane().await.get("/admin/openapi.json").send().await.body;
    let text = description.to_string();
    let schemas = description["components"]["schemas"].as_object().unwrap();
    for name in text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(schemas.contains_key(name), "{name}");
    }
    assert_eq!(description["components"]["securitySchemes"]["api_key"]["scheme"], "bearer");
}
