//! A text to be edited, with numbers, colours, what is wrong beside the lines, and what could be written.
//!
//! The text itself is an ordinary text field, so that everything that people know from text fields works. Numbers and colours lie
//! under it, and only those that can be seen are drawn, however long the text is.

mod gutter;
mod keys;
mod offer;
mod paint;

use std::sync::Arc;
use std::time::Duration;

use crate::console::effect::effect;
use ferrogw_config::{Issue, Severity, Syntax};
use leptos::prelude::*;
use serde_json::Value;

/// A line's height, as the style sheet says.
const LINE: f64 = 20.0;

/// Longer lines are not painted: the browser would take long to lay them out twice.
const LONGEST: usize = 4_000;

/// How long nobody has to have typed before the text is looked at.
const PAUSE: Duration = Duration::from_millis(150);

/// The editor's state.
#[derive(Clone, Copy)]
pub(crate) struct Editor {
    /// The text, after the last pause.
    pub(crate) text: RwSignal<Arc<str>>,
    pub(crate) syntax: RwSignal<Syntax>,
    /// What is wrong.
    pub(crate) issues: RwSignal<Vec<Issue>>,
    /// What may be suggested.
    pub(crate) schema: RwSignal<Option<Value>>,
    pub(crate) known: RwSignal<Vec<(&'static str, Vec<String>)>>,
    field: NodeRef<leptos::html::Textarea>,
    /// What is seen: the distance of its upper left corner from the text's, and its height.
    view: RwSignal<(f64, f64, f64)>,
    /// The line in which the cursor stands, from 0.
    caret: RwSignal<usize>,
    offer: RwSignal<Option<offer::Offer>>,
    /// The text as it is now.
    live: RwSignal<Arc<str>>,
    lines: Memo<Arc<Vec<usize>>>,
    pause: StoredValue<Option<TimeoutHandle>>,
}

impl Editor {
    pub(crate) fn new(text: &str, syntax: Syntax) -> Self {
        let live = RwSignal::new(Arc::<str>::from(text));
        Self {
            text: RwSignal::new(live.get_untracked()),
            syntax: RwSignal::new(syntax),
            issues: RwSignal::new(Vec::new()),
            schema: RwSignal::new(None),
            known: RwSignal::new(Vec::new()),
            field: NodeRef::new(),
            view: RwSignal::new((0.0, 0.0, 600.0)),
            caret: RwSignal::new(0),
            offer: RwSignal::new(None),
            lines: Memo::new(move |_| live.with(|text| Arc::new(line_starts(text)))),
            live,
            pause: StoredValue::new(None),
        }
    }

    /// Another text in the place of this one.
    pub(crate) fn replace(self, text: &str, syntax: Syntax) {
        // What was typed last must not come back.
        if let Some(pause) = self.pause.try_update_value(Option::take).flatten() {
            pause.clear();
        }
        let text = Arc::<str>::from(text);
        self.syntax.set(syntax);
        self.offer.set(None);
        self.live.set(text.clone());
        self.text.set(text.clone());
        if let Some(field) = self.field.get_untracked() {
            field.set_value(&text);
        }
    }

    /// Puts the cursor into a line, from 1, where it can be seen.
    pub(crate) fn go_to(self, line: u32, column: u32) {
        let Some(field) = self.field.get_untracked() else { return };
        let at = usize::try_from(line.saturating_sub(1)).unwrap_or_default();
        let text = self.live.get_untracked();
        let start = self.lines.with_untracked(|lines| lines.get(at).copied()).unwrap_or(text.len());
        let within = text[start..].lines().next().unwrap_or_default();
        let column: usize =
            within.chars().take(usize::try_from(column.saturating_sub(1)).unwrap_or_default()).map(char::len_utf16).sum();
        let place = u32::try_from(text[..start].encode_utf16().count() + column).unwrap_or_default();
        let _ = field.focus();
        let _ = field.set_selection_range(place, place);
        #[expect(clippy::cast_precision_loss, reason = "lines of a text")]
        let middle = at as f64 * LINE - self.view.with_untracked(|view| view.2) / 2.0;
        #[expect(clippy::cast_possible_truncation, reason = "pixels")]
        field.set_scroll_top(middle.max(0.0) as i32);
        self.caret.set(at);
    }

