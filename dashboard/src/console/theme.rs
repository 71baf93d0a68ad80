//! How the page looks: light, dark or as the system does, and whether the sidebar is narrow. Kept in the browser.

use leptos::prelude::*;

use super::browser;

/// Also read by the script that runs before the page is drawn.
const THEME: &str = "ferrogw.theme";
const SIDEBAR: &str = "ferrogw.sidebar";

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// How the page looks.
#[derive(Clone, Copy)]
pub(crate) struct Appearance {
    pub(crate) theme: RwSignal<Theme>,
    pub(crate) narrow: RwSignal<bool>,
}

impl Appearance {
    pub(super) fn remembered() -> Self {
        let word = browser::recall(THEME).unwrap_or_default();
        let theme = Theme::ALL.into_iter().find(|theme| theme.word() == word).unwrap_or(Theme::System);
        let narrow = browser::recall(SIDEBAR).as_deref() == Some("narrow");
        Self { theme: RwSignal::new(theme), narrow: RwSignal::new(narrow) }
    }

    pub(crate) fn choose(self, theme: Theme) {
        self.theme.set(theme);
        browser::remember(THEME, theme.word());
        browser::mark_root("data-theme", (theme != Theme::System).then(|| theme.word()));
    }

    pub(crate) fn fold(self) {
        let narrow = !self.narrow.get_untracked();
        self.narrow.set(narrow);
        browser::remember(SIDEBAR, if narrow { "narrow" } else { "wide" });
    }
}
