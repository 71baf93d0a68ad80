//! Standard input: read whole, or asked line by line where somebody sits there.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::sync::Mutex;

use crate::failure::Failure;
use crate::printable;

/// What standard input was used up for.
static USED: Mutex<Option<&str>> = Mutex::new(None);

/// Everything on standard input, which is there once.
pub(crate) fn whole(what: &'static str) -> Result<String, Failure> {
    let mut used = USED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(other) = *used {
        return Err(Failure::Usage(format!("standard input cannot be both {other} and {what}; give one of them in a file")));
    }
    *used = Some(what);
    drop(used);
    let mut text = String::new();
    let read = io::stdin().read_to_string(&mut text);
    read.map_err(|source| Failure::Read { file: "standard input".to_owned(), source })?;
    Ok(text)
}

/// Whether somebody sits there who can be asked.
pub(crate) fn is_terminal() -> bool {
    is_typed() && io::stderr().is_terminal()
}

/// Whether somebody types there, even if what they are asked is not seen.
pub(crate) fn is_typed() -> bool {
    io::stdin().is_terminal()
}

/// Asks on standard error and reads a line; empty: the answer that was offered.
pub(crate) fn ask(question: &str, offered: &str) -> Result<String, Failure> {
    let offer = if offered.is_empty() { String::new() } else { format!(" [{offered}]") };
    let _ = write!(io::stderr(), "{}{}: ", printable::lines(question), printable::line(&offer));
    let _ = io::stderr().flush();
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    read.map_err(|source| Failure::Read { file: "the answer".to_owned(), source })?;
    let answer = line.trim();
    Ok(if answer.is_empty() { offered.to_owned() } else { answer.to_owned() })
}

/// Lets somebody who sits there confirm what cannot be undone, by typing a word. `yes`: they did so on the command line.
pub(crate) fn confirm(what: &'static str, question: &str, word: &str, yes: bool) -> Result<(), Failure> {
    match () {
        () if yes => Ok(()),
        () if !is_terminal() => Err(Failure::Unconfirmed(what)),
        () if ask(&format!("{question}\nType `{word}` to go on"), "")? == word => Ok(()),
        () => Err(Failure::Declined("that was not the word")),
    }
}
