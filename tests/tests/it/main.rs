//! The end-to-end suite: real processes, real databases, scripted providers. In suggested reading order.

mod admin;
mod backup;
mod browser;
mod chat;
mod cli;
mod containers;
mod database;
mod disk;
mod errors;
mod examples;
mod fallback;
mod faults;
mod first_start;
mod keys;
mod layout;
mod observability;
mod operator;
mod playground;
mod push;
mod restart;
mod sdk;
mod setting;
mod stream;
mod tls;
mod tools;
mod usage;
