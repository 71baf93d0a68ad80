//! A provider that does exactly what a test tells it: one script per request, down to the bytes.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

/// One thing that a provider does.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Does nothing for a while.
    Pause(Duration),
    /// Does nothing until the test says so.
    Wait(Arc<Notify>),
    /// Does nothing until the gateway hangs up.
    Hang,
    /// Closes the connection.
    Close,
    /// Resets the connection.
    Reset,
}

/// What a provider does about one request.
#[derive(Debug, Clone)]
pub(crate) struct Script(Vec<Act>);

/// A whole answer.
pub(crate) fn answer(status: u16, body: &str) -> Script {
    answer_with(status, "", body)
}

/// A whole answer with further header lines, each ending in CRLF.
pub(crate) fn answer_with(status: u16, headers: &str, body: &str) -> Script {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n");
    Script(vec![Act::Send([head.as_bytes(), body.as_bytes()].concat())])
}

/// Nothing at all, for ever.
pub(crate) fn silence() -> Script {
    Script(vec![Act::Hang])
}

/// A connection that is reset in place of an answer.
pub(crate) fn reset() -> Script {
    Script(vec![Act::Reset])
}

/// The beginning of a stream: its head and these frames.
pub(crate) fn stream(frames: &[&str]) -> Script {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    Script(vec![Act::Send(head.into())]).frames(frames)
}

/// A whole stream: these frames and its end.
pub(crate) fn whole_stream(frames: &[&str]) -> Script {
    stream(frames).frames(&["[DONE]"]).end()
}

impl Script {
    /// More frames, in a write of their own.
    pub(crate) fn frames(mut self, frames: &[&str]) -> Self {
        let text: String = frames.iter().map(|frame| format!("data: {frame}\n\n")).collect();
        if !text.is_empty() {
            self.0.push(Act::Send(format!("{:x}\r\n{text}\r\n", text.len()).into()));
        }
        self
    }

    /// The end of the body, as HTTP spells it.
    pub(crate) fn end(mut self) -> Self {
        self.0.push(Act::Send(b"0\r\n\r\n".to_vec()));
        self
    }

    /// And then this.
    pub(crate) fn then(mut self, act: Act) -> Self {
        self.0.push(act);
        self
    }
}

/// A request as the provider saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Seen {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, v)| v)
    }

    /// The address that was asked for.
    pub(crate) fn path(&self) -> &str {
        self.head.split(' ').nth(1).expect("a request line")
    }
}

/// A scripted provider.
pub(crate) struct Provider {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
    hangups: mpsc::UnboundedReceiver<()>,
}

impl Provider {
    /// Starts one that works through `scripts`; a request beyond them is answered 599, which no test expects.
    pub(crate) async fn start(scripts: impl IntoIterator<Item = Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let (scripts, seen) = (Arc::new(Mutex::new(scripts.into_iter().collect())), Arc::new(Mutex::new(Vec::new())));
        let (heard, hangups) = mpsc::unbounded_channel();
        let connection = Connection { scripts, seen: Arc::clone(&seen), heard };
        let connections = Arc::new(AtomicUsize::new(0));
        let opened = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                opened.fetch_add(1, SeqCst);
                tokio::spawn(connection.clone().serve(socket));
            }
        });
        Self { port, seen, connections, hangups }
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("not poisoned").clone()
    }

    /// The only request.
    pub(crate) fn only(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.into_iter().next().expect("one")
    }

    /// The connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(SeqCst)
    }

    /// Returns when the gateway hung up on a provider that hangs.
    pub(crate) async fn hears_a_hangup(&mut self) {
        timeout(Duration::from_secs(5), self.hangups.recv()).await.expect("the gateway hangs up").expect("a provider");
    }
}

#[derive(Clone)]
struct Connection {
    scripts: Arc<Mutex<VecDeque<Script>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    heard: mpsc::UnboundedSender<()>,
}

impl Connection {
    async fn serve(self, mut socket: TcpStream) {
        while let Some(request) = read(&mut socket).await {
            self.seen.lock().expect("not poisoned").push(request);
            let script = self.scripts.lock().expect("not poisoned").pop_front();
            for act in script.unwrap_or_else(|| answer(599, "{}")).0 {
                match act {
                    Act::Send(bytes) => {
                        if socket.write_all(&bytes).await.is_err() {
                            let _ = self.heard.send(());
                            return;
                        }
                    }
                    Act::Pause(time) => tokio::time::sleep(time).await,
                    Act::Wait(word) => word.notified().await,
                    Act::Hang => {
                        while matches!(socket.read(&mut [0; 1024]).await, Ok(1..)) {}
                        let _ = self.heard.send(());
                        return;
                    }
                    Act::Close => return,
                    Act::Reset => {
                        socket.set_zero_linger().expect("a socket option");
                        return;
                    }
                }
            }
        }
    }
}

async fn read(socket: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).expect("an ASCII head");
            let mut seen = Seen { head, body: String::new() };
            let length: usize = seen.header("content-length").map_or(0, |length| length.parse().expect("a length"));
            while bytes.len() < end + 4 + length {
                (socket.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
            }
            seen.body = String::from_utf8(bytes.split_off(end + 4)).expect("a UTF-8 body");
            return Some(seen);
        }
        (socket.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    }
}
