//! The binary itself, against a real control plane and against servers that are none.

mod canned;
mod gateway;
mod program;

mod admin;
mod faults;
mod offline;
