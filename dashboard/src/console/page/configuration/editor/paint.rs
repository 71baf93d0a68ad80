//! The text in colours, under the field that it is typed into.

use ferrogw_config::{Severity, Syntax};
use leptos::prelude::*;

use super::{Editor, LINE};
use ferrogw_dashboard::highlight::{Part, parts};

pub(super) fn view(editor: Editor) -> AnyView {
    #[expect(clippy::cast_precision_loss, reason = "lines of a text")]
    let shift = move || {
        let (left, top, _) = editor.view.get();
        format!("translate({:.0}px, {:.0}px)", -left, editor.seen().0 as f64 * LINE - top)
    };
    let seen = Memo::new(move |_| editor.seen());
    let lines = move || {
        let (first, last) = seen.get();
        let (text, starts, syntax) = (editor.live.get(), editor.lines.get(), editor.syntax.get());
        (first..last)
            .map(|line| {
                let end = starts.get(line + 1).map_or(text.len(), |next| next - 1);
                painted(text.get(starts[line]..end).unwrap_or_default(), syntax, editor.mark(line))
            })
            .collect_view()
    };
    view! { <div class="paint" aria-hidden="true" style:transform=shift>{lines}</div> }.into_any()
}

fn painted(line: &str, syntax: Syntax, mark: Option<Severity>) -> AnyView {
    let class = match mark {
        Some(Severity::Error) => "under-bad",
        Some(Severity::Warning) => "under-warn",
        None => "",
    };
    let parts = parts(line, syntax).into_iter().map(|(part, text)| {
        let class = match part {
            Part::Plain => "",
            Part::Name => "part-name",
            Part::Text => "part-text",
            Part::Literal => "part-literal",
            Part::Variable => "part-variable",
            Part::Comment => "part-comment",
        };
        view! { <span class=class>{text.to_owned()}</span> }
    });
    view! { <div class=class>{parts.collect_view()}</div> }.into_any()
}
