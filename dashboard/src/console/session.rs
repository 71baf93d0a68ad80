//! Who the reader is. The session itself is a cookie that no script can read; the control plane says what it is worth.

use crate::console::effect::spawn;
use ferrogw_api::key::Scope;
use ferrogw_api::session::Caller;
use leptos::prelude::*;

use super::Console;
use super::fault::Fault;
use ferrogw_dashboard::address::{Page, Query};

/// What is known of the reader.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Standing {
    /// Nothing yet.
    Unknown,
    /// They are not signed in.
    Out,
    /// They are.
    In(Caller),
    /// They were a moment ago; what they were doing is still there.
    Lapsed(Caller),
}

/// Who the reader is.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    pub(crate) standing: RwSignal<Standing>,
    /// Changes whenever somebody has signed in, so that everything is read again.
    pub(crate) renewed: RwSignal<u32>,
}

impl Default for Session {
    fn default() -> Self {
        Self { standing: RwSignal::new(Standing::Unknown), renewed: RwSignal::new(0) }
    }
}

impl Session {
    /// Who they are, if they are somebody.
    pub(crate) fn caller(self) -> Option<Caller> {
        self.standing.with(|standing| match standing {
            Standing::In(caller) | Standing::Lapsed(caller) => Some(caller.clone()),
            Standing::Unknown | Standing::Out => None,
        })
    }

    /// Whether they are signed in, as far as is known.
    pub(super) fn is_in(self) -> bool {
        self.standing.with_untracked(|standing| matches!(standing, Standing::In(_)))
    }

    /// Whether they may change anything.
    pub(super) fn may_write(self) -> bool {
        self.standing.with(|standing| match standing {
            Standing::In(caller) | Standing::Lapsed(caller) => caller.scopes.contains(&Scope::Admin),
            Standing::Unknown | Standing::Out => false,
        })
    }

    /// The control plane no longer knows the session.
    pub(super) fn lapse(self) {
        let standing = self.standing.get_untracked();
        match standing {
            Standing::In(caller) => self.standing.set(Standing::Lapsed(caller)),
            Standing::Unknown => self.standing.set(Standing::Out),
            Standing::Out | Standing::Lapsed(_) => {}
        }
    }

    fn enter(self, caller: Caller) {
        let standing = Standing::In(caller);
        if self.standing.with_untracked(|old| *old != standing) {
            self.standing.set(standing);
        }
    }
}

/// Finds out who the reader is, and tries again while nobody answers. Whoever is at the way in is nobody yet.
pub(super) fn look(console: Console) {
    if console.place.page_now() == Page::SignIn {
        console.session.standing.set(Standing::Out);
        return;
    }
    spawn(async move {
        match console.client().caller().await.map_err(Fault::from) {
            Ok(caller) => {
                console.heard(None);
                console.session.enter(caller);
            }
            Err(fault) => {
                console.heard(Some(&fault));
                match fault {
                    Fault::SignedOut => {}
                    _ => set_timeout(move || look(console), std::time::Duration::from_secs(3)),
                }
            }
        }
    });
}

/// What the reader may do has changed meanwhile; nothing happens where that is not so.
pub(super) fn look_again(console: Console) {
    spawn(async move {
        if let Ok(caller) = console.client().caller().await {
            console.session.enter(caller);
        }
    });
}

/// Somebody has just signed in: once it is known who, everything is read again and they go where they wanted to.
pub(super) fn entered(console: Console, go: impl FnOnce() + 'static) {
    spawn(async move {
        match console.client().caller().await.map_err(Fault::from) {
            Ok(caller) => {
                console.heard(None);
                console.session.enter(caller);
                console.session.renewed.update(|times| *times += 1);
                go();
            }
            Err(fault) => console.toasts.failed(fault.message()),
        }
    });
}

/// Ends the session and leads to the way in, unless something would be lost and the reader minds.
pub(super) fn leave(console: Console) {
    if !console.place.may_leave() {
        return;
    }
    spawn(async move {
        match console.client().sign_out().await.map_err(Fault::from) {
            Ok(()) | Err(Fault::SignedOut) => {
                console.place.guard(None);
                console.session.standing.set(Standing::Out);
                console.place.go(&Page::SignIn.path());
            }
            Err(fault) => console.toasts.failed(fault.of_change().message()),
        }
    });
}

/// The address of the way in, which leads back to where the reader is.
pub(super) fn way_in(console: Console) -> String {
    let here = console.place.page_now().with(&console.place.query_now());
    Page::SignIn.with(&Query::default().with("next", &here))
}
