//! What the parts of one line of YAML or JSON are, to be told apart by colour. A line is looked at alone, so a text that goes on over
//! several lines is taken for what it looks like; colours are a help, not a judgement.

use ferrogw_config::Syntax;

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// White space and signs.
    Plain,
    /// A member's name.
    Name,
    /// A text.
    Text,
    /// A number, a truth value or nothing.
    Literal,
    /// `${VAR}`.
    Variable,
    /// A remark.
    Comment,
}

/// The parts of a line; together they are the line.
#[must_use]
pub fn parts(line: &str, syntax: Syntax) -> Vec<(Part, &str)> {
    let mut parts = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let (part, length) = first(rest, line, syntax);
        let (text, after) = rest.split_at(length);
        rest = after;
        push(&mut parts, part, text);
    }
    parts
}

/// A text with variables in it is several parts.
fn push<'a>(parts: &mut Vec<(Part, &'a str)>, part: Part, mut text: &'a str) {
    while let Some(at) = text.find("${").filter(|_| matches!(part, Part::Text)) {
        let Some(end) = text[at..].find('}').map(|length| at + length + 1) else { break };
        if at > 0 {
            parts.push((part, &text[..at]));
        }
        parts.push((Part::Variable, &text[at..end]));
        text = &text[end..];
    }
    if !text.is_empty() {
        parts.push((part, text));
    }
}

/// What the rest of a line begins with, and how long that is.
fn first(rest: &str, line: &str, syntax: Syntax) -> (Part, usize) {
    let begun = line.len() - rest.len();
    let after_space = begun == 0 || line[..begun].ends_with(char::is_whitespace);
    match rest.as_bytes()[0] {
        b'#' if syntax == Syntax::Yaml && after_space => (Part::Comment, rest.len()),
        b'"' => quoted(rest, '"'),
        b'\'' if syntax == Syntax::Yaml => quoted(rest, '\''),
        b' ' | b'\t' | b'{' | b'}' | b'[' | b']' | b',' | b':' => (Part::Plain, 1),
        b'-' if syntax == Syntax::Yaml && rest[1..].starts_with([' ', '\t']) => (Part::Plain, 1),
        _ => word(rest, syntax),
    }
}

fn quoted(rest: &str, quote: char) -> (Part, usize) {
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped && quote == '"';
        ends
    });
    let length = end.map_or(rest.len(), |(at, c)| at + c.len_utf8());
    (if names(&rest[length..]) { Part::Name } else { Part::Text }, length)
}

fn word(rest: &str, syntax: Syntax) -> (Part, usize) {
    let ends = |(at, c): &(usize, char)| match c {
        ',' | ']' | '}' => !rest[..*at].contains("${") || rest[..*at].contains('}') || *c == ',',
        ':' => rest[at + 1..].starts_with([' ', '\t']) || rest.len() == at + 1,
        ' ' => syntax == Syntax::Json || rest[at + 1..].trim_start().starts_with('#'),
        _ => false,
    };
    let mut length = rest.char_indices().find(ends).map_or(rest.len(), |(at, _)| at);
    // A closing brace belongs to the variable that it closes.
    if rest[..length].contains("${") && !rest[..length].contains('}') && rest[length..].starts_with('}') {
        length += 1;
    }
    let length = length.max(rest.chars().next().map_or(1, char::len_utf8));
    let text = rest[..length].trim_end();
    let literal = matches!(text, "true" | "false" | "null" | "~") || serde_json::from_str::<f64>(text).is_ok();
    (
        if names(&rest[length..]) {
            Part::Name
        } else if literal {
            Part::Literal
        } else {
            Part::Text
        },
        length,
    )
}

/// Whether what stands before is a member's name.
fn names(after: &str) -> bool {
    let after = after.trim_start();
    after == ":" || after.starts_with(": ") || after.starts_with(":\t")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, syntax: Syntax, expected: &[(Part, &str)]) {
        let found = parts(line, syntax);
        assert_eq!(found.iter().map(|(_, text)| *text).collect::<String>(), line);
        let telling: Vec<_> = found.into_iter().filter(|(part, _)| *part != Part::Plain).collect();
        assert_eq!(telling, expected, "{line}");
    }

    #[test]
    fn yaml_is_told_apart() {
        use Part::{Comment, Literal, Name, Text, Variable};
        check("  - virtual_key: openai # first", Syntax::Yaml, &[(Name, "virtual_key"), (Text, "openai"), (Comment, "# first")]);
        check("api_key: ${MY_KEY}", Syntax::Yaml, &[(Name, "api_key"), (Variable, "${MY_KEY}")]);
        check("a: \"x ${B} y\"", Syntax::Yaml, &[(Name, "a"), (Text, "\"x "), (Variable, "${B}"), (Text, " y\"")]);
        check("targets:", Syntax::Yaml, &[(Name, "targets")]);
        check("attempts: 3", Syntax::Yaml, &[(Name, "attempts"), (Literal, "3")]);
        check("models: [a, b#c]", Syntax::Yaml, &[(Name, "models"), (Text, "a"), (Text, "b#c")]);
        check("url: http://x:1/y", Syntax::Yaml, &[(Name, "url"), (Text, "http://x:1/y")]);
        check("'it''s': true", Syntax::Yaml, &[(Text, "'it'"), (Name, "'s'"), (Literal, "true")]);
    }

    #[test]
    fn json_is_told_apart() {
        use Part::{Literal, Name, Text};
        check(
            "  \"a\\\"b\": [1, \"c\", null],",
            Syntax::Json,
            &[(Name, "\"a\\\"b\""), (Literal, "1"), (Text, "\"c\""), (Literal, "null")],
        );
        check("\"open", Syntax::Json, &[(Text, "\"open")]);
    }

    #[test]
    fn any_text_is_its_own_parts() {
        for line in ["é: ü # ö", "${", "}", "a ${b", "\u{202e}x", "🐘:", ":", "-", "- ", "#", "\"", "'", "a,}]", "${a,b}", ": :"]
        {
            for syntax in [Syntax::Yaml, Syntax::Json] {
                assert_eq!(parts(line, syntax).iter().map(|(_, text)| *text).collect::<String>(), line);
            }
        }
    }
}
