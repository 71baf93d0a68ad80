//! Charts as geometry: from figures to ticks and SVG paths. Nothing here knows of a page.

mod scale;
mod shape;

pub use scale::{Scale, instants, ticks};
pub use shape::{bars, line};

/// The size of a chart's plane in the SVG's own units, margins apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// What is drawn upwards on one place of a stacked chart: where it begins and where it ends, in the data's units.
pub type Band = (f64, f64);

/// Series on top of each other: for each one and each place, its [`Band`].
#[must_use]
pub fn stack(series: &[Vec<f64>]) -> Vec<Vec<Band>> {
    let places = series.iter().map(Vec::len).max().unwrap_or_default();
    let mut floor = vec![0.0; places];
    let rise = |values: &Vec<f64>| {
        let band = |(at, value): (usize, &f64)| {
            let from = floor[at];
            floor[at] += value.max(0.0);
            (from, floor[at])
        };
        values.iter().enumerate().map(band).collect()
    };
    series.iter().map(rise).collect()
}

/// The place under the pointer, `x` being between 0 and the plane's width.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a handful of places")]
pub fn place_at(x: f64, width: f64, places: usize) -> Option<usize> {
    if places == 0 || width <= 0.0 || !(0.0..=width).contains(&x) {
        return None;
    }
    Some(((x / width * places as f64) as usize).min(places - 1))
}

#[cfg(test)]
mod tests;
