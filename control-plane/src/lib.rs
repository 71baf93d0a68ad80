//! The control plane: owns configuration versions, keys, the request log and the audit trail, and pushes to workers.

mod entity;
pub mod store;
