//! The longest common part of two lists of lines, after Eugene W. Myers (1986).

/// Most differences that are looked for; texts that differ in more are told apart as wholes, which costs no time.
const MOST: usize = 2_000;

/// Pairs of places that hold the same line, in order.
pub(super) fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    if old.is_empty() || new.is_empty() {
        return Vec::new();
    }
    trace(old, new).map_or_else(Vec::new, |steps| retrace(&steps, old.len(), new.len()))
}

/// For each number of differences, how far each diagonal reaches in the old text. Diagonals are numbered `x - y`, from `-d` on.
fn trace(old: &[&str], new: &[&str]) -> Option<Vec<Vec<usize>>> {
    let mut steps: Vec<Vec<usize>> = Vec::new();
    for d in 0..=(old.len() + new.len()).min(MOST) {
        let mut reach = vec![0; 2 * d + 1];
        for at in (0..=2 * d).step_by(2) {
            let mut x = steps.last().map_or(0, |last| start(last, at, d));
            let Some(mut y) = (x + d).checked_sub(at) else { continue };
            while x < old.len() && y < new.len() && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            reach[at] = x;
            if x >= old.len() && y >= new.len() {
                steps.push(reach);
                return Some(steps);
            }
        }
        steps.push(reach);
    }
    None
}

/// Where diagonal `at - d` begins after `d` differences: one line down from the diagonal above, or one to the right of that below.
fn start(last: &[usize], at: usize, d: usize) -> usize {
    // In `last`, the diagonal `at - d` would be at `at - 1`.
    let (below, above) = (at.checked_sub(2).and_then(|at| last.get(at)), last.get(at));
    match (below, above) {
        (Some(below), Some(above)) if above > below => *above,
        (Some(below), _) => below + 1,
        (None, Some(above)) => *above,
        (None, None) => d,
    }
}

fn retrace(steps: &[Vec<usize>], mut x: usize, mut y: usize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for d in (1..steps.len()).rev() {
        let at = x + d - y;
        let last = &steps[d - 1];
        let begin = start(last, at, d);
        let down = at < 2 || last.get(at).is_some_and(|above| *above > last[at - 2]);
        let begin_y = begin + d - at;
        while x > begin && y > begin_y {
            (x, y) = (x - 1, y - 1);
            pairs.push((x, y));
        }
        if down {
            y -= 1;
        } else {
            x -= 1;
        }
    }
    while x > 0 && y > 0 {
        (x, y) = (x - 1, y - 1);
        pairs.push((x, y));
    }
    pairs.reverse();
    pairs
}
