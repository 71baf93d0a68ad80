//! The line that an issue is about, and what points at the place.

mod mask;

use ferrogw_config::Issue;

use crate::printable;

/// Widest part of a line that is shown.
const WIDEST: usize = 100;
/// Of these, before the place.
const BEFORE: usize = 60;

/// The lines of a text, to be shown one at a time.
pub(super) struct Excerpts<'a> {
    lines: Vec<&'a str>,
    /// The last one that was asked for, by its number: issues of one line come together, and it may be all there is.
    last: Option<(u32, Vec<char>)>,
}

impl<'a> Excerpts<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { lines: text.strip_prefix('\u{feff}').unwrap_or(text).lines().collect(), last: None }
    }

    /// The line and the pointer below it; `None`: the issue is about no line of the text.
    pub(super) fn about(&mut self, issue: &Issue) -> Option<(String, String)> {
        let number = issue.line?;
        if self.last.as_ref().is_none_or(|(last, _)| *last != number) {
            let line = self.lines.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
            self.last = Some((number, mask::without_secrets(line)));
        }
        self.last.as_ref().map(|(_, line)| point(line, number, issue))
    }
}

fn point(line: &[char], number: u32, issue: &Issue) -> (String, String) {
    let at = usize::try_from(issue.column.unwrap_or(1)).unwrap_or(usize::MAX).saturating_sub(1).min(line.len());
    let from = at.saturating_sub(BEFORE);
    // Only what can be seen is looked at: a whole configuration may be one line of megabytes.
    let near = &line[from..line.len().min(from + BEFORE + WIDEST + 1)];
    let at = at - from;
    let (before, after) = near.split_at(at);
    let cut = usize::from(from > 0);
    let head = format!("{}{}", "…".repeat(cut), shown(before));
    let room = WIDEST.saturating_sub(printable::width(&head));
    let tail = printable::fit_end(&shown(after), room);
    let length = printable::width(&shown(&after[..token(after)])).clamp(1, room.max(1));
    let gutter = format!("{number:>5} | ");
    let pointer = format!("{}| {}^{}", " ".repeat(6), " ".repeat(printable::width(&head)), "~".repeat(length - 1));
    (format!("{gutter}{head}{tail}"), pointer)
}

/// As a terminal can show it, one column or more for each character.
fn shown(part: &[char]) -> String {
    part.iter().map(|c| if *c == '\t' { "  ".to_owned() } else { printable::line(&c.to_string()) }).collect()
}

/// How many characters belong to what begins here: a text in quotes, or a word.
fn token(text: &[char]) -> usize {
    let quoted = text.first().filter(|first| matches!(first, '"' | '\''));
    if let Some(quote) = quoted {
        let end = text.iter().skip(1).position(|c| c == quote);
        return end.map_or(text.len(), |end| end + 2);
    }
    let ends = |c: &char| c.is_whitespace() || matches!(c, ',' | '}' | ']' | '{' | '[' | ':');
    text.iter().position(ends).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use ferrogw_config::{Issue, Severity};

    fn point(line: &str, column: u32) -> String {
        let issue = Issue {
            severity: Severity::Error,
            path: String::new(),
            line: Some(1),
            column: Some(column),
            message: String::new(),
            hint: String::new(),
        };
        super::Excerpts::of(line).about(&issue).map(|(line, pointer)| format!("{line}\n{pointer}")).unwrap_or_default()
    }

    #[test]
    fn the_word_at_the_place_is_pointed_at() {
        assert_eq!(point("  - virtual_key: opnai", 18), "    1 |   - virtual_key: opnai\n      |                  ^~~~~");
        assert_eq!(point(r#"{"a": "b c", "d": 1}"#, 7), "    1 | {\"a\": \"b c\", \"d\": 1}\n      |       ^~~~~");
    }

    #[test]
    fn what_may_be_a_secret_is_not_repeated() {
        assert_eq!(point("api_key: sk-abc", 10), "    1 | api_key: ••••••\n      |          ^~~~~~");
        assert_eq!(
            point(r#"{"api_key": "sk-${A}bc", "mode": "x", "Authorization": "Bearer t"}"#, 34),
            format!(
                "    1 | {}\n      | {}^~~",
                r#"{"api_key": "•••${A}••", "mode": "x", "Authorization": "•••••• •"}"#,
                " ".repeat(33)
            )
        );
        assert_eq!(
            point("h: { x-token: a b, max_tokens: 5 } # c", 1).lines().next(),
            Some("    1 | h: { x-token: • •, max_tokens: 5 } # c")
        );
        let shown =
            |line: &str| point(line, 1).lines().next().map(|line| line["    1 | ".len()..].to_owned()).unwrap_or_default();
        assert_eq!(shown("{ api_keys: [a, b], x: { token: c } }"), "{ api_keys: [•, •], x: { token: • } }");
        assert_eq!(shown("password: a,b # c"), "password: ••• # c");
        assert_eq!(shown(r#"{"secret": "a\"b", "x": 1}"#), r#"{"secret": "••••", "x": 1}"#);
        assert_eq!(shown("dsn: postgres://u:p@h/d"), "dsn: ••••••••••••••••••");
        assert_eq!(shown("base_url: https://u:p@h/v1"), "base_url: https://•••@h/v1");
        let long = format!("{{\"api_key\": \"{}\", \"here\": 1}}", "s".repeat(900));
        assert!(point(&long, 915).lines().next().is_some_and(|line| line.contains("here") && !line.contains('s')), "{long}");
    }

    #[test]
    fn wide_and_hidden_characters_before_the_place_are_counted_as_they_look() {
        assert_eq!(point("日本: x", 5), "    1 | 日本: x\n      |       ^");
        assert_eq!(point("\ta\u{1b}: x", 6), "    1 |   a\\u{1b}: x\n      |            ^");
    }

    #[test]
    fn of_a_long_line_the_part_around_the_place_is_shown() {
        let line = format!("{}here{}", "a ".repeat(10_000), " b".repeat(10_000));
        let pointed = point(&line, 20_001);
        assert!(pointed.contains("…") && pointed.lines().all(|line| line.chars().count() <= 110), "{pointed}");
        let (text, pointer) = pointed.split_once('\n').unwrap();
        let at = pointer.chars().position(|c| c == '^').unwrap();
        assert!(text.chars().skip(at).collect::<String>().starts_with("here"), "{pointed}");
    }

    #[test]
    fn a_place_behind_the_end_of_a_line_is_the_end() {
        assert_eq!(point("ab", 9), "    1 | ab\n      |   ^");
    }
}
