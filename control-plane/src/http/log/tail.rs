//! Following the request log, as Server-Sent Events.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderName;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use ferrogw_api::Envelope;
use ferrogw_api::log::{LogEntry, LogSkipped};
use futures::stream::{self, StreamExt as _};

use super::entry::entry;
use super::wanted::{Wanted, WantedParameters};
use crate::app::App;
use crate::auth::Credential;
use crate::http::query::Parameters;
use crate::http::rejection::Rejection;
use crate::tail::Tailed;

/// How often a silent stream says that it is still there.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Proxies that would wait for the end are told not to.
const UNBUFFERED: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

/// The request log while it grows, as Server-Sent Events.
///
/// An event `record` has a request in its data, whichever control plane stored it. An event `skipped` says how many were stored too
/// quickly to be shown. A comment comes every ten seconds. It ends when the control plane does,
/// and soon after its credential may not read any more.
#[utoipa::path(
    get, path = "/admin/logs/tail", tag = "logs", params(WantedParameters),
    responses(
        (status = 200, body = LogEntry, content_type = "text/event-stream"),
        (status = 400, body = Envelope), (status = 501, body = Envelope)
    )
)]
pub(in crate::http) async fn tail(
    State(app): State<App>,
    Extension(credential): Extension<Credential>,
    parameters: Parameters,
) -> Result<impl IntoResponse, Rejection> {
    let Wanted { filter, nothing, .. } = Wanted::read(&parameters)?;
    let following = app.tail.follow(filter).await?;
    let following = following.take_until(Box::pin(async move { credential.spent(&app).await }));
    let told = following.filter(move |_| std::future::ready(!nothing)).map(event);
    // The first bytes tell clients and proxies that it has begun.
    let begun = stream::once(std::future::ready(Event::default().comment("following")));
    let events = begun.chain(told).map(Ok::<_, Infallible>);
    Ok(([UNBUFFERED], Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("still following"))))
}

fn event(tailed: Tailed) -> Event {
    match tailed {
        Tailed::Row(row) => Event::default().event("record").json_data(entry(row.record)),
        Tailed::Skipped(records) => Event::default().event("skipped").json_data(LogSkipped { records }),
    }
    .expect("entries are made of texts and numbers")
}
