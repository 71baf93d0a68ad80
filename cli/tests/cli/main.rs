//! The binary itself, against a real control plane and against servers that are none.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod canned;
mod gateway;
mod program;
mod terminal;

mod admin;
mod clock;
mod config;
mod credential;
mod doctor;
mod export;
mod faults;
mod formats;
mod hostile;
mod init;
mod keys;
mod live;
mod logs;
mod offline;
mod people;
mod sessions;
mod shell;
mod status;
