//! The binary itself, against a real control plane and against servers that are none.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod canned;
mod gateway;
mod program;

mod admin;
mod faults;
mod offline;
