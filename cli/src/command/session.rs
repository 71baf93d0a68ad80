//! `admin sessions`: people who are signed in.

use ferrogw_api::Client;
use ferrogw_api::session::Session;

use crate::args::Sessions;
use crate::failure::Failure;
use crate::input;
use crate::output::{Column, Output, column, count, id, instant, text};

const COLUMNS: &[Column<Session>] = &[
    id("ID", |session| session.id.clone()),
    column("SIGNED IN AS", |session| session.subject.clone()),
    column("OPENED", |session| instant(Some(session.created_at))),
    column("LAST SEEN", |session| instant(session.last_seen_at)),
    column("ENDS", |session| instant(Some(session.expires_at))),
    column("FROM", |session| text(session.source_ip.as_deref())),
    column("WITH", |session| text(session.user_agent.as_deref())),
    column("OWN", |session| if session.current { "yes" } else { "" }.to_owned()),
];

pub(super) async fn run(client: &Client, command: Sessions, output: Output) -> Result<(), Failure> {
    match command {
        Sessions::List => output.list(&client.sessions().await?.data, COLUMNS, "open sessions"),
        Sessions::End { id } => {
            client.end_session(&id).await?;
            output.note(&format!("{id} has ended"));
            Ok(())
        }
        Sessions::EndAll { sure } => {
            let open = if !sure.yes && input::is_terminal() { client.sessions().await?.data.len() } else { 0 };
            let question = format!("{open} open sessions end at once.");
            input::confirm("the end of all sessions", &question, "end-all", sure.yes)?;
            let ended = client.end_sessions().await?;
            output.note(&format!("{} sessions have ended", count(ended.revoked)));
            if output.is_table() { Ok(()) } else { output.record(&ended) }
        }
    }
}
