//! The control plane: owns configuration versions, keys, the request log and the audit trail, and pushes to workers.

pub mod store;
