//! `admin logs export`: the request log as a file.
//!
//! The gateway sends a bounded part and says in its last line where to go on, so one part after the other is asked for until all is
//! written. That line, and the header of every part but the first, belong to no file.

use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::path::Path;

use ferrogw_api::Client;
use ferrogw_api::log::{ExportCut, ExportFormat, LogQuery};

use crate::args::{ExportLogs, Form};
use crate::failure::Failure;
use crate::file::{Draft, refuse_existing};
use crate::output::{Format, Output, Progress, count};
use crate::printable;

/// How the last line of a part that was cut begins, as CSV.
const CUT: &str = "# cut after ";

pub(in crate::command) async fn export(client: &Client, wanted: ExportLogs, output: Output) -> Result<(), Failure> {
    let file = wanted.file.clone().filter(|file| file != Path::new("-"));
    let form = form(wanted.form, file.as_deref(), output)?;
    let mut query = wanted.filter.query(client, output).await?;
    query.cursor = wanted.cursor;
    let Some(file) = file else {
        let mut stdout = Stdout { terminal: io::stdout().is_terminal(), line: Vec::new() };
        let written = Export { client, query, form, progress: Progress::of(output), written: 0 }.run(&mut stdout).await?;
        output.note(&format!("{} requests", count(written)));
        return Ok(());
    };
    if !wanted.force {
        refuse_existing(&file)?;
    }
    let mut draft = Draft::beside(&file)?;
    let written = Export { client, query, form, progress: Progress::of(output), written: 0 }.run(&mut draft).await?;
    draft.publish(wanted.force)?;
    output.note(&format!("{} requests are in {}", count(written), file.display()));
    Ok(())
}

/// Standard output. What a terminal would act on is shown escaped; a file or another program gets every byte as it is.
struct Stdout {
    terminal: bool,
    line: Vec<u8>,
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.terminal {
            return io::stdout().write(bytes);
        }
        self.line.extend_from_slice(bytes);
        if let Some(end) = self.line.iter().rposition(|byte| *byte == b'\n') {
            let whole: Vec<u8> = self.line.drain(..=end).collect();
            io::stdout().write_all(printable::lines(&String::from_utf8_lossy(&whole)).as_bytes())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.line);
        io::stdout().write_all(printable::lines(&String::from_utf8_lossy(&rest)).as_bytes())?;
        io::stdout().flush()
    }
}

/// What was asked for, or what the file's name says, or how results are written anyway.
fn form(wanted: Option<Form>, file: Option<&Path>, output: Output) -> Result<ExportFormat, Failure> {
    let ending = file.and_then(Path::extension).map(|ending| ending.to_ascii_lowercase());
    let is = |known: &[&str]| ending.as_ref().is_some_and(|ending| known.iter().any(|known| ending == known));
    Ok(match (wanted, output.format) {
        (Some(Form::Json), _) => ExportFormat::Json,
        (Some(Form::Csv), _) => ExportFormat::Csv,
        _ if is(&["json", "jsonl", "ndjson"]) => ExportFormat::Json,
        _ if is(&["csv"]) => ExportFormat::Csv,
        (None, Format::Json) => ExportFormat::Json,
        (None, Format::Yaml) => return Err(Failure::Usage("requests are exported as csv or json, which --as says".to_owned())),
        (None, Format::Table) => ExportFormat::Csv,
    })
}

/// An export under way.
struct Export<'a> {
    client: &'a Client,
    query: LogQuery,
    form: ExportFormat,
    progress: Progress,
    written: u64,
}

impl Export<'_> {
    /// Writes part after part; how many requests there were.
    async fn run(mut self, to: &mut impl Write) -> Result<u64, Failure> {
        let mut header = true;
        loop {
            let next = match self.part(to, header).await {
                Err(Failure::Write(error)) if error.kind() == ErrorKind::BrokenPipe => None,
                next => next?,
            };
            let Some(next) = next else { break };
            (self.query.cursor, header) = (Some(next), false);
        }
        self.progress.end();
        match to.flush() {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Write(error)),
            _ => Ok(self.written),
        }
    }

    /// Writes one part; where to go on, if it was cut.
    async fn part(&mut self, to: &mut impl Write, header: bool) -> Result<Option<String>, Failure> {
        let mut download = self.client.export_logs(&self.query, self.form).await?;
        let mut unread: Vec<u8> = Vec::new();
        let mut skip = self.form == ExportFormat::Csv && !header;
        let mut heads = u64::from(self.form == ExportFormat::Csv && header);
        let mut last: Option<Vec<u8>> = None;
        while let Some(bytes) = download.next().await? {
            unread.extend_from_slice(&bytes);
            // The last line may say that the part was cut, so each waits for the next.
            while let Some(end) = self.end_of_line(&unread) {
                let line: Vec<u8> = unread.drain(..=end).collect();
                if std::mem::take(&mut skip) {
                    continue;
                }
                if let Some(line) = last.replace(line) {
                    to.write_all(&line).map_err(Failure::Write)?;
                    self.count(&mut heads);
                }
            }
        }
        let Some(line) = last else { return Ok(None) };
        if let Some(next) = cut(&line) {
            return Ok(Some(next));
        }
        to.write_all(&line).map_err(Failure::Write)?;
        self.count(&mut heads);
        Ok(None)
    }

    /// Where the first line ends. A line break within a cell of CSV, which is quoted then, ends none.
    fn end_of_line(&self, unread: &[u8]) -> Option<usize> {
        let mut quoted = false;
        unread.iter().position(|byte| {
            quoted ^= *byte == b'"' && self.form == ExportFormat::Csv;
            *byte == b'\n' && !quoted
        })
    }

    fn count(&mut self, heads: &mut u64) {
        if *heads > 0 {
            *heads -= 1;
            return;
        }
        self.written += 1;
        if self.written.is_multiple_of(1_000) {
            self.progress.tell(&format!("{} requests", count(self.written)));
        }
    }
}

/// Where to go on, if this is what a part that was cut ends with.
fn cut(line: &[u8]) -> Option<String> {
    let line = std::str::from_utf8(line).ok()?.trim_end();
    if line.starts_with(CUT) {
        return line.rsplit_once("cursor=").map(|(_, cursor)| cursor.to_owned());
    }
    serde_json::from_str(line).ok().map(|ExportCut { next_cursor, .. }| next_cursor)
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn only_the_last_line_of_a_part_that_was_cut_says_where_to_go_on() {
        assert_eq!(cut(b"# cut after 100000 requests; go on with cursor=abc\n").as_deref(), Some("abc"));
        assert_eq!(cut(br#"{"cut":true,"records":100000,"next_cursor":"abc"}"#).as_deref(), Some("abc"));
        assert_eq!(cut(br#"{"id":"1","error_message":"next_cursor"}"#), None);
        assert_eq!(cut(b"2026-01-01T00:00:00Z,1,# cut after\n"), None);
    }
}
