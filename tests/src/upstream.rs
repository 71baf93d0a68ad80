//! A provider that does as it is told: the model's name picks the script, so that tests share one gateway and one upstream.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::reply::{Reply, Step};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Which target's address it came to.
    pub target: String,
    /// The path after that.
    pub path: String,
    /// Headers, names in lower case.
    pub headers: HashMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Seen {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the gateway sends JSON")
    }
}

#[derive(Debug, Default)]
struct State {
    /// Replies by target and model, the last of each repeating.
    scripts: HashMap<(String, String), Vec<Reply>>,
    seen: Vec<(String, Seen)>,
    hung_up: HashMap<String, usize>,
}

/// A scripted upstream on a thread of its own; it lives as long as the test run.
#[derive(Debug, Clone)]
pub struct Upstream {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Upstream {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// When the machine has no more threads or ports.
    #[must_use]
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket takes that");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let upstream = Self { port, state: Arc::default() };
        let shared = upstream.clone();
        std::thread::Builder::new()
            .name("upstream".into())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async move {
                    let listener = TcpListener::from_std(listener).expect("a listening socket");
                    while let Ok((stream, _)) = listener.accept().await {
                        let upstream = shared.clone();
                        tokio::spawn(async move { upstream.serve(stream).await });
                    }
                });
            })
            .expect("a thread");
        upstream
    }

    /// Its loopback port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The API root of the target called `target`.
    #[must_use]
    pub fn root(&self, target: &str) -> String {
        format!("http://127.0.0.1:{}/{target}", self.port)
    }

    /// A new model with a script to be written.
    #[must_use]
    pub fn script(&self) -> Script<'_> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Script { upstream: self, model: format!("scripted-{}", NEXT.fetch_add(1, Ordering::Relaxed)) }
    }

    /// A model of this name with a script to be written.
    #[must_use]
    pub fn script_of(&self, model: &str) -> Script<'_> {
        Script { upstream: self, model: model.to_owned() }
    }

    /// A new model that the target `alpha` answers with this, however often it is asked.
    #[must_use]
    pub fn answers(&self, reply: Reply) -> String {
        self.script().on("alpha", [reply]).model()
    }

    /// What arrived for a model, in order.
    #[must_use]
    pub fn seen(&self, model: &str) -> Vec<Seen> {
        self.lock().seen.iter().filter(|(known, _)| known == model).map(|(_, seen)| seen.clone()).collect()
    }

    /// The targets that were asked for a model, in order.
    #[must_use]
    pub fn asked(&self, model: &str) -> Vec<String> {
        self.seen(model).into_iter().map(|seen| seen.target).collect()
    }

    /// How many times the gateway hung up on an unfinished reply for a model.
    #[must_use]
    pub fn hung_up(&self, model: &str) -> usize {
        self.lock().hung_up.get(model).copied().unwrap_or_default()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics while holding it")
    }

    async fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut unread = Vec::new();
        while let Some(seen) = read_request(&mut stream, &mut unread).await? {
            let model = serde_json::from_slice::<Value>(&seen.body).ok();
            let model = model.as_ref().and_then(|body| body["model"].as_str()).unwrap_or_default().to_owned();
            let reply = self.next_reply(&seen.target, &model);
            self.lock().seen.push((model.clone(), seen));
            match play(&mut stream, reply).await {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(_) => {
                    *self.lock().hung_up.entry(model).or_default() += 1;
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn next_reply(&self, target: &str, model: &str) -> Reply {
        match self.lock().scripts.get_mut(&(target.to_owned(), model.to_owned())) {
            Some(replies) if replies.len() > 1 => replies.remove(0),
            Some(replies) => replies[0].clone(),
            None => Reply::error(404, "no_script", &format!("target {target} has no script for {model}")),
        }
    }
}

/// The script of one model.
#[derive(Debug)]
pub struct Script<'a> {
    upstream: &'a Upstream,
    model: String,
}

impl Script<'_> {
    /// What a target replies, first to last; the last repeats.
    #[must_use]
    pub fn on<const N: usize>(self, target: &str, replies: [Reply; N]) -> Self {
        self.upstream.lock().scripts.insert((target.to_owned(), self.model.clone()), replies.to_vec());
        self
    }

    /// The model's name.
    #[must_use]
    pub fn model(self) -> String {
        self.model
    }
}

/// Carries a reply out; whether the connection may be used again. An error: the other side hung up before the end.
async fn play(stream: &mut TcpStream, reply: Reply) -> io::Result<bool> {
    for step in reply.0 {
        match step {
            Step::Send(bytes) => stream.write_all(&bytes).await?,
            Step::Wait(pause) => tokio::select! {
                () = tokio::time::sleep(pause) => {}
                gone = hang_up(stream) => return Err(gone),
            },
            Step::Hang => return Err(hang_up(stream).await),
            Step::Close => return Ok(false),
            Step::Reset => {
                stream.set_zero_linger()?;
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Ends when the other side closes or breaks the connection.
async fn hang_up(stream: &mut TcpStream) -> io::Error {
    let mut byte = [0; 1];
    match stream.read(&mut byte).await {
        Ok(_) => io::ErrorKind::ConnectionAborted.into(),
        Err(error) => error,
    }
}

async fn read_request(stream: &mut TcpStream, unread: &mut Vec<u8>) -> io::Result<Option<Seen>> {
    let end = loop {
        if let Some(at) = unread.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(unread).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&unread[..end]).into_owned();
    unread.drain(..end + 4);
    let mut lines = head.lines();
    let path = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
    let header = |line: &str| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
    let headers: HashMap<String, String> = lines.filter_map(header).collect();
    let body = read_body(stream, unread, &headers).await?;
    let (target, path) = path.trim_start_matches('/').split_once('/').unwrap_or((&path, ""));
    Ok(Some(Seen { target: target.to_owned(), path: format!("/{path}"), headers, body }))
}

async fn read_body(stream: &mut TcpStream, unread: &mut Vec<u8>, headers: &HashMap<String, String>) -> io::Result<Vec<u8>> {
    let Some(length) = headers.get("content-length").and_then(|length| length.parse::<usize>().ok()) else {
        return Ok(Vec::new());
    };
    while unread.len() < length {
        if stream.read_buf(unread).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(unread.drain(..length).collect())
}
