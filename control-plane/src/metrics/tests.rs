use std::time::Duration;

use super::{Metrics, Reader, Readings, Row, SignIn};

/// The lines that begin with `metric`, apart from buckets.
fn lines(text: &str, metric: &str) -> Vec<String> {
    let mut lines: Vec<String> =
        text.lines().filter(|line| line.starts_with(metric) && !line.contains("_bucket")).map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn what_happens_is_counted_by_its_word() {
    let metrics = Metrics::default();
    for result in [SignIn::Ok, SignIn::Denied, SignIn::Denied, SignIn::Throttled, SignIn::Failed] {
        metrics.sign_in(result);
    }
    metrics.rows(Row::Stored, 20);
    metrics.rows(Row::Unreadable, 1);
    metrics.store_error(Reader::Publisher);
    metrics.lag(Duration::from_millis(300));
    let text = metrics.render(&Readings::default());
    assert_eq!(
        lines(&text, "controlplane_login_attempts_total"),
        [
            r#"controlplane_login_attempts_total{result="denied"} 2"#,
            r#"controlplane_login_attempts_total{result="failed"} 1"#,
            r#"controlplane_login_attempts_total{result="ok"} 1"#,
            r#"controlplane_login_attempts_total{result="throttled"} 1"#,
        ]
    );
    assert_eq!(
        lines(&text, "controlplane_log_ingest_rows_total"),
        [
            r#"controlplane_log_ingest_rows_total{result="discarded"} 0"#,
            r#"controlplane_log_ingest_rows_total{result="stored"} 20"#,
            r#"controlplane_log_ingest_rows_total{result="unreadable"} 1"#,
        ]
    );
    assert!(
        lines(&text, "controlplane_store_errors_total")
            .contains(&r#"controlplane_store_errors_total{by="publisher"} 1"#.to_owned())
    );
    assert_eq!(lines(&text, "controlplane_log_ingest_lag_seconds_count"), ["controlplane_log_ingest_lag_seconds_count 1"]);
}

#[test]
fn what_has_not_happened_yet_is_counted_as_zero_so_that_its_first_time_is_seen() {
    let text = Metrics::default().render(&Readings::default());
    assert_eq!(
        lines(&text, "controlplane_store_errors_total"),
        ["admin", "ingest", "publisher", "roster"].map(|by| format!("controlplane_store_errors_total{{by=\"{by}\"}} 0"))
    );
    assert_eq!(lines(&text, "controlplane_login_attempts_total").len(), 4);
    assert_eq!(lines(&text, "controlplane_log_ingest_rows_total").len(), 3);
}

#[test]
fn readings_replace_those_of_the_last_scrape() {
    let metrics = Metrics::default();
    metrics.render(&Readings { workers: [2, 1, 0, 4], push_lag: Duration::from_millis(1_500), ..Readings::default() });
    let text = metrics.render(&Readings { version: 7, workers: [3, 0, 0, 4], store_answers: true, ..Readings::default() });
    assert_eq!(
        lines(&text, "controlplane_workers"),
        [
            "controlplane_workers_connected 3",
            r#"controlplane_workers{status="current"} 3"#,
            r#"controlplane_workers{status="offline"} 4"#,
            r#"controlplane_workers{status="pending"} 0"#,
            r#"controlplane_workers{status="refused"} 0"#,
        ]
    );
    assert_eq!(lines(&text, "controlplane_config_version"), ["controlplane_config_version 7"]);
    assert_eq!(lines(&text, "controlplane_push_lag_seconds"), ["controlplane_push_lag_seconds 0.0"]);
}
