use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::StreamExt as _;
use http::{Request, Response};
use hyper::body::Incoming;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{Cores, Limits, Loads, Service};

/// `/core` tells which core answers, `/stream` sends `one`, waits for the gate, and sends `two`.
#[derive(Clone)]
struct Fake {
    core: usize,
    gate: Arc<Semaphore>,
}

impl Service for Fake {
    fn answer(&self, request: Request<Incoming>, _: SocketAddr) -> impl Future<Output = Response<Body>> + use<> {
        let Self { core, gate } = self.clone();
        async move {
            match request.uri().path() {
                "/core" => Response::new(Body::from(core.to_string())),
                "/large" => Response::new(Body::from(vec![b'x'; 64 << 20])),
                "/panic" => panic!("as asked"),
                _ => Response::new(Body::from_stream(frames(gate))),
            }
        }
    }
}

fn frames(gate: Arc<Semaphore>) -> impl futures::Stream<Item = Result<Bytes, std::io::Error>> {
    let wait = async move {
        let _ = gate.acquire().await;
        Ok(Bytes::from("two"))
    };
    futures::stream::once(async { Ok(Bytes::from("one,")) }).chain(futures::stream::once(wait))
}

struct Running {
    address: SocketAddr,
    gate: Arc<Semaphore>,
    loads: Arc<Loads>,
    stop: CancellationToken,
    cores: Cores,
}

fn start(cores: usize, limits: Limits) -> Running {
    start_at("127.0.0.1:0", cores, limits)
}

fn start_at(address: &str, cores: usize, limits: Limits) -> Running {
    let listener = std::net::TcpListener::bind(address).unwrap();
    let address = listener.local_addr().unwrap();
    let (gate, stop) = (Arc::new(Semaphore::new(0)), CancellationToken::new());
    let loads = Arc::new(Loads::new(NonZeroUsize::new(cores).unwrap()));
    let services = (0..cores).map(|core| {
        let gate = gate.clone();
        move || Fake { core, gate }
    });
    let cores = Cores::start(listener, &loads, &limits, services, stop.clone()).unwrap();
    Running { address, gate, loads, stop, cores }
}

const BRIEF: Duration = Duration::from_millis(200);

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

