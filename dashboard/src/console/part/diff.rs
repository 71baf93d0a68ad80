//! What two texts have and have not in common, to look at.

use leptos::prelude::*;

use super::icon::Icon;
use super::state;
use ferrogw_dashboard::difference::{Extent, Line, abridge, compare};
use ferrogw_dashboard::format::count;

/// Equal lines around each change.
const CONTEXT: usize = 3;

/// Most lines that are drawn; nobody reads on.
const MOST: usize = 4_000;

/// The comparison, or that there is nothing to compare.
pub(crate) fn diff(old: &str, new: &str) -> AnyView {
    let lines = compare(old, new);
    let extent = Extent::of(&lines);
    if extent.is_none() {
        return state::empty(Icon::Check, "No difference", "Both say the same.", ().into_any());
    }
    let lines = abridge(lines, CONTEXT);
    let rest = lines.len().saturating_sub(MOST);
    let shown = lines.iter().take(MOST).map(line).collect_view();
    let more = (rest > 0).then(|| view! { <div class="diff-skip">{format!("… and {} more lines", count(rest as u64))}</div> });
    view! {
        <div class="stack tight">
            <p class="small quiet">
                <span class="good">{format!("+{}", count(extent.new as u64))}</span>" "
                <span class="bad">{format!("−{}", count(extent.gone as u64))}</span>" lines"
            </p>
            <div class="diff" tabindex="0" role="group" aria-label="Changes">{shown}{more}</div>
        </div>
    }
    .into_any()
}

fn line(line: &Line<'_>) -> AnyView {
    let number = |at: usize| at.to_string();
    let (class, old, new, sign, text) = match line {
        Line::Same(old, new, text) => ("diff-line", number(*old), number(*new), "", *text),
        Line::Gone(old, text) => ("diff-line gone", number(*old), String::new(), "−", *text),
        Line::New(new, text) => ("diff-line new", String::new(), number(*new), "+", *text),
        Line::Skipped(skipped) => {
            let text = format!("⋯ {} equal lines", count(*skipped as u64));
            return view! { <div class="diff-skip">{text}</div> }.into_any();
        }
    };
    view! {
        <div class=class>
            <span>{old}</span>
            <span>{new}</span>
            <span>{sign}</span>
            <span>{text.to_owned()}</span>
        </div>
    }
    .into_any()
}
