//! The line that an issue is about, and what points at the place.

mod mask;

use ferrogw_config::Issue;

use crate::printable;

/// Widest part of a line that is shown.
const WIDEST: usize = 100;
/// Of these, before the place.
const BEFORE: usize = 60;
/// What is looked at before the part that is shown, since it may name what is shown.
const NAME: usize = 400;

/// The line and the pointer below it; `None`: the issue is about no line of the text.
pub(super) fn of(lines: &[&str], issue: &Issue) -> Option<(String, String)> {
    let number = issue.line?;
    let line = lines.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
    let at = usize::try_from(issue.column.unwrap_or(1)).ok()?.saturating_sub(1);
    let from = at.saturating_sub(BEFORE);
    // Only what can be seen is looked at: a whole configuration may be one line of megabytes.
    let earlier = from.saturating_sub(NAME);
    let mut near: Vec<char> = line.chars().skip(earlier).take(from - earlier + BEFORE + WIDEST + 1).collect();
    mask::secrets(&mut near);
    let near = near.split_off((from - earlier).min(near.len()));
    let at = (at - from).min(near.len());
    let (before, after) = near.split_at(at);
    let cut = usize::from(from > 0);
    let head = format!("{}{}", "…".repeat(cut), shown(before));
    let room = WIDEST.saturating_sub(printable::width(&head));
    let tail = printable::fit_end(&shown(after), room);
    let length = printable::width(&shown(&after[..token(after)])).clamp(1, room.max(1));
    let gutter = format!("{number:>5} | ");
    let pointer = format!("{}| {}^{}", " ".repeat(6), " ".repeat(printable::width(&head)), "~".repeat(length - 1));
    Some((format!("{gutter}{head}{tail}"), pointer))
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
        super::of(&[line], &issue).map(|(line, pointer)| format!("{line}\n{pointer}")).unwrap_or_default()
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
        let long = format!("api_key: {}, here: 1", "s".repeat(300));
        assert!(point(&long, 312).lines().next().is_some_and(|line| line.contains("•, here") && !line.contains('s')), "{long}");
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
