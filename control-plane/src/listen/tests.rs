use axum::Router;
use axum::routing::get;
use http_body_util::BodyExt as _;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::serve;

async fn serving(router: Router) -> (TcpStream, CancellationToken, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let server = tokio::spawn(serve(listener, router, stop.clone()));
    (TcpStream::connect(address).await.unwrap(), stop, server)
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_finish_its_head_is_hung_up_on() {
    let (mut client, _stop, _server) = serving(Router::new()).await;
    client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").await.unwrap();
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).await.unwrap();
    let answer = String::from_utf8(rest).unwrap();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_end_and_idle_connections_do_not_hold_it_up() {
    let (entered, go_on) = (std::sync::Arc::new(Notify::new()), std::sync::Arc::new(Notify::new()));
    let (told, awaited) = (entered.clone(), go_on.clone());
    let handler = move || async move {
        told.notify_one();
        awaited.notified().await;
        "done"
    };
    let (mut client, stop, server) = serving(Router::new().route("/", get(handler))).await;
    let _idle = TcpStream::connect(client.peer_addr().unwrap()).await.unwrap();
    client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    entered.notified().await;
    stop.cancel();
    tokio::task::yield_now().await;
    go_on.notify_one();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
    server.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_client_that_leaves_open_what_it_speaks_is_hung_up_on() {
    for beginning in ["", "P", "PRI"] {
        let (mut client, _stop, _server) = serving(Router::new()).await;
        client.write_all(beginning.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        // What was sent and not read makes the hanging up a reset.
        let _ = client.read_to_end(&mut rest).await;
        assert!(rest.is_empty(), "{beginning}: {rest:?}");
    }
}

#[tokio::test]
async fn a_method_that_begins_like_http2_is_http1() {
    let (mut client, _stop, _server) =
        serving(Router::new().route("/", get(|| async { "done" }).post(|| async { "done" }))).await;
    client.write_all(b"PO").await.unwrap();
    tokio::task::yield_now().await;
    client.write_all(b"ST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
}

#[tokio::test]
async fn http2_is_spoken_without_tls_and_ends_in_order() {
    let (client, stop, server) = serving(Router::new().route("/", get(|| async { "done" }))).await;
    let (mut requests, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(client)).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = http::Request::get("http://x/").body(String::new()).unwrap();
    let answer = requests.send_request(request).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, http::Version::HTTP_2));
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "done");
    stop.cancel();
    server.await.unwrap();
    connection.await.unwrap().unwrap();
}
