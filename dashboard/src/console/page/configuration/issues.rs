//! What is wrong with the text, below it.

use ferrogw_config::{Issue, Severity};
use leptos::prelude::*;

use super::Desk;
use crate::console::part::icon::{Icon, icon};
use ferrogw_dashboard::format::count;

pub(super) fn view(desk: Desk) -> AnyView {
    let summary = move || {
        let errors = desk.errors();
        let warnings = desk.editor.issues.with(Vec::len) - errors;
        let some = |number: usize, word: &str| {
            (number > 0).then(|| format!("{} {word}{}", count(number as u64), if number == 1 { "" } else { "s" }))
        };
        let told: Vec<String> = [some(errors, "error"), some(warnings, "warning")].into_iter().flatten().collect();
        match desk.checker.answer.with(Option::is_some) {
            false => "Checking …".to_owned(),
            true if told.is_empty() => "Nothing is wrong with it".to_owned(),
            true => told.join(", "),
        }
    };
    let tone = move || match (desk.errors(), desk.editor.issues.with(Vec::is_empty)) {
        (0, true) if desk.checker.answer.with(Option::is_none) => "quiet",
        (0, true) => "good",
        (0, false) => "warn",
        _ => "bad",
    };
    view! {
        <div class="issues">{move || desk.editor.issues.get().into_iter().map(|issue| line(desk, issue)).collect_view()}</div>
        <div class="panel-foot">
            <span class=tone role="status">{summary}</span>
            <span class="small" id="editor-help">"Ctrl+Space suggests. Tab leaves the field."</span>
        </div>
    }
    .into_any()
}

fn line(desk: Desk, issue: Issue) -> AnyView {
    let tone = if issue.severity == Severity::Error { "bad" } else { "warn" };
    let place = issue.line.map(|line| view! { <span class="quiet nowrap">{format!("Line {line}")}</span> });
    let (at, column) = (issue.line, issue.column.unwrap_or(1));
    let path = (!issue.path.is_empty()).then(|| view! { <code>{issue.path.clone()}</code>" " });
    let hint = (!issue.hint.is_empty()).then(|| view! { <span class="quiet">" – "{issue.hint.clone()}</span> });
    let go = move |_| {
        if let Some(line) = at {
            desk.editor.go_to(line, column);
        }
    };
    view! {
        <button class="issue" on:click=go>
            <span class=tone>{icon(Icon::Warning)}</span>
            <span class="grow">{path}{issue.message}{hint}</span>
            {place}
        </button>
    }
    .into_any()
}
