//! Who makes a change, as the audit trail will remember it.

use uuid::Uuid;

/// Who makes a change. Taken from the credential of the call, never from what a client says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The credential's id: a key's UUID, or a synthetic one such as `master-key:…`; empty: unattributed.
    pub id: String,
    /// The credential's name, for people.
    pub name: String,
    /// The address that the call came from.
    pub source_ip: Option<String>,
    /// The call's `X-Request-ID`.
    pub request_id: Option<String>,
    /// The session that the call was made in. It is not written down: what is done in a session its credential has done.
    pub session: Option<Uuid>,
}

impl Actor {
    /// The gateway itself, e.g. when it imports a configuration file at start.
    #[must_use]
    pub fn system() -> Self {
        Self::named("system", "ferrogw")
    }

    /// An actor of whom nothing but `id` and `name` is known.
    #[must_use]
    pub fn named(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), source_ip: None, request_id: None, session: None }
    }

    /// How the actor is written down for good: `name (id)`, or what there is of it.
    #[must_use]
    pub fn display(&self) -> String {
        match (self.name.as_str(), self.id.as_str()) {
            ("", "") => "unattributed".to_owned(),
            ("", id) => id.to_owned(),
            (name, "") => name.to_owned(),
            (name, id) if name == id => id.to_owned(),
            (name, id) => format!("{name} ({id})"),
        }
    }
}
