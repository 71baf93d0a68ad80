//! What two texts have and have not in common, line by line.

mod myers;

/// A line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line<'a> {
    /// In both, with its number in each, from 1.
    Same(usize, usize, &'a str),
    /// Only in the old text.
    Gone(usize, &'a str),
    /// Only in the new one.
    New(usize, &'a str),
    /// So many lines that both have are left out here.
    Skipped(usize),
}

/// How many lines come and go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// Lines only in the new text.
    pub new: usize,
    /// Lines only in the old one.
    pub gone: usize,
}

impl Extent {
    /// Of a comparison.
    #[must_use]
    pub fn of(lines: &[Line<'_>]) -> Self {
        lines.iter().fold(Self::default(), |extent, line| match line {
            Line::New(..) => Self { new: extent.new + 1, ..extent },
            Line::Gone(..) => Self { gone: extent.gone + 1, ..extent },
            Line::Same(..) | Line::Skipped(_) => extent,
        })
    }

    /// Whether the texts are the same.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

/// Every line of both texts.
#[must_use]
pub fn compare<'a>(old: &'a str, new: &'a str) -> Vec<Line<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let before = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let after = old[before..].iter().rev().zip(new[before..].iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_end, new_end) = (old.len() - after, new.len() - after);

    let mut lines: Vec<Line<'a>> = (0..before).map(|at| Line::Same(at + 1, at + 1, old[at])).collect();
    let (mut from, mut to) = (before, before);
    let kept = myers::common(&old[before..old_end], &new[before..new_end]);
    for (x, y) in kept.into_iter().map(|(x, y)| (x + before, y + before)).chain([(old_end, new_end)]) {
        lines.extend((from..x).map(|at| Line::Gone(at + 1, old[at])));
        lines.extend((to..y).map(|at| Line::New(at + 1, new[at])));
        if x < old_end {
            lines.push(Line::Same(x + 1, y + 1, old[x]));
        }
        (from, to) = (x + 1, y + 1);
    }
    lines.extend((0..after).map(|at| Line::Same(old_end + at + 1, new_end + at + 1, old[old_end + at])));
    lines
}

/// The same with only so many equal lines around each change.
#[must_use]
pub fn abridge(lines: Vec<Line<'_>>, context: usize) -> Vec<Line<'_>> {
    let changed: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| !matches!(line, Line::Same(..))).map(|(at, _)| at).collect();
    let mut shown = vec![false; lines.len()];
    for at in changed {
        let until = (at + context + 1).min(shown.len());
        shown[at.saturating_sub(context)..until].fill(true);
    }
    let mut abridged = Vec::new();
    for (line, shown) in lines.into_iter().zip(shown) {
        match abridged.last_mut() {
            _ if shown => abridged.push(line),
            Some(Line::Skipped(count)) => *count += 1,
            _ => abridged.push(Line::Skipped(1)),
        }
    }
    abridged
}

#[cfg(test)]
mod tests;
