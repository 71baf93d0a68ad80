//! The numbers beside the lines, and which of them are wrong.

use ferrogw_config::Severity;
use leptos::prelude::*;

use super::{Editor, LINE};

pub(super) fn view(editor: Editor) -> AnyView {
    #[expect(clippy::cast_precision_loss, reason = "lines of a text")]
    let shift = move || format!("translateY({:.0}px)", editor.seen().0 as f64 * LINE - editor.view.get().1);
    let numbers = move || {
        let (first, last) = editor.seen();
        (first..last).map(|line| number(editor, line)).collect_view()
    };
    view! {
        <div class="gutter" aria-hidden="true">
            <div class="gutter-lines" style:transform=shift>{numbers}</div>
        </div>
    }
    .into_any()
}

fn number(editor: Editor, line: usize) -> AnyView {
    let class = match editor.mark(line) {
        Some(Severity::Error) => "gutter-line bad-line",
        Some(Severity::Warning) => "gutter-line warn-line",
        None => "gutter-line",
    };
    let here = move || editor.caret.get() == line;
    view! { <div class=class class:here=here>{(line + 1).to_string()}</div> }.into_any()
}
