//! Text from elsewhere, made fit for a terminal: nothing in it is obeyed, hidden or turned around, and it is as wide as it looks.
//!
//! A key's name, a model's name or an error text may hold anything that somebody could send. What a terminal would act on is
//! shown escaped, as in `\u{1b}`; it is never left out, so that two names that differ also look different.

use unicode_width::UnicodeWidthChar as _;

/// Marks above one letter before they are shown escaped: more of them would reach into the lines above and below.
const MARKS: usize = 4;

/// Keeps what follows a right-to-left text in its place.
const LEFT_TO_RIGHT: char = '\u{200e}';

/// `text` as one line.
pub(crate) fn line(text: &str) -> String {
    escape(text, |_| false)
}

/// `text` with its line breaks.
pub(crate) fn lines(text: &str) -> String {
    escape(text, |c| c == '\n')
}

/// `text` as one line of at most `most` columns; a longer one ends in `…`.
pub(crate) fn fit(text: &str, most: usize) -> String {
    // What is far beyond the end need not be looked at.
    let near: String = text.chars().take(most * (MARKS + 2) + 1).collect();
    settled(fit_end(&line(near.trim()), most))
}

/// As [`fit`], of a line that was made fit already.
pub(crate) fn fit_end(line: &str, most: usize) -> String {
    if width(line) <= most {
        return line.to_owned();
    }
    let mut columns = 0;
    let within = |c: &char| {
        columns += of(*c);
        columns < most
    };
    line.chars().take_while(within).chain(['…']).collect()
}

/// `text` in lines of at most `most` columns, broken between words where there are any.
pub(crate) fn broken(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line(text).split(' ') {
        let last = lines.last_mut().expect("there is one from the start");
        match width(last) + 1 + width(word) {
            _ if last.is_empty() => last.push_str(word),
            columns if columns <= most => last.extend([" ", word]),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// How many columns a line takes.
pub(crate) fn width(line: &str) -> usize {
    line.chars().map(of).sum()
}

/// How many lines a terminal of `columns` takes to show a line that may be coloured.
pub(crate) fn rows(line: &str, columns: usize) -> usize {
    let mut pieces = line.split("\u{1b}[");
    let plain = pieces.next().map(width).unwrap_or_default();
    let coloured: usize = pieces.map(|piece| width(piece.split_once('m').map_or(piece, |(_, text)| text))).sum();
    (plain + coloured).div_ceil(columns.max(1)).max(1)
}

/// Whether a terminal acts on `c`, or shows nothing where it stands.
pub(crate) fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn escape(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        marks = if of(c) == 0 { marks + 1 } else { 0 };
        match c {
            _ if keep(c) => shown.push(c),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            // They ask for another look of the letter before, and terminals disagree about how wide that is.
            '\u{fe00}'..='\u{fe0f}' => {}
            _ if is_obeyed(c) || marks > MARKS => shown.extend(c.escape_unicode()),
            _ => shown.push(c),
        }
    }
    shown
}

fn of(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// In a terminal that writes from right to left, a number in the next column would otherwise change places with the text.
fn settled(mut line: String) -> String {
    let right_to_left = |c: char| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}')
    };
    if line.contains(right_to_left) {
        line.push(LEFT_TO_RIGHT);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{broken, fit, line, lines, width};

    #[test]
    fn what_a_terminal_would_obey_is_shown_escaped() {
        assert_eq!(line("a\u{1b}[31m\u{7}\u{9b}2J"), r"a\u{1b}[31m\u{7}\u{9b}2J");
        assert_eq!(line("user\u{202e}nimda"), r"user\u{202e}nimda");
        assert_eq!(line("a\nb\tc"), r"a\nb\tc");
        assert_eq!(lines("a\nb\rc"), "a\nb\\rc");
    }

    #[test]
    fn what_cannot_be_seen_is_seen() {
        assert_eq!(line("ad\u{200b}min\u{feff}"), r"ad\u{200b}min\u{feff}");
    }

    #[test]
    fn marks_do_not_reach_into_other_lines() {
        let tower = line(&format!("a{}", "\u{301}".repeat(100)));
        assert_eq!(tower.matches('\u{301}').count(), 4);
        assert_eq!(line("é ü ñ"), "é ü ñ");
    }

    #[test]
    fn a_long_text_is_cut_where_it_looks_too_long() {
        assert_eq!(fit("abcdef", 6), "abcdef");
        assert_eq!(fit("abcdefg", 6), "abcde…");
        assert_eq!(fit("日本語テキスト", 6), "日本…");
        assert_eq!(width(&fit(&"🚀".repeat(10_000), 20)), 19);
    }

    #[test]
    fn a_long_text_is_broken_between_words() {
        assert_eq!(broken("one two three four", 9), ["one two", "three", "four"]);
        assert_eq!(broken("incomprehensibilities", 5), ["incomprehensibilities"]);
        assert_eq!(broken("", 5), [""]);
    }

    #[test]
    fn a_right_to_left_name_stays_in_its_column() {
        assert_eq!(fit("שלום", 10), "שלום\u{200e}");
    }
}
