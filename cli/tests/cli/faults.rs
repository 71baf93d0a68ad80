//! Against servers that are no gateway: what is not evidence of success is a failure.

use std::net::TcpListener;

use crate::canned::{answer, canned};
use crate::program::{Done, cli};

fn list_at(url: &str) -> Done {
    cli(&["admin", "keys", "list", "--gateway-url", url, "--api-key", "sk-ferro-secret"]).run()
}

#[test]
fn a_redirect_is_named_and_the_key_goes_nowhere() {
    let elsewhere = canned(&answer("200 OK", "", "[]"));
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let redirecting = canned(&answer(status, &format!("location: {}/admin/keys\r\n", elsewhere.url), ""));
        let commands: [&[&str]; 2] = [&["admin", "keys", "list"], &["admin", "keys", "revoke", "x"]];
        for command in commands {
            let run = cli(command).env("FERROGW_URL", &redirecting.url).env("FERROGW_API_KEY", "sk-ferro-secret").run();
            assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{status}");
            assert!(run.stderr.contains(status) && run.stderr.contains(&elsewhere.url), "{}", run.stderr);
        }
    }
    assert!(elsewhere.asked.try_recv().is_err(), "nobody asked there");
}

#[test]
fn an_empty_success_is_one_only_for_a_revocation() {
    let empty = canned(&answer("200 OK", "", ""));
    let listed = list_at(&empty.url);
    assert_eq!((listed.code, listed.stdout.as_str()), (3, ""));
    assert!(listed.stderr.contains("without a body"), "{}", listed.stderr);
    cli(&["admin", "keys", "revoke", "x", "--gateway-url", &empty.url]).run().ok();
}

#[test]
fn a_page_that_is_no_answer_of_the_admin_api_is_a_failure() {
    let page = canned(&answer("200 OK", "content-type: text/html\r\n", "<html>\u{1b}[31mwelcome</html>"));
    for run in [list_at(&page.url), cli(&["admin", "keys", "revoke", "x", "--gateway-url", &page.url]).run()] {
        assert_eq!((run.code, run.stdout.as_str()), (3, ""));
        assert!(run.stderr.contains("welcome") && !run.stderr.contains('\u{1b}'), "{}", run.stderr);
    }
}

#[test]
fn an_error_page_of_a_proxy_is_a_failure_with_its_status() {
    let run = list_at(&canned(&answer("502 Bad Gateway", "", "<h1>Bad Gateway</h1>")).url);
    assert!(run.code == 3 && run.stderr.contains("502 Bad Gateway"), "{run:?}");
}

#[test]
fn a_cut_answer_is_a_failure() {
    let run = list_at(&canned("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[]").url);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
}

#[test]
fn a_gateway_that_is_not_there_is_unreachable() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = list_at(&format!("http://{free}"));
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.contains("cannot be reached") && !run.stderr.contains("sk-ferro-secret"), "{}", run.stderr);
}

#[test]
fn a_worker_in_the_place_of_the_control_plane_is_no_admin_api() {
    let problem = r#"{"error":{"message":"There is nothing at this address.","type":"invalid_request_error","param":null,"code":"not_found"}}"#;
    let run = list_at(&canned(&answer("404 Not Found", "", problem)).url);
    assert!(run.code == 3 && run.stderr.contains("http://127.0.0.1:8081"), "{run:?}");
}

#[test]
fn a_slash_at_the_end_of_the_address_changes_nothing() {
    let server = canned(&answer("200 OK", "", "[]"));
    list_at(&format!("{}/", server.url)).ok();
    assert!(server.asked.recv().unwrap().starts_with("GET /admin/keys HTTP/1.1"));
}

#[test]
fn an_id_addresses_a_key_and_never_another_endpoint() {
    let server = canned(&answer("204 No Content", "", ""));
    for (id, path) in [("usage", "%75sage"), ("a/b?c", "%61%2Fb%3Fc")] {
        cli(&["admin", "keys", "revoke", id, "--gateway-url", &server.url]).run().ok();
        assert!(server.asked.recv().unwrap().starts_with(&format!("POST /admin/keys/{path}/revoke HTTP/1.1")), "{id}");
    }
}
