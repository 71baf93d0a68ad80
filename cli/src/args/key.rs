//! `admin keys`.

use clap::{ArgGroup, Args as Arguments, Subcommand};
use ferrogw_api::key::Scope;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::clock::Span;

const CREATE_EXAMPLES: &str = "\
Examples:
  ferrogw-cli admin keys create --name search-team --scope inference --expires-in 90d
  key=$(ferrogw-cli admin keys create --name ci --scope admin --quiet)";

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Make a key; its secret is shown this once
    #[command(after_help = CREATE_EXAMPLES)]
    Create(CreateKey),
    /// List the keys, newest first
    List,
    /// Show one key
    Get {
        /// The key's id
        id: String,
    },
    /// Change a key's name, scopes or expiry; what is not named stays
    Update(UpdateKey),
    /// Replace a key's secret; the old one ends at once, the new one is shown this once
    Rotate {
        /// The key's id
        id: String,
        #[command(flatten)]
        sure: Sure,
    },
    /// Take a key away for good; it stays in the list
    Revoke {
        /// The key's id
        id: String,
        #[command(flatten)]
        sure: Sure,
    },
    /// Take a key away for good and forget it
    Delete {
        /// The key's id
        id: String,
        #[command(flatten)]
        sure: Sure,
    },
}

/// Whether to ask first.
#[derive(Debug, Clone, Copy, Arguments)]
pub(crate) struct Sure {
    /// Do it without asking
    #[arg(long, short)]
    pub(crate) yes: bool,
}

#[derive(Debug, Arguments)]
pub(crate) struct CreateKey {
    /// What the key is for
    #[arg(long)]
    pub(crate) name: String,

    /// What it may do: `admin`, `read_only` or `inference`; several times or with commas
    #[arg(long = "scope", value_delimiter = ',', default_value = "read_only", value_name = "SCOPE")]
    pub(crate) scopes: Vec<Scope>,

    /// How long it is accepted, such as 720h or 30d
    #[arg(long, value_name = "DURATION")]
    pub(crate) expires_in: Option<Span>,

    /// When it ends, such as 2026-12-31T00:00:00Z
    #[arg(long, value_name = "TIME", value_parser = instant, conflicts_with = "expires_in")]
    pub(crate) expires_at: Option<OffsetDateTime>,
}

#[derive(Debug, Arguments)]
#[group(skip)]
#[command(group(ArgGroup::new("change").required(true).multiple(true).args(["name", "scopes", "expires_in", "expires_at", "never_expires"])))]
pub(crate) struct UpdateKey {
    /// The key's id
    pub(crate) id: String,

    /// Its new name
    #[arg(long)]
    pub(crate) name: Option<String>,

    /// What it may do from now on: `admin`, `read_only` or `inference`; several times or with commas
    #[arg(long = "scope", value_delimiter = ',', value_name = "SCOPE")]
    pub(crate) scopes: Vec<Scope>,

    /// How long it is accepted from now on, such as 720h or 30d
    #[arg(long, value_name = "DURATION", conflicts_with_all = ["expires_at", "never_expires"])]
    pub(crate) expires_in: Option<Span>,

    /// When it ends, such as 2026-12-31T00:00:00Z
    #[arg(long, value_name = "TIME", value_parser = instant, conflicts_with = "never_expires")]
    pub(crate) expires_at: Option<OffsetDateTime>,

    /// Let it never end
    #[arg(long)]
    pub(crate) never_expires: bool,
}

fn instant(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| "say an RFC 3339 time such as 2026-01-31T12:00:00Z".to_owned())
}
