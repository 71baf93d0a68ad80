//! One suite of behaviours, over memory, SQLite and PostgreSQL.
//!
//! PostgreSQL is `FERROGW_TEST_POSTGRES` (`tests/setup/postgres.sh start` prints it); without it that third is skipped, or fails
//! where `FERROGW_TEST_REQUIRE_POSTGRES=1` says that it must not be.

#[macro_use]
mod home;

mod activation;
mod audit;
mod bootstrap;
mod delivery;
mod follow;
mod guard;
mod internal_key;
mod key;
mod key_changes;
mod large;
mod log;
mod plumbing;
mod postgres;
mod records;
mod schema;
mod session;
mod stats;
mod tail;
mod usage;
mod worker;
