//! What keys do in the editor beyond typing.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::{Editor, offer};
use crate::console::browser;

pub(super) fn pressed(editor: Editor, event: &KeyboardEvent) {
    let offered = editor.offer.with_untracked(Option::is_some);
    let control = event.ctrl_key() || event.meta_key();
    match event.key().as_str() {
        " " if control => {
            event.prevent_default();
            offer::update(editor, true);
        }
        "Escape" if offered => {
            event.prevent_default();
            event.stop_propagation();
            editor.offer.set(None);
        }
        "ArrowDown" | "ArrowUp" if offered => {
            event.prevent_default();
            offer::step(editor, event.key() == "ArrowDown");
        }
        "Enter" | "Tab" if offered && !control && !event.shift_key() => {
            event.prevent_default();
            offer::take(editor, None);
        }
        "Enter" if !control && !is_read_only(editor) => {
            event.prevent_default();
            browser::type_text(&format!("\n{}", indentation(editor)));
        }
        _ => {}
    }
}

fn is_read_only(editor: Editor) -> bool {
    editor.field.get_untracked().is_none_or(|field| field.read_only())
}

/// A new line begins where the last one did, and further in where that opens something.
fn indentation(editor: Editor) -> String {
    let text = editor.live.get_untracked();
    let before = &text[..editor.cursor().min(text.len())];
    let line = before.rsplit('\n').next().unwrap_or_default();
    let own: String = line.chars().take_while(|letter| *letter == ' ').collect();
    let opens = line.trim_end().ends_with([':', '{', '[']);
    let item = if line.trim_start().starts_with("- ") { "  " } else { "" };
    format!("{own}{item}{}", if opens { "  " } else { "" })
}
