//! The console's pages and their addresses. What a page shows is in its address, so that it can be sent to somebody.

mod query;

pub use query::Query;

/// What every page's address begins with.
pub const BASE: &str = "/dashboard";

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// What is wrong, and how much is going on.
    Overview,
    /// The request log.
    Requests,
    /// One request.
    Request(String),
    /// The configuration in force, to be edited.
    Configuration,
    /// What was in force, and when.
    History,
    /// API keys.
    Keys,
    /// One of them.
    Key(String),
    /// Providers and targets.
    Providers,
    /// Workers.
    Workers,
    /// Trying a model.
    Playground,
    /// Who changed what.
    Audit,
    /// Who is signed in.
    Sessions,
    /// The way in.
    SignIn,
    /// No page.
    Nowhere(String),
}

impl Page {
    /// The page at a path such as `/dashboard/keys`.
    #[must_use]
    pub fn at(path: &str) -> Self {
        let below = path.strip_prefix(BASE).unwrap_or(path);
        let segments: Vec<&str> = below.split('/').filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            [] => Self::Overview,
            ["logs"] => Self::Requests,
            ["logs", id] => Self::Request(query::decode(id)),
            ["configuration"] => Self::Configuration,
            ["configuration", "history"] => Self::History,
            ["keys"] => Self::Keys,
            ["keys", id] => Self::Key(query::decode(id)),
            ["providers"] => Self::Providers,
            ["workers"] => Self::Workers,
            ["playground"] => Self::Playground,
            ["audit"] => Self::Audit,
            ["sessions"] => Self::Sessions,
            ["sign-in"] => Self::SignIn,
            _ => Self::Nowhere(path.to_owned()),
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> String {
        let below = match self {
            Self::Overview => "/".to_owned(),
            Self::Requests => "/logs".to_owned(),
            Self::Request(id) => format!("/logs/{}", query::encode(id)),
            Self::Configuration => "/configuration".to_owned(),
            Self::History => "/configuration/history".to_owned(),
            Self::Keys => "/keys".to_owned(),
            Self::Key(id) => format!("/keys/{}", query::encode(id)),
            Self::Providers => "/providers".to_owned(),
            Self::Workers => "/workers".to_owned(),
            Self::Playground => "/playground".to_owned(),
            Self::Audit => "/audit".to_owned(),
            Self::Sessions => "/sessions".to_owned(),
            Self::SignIn => "/sign-in".to_owned(),
            Self::Nowhere(path) => return path.clone(),
        };
        format!("{BASE}{below}")
    }

    /// Its path with a query.
    #[must_use]
    pub fn with(&self, query: &Query) -> String {
        let text = query.text();
        if text.is_empty() { self.path() } else { format!("{}?{text}", self.path()) }
    }

    /// What stands above it. A list and one thing of it have one title: they are one page.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Requests | Self::Request(_) => "Requests",
            Self::Configuration => "Configuration",
            Self::History => "Configuration history",
            Self::Keys | Self::Key(_) => "API keys",
            Self::Providers => "Providers",
            Self::Workers => "Workers",
            Self::Playground => "Playground",
            Self::Audit => "Audit trail",
            Self::Sessions => "Sessions",
            Self::SignIn => "Sign in",
            Self::Nowhere(_) => "Not found",
        }
    }

    /// Whether it shows what happened within a range of time.
    #[must_use]
    pub fn has_range(&self) -> bool {
        matches!(self, Self::Overview | Self::Requests | Self::Audit)
    }
}

/// Where to go after signing in: a page of the console, never another place and never the way in itself.
#[must_use]
pub fn safe_next(next: Option<&str>) -> String {
    let next = next.unwrap_or_default();
    let path = next.split(['?', '#']).next().unwrap_or_default();
    let inside = path == BASE || path.strip_prefix(BASE).is_some_and(|rest| rest.starts_with('/'));
    let plain = inside && !next.contains(['\\', '\n', '\r', '\t']) && !next.contains("//");
    if plain && !matches!(Page::at(path), Page::SignIn | Page::Nowhere(_)) { next.to_owned() } else { Page::Overview.path() }
}

#[cfg(test)]
mod tests;
