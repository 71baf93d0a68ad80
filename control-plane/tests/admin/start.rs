//! Starting, serving on addresses of its own, and ending.

use ferrogw_control_plane::ControlPlane;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::plane::{Home, Kind, Plane};

#[tokio::test]
async fn the_first_start_makes_two_keys_and_the_second_none() {
    let home = Home::new(Kind::Sqlite).await.unwrap();
    let plane = home.start().await;
    let first = plane.control.first_start().await.unwrap().unwrap();
    let created = plane.post("/admin/keys").by(first.admin_key.unwrap().expose()).json(&serde_json::json!({ "name": "x" })).await;
    assert_eq!(created.status, 201);
    let refused = plane.get("/admin/keys").by(first.inference_key.expose()).send().await;
    assert_eq!(refused.refusal(), (403, "insufficient_scope"));
    assert!(plane.control.first_start().await.unwrap().is_none());
    plane.store().close().await;
    assert!(home.start().await.control.first_start().await.unwrap().is_none());
}

#[tokio::test]
async fn a_store_with_a_key_of_its_own_gets_none() {
    let plane = Home::new(Kind::Memory).await.unwrap().start().await;
    plane.key("ann", &["admin"]).await;
    assert!(plane.control.first_start().await.unwrap().is_none());
}

#[tokio::test]
async fn a_store_that_means_nothing_is_told_by_its_variables() {
    let mut home = Home::new(Kind::Memory).await.unwrap();
    home.settings.stores.api_key_store_backend = Some("oracle".to_owned());
    let Err(error) = ControlPlane::build(home.settings.clone()).await else { panic!("it started") };
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(
        format!("{error}: {cause}"),
        "API_KEY_STORE_BACKEND and API_KEY_STORE_DSN: unknown store backend `oracle`; there are memory, sqlite and postgres"
    );
}

/// A control plane that listens, the address of its admin API, and its end.
pub(crate) async fn running(home: &Home) -> (std::net::SocketAddr, CancellationToken, tokio::task::JoinHandle<()>) {
    // Where Linux has one, an address of its own: what other tests bind is not given this port meanwhile.
    let free = if cfg!(target_os = "linux") { "127.0.0.3:0" } else { "127.0.0.1:0" };
    let free = tokio::net::TcpListener::bind(free).await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let mut settings = home.settings.clone();
    settings.admin_addr = Some(address);
    settings.grpc_addr = Some("127.0.0.1:0".parse().unwrap());
    let control = ControlPlane::build(settings).await.unwrap();
    let stop = CancellationToken::new();
    let token = stop.clone();
    let task = tokio::spawn(async move { control.run(token).await.unwrap() });
    while TcpStream::connect(address).await.is_err() {
        tokio::task::yield_now().await;
    }
    (address, stop, task)
}

#[tokio::test]
async fn it_answers_on_its_own_address_and_ends_although_a_client_stays_connected() {
    let home = Home::new(Kind::Memory).await.unwrap();
    let (address, stop, task) = running(&home).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut answer = vec![0; 12];
    client.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 200");
    stop.cancel();
    task.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn an_address_that_is_taken_is_told_by_its_variable() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut home = Home::new(Kind::Memory).await.unwrap();
    home.settings.admin_addr = Some(taken.local_addr().unwrap());
    let Plane { control, .. } = home.start().await;
    let error = control.run(CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.to_string(), format!("cannot listen on {}, which FERROGW_ADMIN_ADDR names", taken.local_addr().unwrap()));
}
