//! What time it is: the control plane's time, since a reader's clock may be wrong by an hour and must not mislead them.

use std::time::Duration;

use ferrogw_api::Client;
use leptos::prelude::*;
use time::{OffsetDateTime, UtcOffset};

/// Answers say their time to the second, and take a moment to arrive.
const BLUR: i64 = 3_000;

/// How often relative times are told anew.
const BEAT: Duration = Duration::from_secs(10);

/// The control plane's clock.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    /// How far this machine's clock is behind, in milliseconds.
    behind: RwSignal<i64>,
    beat: RwSignal<u64>,
}

impl Clock {
    pub(super) fn start() -> Self {
        let clock = Self { behind: RwSignal::new(0), beat: RwSignal::new(0) };
        super::browser::every(BEAT, move || clock.beat.update(|beat| *beat += 1));
        clock
    }

    /// The time; whoever asks is told again when it has moved on noticeably.
    pub(crate) fn now(self) -> OffsetDateTime {
        self.beat.track();
        self.behind.track();
        self.at_once()
    }

    /// The time, once.
    pub(crate) fn at_once(self) -> OffsetDateTime {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
        let here = js_sys::Date::now() as i64;
        let millis = here + self.behind.get_untracked();
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Takes the time of the last answer.
    pub(super) fn correct(self, client: &Client) {
        let Some(behind) = client.clock_behind() else { return };
        let millis = i64::try_from(behind.whole_milliseconds()).unwrap_or_default();
        let millis = if millis.abs() <= BLUR { 0 } else { millis };
        if (millis - self.behind.get_untracked()).abs() > BLUR {
            self.behind.set(millis);
        }
    }
}

/// What the reader's clocks show against UTC at a moment; summer time included.
pub(crate) fn offset(at: OffsetDateTime) -> UtcOffset {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at.unix_timestamp() as f64 * 1e3));
    #[expect(clippy::cast_possible_truncation, reason = "hours")]
    let minutes = -date.get_timezone_offset() as i32;
    UtcOffset::from_whole_seconds(minutes * 60).unwrap_or(UtcOffset::UTC)
}
