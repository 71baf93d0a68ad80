//! Server-Sent Events of a tail, out of bytes that come in any pieces.

use crate::log::{LogEvent, LogSkipped};

/// Longest event that is waited for.
const LONGEST: usize = 1 << 20;

/// What has come of the next events.
#[derive(Debug, Default)]
pub(super) struct Events {
    waiting: Vec<u8>,
}

impl Events {
    /// Takes the next bytes and gives the events that they complete. Comments and events that nobody here knows are passed over.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<Vec<LogEvent>, String> {
        self.waiting.extend_from_slice(bytes);
        let mut events = Vec::new();
        while let Some(end) = self.waiting.windows(2).position(|pair| pair == b"\n\n") {
            let event: Vec<u8> = self.waiting.drain(..end + 2).collect();
            events.extend(read(&String::from_utf8_lossy(&event))?);
        }
        if self.waiting.len() > LONGEST {
            return Err(format!("an event longer than {LONGEST} bytes"));
        }
        Ok(events)
    }
}

fn read(event: &str) -> Result<Option<LogEvent>, String> {
    let field = |name: &str| {
        let lines = event.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        lines.map(|value| value.strip_prefix(' ').unwrap_or(value)).collect::<Vec<_>>().join("\n")
    };
    let data = field("data");
    let odd = |error: serde_json::Error| format!("an event that is not what the admin API sends ({error})");
    match field("event").as_str() {
        "record" => serde_json::from_str(&data).map(|entry| Some(LogEvent::Record(Box::new(entry)))).map_err(odd),
        "skipped" => serde_json::from_str(&data).map(|LogSkipped { records }| Some(LogEvent::Skipped(records))).map_err(odd),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests;
