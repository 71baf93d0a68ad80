//! Tables. A row is drawn anew only when what it shows has changed, so that what a reader marked or focused stays.

use leptos::prelude::*;

/// A column's head: its name, and `number`, `tight` or nothing.
pub(crate) type Column = (&'static str, &'static str);

/// A table whose rows are drawn by `row`, which gives a `<tr>`. `key` tells rows and their states apart.
pub(crate) fn table<T: Clone + Send + Sync + 'static>(
    label: &'static str,
    class: &'static str,
    columns: Vec<Column>,
    rows: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: fn(&T) -> String,
    row: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView {
    // Rows of every kind become rows of one: the library's part that tells them apart is large, and so is there once.
    let drawn = move |item: T| {
        let (key, row) = (key(&item), row.clone());
        Row { key, draw: Box::new(move || row(item)) }
    };
    framed(label, class, columns, Box::new(move || rows().into_iter().map(drawn.clone()).collect()))
}

struct Row {
    key: String,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

fn framed(
    label: &'static str,
    class: &'static str,
    columns: Vec<Column>,
    rows: Box<dyn Fn() -> Vec<Row> + Send + Sync>,
) -> AnyView {
    let heads = columns
        .into_iter()
        .map(|(name, class)| match name {
            "" => view! { <td class=class></td> }.into_any(),
            name => view! { <th class=class scope="col">{name}</th> }.into_any(),
        })
        .collect_view();
    // Where rows hold nothing that takes the focus, the table itself does, so that it can be scrolled by keys.
    let focusable = (!class.contains("rows")).then_some("0");
    view! {
        <div class="scroll" tabindex=focusable>
            <table class=format!("table cards {class}") aria-label=label>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>
                    <For each=rows key=|row| row.key.clone() children=|row| (row.draw)() />
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A cell under a head.
pub(crate) fn cell(label: &'static str, class: &'static str, content: impl IntoAny) -> AnyView {
    view! { <td data-label=label class=class>{content.into_any()}</td> }.into_any()
}

/// Which part of a long list is shown, and the way to the others.
pub(crate) fn pages(count: Signal<usize>, size: usize, page: RwSignal<usize>, what: &'static str) -> AnyView {
    let last = move || count.get().saturating_sub(1) / size;
    let shown = move || page.get().min(last());
    let text = move || {
        let from = shown() * size;
        let until = (from + size).min(count.get());
        match count.get() {
            0 => format!("No {what}"),
            count if count <= size => format!("{} {what}", ferrogw_dashboard::format::count(count as u64)),
            count => format!("{}–{until} of {} {what}", from + 1, ferrogw_dashboard::format::count(count as u64)),
        }
    };
    let turn = move || {
        (count.get() > size).then(|| {
            view! {
                <div class="row">
                    <button class="button slim" disabled=move || shown() == 0 on:click=move |_| page.set(shown().saturating_sub(1))>"Previous"</button>
                    <button class="button slim" disabled=move || { shown() >= last() } on:click=move |_| page.set(shown() + 1)>"Next"</button>
                </div>
            }
        })
    };
    view! {
        <div class="panel-foot">
            <span>{text}</span>
            {turn}
        </div>
    }
    .into_any()
}
