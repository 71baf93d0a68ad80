//! Colour: only where somebody looks, and never as the only carrier of a meaning.

use std::io::{self, IsTerminal as _};

/// What a word means for whoever reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Somebody should look.
    Warn,
    /// Something is wrong.
    Bad,
    /// Of less interest.
    Dim,
    /// A heading.
    Strong,
}

/// Where a text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

impl Stream {
    /// The text in the colour of its tone, where somebody looks who takes colours.
    pub(crate) fn paint(self, text: &str, tone: Tone) -> String {
        match tone.code() {
            Some(code) if self.takes_colour() => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            _ => text.to_owned(),
        }
    }

    /// Whether the terminal can be told to write over what it shows.
    pub(crate) fn takes_control(self) -> bool {
        self.is_terminal() && std::env::var_os("TERM").is_some_and(|term| term != "dumb")
    }

    /// Whether somebody looks who takes colours (<https://no-color.org>).
    pub(crate) fn takes_colour(self) -> bool {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        self.is_terminal() && set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb")
    }

    fn is_terminal(self) -> bool {
        match self {
            Self::Output => io::stdout().is_terminal(),
            Self::Error => io::stderr().is_terminal(),
        }
    }
}

impl Tone {
    /// A sign that means the same without its colour.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Warn => "!",
            Self::Bad => "✗",
            Self::Plain | Self::Dim | Self::Strong => "-",
        }
    }

    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Good => Some("32"),
            Self::Warn => Some("33"),
            Self::Bad => Some("31"),
            Self::Dim => Some("2"),
            Self::Strong => Some("1"),
        }
    }
}