    /// What was typed.
    fn typed(self) {
        let Some(field) = self.field.get_untracked() else { return };
        let text = Arc::<str>::from(field.value());
        self.live.set(text.clone());
        self.moved();
        let handle = set_timeout_with_handle(move || drop(self.text.try_set(text.clone())), PAUSE).ok();
        let before = self.pause.try_update_value(|pause| std::mem::replace(pause, handle)).flatten();
        if let Some(before) = before {
            before.clear();
        }
    }

    /// The cursor stands somewhere else.
    fn moved(self) {
        let at = self.cursor();
        self.caret.set(self.lines.with_untracked(|lines| lines.partition_point(|start| *start <= at)).saturating_sub(1));
    }

    /// Where the cursor stands, in bytes from the text's beginning.
    fn cursor(self) -> usize {
        let Some(field) = self.field.get_untracked() else { return 0 };
        let wanted = field.selection_end().ok().flatten().unwrap_or_default();
        self.live.with_untracked(|text| byte_offset(text, usize::try_from(wanted).unwrap_or_default()))
    }

    fn scrolled(self) {
        if let Some(field) = self.field.get_untracked() {
            let place = (f64::from(field.scroll_left()), f64::from(field.scroll_top()), f64::from(field.client_height()));
            self.view.set(place);
        }
    }

    /// The lines that can be seen, from 0, and a few around them.
    fn seen(self) -> (usize, usize) {
        let (_, top, height) = self.view.get();
        let count = self.lines.with(|lines| lines.len());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lines of a text")]
        let (first, shown) = ((top / LINE) as usize, (height / LINE) as usize);
        let first = first.saturating_sub(3).min(count);
        (first, (first + shown + 8).min(count))
    }

    /// How a line, from 0, is marked.
    fn mark(self, line: usize) -> Option<Severity> {
        let issues = self.issues.get();
        let here = issues.iter().filter(|issue| issue.line.is_some_and(|at| at as usize == line + 1));
        here.map(|issue| issue.severity).max()
    }
}

/// The editor.
pub(crate) fn view(editor: Editor, read_only: Signal<bool>) -> AnyView {
    let plain = Memo::new(move |_| {
        editor.lines.with(|lines| {
            lines.windows(2).any(|pair| pair[1] - pair[0] > LONGEST)
                || lines.last().is_some_and(|last| editor.live.with(|text| text.len() - last > LONGEST))
        })
    });
    effect(move || {
        if let Some(field) = editor.field.get() {
            field.set_value(&editor.live.get_untracked());
            editor.scrolled();
            crate::console::browser::watch_width(&field, move |_| editor.scrolled());
        }
    });
    // Whoever typed before it was known what can be written is told once it is.
    effect(move || {
        editor.known.track();
        let field = editor.field.get_untracked();
        if editor.schema.with(Option::is_some) && field.is_some_and(|field| field.matches(":focus").unwrap_or(false)) {
            offer::update(editor, false);
        }
    });
    view! {
        <div class="editor" class:plain-text=move || plain.get()>
            {gutter::view(editor)}
            <div class="paper">
                {move || (!plain.get()).then(|| paint::view(editor))}
                <textarea
                    node_ref=editor.field
                    aria-label="Configuration"
                    aria-describedby="editor-help"
                    aria-autocomplete="list"
                    aria-controls=move || editor.offer.with(|offer| offer.as_ref().map(|_| "suggestions"))
                    aria-activedescendant=move || editor.offer.with(|offer| offer.as_ref().map(offer::Offer::active))
                    wrap="off"
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="off"
                    readonly=move || read_only.get()
                    on:input=move |_| {
                        editor.typed();
                        offer::update(editor, false);
                    }
                    on:scroll=move |_| editor.scrolled()
                    on:keydown=move |event| keys::pressed(editor, &event)
                    on:keyup=move |_| editor.moved()
                    on:click=move |_| {
                        editor.offer.set(None);
                        editor.moved();
                    }
                    on:blur=move |_| editor.offer.set(None)
                ></textarea>
                {move || offer::view(editor)}
            </div>
        </div>
    }
    .into_any()
}

/// Where each line begins.
fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// Browsers count in units of UTF-16.
fn byte_offset(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (at, letter) in text.char_indices() {
        if seen >= units {
            return at;
        }
        seen += letter.len_utf16();
    }
    text.len()
}
