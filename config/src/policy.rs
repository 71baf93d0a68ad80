//! What the optional settings come to, defaults included, so that nobody decides them a second time.

use std::time::Duration;

use crate::duration;
use crate::model::{Config, Retry, Target, Timeouts};

/// Longest request body where the configuration says nothing.
pub const DEFAULT_MAX_REQUEST_BYTES: usize = 10 << 20;

const DEFAULT_CONNECT: Duration = Duration::from_secs(5);
/// A non-streamed answer has no sign of life before its head, and then it is complete.
const DEFAULT_HEAD: Duration = Duration::from_secs(300);
const DEFAULT_STREAMED_HEAD: Duration = Duration::from_secs(60);
const DEFAULT_FIRST_CONTENT: Duration = Duration::from_secs(120);
const DEFAULT_BETWEEN_FRAMES: Duration = Duration::from_secs(60);
const DEFAULT_INITIAL_BACKOFF: Duration = Duration::from_millis(100);

/// The time limits of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptLimits {
    /// To a connection.
    pub connect: Duration,
    /// To the answer's head.
    pub head: Duration,
    /// From the head to a stream's first content.
    pub first_content: Duration,
    /// Between two frames of a stream.
    pub between_frames: Duration,
    /// For the whole attempt.
    pub total: Option<Duration>,
}

impl Timeouts {
    /// The limits of an attempt whose answer is streamed, or is not.
    #[must_use]
    pub fn limits(&self, streamed: bool) -> AttemptLimits {
        let default_head = if streamed { DEFAULT_STREAMED_HEAD } else { DEFAULT_HEAD };
        AttemptLimits {
            connect: set(self.connect.as_ref()).unwrap_or(DEFAULT_CONNECT),
            head: set(self.head.as_ref()).unwrap_or(default_head),
            first_content: set(self.first_content.as_ref()).unwrap_or(DEFAULT_FIRST_CONTENT),
            between_frames: set(self.between_frames.as_ref()).unwrap_or(DEFAULT_BETWEEN_FRAMES),
            total: set(self.total.as_ref()),
        }
    }
}

/// When and how often an attempt is repeated on its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries in all, at least one.
    pub attempts: u32,
    /// Upper bound of the first back-off.
    pub initial_backoff: Duration,
    /// `None`: 408, 429 and every 5xx.
    statuses: Option<Vec<u16>>,
}

impl RetryPolicy {
    /// Whether an answer of `status` is worth another try.
    #[must_use]
    pub fn repeats(&self, status: u16) -> bool {
        match &self.statuses {
            Some(statuses) => can_pass(status) && statuses.contains(&status),
            None => matches!(status, 408 | 429 | 500..=599),
        }
    }
}

/// Whether what an answer of `status` tells of can pass by itself. Any other refusal is of the request, the credential or the model, and
/// asking again brings the same.
#[must_use]
pub fn can_pass(status: u16) -> bool {
    matches!(status, 408 | 424 | 429 | 498 | 500..=599)
}

impl Retry {
    /// The policy; a number that no checked configuration holds counts as not given.
    #[must_use]
    pub fn policy(&self) -> RetryPolicy {
        let positive = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok()).filter(|value| *value > 0);
        let statuses = |codes: &Vec<i64>| codes.iter().filter_map(|code| u16::try_from(*code).ok()).collect();
        RetryPolicy {
            attempts: positive(self.attempts).unwrap_or(1),
            initial_backoff: positive(self.initial_backoff_ms)
                .map_or(DEFAULT_INITIAL_BACKOFF, |milliseconds| Duration::from_millis(milliseconds.into())),
            statuses: self.on_status_codes.as_ref().map(statuses),
        }
    }
}

impl Target {
    /// The time limits of one attempt on it.
    #[must_use]
    pub fn attempt_limits(&self, streamed: bool) -> AttemptLimits {
        self.timeouts.clone().unwrap_or_default().limits(streamed)
    }

    /// When and how often an attempt on it is repeated.
    #[must_use]
    pub fn retry_policy(&self) -> RetryPolicy {
        self.retry.clone().unwrap_or_default().policy()
    }
}

impl Config {
    /// The end-to-end bound on one request, if there is one.
    #[must_use]
    pub fn request_limit(&self) -> Option<Duration> {
        set(self.request_timeout.as_ref())
    }

    /// Longest request body, in bytes.
    #[must_use]
    pub fn body_limit(&self) -> usize {
        let given = self.max_request_bytes.and_then(|bytes| usize::try_from(bytes).ok());
        given.filter(|bytes| *bytes > 0).unwrap_or(DEFAULT_MAX_REQUEST_BYTES)
    }
}

/// A duration that is given; check has refused those that cannot be read.
fn set(text: Option<&String>) -> Option<Duration> {
    text.and_then(|text| duration::parse(text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_streamed_answer_shows_its_head_sooner() {
        let target = Target::default();
        assert_eq!(target.attempt_limits(false).head, Duration::from_secs(300));
        assert_eq!(target.attempt_limits(true).head, Duration::from_secs(60));
        assert_eq!(target.attempt_limits(true).total, None);
    }

    #[test]
    fn what_is_given_holds_for_both() {
        let timeouts = Timeouts { head: Some("7s".into()), total: Some("1m".into()), ..Timeouts::default() };
        assert_eq!(timeouts.limits(true).head, Duration::from_secs(7));
        assert_eq!(timeouts.limits(false).head, Duration::from_secs(7));
        assert_eq!(timeouts.limits(false).total, Some(Duration::from_secs(60)));
    }

    #[test]
    fn nothing_and_zero_mean_one_try() {
        for attempts in [None, Some(0)] {
            let policy = Retry { attempts, ..Retry::default() }.policy();
            assert_eq!((policy.attempts, policy.initial_backoff), (1, Duration::from_millis(100)));
        }
    }

    #[test]
    fn the_list_of_statuses_replaces_the_usual_ones() {
        let usual = Retry::default().policy();
        assert!([408, 429, 500, 529].iter().all(|status| usual.repeats(*status)));
        assert!(!usual.repeats(400));
        let listed = Retry { on_status_codes: Some(vec![498]), ..Retry::default() }.policy();
        assert!(listed.repeats(498) && !listed.repeats(503));
    }

    #[test]
    fn a_refusal_that_does_not_pass_is_never_repeated_listed_or_not() {
        let everything = Retry { on_status_codes: Some((400..=599).collect()), ..Retry::default() }.policy();
        let repeated: Vec<u16> = (400..=599).filter(|status| everything.repeats(*status)).collect();
        assert_eq!(repeated, [408, 424, 429, 498].into_iter().chain(500..=599).collect::<Vec<_>>());
    }

    #[test]
    fn a_body_may_have_ten_mebibytes_unless_told_otherwise() {
        let limit = |max_request_bytes| Config { max_request_bytes, ..Config::default() }.body_limit();
        assert_eq!(limit(None), 10 << 20);
        assert_eq!(limit(Some(0)), 10 << 20);
        assert_eq!(limit(Some(1_000)), 1_000);
    }
}
