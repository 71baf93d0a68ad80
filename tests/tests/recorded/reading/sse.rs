//! Event streams, as the HTML standard defines them.

/// The data of every event.
pub(crate) fn events(text: &str) -> Vec<String> {
    let mut events = Vec::new();
    let mut data: Vec<&str> = Vec::new();
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.is_empty() {
            if !data.is_empty() {
                events.push(data.join("\n"));
                data.clear();
            }
        } else if let Some(value) = line.strip_prefix("data:") {
            data.push(value.strip_prefix(' ').unwrap_or(value));
        }
    }
    // Recorders trim: the last event counts without its blank line too.
    if !data.is_empty() {
        events.push(data.join("\n"));
    }
    events
}
