//! A gateway with its upstream, shared by the tests of a module.

use serde_json::Value;
use tokio::sync::OnceCell;

use crate::{Client, Database, Gateway, Upstream, eventually};

/// A way to run the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deployment {
    /// Both planes in one process.
    AllInOne(Database),
    /// A control plane and two workers.
    Split(Database),
}

/// A gateway in front of a scripted upstream.
#[derive(Debug)]
pub struct World {
    /// The gateway.
    pub gateway: Gateway,
    /// What its targets talk to.
    pub upstream: Upstream,
}

impl World {
    /// Starts both, and puts the configuration that `config` makes of the upstream into force.
    pub async fn start(deployment: Deployment, config: fn(&Upstream) -> Value) -> Self {
        let plan = match deployment {
            Deployment::AllInOne(database) => Gateway::all_in_one(database),
            Deployment::Split(database) => Gateway::split(database),
        };
        let (upstream, gateway) = (Upstream::start(), plan.start().await);
        gateway.apply(&config(&upstream)).await;
        for worker in 0..gateway.workers() {
            gateway.await_ready(worker).await;
        }
        Self { gateway, upstream }
    }

    /// A client with the suite's inference key.
    #[must_use]
    pub fn client(&self) -> Client {
        self.gateway.client()
    }

    /// A client with the master key.
    #[must_use]
    pub fn admin(&self) -> Client {
        self.gateway.admin()
    }

    /// The record of the only request for a model, once it is stored.
    pub async fn record(&self, model: &str) -> Value {
        let admin = self.admin();
        eventually(&format!("the request for {model} is in the log"), async || {
            let logs = admin.get(&format!("/admin/logs?model={model}")).await.expect(200).json();
            logs["data"].get(0).cloned()
        })
        .await
    }
}

/// The worlds of a module, each started when it is first needed.
#[derive(Debug)]
pub struct Worlds {
    config: fn(&Upstream) -> Value,
    all_in_one: [OnceCell<World>; 2],
    split: [OnceCell<World>; 2],
}

impl Worlds {
    /// None yet; `config` makes their configuration.
    #[must_use]
    pub const fn of(config: fn(&Upstream) -> Value) -> Self {
        Self {
            config,
            all_in_one: [OnceCell::const_new(), OnceCell::const_new()],
            split: [OnceCell::const_new(), OnceCell::const_new()],
        }
    }

    /// The world of a deployment.
    pub async fn get(&self, deployment: Deployment) -> &World {
        let cell = match deployment {
            Deployment::AllInOne(database) => &self.all_in_one[database as usize],
            Deployment::Split(database) => &self.split[database as usize],
        };
        cell.get_or_init(|| World::start(deployment, self.config)).await
    }
}
