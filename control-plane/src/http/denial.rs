//! Refused calls in the audit trail: who knocks at the door is worth knowing.

use std::time::Instant;

use axum::extract::MatchedPath;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde_json::json;

use super::gate::{self, Access};
use super::rejection::Rejection;
use crate::app::App;
use crate::store::{Actor, Area, Deed, Outcome};

/// Writes a refusal down, where there is room for it. Best effort: it stands whether or not it can be written down.
pub(super) async fn note(app: &App, access: Access, request: &Parts, caller: &Actor, rejection: &Rejection) {
    let refused = matches!(rejection.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    let signing_in = access == Access::SignIn && rejection.status().is_client_error();
    if !(refused || signing_in) || asks_who_it_is(request, rejection) {
        return;
    }
    let Some(left_out) = app.denials().admit(gate::address(request), Instant::now()) else { return };
    let mut detail = json!({ "reason": rejection.code() });
    if left_out > 0 {
        detail["left_out_before"] = left_out.into();
    }
    let route = request.extensions.get::<MatchedPath>().map_or("*", MatchedPath::as_str);
    let (action, target) = match access {
        Access::SignIn => ("session.create", "*".to_owned()),
        Access::Read | Access::Write => ("access.denied", format!("{} {route}", request.method)),
    };
    let deed = Deed { action, target: &target, outcome: Outcome::Denied, detail };
    if let Err(error) = app.store.note(Area::Keys, &deed, caller).await {
        tracing::error!(%error, action, "a refusal could not be written to the audit trail: {error}");
    }
}

/// The dashboard has to ask whether somebody is signed in before anybody is.
fn asks_who_it_is(request: &Parts, rejection: &Rejection) -> bool {
    rejection.code() == Rejection::MISSING && request.uri.path() == "/admin/session" && request.method == "GET"
}
