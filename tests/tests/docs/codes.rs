//! The codes by which troubleshooting begins are those that workers and the balancer give.

use ferrogw_tests::repository;

use super::{page, text};

#[test]
fn every_code_that_a_client_may_look_up_is_given_by_something() {
    let sources = ["data-plane/src/rejection.rs", "deploy/gateway/haproxy.cfg"];
    let given: String = sources.iter().map(|source| text(&repository().join(source))).collect();
    let page = text(&page("troubleshooting.md"));
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| ") && line.split(' ').nth(1).is_some_and(|word| word.parse::<u16>().is_ok()));
    let codes: Vec<&str> =
        rows.filter_map(|row| row.split('|').nth(1)).flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    assert!(codes.len() > 10, "{codes:?}");
    let unknown: Vec<&&str> = codes.iter().filter(|code| !given.contains(&format!("\"{code}\""))).collect();
    assert!(unknown.is_empty(), "nobody gives {unknown:?}");
}
