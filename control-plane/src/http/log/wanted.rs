//! Which requests a caller means.

use ferrogw_api::log::LogFilters;
use time::OffsetDateTime;
use utoipa::IntoParams;
use uuid::Uuid;

use super::stage::Stage;
use crate::http::query::{Instant, Parameters};
use crate::http::rejection::Rejection;
use crate::store::{Beginning, KeyFilter, LogFilter, Page, StatusFilter, is_reserved_key_id};

/// The parameters, for the description of the API.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the description is made from it; `Wanted` reads the parameters")]
pub(super) struct WantedParameters {
    /// `ok`, `error`, a class such as `4xx` or `5xx`, or a status such as `429`.
    status: Option<String>,
    /// `after_request` for successes, `on_error` for failures; an older way to say `status`.
    stage: Option<String>,
    /// The model, as the caller named it or as it went to the provider.
    model: Option<String>,
    /// The provider that answered, or was tried last.
    provider: Option<String>,
    /// The target that answered, or was tried last.
    target: Option<String>,
    /// A key's id, or `none` for requests without one.
    api_key_id: Option<String>,
    /// Whether a stream was asked for.
    stream: Option<bool>,
    /// A request id, a record's id or a key's id, or the beginning of one: at least four characters.
    q: Option<String>,
    /// Arrived at or after this time.
    since: Option<OffsetDateTime>,
    /// Arrived before this time.
    until: Option<OffsetDateTime>,
}

/// Which requests are meant, and how that was said.
#[derive(Debug, Clone)]
pub(in crate::http) struct Wanted {
    pub(in crate::http) filter: LogFilter,
    /// No request can be meant.
    pub(in crate::http) nothing: bool,
    said: LogFilters,
}

impl Wanted {
    /// Reads the parameters that say which requests are meant.
    pub(in crate::http) fn read(parameters: &Parameters) -> Result<Self, Rejection> {
        let text = |name| parameters.text(name);
        let (since, until) = (parameters.instant("since")?, parameters.instant("until")?);
        let (stage, status, key, q) = (text("stage"), text("status"), text("api_key_id"), text("q"));
        let (meant, stream) = (Stage::of(stage.as_deref()), parameters.boolean("stream")?);
        let filter = LogFilter {
            since: since.as_ref().map(|since| since.at),
            until: until.as_ref().map(|until| until.at),
            model: text("model"),
            provider: text("provider"),
            target: text("target"),
            key: key.as_deref().map(key_filter),
            status: ended(meant, status.as_deref())?,
            stream,
            text: q.as_deref().map(beginning).transpose()?,
        };
        let said = LogFilters {
            limit: 0,
            offset: 0,
            stages: stages(stage.as_deref()),
            stage: stage.unwrap_or_default(),
            model: filter.model.clone().unwrap_or_default(),
            api_key_id: key.unwrap_or_default(),
            provider: filter.provider.clone().unwrap_or_default(),
            since: spelt(since),
            until: spelt(until),
            status: status.unwrap_or_default(),
            stream: stream.map(|stream| stream.to_string()).unwrap_or_default(),
            target: filter.target.clone().unwrap_or_default(),
            q: q.unwrap_or_default(),
        };
        Ok(Self { filter, nothing: meant == Stage::Nothing, said })
    }

    /// The filters as they were understood.
    pub(super) fn echo(self, page: Page) -> LogFilters {
        LogFilters { limit: page.limit, offset: page.offset, ..self.said }
    }
}

/// An id that no key has.
const NOBODY: Uuid = Uuid::from_u128(1);

/// `none`, or an id. What is no id is nobody's, and so are those that roll-ups use for themselves.
pub(in crate::http) fn key_filter(text: &str) -> KeyFilter {
    let id = Uuid::try_parse(text).ok().filter(|id| !is_reserved_key_id(*id));
    if text == "none" { KeyFilter::None } else { KeyFilter::Id(id.unwrap_or(NOBODY)) }
}

pub(super) fn spelt(instant: Option<Instant>) -> String {
    instant.map(|instant| instant.text).unwrap_or_default()
}

/// How the requests ended: by status, or by stage.
fn ended(stage: Stage, status: Option<&str>) -> Result<Option<StatusFilter>, Rejection> {
    match (stage.status(), status.map(self::status).transpose()?) {
        (Some(_), Some(_)) => {
            Err(Rejection::invalid("`stage` is an older way to say `status`: send one of them.").about("stage"))
        }
        (stage, status) => Ok(status.or(stage)),
    }
}

fn status(text: &str) -> Result<StatusFilter, Rejection> {
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u16>().ok()).flatten();
    match text {
        "ok" => return Ok(StatusFilter::Succeeded),
        "error" => return Ok(StatusFilter::Failed),
        _ => {}
    }
    if let Some(hundred) = text.strip_suffix("xx").and_then(number).filter(|hundred| (1..=5).contains(hundred)) {
        return Ok(StatusFilter::Class(hundred));
    }
    if let Some(status) = number(text).filter(|status| (100..=599).contains(status)) {
        return Ok(StatusFilter::Exactly(status));
    }
    Err(Rejection::invalid("The parameter `status` has to be `ok`, `error`, `4xx`, `5xx` or a status such as 429.")
        .about("status"))
}

fn beginning(text: &str) -> Result<Beginning, Rejection> {
    Beginning::parse(text).ok_or_else(|| {
        let message = format!("The parameter `q` has to be the beginning of an id, at least {} characters.", Beginning::SHORTEST);
        Rejection::invalid(message).about("q")
    })
}

fn stages(stage: Option<&str>) -> Option<Vec<String>> {
    match stage {
        None => Some(vec![Stage::AFTER.to_owned(), Stage::ERROR.to_owned()]),
        Some("all") => None,
        Some(stage) => Some(vec![stage.to_owned()]),
    }
}
