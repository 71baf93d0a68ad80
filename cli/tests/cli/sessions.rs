//! People who are signed in.

use ferrogw_api::Client;
use ferrogw_config::Secret;

use crate::gateway::{Gateway, KEY};
use crate::program::cli;

fn sign_in(gateway: &Gateway) -> String {
    let client = Client::new(&gateway.url, Some(&Secret::new(KEY.to_owned()))).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.sign_in(false)).unwrap().token.unwrap()
}

#[test]
fn a_session_is_listed_used_and_ended() {
    let gateway = Gateway::start();
    let token = sign_in(&gateway);
    let list = || cli(&["admin", "sessions", "list"]).env("FERROGW_URL", &gateway.url).env("FERROGW_API_KEY", &token).run();
    let listed = list().ok();
    assert!(listed.stdout.starts_with("ID ") && listed.stdout.trim_end().ends_with("yes"), "{}", listed.stdout);
    let id = gateway.cli(&["admin", "sessions", "list", "--quiet"]).ok().stdout.trim_end().to_owned();
    assert!(gateway.cli(&["admin", "sessions", "end", &id]).ok().stderr.contains("has ended"));
    let ended = list();
    assert!(ended.code == 4 && ended.stderr.contains("hint:"), "{ended:?}");
}

#[test]
fn all_sessions_end_at_once() {
    let gateway = Gateway::start();
    let _tokens = [sign_in(&gateway), sign_in(&gateway)];
    let declined = gateway.program(&["admin", "sessions", "end-all"]).run_on_terminal(80, "no\n");
    assert!(declined.code == 1 && declined.stdout.contains("2 open sessions end at once"), "{declined:?}");
    assert_eq!(gateway.cli(&["admin", "sessions", "end-all"]).code, 2);
    let ended = gateway.cli(&["admin", "sessions", "end-all", "--yes", "--format", "json"]).ok().json();
    assert_eq!(ended["revoked"], 2);
    assert!(gateway.cli(&["admin", "sessions", "list"]).ok().stderr.contains("no open sessions"));
}
