//! What is said to people, on standard error.

use std::error::Error as _;
use std::io::{self, IsTerminal as _, Write as _};

use crate::failure::Failure;

/// Says something that is not a result.
pub(crate) fn note(text: &str) {
    line(&printable(text));
}

/// Says why the command did not succeed.
pub(crate) fn failure(failure: &Failure) {
    let causes = std::iter::successors(failure.source(), |&error| error.source());
    let text = causes.fold(failure.to_string(), |text, cause| {
        let cause = cause.to_string();
        if text.contains(&cause) { text } else { format!("{text}: {cause}") }
    });
    line(&format!("{} {}", coloured("error:", "31"), printable(&text)));
    if let Some(hint) = failure.hint() {
        line(&format!("{} {}", coloured("hint:", "33"), printable(&hint)));
    }
}

/// Nobody is left to be told when standard error is closed.
fn line(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

fn coloured(word: &str, colour: &str) -> String {
    let wanted = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted { format!("\u{1b}[{colour}m{word}\u{1b}[0m") } else { word.to_owned() }
}

/// Text from elsewhere, without characters that a terminal would obey.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}
