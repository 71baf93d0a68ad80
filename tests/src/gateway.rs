//! A running gateway: one process, or a control plane with workers, on either database.

use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::process::binary;
use crate::{Client, Cluster, Process, eventually, folders, ports};

/// The break-glass admin credential of every gateway here.
pub const MASTER_KEY: &str = "master-key-of-the-end-to-end-suite";
/// What planes show each other.
pub const JOIN_TOKEN: &str = "join-token-of-the-end-to-end-suite";

/// Where a gateway keeps its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Database {
    /// A file in the data directory.
    Sqlite,
    /// A database in a cluster that the suite starts.
    Postgres,
}

/// What is to be started.
#[derive(Debug)]
pub struct Plan {
    database: Database,
    workers: Option<usize>,
    dsn: Option<String>,
    variables: Vec<(String, String)>,
    left_out: Vec<&'static str>,
}

impl Plan {
    /// Gives every process of the gateway a variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Leaves out a variable that every gateway of the suite has otherwise.
    #[must_use]
    pub fn without(mut self, name: &'static str) -> Self {
        self.left_out.push(name);
        self
    }

    /// With so many workers, where the planes are apart.
    #[must_use]
    pub fn workers(mut self, count: usize) -> Self {
        self.workers = self.workers.map(|_| count);
        self
    }

    /// Keeps the state in this PostgreSQL database instead of one in the shared cluster.
    #[must_use]
    pub fn in_database(mut self, dsn: String) -> Self {
        self.dsn = Some(dsn);
        self
    }

    /// Starts it and waits until its admin side answers and its inference key works everywhere.
    pub async fn start(self) -> Gateway {
        let mut gateway = self.spawn();
        gateway.await_admin().await;
        gateway.key = gateway.create_key(json!({ "name": "suite", "scopes": ["inference"] })).await.secret;
        gateway
    }

    /// Starts the processes and waits for nothing.
    #[must_use]
    pub fn spawn(self) -> Gateway {
        let folder = folders::fresh("gateway");
        let mut shared = vec![("MASTER_KEY".to_owned(), MASTER_KEY.to_owned())];
        shared.extend(UPSTREAM_KEYS.map(|(name, value)| (name.to_owned(), value.to_owned())));
        shared.extend(self.variables);
        shared.retain(|(name, _)| !self.left_out.contains(&name.as_str()));
        let stores = self.dsn.or_else(|| (self.database == Database::Postgres).then(|| shared_cluster().database()));
        let stores = stores.into_iter().flat_map(|dsn| stores_in(&dsn)).collect::<Vec<_>>();
        match self.workers {
            None => Gateway::spawn_all_in_one(&folder, shared, stores),
            Some(count) => Gateway::spawn_split(&folder, &shared, stores, count),
        }
    }
}

/// A key as it was created: the only time that its secret is seen.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Its id.
    pub id: String,
    /// The credential itself.
    pub secret: String,
}

/// Credentials for scripted upstreams; configurations name them, and nothing may ever print them.
pub const UPSTREAM_KEYS: [(&str, &str); 3] = [
    ("ALPHA_KEY", "upstream-credential-alpha-8Yq2"),
    ("BETA_KEY", "upstream-credential-beta-4Kd9"),
    ("GAMMA_KEY", "upstream-credential-gamma-7Wn3"),
];

/// A running gateway.
#[derive(Debug)]
pub struct Gateway {
    /// The control plane; `None`: the one worker is the whole gateway.
    control: Option<Process>,
    workers: Vec<Process>,
    admin_port: u16,
    worker_ports: Vec<u16>,
    key: String,
}

impl Gateway {
    /// Both planes in one process.
    #[must_use]
    pub fn all_in_one(database: Database) -> Plan {
        Plan { database, workers: None, dsn: None, variables: Vec::new(), left_out: Vec::new() }
    }

    /// A control plane and two workers.
    #[must_use]
    pub fn split(database: Database) -> Plan {
        Plan { database, workers: Some(2), dsn: None, variables: Vec::new(), left_out: Vec::new() }
    }

    fn spawn_all_in_one(folder: &Path, shared: Vec<(String, String)>, stores: Vec<(String, String)>) -> Self {
        let port = ports::free();
        let variables = [("PORT".to_owned(), port.to_string())].into_iter().chain(stores).chain(shared).collect();
        let worker = running("ferrogw", folder, variables);
        Self { control: None, workers: vec![worker], admin_port: port, worker_ports: vec![port], key: String::new() }
    }

