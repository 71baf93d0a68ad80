//! Rows of the database, column by column. Nothing outside `store` sees them, and they have no logic.

pub(crate) mod activation;
pub(crate) mod api_key;
pub(crate) mod audit;
pub(crate) mod bootstrap;
pub(crate) mod key_removal;
pub(crate) mod key_revision;
pub(crate) mod key_use;
pub(crate) mod request_log;
pub(crate) mod rollup;
pub(crate) mod session;
pub(crate) mod setting;
pub(crate) mod version;
pub(crate) mod watermark;
pub(crate) mod worker;
