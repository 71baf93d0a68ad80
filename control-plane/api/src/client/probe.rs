//! What can be asked without a credential: does the process run, can it do its work, what time is it there.

use http::StatusCode;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::Client;
use super::error::Error;
use super::path::Path;
use crate::health::{Liveness, Readiness};

/// A gateway that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alive {
    /// The time by its clock, to the second; `None`: its answer does not say.
    pub at: Option<OffsetDateTime>,
}

#[expect(clippy::missing_errors_doc, reason = "every method fails as `Error` says")]
impl Client {
    /// `GET /livez`
    pub async fn alive(&self) -> Result<Alive, Error> {
        let answer = self.get(Path::probe("livez")).dated::<Liveness>().await?;
        Ok(Alive { at: answer.date.and_then(|date| OffsetDateTime::parse(&date, &Rfc2822).ok()) })
    }

    /// `GET /readyz`; not being ready is an answer, not an error.
    pub async fn ready(&self) -> Result<Readiness, Error> {
        self.get(Path::probe("readyz")).json_at(StatusCode::SERVICE_UNAVAILABLE).await
    }
}
