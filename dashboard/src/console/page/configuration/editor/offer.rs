//! What could be written where the cursor stands.

use crate::console::effect::effect;
use leptos::prelude::*;

use super::{Editor, LINE};
use crate::console::browser;
use ferrogw_dashboard::completion::{Suggestion, place, suggest};

/// Suggestions, and where they belong.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Offer {
    suggestions: Vec<Suggestion>,
    chosen: usize,
    /// How much of the text before the cursor is replaced, in units of UTF-16.
    typed: u32,
    line: usize,
    column: usize,
}

impl Offer {
    /// The element of the chosen one.
    pub(super) fn active(&self) -> String {
        format!("suggestion-{}", self.chosen)
    }
}

/// Looks what could be written. Without being asked to, only where something is typed already.
pub(super) fn update(editor: Editor, asked: bool) {
    editor.offer.set(find(editor, asked));
}

fn find(editor: Editor, asked: bool) -> Option<Offer> {
    let schema = editor.schema.get_untracked()?;
    let (text, cursor, syntax) = (editor.live.get_untracked(), editor.cursor(), editor.syntax.get_untracked());
    let place = place(&text, cursor, syntax)?;
    let typed = place.typed.clone();
    // After a word that is complete there is nothing left to offer.
    if !asked && (typed.trim_matches('"').is_empty() || !text[..cursor].ends_with(&typed)) {
        return None;
    }
    let suggestions = editor.known.with_untracked(|known| suggest(&schema, known, &place, syntax));
    if suggestions.is_empty() || (!asked && suggestions.len() == 1 && suggestions[0].label == typed) {
        return None;
    }
    let line = editor.caret.get_untracked();
    let start = editor.lines.with_untracked(|lines| lines.get(line).copied())?;
    let column = text.get(start..cursor).map_or(0, |before| before.chars().count());
    let units = typed.encode_utf16().count();
    Some(Offer { suggestions, chosen: 0, typed: u32::try_from(units).ok()?, line, column })
}

pub(super) fn step(editor: Editor, down: bool) {
    editor.offer.update(|offer| {
        if let Some(offer) = offer {
            let count = offer.suggestions.len();
            offer.chosen = if down { offer.chosen + 1 } else { offer.chosen + count - 1 } % count;
        }
    });
}

/// Writes a suggestion, the chosen one if none is named.
pub(super) fn take(editor: Editor, which: Option<usize>) {
    let Some(offer) = editor.offer.get_untracked() else { return };
    editor.offer.set(None);
    let Some(suggestion) = offer.suggestions.get(which.unwrap_or(offer.chosen)) else { return };
    let Some(field) = editor.field.get_untracked() else { return };
    let end = field.selection_end().ok().flatten().unwrap_or_default();
    let _ = field.focus();
    let _ = field.set_selection_range(end.saturating_sub(offer.typed), end);
    browser::type_text(&suggestion.insert);
    editor.offer.set(None);
}

pub(super) fn view(editor: Editor) -> AnyView {
    let Some(offer) = editor.offer.get() else { return ().into_any() };
    let (left, top, _) = editor.view.get();
    #[expect(clippy::cast_precision_loss, reason = "lines of a text")]
    let below = 8.0 + (offer.line as f64 + 1.0) * LINE - top;
    let items = offer.suggestions.iter().enumerate().map(|(at, suggestion)| item(editor, at, suggestion, at == offer.chosen));
    view! {
        <ul
            class="suggestions"
            id="suggestions"
            role="listbox"
            aria-label="Suggestions"
            style:top=format!("{below:.0}px")
            style:left=format!("min(calc(12px + {}ch - {left:.0}px), calc(100% - min(420px, 90%)))", offer.column)
        >
            {items.collect_view()}
        </ul>
    }
    .into_any()
}

fn item(editor: Editor, at: usize, suggestion: &Suggestion, chosen: bool) -> AnyView {
    let about = (!suggestion.about.is_empty()).then(|| view! { <span class="about">{suggestion.about.clone()}</span> });
    let node = NodeRef::<leptos::html::Li>::new();
    effect(move || {
        if let Some(node) = node.get()
            && chosen
        {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            node.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    view! {
        <li
            node_ref=node
            id=format!("suggestion-{at}")
            role="option"
            aria-selected=chosen.to_string()
            on:mousedown=move |event| {
                event.prevent_default();
                take(editor, Some(at));
            }
        >
            <span class="strong">{suggestion.label.clone()}</span>
            <span class="quiet">{suggestion.kind}</span>
            {about}
        </li>
    }
    .into_any()
}
