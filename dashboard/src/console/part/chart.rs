//! Figures over time.

mod tip;

use crate::console::effect::effect;
use leptos::prelude::*;
use time::{Duration, OffsetDateTime};

use super::state;
use crate::console::{browser, clock};
use ferrogw_dashboard::plot::{Plane, Scale, bars, instants, line, place_at, stack, ticks};

/// Room for what is written at the axes.
const LEFT: f64 = 44.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 22.0;

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Counts: bars on top of each other.
    Bars,
    /// Measures: lines.
    Lines,
}

/// One line or colour of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Series {
    /// What people call it.
    pub(crate) name: String,
    /// `1` to `6`, `bad` or `rest`.
    pub(crate) colour: &'static str,
    /// A value for each step; `None`: nothing is known.
    pub(crate) values: Vec<Option<f64>>,
}

/// A chart's figures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figures {
    /// When each step begins.
    pub(crate) starts: Vec<OffsetDateTime>,
    /// How long a step is.
    pub(crate) step: Duration,
    /// What is drawn.
    pub(crate) series: Vec<Series>,
}

impl Figures {
    fn is_empty(&self) -> bool {
        self.starts.is_empty()
            || self.series.iter().all(|series| series.values.iter().all(|value| value.is_none_or(|value| value == 0.0)))
    }

    fn ends(&self) -> Option<(OffsetDateTime, OffsetDateTime)> {
        Some((*self.starts.first()?, *self.starts.last()? + self.step))
    }
}

/// What a chart is, whatever it shows.
#[derive(Clone, Copy)]
pub(crate) struct Chart {
    /// What it is about.
    pub(crate) label: &'static str,
    pub(crate) shape: Shape,
    /// How a value is written.
    pub(crate) write: fn(f64) -> String,
    pub(crate) height: f64,
}

/// The chart, with a cursor that follows the pointer or the arrow keys.
pub(crate) fn chart(chart: Chart, figures: Signal<Figures>) -> AnyView {
    let node = NodeRef::<leptos::html::Div>::new();
    let width = RwSignal::new(640.0);
    let cursor = RwSignal::new(None::<usize>);
    effect(move || {
        if let Some(element) = node.get() {
            browser::watch_width(&element, move |seen| {
                if seen > 80.0 {
                    width.set(seen);
                }
            });
        }
    });
    let plane = Memo::new(move |_| Plane { width: (width.get() - LEFT - RIGHT).max(40.0), height: chart.height - TOP - BOTTOM });
    let point = move |event: leptos::ev::PointerEvent| {
        let x = f64::from(event.offset_x()) - LEFT;
        let places = figures.with_untracked(|figures| figures.starts.len());
        cursor.set(place_at(x, plane.get_untracked().width, places));
    };
    let step = move |event: leptos::ev::KeyboardEvent| {
        let last = figures.with_untracked(|figures| figures.starts.len()).saturating_sub(1);
        let at = cursor.get_untracked();
        let next = match event.key().as_str() {
            "ArrowLeft" => at.map_or(last, |at| at.saturating_sub(1)),
            "ArrowRight" => at.map_or(0, |at| (at + 1).min(last)),
            _ => return,
        };
        event.prevent_default();
        cursor.set(Some(next));
    };
    let is_empty = Memo::new(move |_| figures.with(Figures::is_empty));
    let drawn = move || {
        if is_empty.get() {
            return state::empty(super::icon::Icon::Inbox, "Nothing in this time", "", ().into_any());
        }
        view! {
            <svg
                viewBox=move || format!("0 0 {} {}", width.get(), chart.height)
                height=chart.height.to_string()
                role="img"
                aria-label=move || figures.with(|figures| describe(chart, figures))
                tabindex="0"
                on:pointermove=point
                on:pointerleave=move |_| cursor.set(None)
                on:blur=move |_| cursor.set(None)
                on:keydown=step
            >
                {move || figures.with(|figures| draw(chart, figures, plane.get()))}
                {move || cursor_line(figures, cursor, plane.get())}
            </svg>
            {move || tip::view(chart, figures, cursor, LEFT, plane.get().width)}
        }
        .into_any()
    };
    view! {
        <div class="chart" node_ref=node>{drawn}</div>
        {move || legend(chart, figures)}
    }
    .into_any()
}

