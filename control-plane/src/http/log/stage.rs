//! Stages: how people who come from elsewhere say how a request ended.

use crate::store::StatusFilter;

/// Which rows a `stage` means. There is one row per request, so a stage says how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Stage {
    /// Every request.
    Any,
    /// Requests that succeeded.
    After,
    /// Requests that failed.
    Error,
    /// Something that no row is at.
    Nothing,
}

impl Stage {
    pub(super) const AFTER: &'static str = "after_request";
    pub(super) const ERROR: &'static str = "on_error";

    pub(super) fn of(text: Option<&str>) -> Self {
        match text {
            None | Some("" | "all") => Self::Any,
            Some(Self::AFTER) => Self::After,
            Some(Self::ERROR) => Self::Error,
            Some(_) => Self::Nothing,
        }
    }

    pub(super) fn status(self) -> Option<StatusFilter> {
        match self {
            Self::Any | Self::Nothing => None,
            Self::After => Some(StatusFilter::Succeeded),
            Self::Error => Some(StatusFilter::Failed),
        }
    }
}
