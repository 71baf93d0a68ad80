//! The end-to-end harness: starts the real binaries, scripts their upstreams, asks them as a client would.
//!
//! A test reads as a sentence: arrange with [`Gateway`] and [`Upstream`], ask with [`Client`], look at the [`Answer`]. The
//! suite is in `tests/it`; the recorded exchanges in `tests/recorded`.

mod client;
mod eventually;
mod folders;
mod gateway;
mod ports;
mod postgres;
mod process;
pub mod reply;
mod tls;
mod upstream;
mod world;

pub use client::{Answer, Client, Stream};
pub use eventually::{eventually, eventually_within};
pub use folders::fresh as scratch;
pub use gateway::{Database, Gateway, JOIN_TOKEN, MASTER_KEY, NewKey, Plan, UPSTREAM_KEYS};
pub use ports::free as free_port;
pub use postgres::{Cluster, Lock};
pub use process::{Process, binary as program, command, repository};
pub use reply::Reply;
pub use tls::{Authority, Protocol};
pub use upstream::{Script, Seen, Upstream};
pub use world::{Deployment, World, Worlds};

/// Runs each sentence over both deployments: one process on SQLite, and two planes on PostgreSQL with two workers.
///
/// A sentence is an `async fn(&World)`; `$worlds` is the module's static of [`Worlds`].
#[macro_export]
macro_rules! over_both {
    ($worlds:ident: $($sentence:ident),+ $(,)?) => {
        $crate::over!(all_in_one, $crate::Deployment::AllInOne($crate::Database::Sqlite), $worlds: $($sentence),+);
        $crate::over!(split, $crate::Deployment::Split($crate::Database::Postgres), $worlds: $($sentence),+);
    };
}

/// As [`over_both!`], over both deployments times both databases: for what the store decides.
#[macro_export]
macro_rules! over_all {
    ($worlds:ident: $($sentence:ident),+ $(,)?) => {
        $crate::over_both!($worlds: $($sentence),+);
        $crate::over!(all_in_one_postgres, $crate::Deployment::AllInOne($crate::Database::Postgres), $worlds: $($sentence),+);
        $crate::over!(split_sqlite, $crate::Deployment::Split($crate::Database::Sqlite), $worlds: $($sentence),+);
    };
}

/// Runs each sentence over one deployment, as tests of a module of that name.
#[macro_export]
macro_rules! over {
    ($name:ident, $deployment:expr, $worlds:ident: $($sentence:ident),+) => {
        mod $name {
            $(
                #[tokio::test]
                async fn $sentence() {
                    super::$sentence(super::$worlds.get($deployment).await).await;
                }
            )+
        }
    };
}
