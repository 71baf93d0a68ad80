//! The nearest right name for a wrong one.

/// Longest name, in bytes, that others are held against: what is longer is no slip of the pen, and comparing it takes long.
pub const LONGEST_NAME: usize = 128;

/// The candidate most like `name`, if one is like it at all; the first of several. Case makes no difference, and what is longer than
/// [`LONGEST_NAME`] is like nothing.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let name = name.to_ascii_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST_NAME)
        .filter_map(|candidate| Some((distance(&name, candidate)?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many slips of the pen lie between the two; `None`: they are not alike.
fn distance(name: &str, candidate: &str) -> Option<usize> {
    let (longer, shorter) = (name.len().max(candidate.len()), name.len().min(candidate.len()));
    let bearable = (longer / 3).max(1);
    // Lengths tell most strangers apart for free; comparing costs the product of the two.
    (longer - shorter <= bearable)
        .then(|| strsim::damerau_levenshtein(name, &candidate.to_ascii_lowercase()))
        .filter(|distance| *distance <= bearable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(nearest(name, ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "weight", "name"]), expected, "{name}");
    }

    #[test]
    fn slips_of_the_pen_are_seen_through() {
        check("wieght", Some("weight"));
        check("gpt4o", Some("gpt-4o"));
        check("GPT-4O-MINI", Some("gpt-4o-mini"));
        check("claude-sonet-45", Some("claude-sonnet-4-5"));
    }

    #[test]
    fn strangers_are_not_suggested() {
        check("llama", None);
        check("", None);
        check(&"weight".repeat(100_000), None);
    }

    #[test]
    fn long_names_are_not_compared() {
        let alike = |length: usize| {
            let (name, candidate) = (format!("{}x", "a".repeat(length - 1)), "a".repeat(length));
            nearest(&name, [candidate.as_str()]).is_some()
        };
        assert!(alike(LONGEST_NAME) && !alike(LONGEST_NAME + 1));
        let (longest, longer) = ("a".repeat(LONGEST_NAME), "a".repeat(LONGEST_NAME + 1));
        assert_eq!(nearest(&longest, [longer.as_str()]), None);
    }
}
