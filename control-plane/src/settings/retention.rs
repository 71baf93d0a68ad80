//! How long the request log is kept.

use std::str::FromStr;
use std::time::Duration;

use ferrogw_config::duration;

/// How long the request log is kept: as long as a span such as `30d` or `720h`, or for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention(Option<Duration>);

impl Retention {
    /// What it is when nothing is said.
    pub const DEFAULT: &'static str = "90d";

    /// How long that is; `None`: for ever.
    #[must_use]
    pub fn length(self) -> Option<Duration> {
        self.0
    }
}

impl Default for Retention {
    fn default() -> Self {
        Self::DEFAULT.parse().expect("it is a span")
    }
}

impl FromStr for Retention {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "" => Ok(Self::default()),
            "forever" => Ok(Self(None)),
            span => match duration::span(span) {
                Ok(span) => Ok(Self(Some(span))),
                Err(error) => Err(format!("it {error}; say a span such as 30d or 720h, or forever")),
            },
        }
    }
}
