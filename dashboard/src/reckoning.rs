//! What pages work out of what the control plane says, where that takes more than showing it.

pub mod agent;
pub mod api;
pub mod audit;
pub mod concern;
pub mod key;
pub mod log;
pub mod trial;
pub mod usage;
