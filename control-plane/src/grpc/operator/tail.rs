//! `TailLogs`: requests as their accounts are stored.

use ferrogw_proto::operator::{LogEntry, TailLogsRequest};
use futures::StreamExt as _;
use tokio::time::{MissedTickBehavior, interval};
use tonic::Status;
use uuid::Uuid;

use super::{End, Line, translate};
use crate::app::App;
use crate::auth::JUDGE_EVERY;
use crate::store::{KeyFilter, LogFilter, StatusFilter, StoreError};
use crate::tail::{Following, Tailed, Unfollowable};

/// The end of the log, which is followed from then on.
pub(super) struct Tail {
    log: Following,
    /// Requests that were too many to be seen since the last one that was.
    left_out: u64,
}

impl Tail {
    pub(super) async fn open(app: &App, wanted: TailLogsRequest) -> Result<Self, Status> {
        let log = app.tail.follow(filter(wanted)?).await.map_err(|error| match &error {
            Unfollowable::Crowded => Status::resource_exhausted(error.to_string()),
            Unfollowable::Store(StoreError::Disabled) => Status::failed_precondition(error.to_string()),
            Unfollowable::Store(_) => Status::unavailable("the request log's database is unavailable"),
        })?;
        Ok(Self { log, left_out: 0 })
    }

    /// Sends what is stored until the stream is over.
    pub(super) async fn follow(mut self, line: &mut Line<LogEntry>) -> End {
        let mut clock = interval(JUDGE_EVERY);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let sent = tokio::select! {
                told = self.log.next() => match told {
                    Some(told) => self.tell(told, line).await,
                    // It ends with the process's work.
                    None => return line.over().await,
                },
                _ = clock.tick() => line.judge().await,
                end = line.over() => return end,
            };
            if let Err(end) = sent {
                return end;
            }
        }
    }

    async fn tell(&mut self, told: Tailed, line: &mut Line<LogEntry>) -> Result<(), End> {
        match told {
            Tailed::Skipped(count) => {
                self.left_out += count;
                Ok(())
            }
            Tailed::Row(row) => {
                let left_out = std::mem::take(&mut self.left_out);
                line.send(LogEntry { left_out, ..translate::record(row.record) }).await
            }
        }
    }
}

/// What is empty does not filter.
fn filter(wanted: TailLogsRequest) -> Result<LogFilter, Status> {
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    let status = match wanted.status.as_str() {
        "" => None,
        word => Some(status(word).ok_or_else(|| Status::invalid_argument("status has to be ok, error, 4xx, 5xx or a number"))?),
    };
    let key = match wanted.api_key_id.as_str() {
        "" => None,
        "none" => Some(KeyFilter::None),
        id => {
            let id = Uuid::try_parse(id).map_err(|_| Status::invalid_argument("api_key_id has to be a key's id, or none"))?;
            Some(KeyFilter::Id(id))
        }
    };
    Ok(LogFilter { model: given(wanted.model), provider: given(wanted.provider), key, status, ..LogFilter::default() })
}

fn status(word: &str) -> Option<StatusFilter> {
    match word {
        "ok" => Some(StatusFilter::Succeeded),
        "error" => Some(StatusFilter::Failed),
        _ => match word.strip_suffix("xx") {
            Some(hundred) => hundred.parse().ok().filter(|hundred| (1..=5).contains(hundred)).map(StatusFilter::Class),
            None => word.parse().ok().filter(|status| (100..=599).contains(status)).map(StatusFilter::Exactly),
        },
    }
}

#[cfg(test)]
mod tests {
    use ferrogw_proto::operator::TailLogsRequest;

    use super::filter;
    use crate::store::StatusFilter;

    fn by_status(status: &str) -> Option<Option<StatusFilter>> {
        filter(TailLogsRequest { status: status.to_owned(), ..TailLogsRequest::default() }).ok().map(|filter| filter.status)
    }

    #[test]
    fn a_status_is_a_word_a_hundred_or_a_number() {
        assert_eq!(by_status(""), Some(None));
        assert_eq!(by_status("ok"), Some(Some(StatusFilter::Succeeded)));
        assert_eq!(by_status("error"), Some(Some(StatusFilter::Failed)));
        assert_eq!(by_status("5xx"), Some(Some(StatusFilter::Class(5))));
        assert_eq!(by_status("429"), Some(Some(StatusFilter::Exactly(429))));
        assert!(["9xx", "xx", "OK", "42", "-1", "four"].iter().all(|word| by_status(word).is_none()));
    }

    #[test]
    fn a_key_is_an_id_or_none() {
        let by_key = |id: &str| filter(TailLogsRequest { api_key_id: id.to_owned(), ..TailLogsRequest::default() });
        assert!(by_key("none").is_ok() && by_key("01900000-0000-7000-8000-000000000000").is_ok() && by_key("ci").is_err());
    }
}
