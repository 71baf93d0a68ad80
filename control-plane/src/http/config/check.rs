//! What would happen to a document, and what a document may hold, for whoever edits one.

use axum::Json;
use axum::extract::State;
use ferrogw_api::Envelope;
use ferrogw_api::config::ConfigCheck;
use ferrogw_config::{Document, Issue, Severity, read, schema};
use serde_json::Value;

use super::aside;
use crate::app::App;
use crate::http::body::DocumentText;
use crate::http::rejection::Rejection;
use crate::scrub;

/// Checks a document as `PUT /admin/config` would, and stores nothing.
#[utoipa::path(
    post, path = "/admin/config/check", tag = "config", request_body = Object,
    responses((status = 200, body = ConfigCheck), (status = 400, body = Envelope), (status = 413, body = Envelope))
)]
pub(in crate::http) async fn check(State(_): State<App>, document: DocumentText) -> Result<Json<ConfigCheck>, Rejection> {
    let said = aside(move || all(&document)).await;
    let (issues, warnings) = said.into_iter().partition(|issue: &Issue| issue.severity == Severity::Error);
    Ok(Json(ConfigCheck { issues, warnings }))
}

/// The JSON Schema of a configuration, draft 2020-12.
#[utoipa::path(get, path = "/admin/config/schema", tag = "config", responses((status = 200, body = Object)))]
pub(in crate::http) async fn describe() -> Json<Value> {
    Json(schema::schema())
}

/// Everything that there is to say about the document.
fn all(submitted: &DocumentText) -> Vec<Issue> {
    let mut marked = scrub::marked_text(&submitted.text);
    let mut issues = match read::read(&submitted.text, submitted.syntax) {
        Err(issues) => issues,
        Ok(checked) => {
            let (document, mut issues) = (checked.document(), checked.warnings().to_vec());
            // A path tells more than a line does.
            let tree = serde_json::from_slice(document.bytes());
            marked = tree.ok().and_then(|tree| scrub::marked(&tree)).or(marked);
            let long = document.bytes().len() > Document::MAX_BYTES;
            issues.extend(long.then(|| error("", format!("The document is longer than {} bytes.", Document::MAX_BYTES), "")));
            issues
        }
    };
    issues.extend(marked.map(hidden));
    issues
}

fn hidden(place: String) -> Issue {
    error(&place, "It holds the marker that stands for a hidden value.".to_owned(), "put the value itself there, as ${VAR}")
}

fn error(path: &str, message: String, hint: &str) -> Issue {
    Issue { severity: Severity::Error, path: path.to_owned(), line: None, column: None, message, hint: hint.to_owned() }
}
