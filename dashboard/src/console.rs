//! The page itself: built on Leptos, rendered in the browser, and fed by the admin API alone.
//!
//! One [`Console`] holds what every part may look at: where the reader is, who they are, what time it is, and whether the control plane
//! answers. Components are plain functions that return a view.

mod act;
mod browser;
mod checker;
mod clock;
mod effect;
mod fault;
mod load;
mod page;
mod part;
mod place;
mod relay;
mod session;
mod shell;
mod theme;

use ferrogw_api::Client;
use leptos::prelude::*;

use clock::Clock;
use fault::Fault;
use part::toast::Toasts;
use place::Place;
use session::Session;
use theme::Appearance;

/// What every part of the page may look at.
#[derive(Clone, Copy)]
pub(crate) struct Console {
    /// Where the reader is.
    pub(crate) place: Place,
    /// Who they are.
    pub(crate) session: Session,
    /// Why nothing is heard from the control plane, if so.
    pub(crate) outage: RwSignal<Option<Fault>>,
    /// What is to be said in passing.
    pub(crate) toasts: Toasts,
    /// What time it is where the control plane is.
    pub(crate) clock: Clock,
    /// How the page looks.
    pub(crate) appearance: Appearance,
    client: StoredValue<Client>,
}

impl Console {
    fn open() -> Self {
        let client = Client::new(&browser::origin(), None).expect("the origin of a page is an address");
        Self {
            place: Place::here(),
            session: Session::default(),
            outage: RwSignal::new(None),
            toasts: Toasts::default(),
            clock: Clock::start(),
            appearance: Appearance::remembered(),
            client: StoredValue::new(client),
        }
    }

    /// A way to call the control plane.
    pub(crate) fn client(self) -> Client {
        self.client.get_value()
    }

    /// Whether the reader may change anything.
    pub(crate) fn may_write(self) -> bool {
        self.session.may_write()
    }

    /// What an answer, or none, says about the state of things.
    pub(crate) fn heard(self, fault: Option<&Fault>) {
        self.clock.correct(&self.client());
        match fault {
            Some(Fault::SignedOut) => self.session.lapse(),
            // What the control plane cannot do is told by the parts that miss it, since others may go on. At the way in are none.
            Some(fault) if fault.is_silence() || (fault.is_outage() && !self.session.is_in()) => {
                self.outage.set(Some(fault.clone()));
            }
            Some(Fault::Forbidden(_)) => session::look_again(self),
            _ if self.outage.with_untracked(Option::is_some) => self.outage.set(None),
            _ => {}
        }
    }
}

/// Shows the page.
pub(crate) fn start() {
    browser::remove("splash");
    leptos::mount::mount_to_body(|| {
        let console = Console::open();
        session::look(console);
        shell::root(console)
    });
}
