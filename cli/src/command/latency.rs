//! How long requests took, and their first content, as a table of both.

use ferrogw_api::stats::Percentiles;

use crate::output::{self, Column, column, count, millis};

/// A measure and what it is called.
type Measure = (&'static str, Percentiles);

const COLUMNS: &[Column<Measure>] = &[
    column("MS", |(name, _)| (*name).to_owned()),
    column("P50", |(_, of)| millis(Some(of.p50))),
    column("P95", |(_, of)| millis(Some(of.p95))),
    column("P99", |(_, of)| millis(Some(of.p99))),
    column("MAX", |(_, of)| millis(Some(of.max))),
    column("MEAN", |(_, of)| millis(Some(of.mean))),
    column("MEASURED", |(_, of)| count(of.count)),
];

/// What was measured of the two; `None`: nothing was.
pub(super) fn table(duration: Option<Percentiles>, first_content: Option<Percentiles>, look: Option<usize>) -> Option<String> {
    let measures = [("duration", duration), ("first content", first_content)];
    let measures: Vec<Measure> = measures.into_iter().filter_map(|(name, of)| of.map(|of| (name, of))).collect();
    (!measures.is_empty()).then(|| output::table(&measures, COLUMNS, look))
}
