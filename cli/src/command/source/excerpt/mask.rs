//! What may be a secret is not repeated: what a terminal shows often ends in somebody's log.
//!
//! Where a line cannot be understood by itself, rather too much is hidden than too little.

/// In place of each character of a secret.
const DOT: char = '•';

/// A line of YAML or JSON without what stands behind names that secrets have, and without users and passwords of addresses. References such
/// as `${NAME}` stay.
pub(super) fn without_secrets(line: &str) -> Vec<char> {
    let mut line: Vec<char> = line.chars().collect();
    let (mut from, mut nested) = (0, 0_usize);
    while let Some(colon) = line[from..].iter().position(|c| *c == ':').map(|at| from + at) {
        nested = line[from..colon].iter().fold(nested, |nested, c| match c {
            '{' | '[' => nested + 1,
            '}' | ']' => nested.saturating_sub(1),
            _ => nested,
        });
        from = colon + 1;
        if line[from..].starts_with(&['/', '/']) {
            let userinfo = userinfo(&line[from + 2..]);
            hide(&mut line[from + 2..from + 2 + userinfo]);
        } else if is_secret(&name(&line[..colon])) {
            let value = from + line[from..].iter().take_while(|c| **c == ' ').count();
            from = value + length(&line[value..], nested > 0);
            hide(&mut line[value..from]);
        }
    }
    line
}

/// The name that ends here, perhaps in quotes.
fn name(before: &[char]) -> String {
    let belongs = |c: &&char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let quoted = before.iter().rev().take_while(|c| matches!(c, '"' | '\'' | ' ')).count();
    let reversed: String = before[..before.len() - quoted].iter().rev().take_while(belongs).collect();
    reversed.chars().rev().collect::<String>().to_ascii_lowercase()
}

fn is_secret(name: &str) -> bool {
    let words = [
        "authorization",
        "cookie",
        "secret",
        "password",
        "credential",
        "dsn",
        "api-key",
        "api_key",
        "apikey",
        "private_key",
        "private-key",
    ];
    name.ends_with("token") || words.iter().any(|word| name.contains(word))
}

/// How long the user and password of an address are that begin here.
fn userinfo(address: &[char]) -> usize {
    let authority = address.iter().position(|c| matches!(c, '/' | '"' | '\'' | ' ' | ',')).unwrap_or(address.len());
    address[..authority].iter().rposition(|c| *c == '@').unwrap_or_default()
}

/// How long the value is that begins here: a text in quotes, all within brackets, or a plain text to its end. That is a comma or a
/// bracket where it is `nested` in some.
fn length(value: &[char], nested: bool) -> usize {
    match value.first() {
        Some(quote @ ('"' | '\'')) => quoted(value, *quote),
        Some('[' | '{') => bracketed(value),
        _ => plain(value, nested),
    }
}

fn quoted(value: &[char], quote: char) -> usize {
    let mut escaped = false;
    let end = value.iter().skip(1).position(|c| {
        let ends = *c == quote && !escaped;
        escaped = *c == '\\' && quote == '"' && !escaped;
        ends
    });
    end.map_or(value.len(), |end| end + 2)
}

fn bracketed(value: &[char]) -> usize {
    let mut open = 0_usize;
    let end = value.iter().position(|c| {
        match c {
            '[' | '{' => open += 1,
            ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
        open == 0
    });
    end.map_or(value.len(), |end| end + 1)
}

fn plain(value: &[char], nested: bool) -> usize {
    let mut reference = false;
    for (at, c) in value.iter().enumerate() {
        reference |= *c == '$' && value.get(at + 1) == Some(&'{');
        match c {
            '}' if reference => reference = false,
            ',' | '}' | ']' if nested => return at,
            '#' if at > 0 && value[at - 1] == ' ' => return at,
            _ => {}
        }
    }
    value.len()
}

/// Hides all but what gives the text its form, and references.
fn hide(value: &mut [char]) {
    let mut reference = false;
    let is_quoted = matches!(value.first(), Some('"' | '\''));
    let is_list = matches!(value.first(), Some('[' | '{'));
    for at in 0..value.len() {
        reference |= value[at] == '$' && value.get(at + 1) == Some(&'{');
        let is_form = match value[at] {
            ' ' => true,
            '"' | '\'' => is_list || (is_quoted && (at == 0 || at + 1 == value.len())),
            ',' | '[' | ']' | '{' | '}' => is_list,
            _ => false,
        };
        if !reference && !is_form {
            value[at] = DOT;
        }
        reference &= value[at] != '}';
    }
}
