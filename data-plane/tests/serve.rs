//! The life of a request against scripted providers: every fault that a real one will not produce on demand.

#[path = "serve/gateway.rs"]
mod gateway;
#[path = "serve/provider.rs"]
mod provider;

#[path = "serve/bodies.rs"]
mod bodies;
#[path = "serve/compiling.rs"]
mod compiling;
#[path = "serve/errors.rs"]
mod errors;
#[path = "serve/keys.rs"]
mod keys;
#[path = "serve/models.rs"]
mod models;
#[path = "serve/network.rs"]
mod network;
#[path = "serve/one_core.rs"]
mod one_core;
#[path = "serve/plugins.rs"]
mod plugins;
#[path = "serve/retries.rs"]
mod retries;
#[path = "serve/routing.rs"]
mod routing;
#[path = "serve/streams.rs"]
mod streams;
#[path = "serve/surfaces.rs"]
mod surfaces;
