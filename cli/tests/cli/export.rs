//! The request log as a file, which comes in parts.

use std::os::unix::fs::PermissionsExt as _;

use crate::canned::{Canned, answer, canned, scripted};
use crate::program::{Done, cli};

/// Two parts, as CSV or as JSON: the first says where to go on.
fn two_parts() -> Canned {
    scripted(|request| {
        let body = match (request.contains("format=csv"), request.contains("cursor=abc")) {
            (true, false) => "id,model\n1,a\n2,b\n# cut after 2 requests; go on with cursor=abc\n",
            (true, true) => "id,model\n3,c\n",
            (false, false) => "{\"id\":\"1\"}\n{\"cut\":true,\"records\":1,\"next_cursor\":\"abc\"}\n",
            (false, true) => "{\"id\":\"2\"}\n",
        };
        answer("200 OK", "", body)
    })
}

fn export(server: &Canned, arguments: &[&str]) -> Done {
    cli(&[&["admin", "logs", "export", "--gateway-url", &server.url], arguments].concat()).run()
}

#[test]
fn parts_become_one_file_with_one_header_and_no_trailer() {
    let server = two_parts();
    let csv = export(&server, &[]).ok();
    assert_eq!((csv.stdout.as_str(), csv.stderr.trim_end()), ("id,model\n1,a\n2,b\n3,c\n", "3 requests"));
    let json = export(&server, &["--as", "json"]).ok();
    assert_eq!(json.stdout, "{\"id\":\"1\"}\n{\"id\":\"2\"}\n");
}

#[test]
fn a_line_break_within_a_cell_neither_counts_nor_ends_a_part() {
    let server = scripted(|_| answer("200 OK", "", "id,model\n1,\"a\n# cut after x; cursor=y\"\n2,\"b\n\"\"c\"\"\"\n"));
    let csv = export(&server, &[]).ok();
    assert_eq!(csv.stdout, "id,model\n1,\"a\n# cut after x; cursor=y\"\n2,\"b\n\"\"c\"\"\"\n");
    assert_eq!(csv.stderr.trim_end(), "2 requests");
}

#[test]
fn a_file_says_its_form_by_its_name_is_private_and_is_not_overwritten() {
    let (server, folder) = (two_parts(), tempfile::tempdir().unwrap());
    let path = folder.path().join("out.ndjson");
    let file = path.display().to_string();
    assert!(export(&server, &[&file]).ok().stderr.contains("2 requests are in"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"id\":\"1\"}\n{\"id\":\"2\"}\n");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(export(&server, &[&file]).stderr.contains("--force"));
    export(&server, &[&file, "--force"]).ok();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn an_export_that_breaks_off_leaves_no_file() {
    let (server, folder) =
        (canned("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nid,model\n1,a\n"), tempfile::tempdir().unwrap());
    let run = export(&server, &[&folder.path().join("out.csv").display().to_string()]);
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