    fn spawn_split(folder: &Path, shared: &[(String, String)], stores: Vec<(String, String)>, count: usize) -> Self {
        let (admin_port, grpc_port) = (ports::free(), ports::free());
        let own = [
            ("FERROGW_JOIN_TOKEN", JOIN_TOKEN.to_owned()),
            ("FERROGW_ADMIN_ADDR", format!("127.0.0.1:{admin_port}")),
            ("FERROGW_GRPC_ADDR", format!("127.0.0.1:{grpc_port}")),
        ];
        let variables = own.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(stores).chain(shared.to_vec());
        let control = running("ferrogw-control-plane", &folder.join("control-plane"), variables.collect());
        let worker_ports: Vec<u16> = (0..count).map(|_| ports::free()).collect();
        let worker = |(index, port): (usize, &u16)| {
            let own = [
                ("FERROGW_JOIN_TOKEN", JOIN_TOKEN.to_owned()),
                ("FERROGW_CONTROL_PLANE", format!("http://127.0.0.1:{grpc_port}")),
                ("PORT", port.to_string()),
            ];
            // The break-glass credential is the control plane's alone.
            let shared = shared.iter().filter(|(name, _)| name != "MASTER_KEY").cloned();
            let variables = own.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(shared).collect();
            running("ferrogw-data-plane", &folder.join(format!("worker-{index}")), variables)
        };
        let workers = worker_ports.iter().enumerate().map(worker).collect();
        Self { control: Some(control), workers, admin_port, worker_ports, key: String::new() }
    }

    /// The process of the control plane; of everything when there is but one.
    pub fn control(&mut self) -> &mut Process {
        self.control.as_mut().unwrap_or(&mut self.workers[0])
    }

    /// The process of a worker.
    pub fn worker(&mut self, index: usize) -> &mut Process {
        &mut self.workers[index]
    }

    /// How many workers there are.
    #[must_use]
    pub fn workers(&self) -> usize {
        self.workers.len()
    }

    /// A client of the first worker that shows the suite's inference key.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client_of(0)
    }

    /// A client of that worker.
    #[must_use]
    pub fn client_of(&self, worker: usize) -> Client {
        Client::new(self.worker_ports[worker], &self.key)
    }

    /// A client of the admin side that shows the master key.
    #[must_use]
    pub fn admin(&self) -> Client {
        Client::new(self.admin_port, MASTER_KEY)
    }

    /// The suite's inference key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The port of a worker's API.
    #[must_use]
    pub fn port(&self, worker: usize) -> u16 {
        self.worker_ports[worker]
    }

    /// The port of the admin side.
    #[must_use]
    pub fn admin_port(&self) -> u16 {
        self.admin_port
    }

    /// Waits until the admin side answers.
    pub async fn await_admin(&self) {
        let admin = self.admin();
        eventually(&format!("the admin side answers\n{}", self.tails()), async || {
            admin.try_get("/admin/config/history").await.ok().filter(|answer| answer.status == 200)
        })
        .await;
    }

    /// Waits until a worker is ready.
    pub async fn await_ready(&self, worker: usize) {
        let client = self.client_of(worker);
        eventually("the worker is ready", async || client.try_get("/readyz").await.ok().filter(|answer| answer.status == 200))
            .await;
    }

    /// Puts a configuration into force and waits until every worker serves it; returns its version.
    pub async fn apply(&self, config: &Value) -> u64 {
        let written = self.admin().put("/admin/config", config).await.expect(200).json();
        let version = written["version"].as_u64().expect("a written configuration has a version");
        self.await_version(version).await;
        version
    }

    /// Waits until every worker serves this version or a later one.
    pub async fn await_version(&self, version: u64) {
        let admin = self.admin();
        eventually(&format!("every worker serves version {version}\n{}", self.tails()), async || {
            let workers = admin.get("/admin/workers").await.expect(200).json();
            let serving = |worker: &&Value| worker["connected"] == true && worker["version"].as_u64() >= Some(version);
            let count = workers["data"].as_array()?.iter().filter(serving).count();
            (count == self.workers.len()).then_some(())
        })
        .await;
    }

    /// Creates a key and waits until every worker knows it.
    pub async fn create_key(&self, body: Value) -> NewKey {
        let created = self.admin().post("/admin/keys", &body).await.expect(201).json();
        let text = |member: &str| created[member].as_str().expect("a created key says its id and its secret").to_owned();
        let key = NewKey { id: text("id"), secret: text("key") };
        for port in &self.worker_ports {
            let client = Client::new(*port, &key.secret);
            eventually(&format!("a worker knows the new key\n{}", self.tails()), async || {
                client.try_get("/v1/models").await.ok().filter(|answer| answer.status != 401)
            })
            .await;
        }
        key
    }

    /// The ends of all logs, for messages.
    #[must_use]
    pub fn tails(&self) -> String {
        self.control.iter().chain(&self.workers).map(Process::tail).collect::<Vec<_>>().join("\n")
    }
}

fn running(program: &str, folder: &Path, variables: Vec<(String, String)>) -> Process {
    let mut process = Process::new(&binary(program), folder);
    process.set("FERROGW_DATA_DIR", &folder.join("data").to_string_lossy());
    process.set("LOG_LEVEL", "info");
    for (name, value) in variables {
        process.set(&name, &value);
    }
    process.start();
    process
}

fn stores_in(dsn: &str) -> Vec<(String, String)> {
    ["CONFIG_STORE", "API_KEY_STORE", "REQUEST_LOG_STORE"]
        .into_iter()
        .flat_map(|area| [(format!("{area}_BACKEND"), "postgres".to_owned()), (format!("{area}_DSN"), dsn.to_owned())])
        .collect()
}

fn shared_cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start)
}
