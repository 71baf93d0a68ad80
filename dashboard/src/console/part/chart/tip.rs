//! What a chart says at one place.

use leptos::prelude::*;

use super::{Chart, Figures, Shape, middle, swatch};
use crate::console::clock;
use crate::console::part::name;
use ferrogw_dashboard::format::Moment;

pub(super) fn view(chart: Chart, figures: Signal<Figures>, cursor: RwSignal<Option<usize>>, left: f64, width: f64) -> AnyView {
    let Some(at) = cursor.get() else { return ().into_any() };
    figures.with(|figures| {
        let Some(start) = figures.starts.get(at) else { return ().into_any() };
        let x = left + middle(at, figures.starts.len(), width);
        // Beside the cursor, on the side that has room.
        let (side, distance) = if x > left + width / 2.0 { ("right", left + width - x + 20.0) } else { ("left", x + 10.0) };
        let set = move |name: &str| (side == name).then(|| format!("{distance:.0}px"));
        let rows = figures.series.iter().rev().map(|series| {
            let value = series.values.get(at).copied().flatten();
            let text = value.map_or_else(|| ferrogw_dashboard::format::UNKNOWN.to_owned(), chart.write);
            view! { <div class="row"><span class="row">{swatch(series.colour)}{name(series.name.clone())}</span><strong>{text}</strong></div> }
        });
        let sum = (chart.shape != Shape::Lines && figures.series.len() > 1).then(|| {
            let sum: f64 = figures.series.iter().filter_map(|series| series.values.get(at).copied().flatten()).sum();
            view! { <div class="row"><span>"In all"</span><strong>{(chart.write)(sum)}</strong></div> }
        });
        let local = Moment::of(*start, clock::offset(*start)).local;
        view! {
            <div class="chart-tip" role="status" style:left=set("left") style:right=set("right")>
                <div class="quiet">{local}</div>
                {rows.collect_view()}
                {sum}
            </div>
        }
        .into_any()
    })
}
