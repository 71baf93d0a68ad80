//! What the two planes say to each other, and what operators watch.
//!
//! Generated from the `.proto` files beside this crate; those files hold the documentation. Types of this crate stop at the
//! borders (`control-plane/src/grpc`, `data-plane/src/{sync,usage}`, `cli`) and are translated there.
#![allow(
    clippy::allow_attributes,
    clippy::large_enum_variant,
    clippy::too_many_lines,
    clippy::doc_markdown,
    unreachable_pub,
    reason = "which lints the generated code trips depends on the generator's version"
)]

mod link;

pub use link::{Link, link};

/// What operators watch, control plane → command line and scripts.
pub mod operator {
    tonic::include_proto!("ferrogw.operator.v1");
}

/// Configuration and keys, control plane → worker.
pub mod sync {
    tonic::include_proto!("ferrogw.sync.v1");
}

/// Accounts of finished requests, worker → control plane.
pub mod usage {
    tonic::include_proto!("ferrogw.usage.v1");
}

/// Largest configuration document, in bytes: an activation has to fit one gRPC message.
pub const MAX_DOCUMENT_BYTES: usize = 3 << 20;

/// Largest chunk of the key table, in bytes.
pub const MAX_KEY_CHUNK_BYTES: usize = 1 << 20;

/// Metadata key under which a worker presents the join token (`Bearer <token>`).
pub const JOIN_TOKEN_METADATA: &str = "authorization";
