//! Lets a suite in another process end and start parts of the gateway that it looks at: `GET /database/down`, say.

use ferrogw_tests::{Cluster, Gateway};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Does what it is asked for, one request after the other, until it is dropped.
pub(super) async fn serve(listener: TcpListener, mut gateway: Gateway, mut cluster: Cluster) {
    loop {
        let (connection, _) = listener.accept().await.expect("a connection");
        answer(connection, &mut gateway, &mut cluster).await;
    }
}

async fn answer(mut connection: TcpStream, gateway: &mut Gateway, cluster: &mut Cluster) {
    let mut head = [0; 1024];
    let read = connection.read(&mut head).await.expect("a request");
    let head = String::from_utf8_lossy(&head[..read]);
    let what = head.split_ascii_whitespace().nth(1).unwrap_or_default();
    match what {
        "/control/kill" => gateway.control().kill(),
        "/control/start" => gateway.control().start(),
        "/worker/kill" => gateway.worker(0).kill(),
        "/worker/start" => gateway.worker(0).start(),
        "/database/down" => cluster.down(),
        "/database/up" => cluster.up(),
        _ => panic!("no such switch: {what}"),
    }
    connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await.expect("somebody waits");
}
