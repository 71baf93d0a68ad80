//! `TailLogs`: requests as their accounts are stored.

use ferrogw_proto::operator::{LogEntry, TailLogsRequest};
use tonic::Status;

use super::{End, Line};
use crate::app::App;

pub(super) struct Tail {}

impl Tail {
    pub(super) async fn open(_app: &App, _wanted: TailLogsRequest) -> Result<Self, Status> {
        Err(Status::unimplemented("this build does not follow the request log yet"))
    }

    pub(super) async fn follow(self, line: &mut Line<LogEntry>) -> End {
        line.over().await
    }
}
