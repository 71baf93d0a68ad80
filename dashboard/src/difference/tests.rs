use super::*;

/// The comparison in the usual notation, after making sure that it gives both texts back.
fn shown(old: &str, new: &str) -> String {
    let lines = compare(old, new);
    let of = |wanted: fn(&Line<'_>) -> bool| -> Vec<String> {
        let text = |line: &Line<'_>| match line {
            Line::Same(_, _, text) | Line::Gone(_, text) | Line::New(_, text) => (*text).to_owned(),
            Line::Skipped(_) => unreachable!("nothing is left out"),
        };
        lines.iter().filter(|line| wanted(line)).map(text).collect()
    };
    assert_eq!(of(|line| !matches!(line, Line::New(..))), old.lines().collect::<Vec<_>>());
    assert_eq!(of(|line| !matches!(line, Line::Gone(..))), new.lines().collect::<Vec<_>>());
    spelt(&lines)
}

fn spelt(lines: &[Line<'_>]) -> String {
    let spell = |line: &Line<'_>| match line {
        Line::Same(_, _, text) => format!(" {text}"),
        Line::Gone(_, text) => format!("-{text}"),
        Line::New(_, text) => format!("+{text}"),
        Line::Skipped(count) => format!("@{count}"),
    };
    lines.iter().map(spell).collect::<Vec<_>>().join("|")
}

#[test]
fn what_both_have_is_kept() {
    assert_eq!(shown("a\nb\nc", "a\nb\nc"), " a| b| c");
    assert_eq!(shown("a\nb\nc", "a\nx\nc"), " a|-b|+x| c");
    assert_eq!(shown("a\nc", "a\nb\nc"), " a|+b| c");
    assert_eq!(shown("a\nb\nc", "c"), "-a|-b| c");
    assert_eq!(shown("", "a"), "+a");
    assert_eq!(shown("a", ""), "-a");
    assert_eq!(shown("", ""), "");
}

#[test]
fn changes_far_apart_are_told_apart() {
    assert_eq!(shown("a\nb\nc\nd\ne", "b\nc\nx\nd\ne\nf"), "-a| b| c|+x| d| e|+f");
    assert_eq!(shown("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc").matches(['-', '+']).count(), 5);
}

#[test]
fn numbers_are_those_of_each_text() {
    let lines = compare("a\nb\nd", "a\nc\nc\nd");
    assert_eq!(lines, [Line::Same(1, 1, "a"), Line::Gone(2, "b"), Line::New(2, "c"), Line::New(3, "c"), Line::Same(3, 4, "d")]);
    assert_eq!(Extent::of(&lines), Extent { new: 2, gone: 1 });
}

#[test]
fn equal_lines_far_from_a_change_are_left_out() {
    let old: Vec<String> = (0..20).map(|at| at.to_string()).collect();
    let mut new = old.clone();
    new[10] = "x".into();
    let (old, new) = (old.join("\n"), new.join("\n"));
    assert_eq!(spelt(&abridge(compare(&old, &new), 2)), "@8| 8| 9|-10|+x| 11| 12|@7");
    assert!(matches!(abridge(compare(&old, &old), 2).as_slice(), [Line::Skipped(20)]));
}

#[test]
fn random_texts_give_themselves_back() {
    let mut seed = 7_u32;
    let mut text = || {
        let mut lines = Vec::new();
        for _ in 0..40 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            lines.push(["a", "b", "c", "d"][(seed >> 24) as usize % 4]);
        }
        lines[..(seed >> 16) as usize % 40].join("\n")
    };
    for _ in 0..200 {
        let (old, new) = (text(), text());
        shown(&old, &new);
    }
}

#[test]
fn wholly_different_large_texts_cost_no_time() {
    let (old, new): (Vec<String>, Vec<String>) = (0..60_000).map(|at| (format!("a{at}"), format!("b{at}"))).unzip();
    assert_eq!(Extent::of(&compare(&old.join("\n"), &new.join("\n"))), Extent { new: 60_000, gone: 60_000 });
}
