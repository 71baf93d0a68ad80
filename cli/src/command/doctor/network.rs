//! Whether something listens.

use std::time::Duration;

use tokio::net::TcpStream;

/// How long is waited for a connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// Opens and closes a connection; otherwise says why there is none.
pub(super) async fn reach(host: &str, port: u16) -> Result<(), String> {
    match tokio::time::timeout(PATIENCE, TcpStream::connect((host, port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
    }
}

/// Host and port of an address such as `scheme://user:password@host:port/path`.
pub(super) fn place(address: &str, usual: u16) -> Option<(String, u16)> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let (host, port) = match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
    };
    let port = port.filter(|port| !port.is_empty()).map_or(Some(usual), |port| port.parse().ok())?;
    (!host.is_empty()).then(|| (host.to_owned(), port))
}

/// Whether an address is on this machine.
pub(super) fn is_here(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.ends_with(".localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn an_address_names_a_place_whatever_else_it_holds() {
        let at = |host: &str, port| Some((host.to_owned(), port));
        assert_eq!(place("postgres://user:p@ss@db.example/ferrogw?sslmode=require", 5432), at("db.example", 5432));
        assert_eq!(place("http://[::1]:50051", 80), at("::1", 50051));
        assert_eq!(place("http://cp:50051/", 80), at("cp", 50051));
        assert_eq!(place("ferrogw.db", 5432), None);
        assert_eq!(place("postgres:///ferrogw?host=/run/postgresql", 5432), None);
    }
}
