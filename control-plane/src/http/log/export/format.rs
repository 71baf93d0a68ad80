//! How a request is written into a file.

use axum::body::Bytes;
use ferrogw_api::log::{ExportCut, LogEntry};
use time::format_description::well_known::Rfc3339;

/// The form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Json,
}

/// A column of the table: its name, and what it says about a request.
type Column = (&'static str, fn(&LogEntry) -> Cell);

/// What stands in a cell.
enum Cell {
    /// Something that others wrote.
    Text(String),
    /// Something that is written here: a number, an instant, a truth.
    Plain(String),
}

const COLUMNS: [Column; 25] = [
    ("created_at", |entry| Cell::Plain(entry.created_at.format(&Rfc3339).unwrap_or_default())),
    ("id", |entry| Cell::text(&entry.id)),
    ("trace_id", |entry| Cell::text(&entry.trace_id)),
    ("stage", |entry| Cell::text(&entry.stage)),
    ("surface", |entry| Cell::text(&entry.surface)),
    ("requested_model", |entry| Cell::text(&entry.requested_model)),
    ("model", |entry| Cell::text(&entry.model)),
    ("provider", |entry| Cell::text(&entry.provider)),
    ("target", |entry| Cell::text(&entry.target)),
    ("api_key_id", |entry| Cell::text(&entry.api_key_id)),
    ("status", |entry| Cell::plain(entry.status)),
    ("stream", |entry| Cell::plain(entry.stream)),
    ("client_gone", |entry| Cell::plain(entry.client_gone)),
    ("finish_reason", |entry| Cell::text(entry.finish_reason.as_deref().unwrap_or_default())),
    ("error_class", |entry| Cell::text(entry.error_class.as_deref().unwrap_or_default())),
    ("error_code", |entry| Cell::text(entry.error_code.as_deref().unwrap_or_default())),
    ("error_message", |entry| Cell::text(&entry.error_message)),
    ("prompt_tokens", |entry| Cell::plain(entry.prompt_tokens)),
    ("completion_tokens", |entry| Cell::plain(entry.completion_tokens)),
    ("cached_tokens", |entry| Cell::plain(entry.cached_tokens)),
    ("duration_ms", |entry| Cell::known(entry.duration_ms)),
    ("ttft_ms", |entry| Cell::known(entry.ttft_ms)),
    ("cost_usd", |entry| Cell::known(entry.cost_usd)),
    ("version", |entry| Cell::plain(entry.version)),
    ("attempts", |entry| Cell::plain(entry.attempts.len())),
];

impl Format {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/x-ndjson",
        }
    }

    pub(super) fn disposition(self) -> &'static str {
        match self {
            Self::Csv => "attachment; filename=\"requests.csv\"",
            Self::Json => "attachment; filename=\"requests.ndjson\"",
        }
    }

    /// What comes before the first request.
    pub(super) fn head(self) -> Option<Bytes> {
        let names = || COLUMNS.map(|(name, _)| name).join(",") + "\n";
        (self == Self::Csv).then(|| names().into())
    }

    pub(super) fn line(self, entry: &LogEntry) -> String {
        match self {
            Self::Csv => COLUMNS.map(|(_, cell)| cell(entry).quoted()).join(",") + "\n",
            Self::Json => json(entry),
        }
    }

    /// The last line of a file that does not hold everything.
    pub(super) fn cut(self, cut: &ExportCut) -> String {
        match self {
            Self::Csv => format!("# cut after {} requests; go on with cursor={}\n", cut.records, cut.next_cursor),
            Self::Json => json(cut),
        }
    }
}

fn json(line: &impl serde::Serialize) -> String {
    serde_json::to_string(line).expect("entries are made of texts and numbers") + "\n"
}

impl Cell {
    fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    fn plain(value: impl ToString) -> Self {
        Self::Plain(value.to_string())
    }

    /// Unknown is an empty cell, which is not zero.
    fn known(number: Option<f64>) -> Self {
        Self::Plain(number.map(|number| number.to_string()).unwrap_or_default())
    }

    /// As it stands between commas. A text that a spreadsheet would take for a formula begins with an apostrophe.
    fn quoted(self) -> String {
        let text = match self {
            Self::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
            Self::Text(text) | Self::Plain(text) => text,
        };
        let plain = !text.contains(['"', ',', '\n', '\r']);
        if plain { text } else { format!("\"{}\"", text.replace('"', "\"\"")) }
    }
}

#[cfg(test)]
mod tests;
