//! Streams over gRPC.

use crate::canned::{answer, canned};
use crate::gateway::Gateway;
use crate::program::cli;

const STREAMS: [&[&str]; 2] = [&["workers", "watch"], &["admin", "logs", "tail"]];

#[test]
fn the_list_of_workers_comes_again_and_again() {
    let gateway = Gateway::start();
    let mut watching = gateway.program(&["workers", "watch", "--format", "json"]).begin();
    assert_eq!((watching.line().as_str(), watching.line().as_str()), ("[]", "[]"));
    let mut watching = gateway.program(&["workers", "watch", "--format", "yaml"]).begin();
    assert_eq!((watching.line().as_str(), watching.line().as_str()), ("---", "[]"));
    let mut watching = gateway.program(&["workers", "watch"]).begin();
    assert!(watching.line().starts_with("NAME "));
}

#[test]
fn a_reader_that_goes_away_ends_the_stream() {
    let gateway = Gateway::start();
    let line = format!("'{}' workers watch --format json | head -n 1", env!("CARGO_BIN_EXE_ferrogw-cli"));
    let mut shell = std::process::Command::new("bash");
    shell.args(["-o", "pipefail", "-c", &line]).env("FERROGW_URL", &gateway.url).env("MASTER_KEY", crate::gateway::KEY);
    let output = shell.output().unwrap();
    assert!(output.status.success() && output.stdout == b"[]\n", "{output:?}");
}

#[test]
fn whoever_may_not_look_is_told_so_at_once() {
    let gateway = Gateway::start();
    let user = gateway.make(&["--name", "user", "--scope", "inference"]).json()["key"].as_str().unwrap().to_owned();
    for stream in STREAMS {
        for key in ["sk-ferro-wrong", &user, ""] {
            let refused = cli(stream).env("FERROGW_URL", &gateway.url).env("FERROGW_API_KEY", key).run();
            assert!(refused.code == 4 && refused.stderr.contains("hint:"), "{refused:?}");
        }
    }
}

#[test]
fn what_is_not_there_or_speaks_no_grpc_is_told_apart_from_a_gateway() {
    let proxy = canned(&answer("200 OK", "content-type: text/html\r\n", "<html>Sign in</html>"));
    for stream in STREAMS {
        let nobody = cli(stream).env("FERROGW_URL", "http://127.0.0.1:9").run();
        assert!(nobody.code == 3 && nobody.stderr.contains("Connection refused"), "{nobody:?}");
        let page = cli(stream).env("FERROGW_URL", &proxy.url).run();
        assert!(page.code == 3 && page.stderr.contains("HTTP/2"), "{page:?}");
    }
}
