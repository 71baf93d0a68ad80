//! Where clients reach the gateway's API.

use ferrogw_api::worker::{Workers, is_plain_address};

/// Stands for an address that nobody here knows.
const UNKNOWN: &str = "https://your-gateway";

/// Its address, as it stands before `/v1`: what the operator says, `here` where a worker is in the control plane's process, or a
/// worker's own.
#[must_use]
pub fn address(workers: Option<&Workers>, here: &str) -> String {
    let Some(workers) = workers else { return UNKNOWN.to_owned() };
    if let Some(url) = &workers.public_url {
        return url.clone();
    }
    let reached = workers.data.iter().filter(|worker| worker.connected && worker.url.is_some());
    let mut urls = reached.map(|worker| match (&worker.address, &worker.url) {
        (Some(_), Some(url)) => url.trim_end_matches('/'),
        _ => here,
    });
    urls.find(|url| is_plain_address(url)).unwrap_or(UNKNOWN).to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn of(public_url: Option<&str>, workers: &[Value]) -> String {
        let workers = serde_json::from_value(json!({ "public_url": public_url, "data": workers })).unwrap();
        address(Some(&workers), "https://here")
    }

    fn worker(connected: bool, address: Option<&str>, url: Option<&str>) -> Value {
        json!({
            "id": "1", "name": "w1", "build": "0.1.0", "connected": connected, "last_seen_at": "2026-11-25T12:00:00Z",
            "status": "current", "version": 3, "key_revision": 1, "address": address, "url": url
        })
    }

    #[test]
    fn what_the_operator_says_comes_first_and_then_what_is_known_of_workers() {
        let own = worker(true, None, Some("http://127.0.0.1:8080"));
        let far = worker(true, Some("10.0.0.7"), Some("http://10.0.0.7:8080/"));
        assert_eq!(of(Some("https://ai.example.com"), std::slice::from_ref(&own)), "https://ai.example.com");
        assert_eq!(of(None, &[own]), "https://here");
        assert_eq!(of(None, &[far]), "http://10.0.0.7:8080");
    }

    #[test]
    fn an_address_that_nobody_knows_can_be_told_from_one() {
        let elsewhere = worker(true, None, None);
        let gone = worker(false, None, None);
        let hostile = worker(true, Some("10.0.0.7"), Some("http://x/$(reboot)"));
        assert_eq!(of(None, &[elsewhere, gone, hostile]), "https://your-gateway");
        assert_eq!(address(None, "https://here"), "https://your-gateway");
    }
}
