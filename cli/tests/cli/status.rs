//! One page about a gateway.

use crate::canned::{answer, canned, scripted};
use crate::gateway::Gateway;
use crate::program::cli;

#[test]
fn a_gateway_without_workers_is_not_well_and_says_why() {
    let gateway = Gateway::start();
    let run = gateway.cli(&["status"]);
    assert_eq!(run.code, 1);
    for expected in ["! Configuration   none is in force", "✗ Workers         0 connected", "✓ Stores", "✓ Your key        "]
    {
        assert!(run.stdout.contains(expected), "`{expected}` is missing in\n{}", run.stdout);
    }
    let status = gateway.cli(&["status", "--format", "json"]).json();
    assert_eq!((&status["health"]["workers"]["connected"], &status["readiness"]["status"]), (&0.into(), &"ready".into()));
    let quiet = gateway.cli(&["status", "--quiet"]);
    assert_eq!((quiet.code, quiet.stdout.as_str(), quiet.stderr.as_str()), (1, "", ""));
}

#[test]
fn without_a_key_only_what_anybody_may_know_is_shown() {
    let gateway = Gateway::start();
    let run = cli(&["status", "--gateway-url", &gateway.url]).run().ok();
    assert!(run.stdout.lines().count() == 1 && run.stderr.contains("more is shown to a key"), "{run:?}");
    let wrong = cli(&["status", "--gateway-url", &gateway.url, "--api-key", "sk-ferro-wrong"]).run();
    assert!(wrong.code == 4 && wrong.stderr.contains("invalid_api_key"), "{wrong:?}");
}

#[test]
fn a_gateway_that_is_not_ready_says_so_whatever_the_status() {
    let body = r#"{"status":"not_ready","reason":"The key store is unreachable."}"#;
    let away = canned(&answer("503 Service Unavailable", "", body));
    let run = cli(&["status", "--gateway-url", &away.url]).run();
    assert!(run.code == 1 && run.stdout.contains("not ready: The key store is unreachable."), "{run:?}");
}

#[test]
fn a_database_that_is_away_is_told_apart_from_a_gateway_that_is() {
    let problem = r#"{"error":{"message":"The database is unavailable. Nothing was changed; try again when it is back.","type":"server_error","code":"store_unavailable"}}"#;
    let away = scripted(move |_| answer("503 Service Unavailable", "x-request-id: r-1\r\n", problem));
    let run = cli(&["admin", "keys", "list", "--gateway-url", &away.url]).run();
    assert!(run.code == 7 && run.stderr.contains("Nothing was changed") && run.stderr.contains("its database is not"), "{run:?}");
}

#[test]
fn a_session_that_has_ended_is_told_apart_from_a_wrong_key() {
    let problem = r#"{"error":{"message":"The session has expired.","type":"authentication_error","code":"invalid_session"}}"#;
    let ended = canned(&answer("401 Unauthorized", "", problem));
    let run = cli(&["admin", "keys", "list", "--gateway-url", &ended.url, "--api-key", "fgws_x"]).run();
    assert!(run.code == 4 && run.stderr.contains("sign in again"), "{run:?}");
}