async fn ask(connection: &mut TcpStream, path: &str) {
    connection.write_all(format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n").as_bytes()).await.unwrap();
}

async fn read_until(connection: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    while !text.contains(end) {
        let mut buffer = [0; 4096];
        match connection.read(&mut buffer).await {
            Ok(0) => break,
            Ok(read) => text.push_str(&String::from_utf8_lossy(&buffer[..read])),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => panic!("{error}"),
        }
    }
    text
}

async fn body(connection: &mut TcpStream, path: &str) -> String {
    ask(connection, path).await;
    let answer = read_until(connection, "\r\n\r\n").await;
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[tokio::test]
async fn connections_are_dealt_in_turn_and_stay_where_they_are() {
    let running = start(2, Limits::default());
    let mut by_core = HashMap::<String, u32>::new();
    for _ in 0..6 {
        let mut connection = connect(running.address).await;
        let core = body(&mut connection, "/core").await;
        assert_eq!(body(&mut connection, "/core").await, core);
        *by_core.entry(core).or_default() += 1;
    }
    assert_eq!(by_core, HashMap::from([("0".to_owned(), 3), ("1".to_owned(), 3)]));
}

#[tokio::test]
async fn requests_in_flight_end_well_while_idle_connections_are_closed() {
    // Where Linux has one, an address of its own: once the port is free, no test beside this one can be given it.
    let address = if cfg!(target_os = "linux") { "127.0.0.2:0" } else { "127.0.0.1:0" };
    let running = start_at(address, 1, Limits::default());
    let mut idle = connect(running.address).await;
    assert_eq!(body(&mut idle, "/core").await, "0");
    let mut streaming = connect(running.address).await;
    ask(&mut streaming, "/stream").await;
    assert!(read_until(&mut streaming, "one,").await.contains("200 OK"));

    running.stop.cancel();
    assert_eq!(read_until(&mut idle, "\u{0}").await, "");
    assert_eq!(running.loads.iter().map(|load| load.requests()).sum::<usize>(), 1);
    running.gate.add_permits(1);
    assert!(read_until(&mut streaming, "0\r\n\r\n").await.contains("two"));
    running.cores.ended().await;
    assert!(TcpStream::connect(running.address).await.is_err());
}

#[tokio::test]
async fn a_request_that_does_not_end_is_cut_when_the_drain_is_over() {
    let running = start(1, Limits { drain: Duration::from_millis(20), ..Limits::default() });
    let mut streaming = connect(running.address).await;
    ask(&mut streaming, "/stream").await;
    read_until(&mut streaming, "one,").await;
    running.stop.cancel();
    running.cores.ended().await;
    assert_eq!(Arc::strong_count(&running.gate), 1, "nothing that the request held outlives the cores, its account neither");
    assert_eq!(read_until(&mut streaming, "two").await, "");
}

#[tokio::test]
async fn a_head_that_dribbles_in_is_not_waited_for() {
    let running = start(1, Limits { head: BRIEF, ..Limits::default() });
    let mut silent = connect(running.address).await;
    let mut slow = connect(running.address).await;
    slow.write_all(b"GET /core HTTP/1.1\r\nx-slow: ").await.unwrap();
    assert_eq!(read_until(&mut silent, "\u{0}").await, "");
    let refusal = read_until(&mut slow, "\u{0}").await;
    assert!(refusal.starts_with("HTTP/1.1 408 ") && refusal.contains(r#""code":"request_timeout""#), "{refusal}");
    assert_eq!(running.loads.iter().map(|load| load.overdue()).sum::<u64>(), 2);
}

#[tokio::test]
async fn a_second_head_that_dribbles_in_ends_its_connection_without_a_word() {
    let running = start(1, Limits { head: BRIEF, ..Limits::default() });
    let mut slow = connect(running.address).await;
    assert_eq!(body(&mut slow, "/core").await, "0");
    slow.write_all(b"GET /core HTTP/1.1\r\nx-slow: ").await.unwrap();
    assert_eq!(read_until(&mut slow, "\u{0}").await, "");
}

#[tokio::test]
async fn a_client_of_http_2_that_asks_nothing_is_not_answered_in_another_tongue() {
    let running = start(1, Limits { head: BRIEF, ..Limits::default() });
    let mut silent = connect(running.address).await;
    silent.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    let told = read_until(&mut silent, "HTTP/1.1").await;
    assert!(!told.contains("HTTP/1.1"), "{told}");
}

#[tokio::test]
async fn a_connection_between_requests_is_closed_and_one_in_flight_is_not() {
    let running = start(1, Limits { idle: BRIEF, ..Limits::default() });
    let mut streaming = connect(running.address).await;
    ask(&mut streaming, "/stream").await;
    read_until(&mut streaming, "one,").await;
    let mut idle = connect(running.address).await;
    assert_eq!(body(&mut idle, "/core").await, "0");
    assert_eq!(read_until(&mut idle, "\u{0}").await, "");
    running.gate.add_permits(1);
    assert!(read_until(&mut streaming, "two").await.contains("two"));
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_let_go() {
    let running = start(1, Limits { stalled: BRIEF, ..Limits::default() });
    let mut deaf = connect(running.address).await;
    ask(&mut deaf, "/large").await;
    while running.loads.iter().all(|load| load.overdue() == 0) {
        tokio::task::yield_now().await;
    }
    let mut taken = 0;
    let mut buffer = vec![0; 1 << 20];
    while let Ok(read @ 1..) = deaf.read(&mut buffer).await {
        taken += read;
    }
    assert!(taken < 64 << 20, "all {taken} bytes were sent");
}

#[tokio::test]
async fn headers_have_a_bound() {
    let running = start(1, Limits::default());
    let mut connection = connect(running.address).await;
    let head = format!("GET /core HTTP/1.1\r\nhost: test\r\nx-long: {}\r\n\r\n", "x".repeat(80 << 10));
    let _ = connection.write_all(head.as_bytes()).await;
    // The refusal may be lost to a reset: the server does not read what it does not want.
    let answer = read_until(&mut connection, "\r\n\r\n").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn a_full_worker_says_so() {
    let running = start(2, Limits { connections: 1, ..Limits::default() });
    let (mut first, mut second) = (connect(running.address).await, connect(running.address).await);
    assert_eq!((body(&mut first, "/core").await, body(&mut second, "/core").await), ("0".into(), "1".into()));
    let refusal = read_until(&mut connect(running.address).await, "}}").await;
    assert!(refusal.starts_with("HTTP/1.1 503 ") && refusal.contains("no room for another connection"), "{refusal}");
    assert!(refusal.contains("\r\nx-request-id: "), "{refusal}");
    drop(first);
    while running.loads.iter().map(|load| load.open()).sum::<usize>() > 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(body(&mut connect(running.address).await, "/core").await, "0");
}

#[tokio::test]
async fn a_panic_costs_its_own_connection_alone() {
    let running = start(1, Limits::default());
    let mut other = connect(running.address).await;
    assert_eq!(body(&mut other, "/core").await, "0");
    let mut connection = connect(running.address).await;
    ask(&mut connection, "/panic").await;
    assert_eq!(read_until(&mut connection, "\u{0}").await, "");
    assert_eq!(body(&mut other, "/core").await, "0");
    assert_eq!(running.loads.iter().map(|load| load.requests()).sum::<usize>(), 0);
}

#[tokio::test]
async fn http_2_is_spoken_where_it_is_asked_for() {
    use hyper_util::client::legacy::Client;
    use hyper_util::rt::TokioExecutor;

    let running = start(1, Limits::default());
    let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http::<Body>();
    let ask = || client.get(format!("http://{}/core", running.address).parse().unwrap());
    let (first, second) = futures::join!(ask(), ask());
    assert_eq!((first.unwrap().version(), second.unwrap().status().as_u16()), (http::Version::HTTP_2, 200));
    drop(client);
    running.stop.cancel();
    running.cores.ended().await;
}
