//! Names that somebody chose to harm whoever looks at them.

use serde_json::Value;

use crate::canned::{answer, canned};
use crate::program::{Done, cli};

const NAMES: [&str; 6] = [
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m",
    "\u{202e}nimda\u{2066}\u{200b}",
    "<script>alert(1)</script>",
    "שלום 123",
    "🚀🚀🚀👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}",
    "line\nbreak\r\ttab",
];

fn keys(names: &[String]) -> String {
    let key = |name: &String| {
        serde_json::json!({
            "id": "0197c0de", "key": "sk-ferro-…x", "name": name, "scopes": ["read_only"],
            "created_at": "2026-01-01T00:00:00Z", "usage_count": 0, "active": true
        })
    };
    answer("200 OK", "", &Value::from(names.iter().map(key).collect::<Vec<_>>()).to_string())
}

fn listed(names: &[String], format: &str) -> Done {
    let server = canned(&keys(names));
    cli(&["admin", "keys", "list", "--gateway-url", &server.url, "--format", format]).run().ok()
}

fn is_obeyed(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{200b}'..='\u{200d}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn nothing_in_a_name_reaches_the_terminal_in_any_format() {
    let names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    for format in ["table", "json", "yaml"] {
        let run = listed(&names, format);
        assert!(!run.stdout.contains(is_obeyed), "{format}: {:?}", run.stdout);
    }
}

#[test]
fn programs_get_the_names_as_they_are() {
    let names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    let json = listed(&names, "json").json();
    let yaml: Value = serde_yaml::from_str(&listed(&names, "yaml").stdout).unwrap();
    assert_eq!(json, yaml);
    let told: Vec<&str> = json.as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap()).collect();
    assert_eq!(told, NAMES);
}

#[test]
fn a_name_of_ten_kilobytes_leaves_the_table_a_table() {
    let names = ["x".repeat(10_000), "日".repeat(10_000), "\u{1b}".repeat(10_000), format!("a{}", "\u{301}".repeat(10_000))];
    let run = listed(&names, "table");
    assert_eq!(run.stdout.lines().count(), 5);
    let column = |line: &str| {
        line.find("sk-ferro")
            .map(|at| line[..at].chars().map(|c| if c == '日' { 2 } else { usize::from(c != '\u{301}') }).sum::<usize>())
    };
    let columns: Vec<_> = run.stdout.lines().skip(1).map(column).collect();
    assert!(columns.iter().all(|at| at.is_some() && *at == columns[0]), "{}", run.stdout);
}

#[test]
fn what_a_server_says_in_an_error_is_not_obeyed_either() {
    let problem = serde_json::json!({ "error": { "message": NAMES[0], "type": "x", "code": NAMES[1] } }).to_string();
    let server = canned(&answer("400 Bad Request", &format!("x-request-id: {}\r\n", "r"), &problem));
    let run = cli(&["admin", "keys", "list", "--gateway-url", &server.url]).run();
    assert!(run.code == 1 && !run.stderr.contains(is_obeyed) && run.stderr.contains(r"\u{1b}[2J"), "{:?}", run.stderr);
}
