//! Where recorded answers come from: the scripted upstream for our fixtures, the collection's own tool for the rest.

use std::path::PathBuf;

use ferrogw_tests::{Process, Reply, Upstream, eventually, repository, scratch};

use crate::exchange::Exchange;

/// The folder with the collection and its tool: `FERROGW_SHARED`, or `../shared` when it is there.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("FERROGW_SHARED").map_or_else(|| repository().join("../shared"), PathBuf::from);
    let needed = ["data/exchanges/exchanges.jsonl.gz", "tools/replay_upstream.py"];
    needed.iter().all(|file| folder.join(file).is_file()).then_some(folder)
}

/// Our fixtures on the scripted upstream, streams cut at uneven offsets; returns the addresses of its targets.
pub(crate) fn scripted(exchanges: &[Exchange]) -> impl Fn(&str) -> String + use<> {
    let upstream = Upstream::start();
    for exchange in exchanges {
        let pieces = uneven(exchange.response_text.as_bytes());
        let reply = Reply::pieces(exchange.status, &[("content-type", exchange.content_type())], &pieces);
        let _ = upstream.script_of(&exchange.model()).on(&exchange.provider, [reply]).model();
    }
    move |provider| upstream.root(provider)
}

/// Cuts through lines, frames and characters.
fn uneven(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    for length in [1, 37, 5, 113, 2, 61].into_iter().cycle() {
        if bytes.is_empty() {
            break;
        }
        let (piece, rest) = bytes.split_at(length.min(bytes.len()));
        pieces.push(piece.to_vec());
        bytes = rest;
    }
    pieces
}

/// The collection's replaying upstream.
pub(crate) struct Tool {
    port: u16,
    _process: Process,
}

impl Tool {
    /// Starts it on a free port.
    pub(crate) async fn start(shared: &std::path::Path) -> Self {
        let python = repository().join(".tools/venv/bin/python");
        assert!(python.exists(), "{} is not installed; run `make deps`", python.display());
        let shared = std::fs::canonicalize(shared).expect("the folder is there");
        let port = ferrogw_tests::free_port();
        let mut process = Process::new(&python, &scratch("replay"))
            .arg(shared.join("tools/replay_upstream.py"))
            .arg(shared.join("data/exchanges/exchanges.jsonl.gz"))
            .arg("--port")
            .arg(port.to_string());
        process.start();
        eventually("the replaying upstream listens", async || tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok())
            .await;
        Self { port, _process: process }
    }

    /// The API root of every target: the tool looks at the model alone.
    pub(crate) fn root(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }
}
