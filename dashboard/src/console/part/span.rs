//! Choosing a range of time.

use leptos::prelude::*;

use crate::console::{Console, clock};
use ferrogw_dashboard::address::Query;
use ferrogw_dashboard::format::Moment;
use ferrogw_dashboard::range::{LAST, Range};

/// The range that the address says.
pub(crate) fn range(console: Console) -> Memo<Range> {
    Memo::new(move |_| Range::of(&console.place.query()))
}

/// A list to choose from. A range between two moments, as a link may bring it, is shown and can be left.
pub(crate) fn picker(console: Console) -> AnyView {
    let chosen = range(console);
    let change = move |event: leptos::ev::Event| {
        if let Ok(at) = event_target_value(&event).parse::<usize>() {
            let query: Query = console.place.query_now();
            console.place.say(&Range::Last(at).into_query(query));
        }
    };
    let options = LAST.iter().enumerate().map(|(at, (_, label, _))| {
        view! { <option value=at.to_string() selected=move || chosen.get() == Range::Last(at)>{*label}</option> }
    });
    let between = move || match chosen.get() {
        Range::Last(_) => None,
        Range::Between(since, until) => {
            let text = |at| Moment::of(at, clock::offset(at)).local;
            Some(view! { <option value="" selected=true>{format!("{} – {}", text(since), text(until))}</option> })
        }
    };
    view! {
        <div class="bar">
            <select class="select" aria-label="Range of time" on:change=change>{options.collect_view()}{between}</select>
        </div>
    }
    .into_any()
}
