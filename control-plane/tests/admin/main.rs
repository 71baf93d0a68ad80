//! The admin API through its real router, over memory, SQLite and PostgreSQL.
//!
//! PostgreSQL is the server that `FERROGW_TEST_POSTGRES` names; without it that third is skipped.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

#[macro_use]
mod plane;

mod audit;
mod auth;
mod bootstrap;
mod client;
mod config;
mod console;
mod edge;
mod guard;
mod health;
mod history;
mod key;
mod key_usage;
mod log;
mod log_file;
mod log_search;
mod log_tail;
mod metrics;
mod playground;
mod session;
mod start;
mod usage;
mod worker;
