//! SVG paths. A tenth of a unit is finer than any screen shows.

use std::fmt::Write as _;

use super::{Band, Plane, Scale};

/// The middle of a place.
#[expect(clippy::cast_precision_loss, reason = "a handful of places")]
fn middle(at: usize, places: usize, width: f64) -> f64 {
    width * (at as f64 + 0.5) / places as f64
}

/// A line through what is known; where nothing is known, it has a gap.
#[must_use]
pub fn line(values: &[Option<f64>], plane: Plane, scale: Scale) -> String {
    let mut path = String::new();
    let mut drawing = false;
    for (at, value) in values.iter().enumerate() {
        let Some(value) = value else {
            drawing = false;
            continue;
        };
        let (x, y) = (middle(at, values.len(), plane.width), scale.y(*value));
        // A point between two gaps would have no length, so it is a small ring.
        let alone = !drawing && values.get(at + 1).is_none_or(Option::is_none);
        let written = if alone {
            write!(path, "M{:.1} {y:.1}a2 2 0 1 0 4 0a2 2 0 1 0-4 0", x - 2.0)
        } else {
            write!(path, "{}{x:.1} {y:.1}", if drawing { 'L' } else { 'M' })
        };
        written.expect("writing to a String cannot fail");
        drawing = !alone;
    }
    path
}

/// A bar for each place; what is not nothing is seen, however little it is.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a handful of places")]
pub fn bars(band: &[Band], plane: Plane, scale: Scale) -> String {
    let room = plane.width / band.len().max(1) as f64;
    let (gap, least) = ((room * 0.2).min(2.0), 1.0);
    let mut path = String::new();
    for (at, (from, to)) in band.iter().enumerate().filter(|(_, (from, to))| to > from) {
        let (top, bottom) = (scale.y(*to), scale.y(*from));
        let height = (bottom - top).max(least);
        let (x, width) = (room * at as f64 + gap / 2.0, room - gap);
        write!(path, "M{x:.1} {bottom:.1}v-{height:.1}h{width:.1}v{height:.1}Z").expect("writing to a String cannot fail");
    }
    path
}
