//! What else might help.

use ferrogw_api::Problem;
use ferrogw_api::client::Error;
use ferrogw_api::config::HistoryEntry;
use tonic::{Code, Status};

use super::{Failure, is_gateways_word};
use crate::output::instant;

const STORE_AWAY: &str =
    "the gateway is there, its database is not; `ferrogw-cli status` shows which one, and workers go on serving";

impl Failure {
    /// What else might help, most important first.
    pub(crate) fn hints(&self) -> Vec<String> {
        match self {
            Self::Call(error) => of_call(error),
            Self::NotCompared(failure) => failure.hints(),
            Self::Overtaken { expected, since, .. } => overtaken(*expected, since),
            Self::Stream { status, .. } => of_stream(status).into_iter().map(str::to_owned).collect(),
            Self::NoConfiguration(_) => vec!["`ferrogw-cli admin config apply FILE` puts one in force".to_owned()],
            Self::NoVersion(_) => vec!["`ferrogw-cli admin config history` lists the versions".to_owned()],
            _ => Vec::new(),
        }
    }
}

fn of_call(error: &Error) -> Vec<String> {
    match error {
        Error::Unreachable { .. } => {
            vec!["is it running? --gateway-url or FERROGW_URL says where; `ferrogw-cli doctor` looks closer".to_owned()]
        }
        Error::Unexpected { .. } => vec![
            "is this the gateway's address? A proxy, a sign-in page or another server in its place answers like that".to_owned(),
        ],
        Error::Refused { problem, status, request_id, .. } => {
            let request_id = request_id.as_deref().filter(|_| status.is_server_error());
            of_refusal(problem, request_id)
        }
        Error::Id { .. } => Vec::new(),
    }
}

fn of_stream(status: &Status) -> Option<&'static str> {
    match status.code() {
        Code::Unavailable if is_gateways_word(status) => Some(STORE_AWAY),
        Code::Unauthenticated => Some("FERROGW_API_KEY, --api-key-file, --api-key-stdin or MASTER_KEY says which key to use"),
        Code::PermissionDenied => Some("it takes a key with the scope read_only or admin"),
        Code::InvalidArgument | Code::FailedPrecondition => None,
        Code::Unimplemented => Some("is the gateway of an older release than this program?"),
        _ => {
            Some("is the gateway running there? Streams take HTTP/2 (gRPC) all the way: a proxy in between has to let it through")
        }
    }
}

fn of_refusal(problem: &Problem, request_id: Option<&str>) -> Vec<String> {
    let hint = match problem.code.as_deref() {
        Some("missing_api_key") => {
            "FERROGW_API_KEY, --api-key-file, --api-key-stdin or MASTER_KEY says which key to use".to_owned()
        }
        Some("invalid_api_key") => {
            "another key can be given by FERROGW_API_KEY, --api-key-file, --api-key-stdin or MASTER_KEY; \
             keys of providers do not open the gateway"
                .to_owned()
        }
        Some("invalid_session") => "the session has expired or was ended; use a key, or sign in again".to_owned(),
        Some("insufficient_scope") => "`ferrogw-cli status` shows what the key may do".to_owned(),
        Some("version_conflict") => "--force writes all the same".to_owned(),
        Some("store_unavailable") => STORE_AWAY.to_owned(),
        Some("last_admin_key") => "make another admin key first: `ferrogw-cli admin keys create --scope admin --name …`".to_owned(),
        Some("self_mutation_forbidden") => "use another admin key, or the master key, for this one".to_owned(),
        Some("redacted_secret") => {
            "what was hidden when the configuration was read has to be written out again, as `${VARIABLE}`".to_owned()
        }
        Some("not_found") => {
            "a worker has no admin API: --gateway-url or FERROGW_URL is to name the control plane, by default http://127.0.0.1:8081"
                .to_owned()
        }
        Some("request_too_large") => "comments count too; a configuration may have 3 MiB".to_owned(),
        _ => return request_id.map(|id| format!("the gateway's log has more under the request id {id}")).into_iter().collect(),
    };
    vec![hint]
}

/// Who was faster, how to see what they changed, and how to go on.
fn overtaken(expected: u64, since: &[HistoryEntry]) -> Vec<String> {
    let mut hints: Vec<String> = since.iter().map(|entry| format!("{} was faster: {}", actor(entry), what(entry))).collect();
    if let Some(last) = since.last() {
        hints.push(format!("`ferrogw-cli admin config diff {expected} {}` shows what they changed", last.version));
        hints.push(format!("to write over it all the same, repeat with --if-version {}", last.version));
    }
    hints
}

fn actor(entry: &HistoryEntry) -> &str {
    entry.actor.as_deref().unwrap_or("somebody")
}

fn what(entry: &HistoryEntry) -> String {
    let mut what = format!("version {} since {}", entry.version, instant(Some(entry.updated_at)));
    if let Some(note) = &entry.note {
        what.push_str(&format!(" ({note})"));
    }
    what
}
