//! What may be a secret is not repeated: what a terminal shows often ends in somebody's log.

/// In place of each character of a secret.
const DOT: char = '•';

/// Hides, in a line of YAML or JSON, what stands behind names that secrets have. References such as `${NAME}` stay.
pub(super) fn secrets(line: &mut [char]) {
    let mut from = 0;
    while let Some(colon) = line[from..].iter().position(|c| *c == ':').map(|at| from + at) {
        from = colon + 1;
        if is_secret(&name(&line[..colon])) {
            let value = from + blanks(&line[from..]);
            from = value + length(&line[value..]);
            hide(&mut line[value..from]);
        }
    }
}

/// The name that ends here, perhaps in quotes.
fn name(before: &[char]) -> String {
    let belongs = |c: &&char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let quoted = before.iter().rev().take_while(|c| matches!(c, '"' | '\'' | ' ')).count();
    let reversed: String = before[..before.len() - quoted].iter().rev().take_while(belongs).collect();
    reversed.chars().rev().collect::<String>().to_ascii_lowercase()
}

fn is_secret(name: &str) -> bool {
    let words = ["authorization", "cookie", "secret", "password", "credential", "api-key", "api_key", "apikey"];
    name.ends_with("token") || words.iter().any(|word| name.contains(word))
}

fn blanks(text: &[char]) -> usize {
    text.iter().take_while(|c| **c == ' ').count()
}

/// How long the value is that begins here: a text in quotes, or all until another value or a remark begins.
fn length(value: &[char]) -> usize {
    if let Some(quote) = value.first().filter(|first| matches!(first, '"' | '\'')) {
        return value.iter().skip(1).position(|c| c == quote).map_or(value.len(), |end| end + 2);
    }
    let mut reference = false;
    for (at, c) in value.iter().enumerate() {
        reference |= *c == '$' && value.get(at + 1) == Some(&'{');
        match c {
            '}' if reference => reference = false,
            ',' | '}' | ']' => return at,
            '#' if at > 0 && value[at - 1] == ' ' => return at,
            _ => {}
        }
    }
    value.len()
}

/// Hides all but what gives the text its form, and references.
fn hide(value: &mut [char]) {
    let mut reference = false;
    for at in 0..value.len() {
        reference |= value[at] == '$' && value.get(at + 1) == Some(&'{');
        if !reference && !matches!(value[at], '"' | '\'' | ' ' | '{' | '[') {
            value[at] = DOT;
        }
        reference &= value[at] != '}';
    }
}
