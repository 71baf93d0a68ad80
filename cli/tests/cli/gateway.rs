//! A real control plane in this process.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::thread::JoinHandle;

use ferrogw_config::Secret;
use ferrogw_control_plane::settings::Stores;
use ferrogw_control_plane::{ControlPlane, Settings};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::program::{Done, Program, cli};

pub(crate) const KEY: &str = "the break-glass key of the CLI suite";

pub(crate) struct Gateway {
    pub(crate) url: String,
    pub(crate) folder: TempDir,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
}

impl Gateway {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let memory = Some("memory".to_owned());
        let stores = Stores {
            config_store_backend: memory.clone(),
            api_key_store_backend: memory.clone(),
            request_log_store_backend: memory,
            ..Stores::default()
        };
        let address = free();
        let mut settings =
            Settings { stores, data_dir: folder.path().join("data"), admin_addr: Some(address), ..Settings::default() };
        settings.access.master_key = Some(Secret::new(KEY.to_owned()));
        let stop = CancellationToken::new();
        let token = stop.clone();
        let serving = std::thread::spawn(move || serve(settings, token));
        while TcpStream::connect(address).is_err() {
            assert!(!serving.is_finished(), "the control plane does not start");
            std::thread::yield_now();
        }
        Self { url: format!("http://{address}"), folder, stop, serving: Some(serving) }
    }

    /// Runs the binary against this gateway, with its key.
    pub(crate) fn cli(&self, arguments: &[&str]) -> Done {
        self.program(arguments).run()
    }

    /// Makes a key; the record is JSON.
    pub(crate) fn make(&self, options: &[&str]) -> Done {
        let command = ["admin", "keys", "create", "--format", "json"];
        self.cli(&[&command, options].concat()).ok()
    }

    /// The binary, to be run against this gateway with its key.
    pub(crate) fn program(&self, arguments: &[&str]) -> Program {
        cli(arguments).env("FERROGW_URL", &self.url).env("FERROGW_API_KEY", KEY)
    }

    /// Writes a file and gives its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("the file is written");
        path.display().to_string()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(serving) = self.serving.take() {
            let _ = serving.join();
        }
    }
}

fn serve(settings: Settings, stop: CancellationToken) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let control = ControlPlane::build(settings).await.expect("the control plane starts");
        control.run(stop).await.expect("it serves");
    });
}

/// An address that nothing else in this process is given. Where Linux has one, it is one of the gateway's own: once the port is free
/// again, no test beside this one can be given it.
fn free() -> SocketAddr {
    static GIVEN: AtomicU8 = AtomicU8::new(1);
    let host = if cfg!(target_os = "linux") { GIVEN.fetch_add(1, Relaxed).max(1) } else { 1 };
    let third = u8::from(cfg!(target_os = "linux"));
    TcpListener::bind((Ipv4Addr::new(127, 0, third, host), 0)).and_then(|listener| listener.local_addr()).expect("a free port")
}