/// Axes and shapes.
fn draw(chart: Chart, figures: &Figures, plane: Plane) -> AnyView {
    let bands = stack(
        &figures.series.iter().map(|series| series.values.iter().map(|value| value.unwrap_or(0.0)).collect()).collect::<Vec<_>>(),
    );
    let most = match chart.shape {
        Shape::Lines => figures.series.iter().flat_map(|series| series.values.iter().flatten()).copied().fold(0.0, f64::max),
        Shape::Bars => bands.last().into_iter().flatten().map(|band| band.1).fold(0.0, f64::max),
    };
    let ticks = ticks(most, 3);
    let scale = Scale { top: ticks.last().copied().unwrap_or(1.0), height: plane.height };
    let rules = ticks.into_iter().map(|tick| {
        let y = scale.y(tick);
        view! {
            <line class="rule" x1="0" x2=plane.width.to_string() y1=y.to_string() y2=y.to_string() />
            <text x="-8" y=(y + 3.5).to_string() text-anchor="end">{(chart.write)(tick)}</text>
        }
    });
    let shapes = figures.series.iter().zip(&bands).map(|(series, band)| match chart.shape {
        Shape::Bars => view! { <path class=format!("fill-{}", series.colour) d=bars(band, plane, scale) /> }.into_any(),
        Shape::Lines => {
            view! { <path class=format!("plot-line stroke-{}", series.colour) d=line(&series.values, plane, scale) /> }.into_any()
        }
    });
    view! {
        <g transform=format!("translate({LEFT} {TOP})")>
            {rules.collect_view()}
            {shapes.collect_view()}
            {instant_labels(figures, plane)}
        </g>
    }
    .into_any()
}

fn instant_labels(figures: &Figures, plane: Plane) -> AnyView {
    let Some((since, until)) = figures.ends() else { return ().into_any() };
    let whole = (until - since).as_seconds_f64();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful of labels")]
    let most = (plane.width / 90.0) as usize;
    instants(since, until, most.max(1), clock::offset(until))
        .into_iter()
        .map(|(at, text)| {
            let x = (at - since).as_seconds_f64() / whole * plane.width;
            let y = plane.height + 15.0;
            let anchor = if x > plane.width - 22.0 { "end" } else { "middle" };
            view! { <text x=format!("{x:.1}") y=y.to_string() text-anchor=anchor>{text}</text> }
        })
        .collect_view()
        .into_any()
}

#[expect(clippy::cast_precision_loss, reason = "a handful of places")]
fn middle(at: usize, places: usize, width: f64) -> f64 {
    width * (at as f64 + 0.5) / places.max(1) as f64
}

fn cursor_line(figures: Signal<Figures>, cursor: RwSignal<Option<usize>>, plane: Plane) -> AnyView {
    let Some(at) = cursor.get() else { return ().into_any() };
    let x = LEFT + middle(at, figures.with(|figures| figures.starts.len()), plane.width);
    let bottom = TOP + plane.height;
    view! { <line class="cursor" x1=x.to_string() x2=x.to_string() y1=TOP.to_string() y2=bottom.to_string() /> }.into_any()
}

fn legend(chart: Chart, figures: Signal<Figures>) -> AnyView {
    let names: Vec<(String, &'static str)> =
        figures.with(|figures| figures.series.iter().map(|series| (series.name.clone(), series.colour)).collect());
    if names.len() < 2 {
        return ().into_any();
    }
    let entries =
        names.into_iter().map(|(name, colour)| view! { <span>{swatch(colour)}{super::name(name)}</span> }).collect_view();
    view! { <div class="legend" aria-label=format!("Colours of {}", chart.label) role="group">{entries}</div> }.into_any()
}

/// The colour of a series.
pub(crate) fn swatch(colour: &str) -> AnyView {
    view! { <svg class="swatch" viewBox="0 0 9 9" aria-hidden="true"><rect width="9" height="9" rx="2" class=format!("fill-{colour}") /></svg> }.into_any()
}

/// What a chart says, for those who do not see it.
fn describe(chart: Chart, figures: &Figures) -> String {
    let say = |series: &Series| {
        let known = series.values.iter().flatten().copied();
        let most = known.clone().fold(0.0, f64::max);
        let last = known.last().unwrap_or(0.0);
        format!("{}: highest {}, last {}", series.name, (chart.write)(most), (chart.write)(last))
    };
    let series: Vec<String> = figures.series.iter().map(say).collect();
    format!("{} over time. {}. Arrow keys step through it.", chart.label, series.join("; "))
}
