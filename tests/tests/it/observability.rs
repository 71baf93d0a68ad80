//! What other people's tools are told: Prometheus, Grafana, and a collector that speaks OTLP.

use std::collections::BTreeSet;
use std::path::PathBuf;

use ferrogw_tests::{Database, Gateway, Process, Reply, Upstream, eventually, eventually_within, free_port, repository, scratch};
use http::Method;
use serde_json::{Value, json};
use tokio::time::Duration;

use crate::setting::{alone, hello, hello_streamed};

/// Names of series and of labels in a scrape.
struct Exposed {
    series: BTreeSet<String>,
    labels: BTreeSet<String>,
}

impl Exposed {
    fn read(text: &str) -> Self {
        let mut exposed = Self { series: BTreeSet::new(), labels: BTreeSet::from(["le", "job", "instance"].map(str::to_owned)) };
        for line in text.lines() {
            if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) {
                let ending = match kind {
                    "counter" => "_total",
                    "histogram" => "_bucket",
                    _ => "",
                };
                exposed.series.insert(format!("{name}{ending}"));
            } else if let Some((_, labels)) = line.split_once('{') {
                let labels = labels.split_once('}').map_or("", |(labels, _)| labels);
                exposed.labels.extend(labels.split("\",").filter_map(|label| Some(label.split_once("=\"")?.0.to_owned())));
            }
        }
        exposed
    }

    /// What both planes export.
    fn and(mut self, other: Self) -> Self {
        self.series.extend(other.series);
        self.labels.extend(other.labels);
        self
    }
}

/// Words of a query that begin with one of ours, and the labels that it matches or groups by.
fn asked_for(query: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let ours = |word: &&str| ["gateway_", "ferrogw_", "controlplane_"].iter().any(|beginning| word.starts_with(beginning));
    let names = query.split(|character| !is_word(character)).filter(ours).map(str::to_owned).collect();
    let within = |open: &'static str, close| query.split(open).skip(1).filter_map(move |rest| rest.split(close).next());
    let matched =
        within("{", '}').flat_map(|matchers| matchers.split(',')).filter_map(|matcher| matcher.split(['=', '!']).next());
    let grouped = within("by (", ')').flat_map(|labels| labels.split(','));
    let labels = matched.chain(grouped).map(str::trim).filter(|label| !label.is_empty() && label.chars().all(is_word));
    (names, labels.map(str::to_owned).collect())
}

fn strings(value: &Value, member: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| match value {
            Value::String(text) if name == member => found.push(text.clone()),
            other => strings(other, member, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| strings(item, member, found)),
        _ => {}
    }
}

fn deployed(path: &str) -> Value {
    let text = std::fs::read_to_string(repository().join("deploy").join(path)).expect("a file of the repository");
    // JSON is YAML.
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("deploy/{path}: {error}"))
}

/// Every query of the Grafana dashboard and of the alerts.
fn queries() -> Vec<String> {
    let (dashboard, alerts) = (deployed("grafana/ferrogw.json"), deployed("prometheus/alerts.yml"));
    let mut found = Vec::new();
    strings(&dashboard, "expr", &mut found);
    strings(&dashboard, "query", &mut found);
    strings(&alerts, "expr", &mut found);
    assert!(found.len() > 30, "only {} queries were found", found.len());
    for plane in ["gateway_", "controlplane_"] {
        assert!(found.iter().any(|query| query.contains(plane)), "nothing is asked of {plane}…");
    }
    found
}

/// Where the scrape file asks a plane, and whether it shows a key there.
fn scrape(plane: &str) -> (String, bool) {
    let jobs = deployed("prometheus/prometheus.yml")["scrape_configs"].take();
    let job = jobs.as_array().into_iter().flatten().find(|job| job["job_name"] == format!("ferrogw-{plane}").as_str());
    let job = job.unwrap_or_else(|| panic!("no job scrapes the {plane}"));
    (job["metrics_path"].as_str().unwrap_or("/metrics").to_owned(), job["authorization"]["credentials_file"].is_string())
}

#[tokio::test]
async fn every_series_and_label_that_the_dashboard_and_the_alerts_ask_for_is_exported() {
    let (upstream, open) = (Upstream::start(), free_port());
    let gateway =
        Gateway::split(Database::Sqlite).with("FERROGW_METRICS_ADDR", &format!("127.0.0.1:{open}")).workers(1).start().await;
    gateway.apply(&alone(&upstream)).await;
    let (whole, streamed) = (upstream.answers(Reply::completion("ok")), upstream.answers(Reply::stream(&["o", "k"])));
    let failing = upstream.answers(Reply::error(500, "boom", "no"));
    gateway.client().chat(&hello(&whole)).await.expect(200);
    gateway.client().chat(&hello_streamed(&streamed)).await.expect(200);
    assert_eq!(gateway.client().chat(&hello(&failing)).await.status, 502);

    let (path, shows_a_key) = scrape("data-plane");
    assert!(!shows_a_key, "the composition opens the workers' metrics");
    let scraper = ferrogw_tests::Client::new(open, "");
    let worker = eventually("the failure is in the metrics", async || {
        let text = scraper.get(&path).await.expect(200).text();
        text.contains("gateway_provider_errors_total{").then_some(text)
    })
    .await;
    let (path, shows_a_key) = scrape("control-plane");
    assert!(shows_a_key, "the control plane's metrics take a key");
    let reader = gateway.create_key(json!({ "name": "prometheus", "scopes": ["read_only"] })).await;
    let control = gateway.admin().with_key(&reader.secret).get(&path).await.expect(200).text();

    let exposed = Exposed::read(&worker).and(Exposed::read(&control));
    for query in queries() {
        let (names, labels) = asked_for(&query);
        assert!(names.is_subset(&exposed.series), "{query}\nasks for what is not exported: {names:?}");
        assert!(labels.is_subset(&exposed.labels), "{query}\nuses labels that nothing has: {labels:?}");
    }
}

/// The OpenTelemetry Collector, which writes what it receives to its standard error.
struct Collector {
    process: Process,
    grpc: u16,
    http: u16,
}

impl Collector {
    /// `None`: it is not there, and cannot be made here.
    #[expect(clippy::print_stderr, reason = "a test that skips has to say so")]
    async fn start() -> Option<Self> {
        let program: PathBuf = repository().join(".tools/otelcol");
        if !program.is_file() {
            eprintln!("skipped: no OpenTelemetry Collector; install Go and run `make deps`");
            return None;
        }
        let (folder, grpc, http) = (scratch("collector"), free_port(), free_port());
        let config = format!(
            "receivers: {{otlp: {{protocols: {{grpc: {{endpoint: \"127.0.0.1:{grpc}\"}}, http: {{endpoint: \"127.0.0.1:{http}\"}}}}}}}}\n\
             exporters: {{debug: {{verbosity: detailed}}}}\n\
             service: {{telemetry: {{metrics: {{level: none}}}}, pipelines: {{traces: {{receivers: [otlp], exporters: [debug]}}, \
             metrics: {{receivers: [otlp], exporters: [debug]}}}}}}\n"
        );
        std::fs::write(folder.join("config.yaml"), config).expect("a file");
        let mut process = Process::new(&program, &folder).arg("--config").arg("config.yaml");
        process.start();
        eventually("the collector is ready", async || process.logged().contains("Everything is ready").then_some(())).await;
        Some(Self { process, grpc, http })
    }

    /// Waits until it has received all of this.
    async fn receives(&self, wanted: &[&str]) {
        let patience = Duration::from_secs(30);
        eventually_within(patience, &format!("the collector receives {wanted:?}"), async || {
            let received = self.process.logged();
            wanted.iter().all(|text| received.contains(text)).then_some(())
        })
        .await;
    }
}

const CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// What tracing systems of the caller say of the trace.
const STATE: &str = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE";

async fn a_trace_arrives(variables: &[(&str, &str)], collector: &Collector) {
    let upstream = Upstream::start();
    let plan = Gateway::split(Database::Sqlite).workers(1);
    let plan = variables.iter().fold(plan, |plan, (name, value)| plan.with(name, value));
    let gateway = plan.start().await;
    gateway.apply(&alone(&upstream)).await;
    let model = upstream.answers(Reply::completion("ok"));
    let asking = gateway.client().request(Method::POST, "/v1/chat/completions").header("traceparent", CALLER);
    let asking = asking.header("tracestate", STATE);

    let answer = gateway.client().send(asking.json(&hello(&model))).await.expect(200);

    assert_eq!(answer.headers["x-request-id"], "0af7651916cd43dd8448eb211c80319c", "the log finds it by its trace");
    let told = upstream.seen(&model)[0].headers["traceparent"].clone();
    let span = told.strip_prefix("00-0af7651916cd43dd8448eb211c80319c-").and_then(|rest| rest.strip_suffix("-01"));
    let span = span.unwrap_or_else(|| panic!("the provider is told of another trace: {told}"));
    assert_eq!(upstream.seen(&model)[0].headers["tracestate"], STATE, "what others say of the trace goes on with it");
    collector
        .receives(&[
            "service.name: Str(ferrogw-data-plane)",
            "service.name: Str(ferrogw-control-plane)",
            "Trace ID       : 0af7651916cd43dd8448eb211c80319c",
            "Parent ID      : b7ad6b7169203331",
            &format!("ID             : {span}"),
            &format!("Name           : chat {model}"),
            "Name           : POST /v1/chat/completions",
            "Name           : PUT /admin/config",
            "gen_ai.provider.name: Str(openai)",
            "gen_ai.usage.output_tokens: Int(",
            "Name: gen_ai.client.operation.duration",
            "Name: gen_ai.client.token.usage",
            "Name: http.server.request.duration",
        ])
        .await;
}

#[tokio::test]
async fn spans_and_metrics_arrive_at_a_collector_over_http() {
    let Some(collector) = Collector::start().await else { return };
    let endpoint = format!("http://127.0.0.1:{}", collector.http);
    let quickly = [("OTEL_BSP_SCHEDULE_DELAY", "50"), ("OTEL_METRIC_EXPORT_INTERVAL", "200")];
    a_trace_arrives(&[("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()), quickly[0], quickly[1]], &collector).await;
}

#[tokio::test]
async fn spans_and_metrics_arrive_at_a_collector_over_grpc() {
    let Some(collector) = Collector::start().await else { return };
    let endpoint = format!("http://127.0.0.1:{}", collector.grpc);
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
    ];
    a_trace_arrives(&variables, &collector).await;
}

#[tokio::test]
async fn the_last_spans_leave_when_the_process_ends() {
    let Some(collector) = Collector::start().await else { return };
    let endpoint = format!("http://127.0.0.1:{}", collector.http);
    let upstream = Upstream::start();
    // Nothing leaves by itself within an hour.
    let mut gateway = Gateway::all_in_one(Database::Sqlite)
        .with("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)
        .with("OTEL_BSP_SCHEDULE_DELAY", "3600000")
        .start()
        .await;
    gateway.apply(&alone(&upstream)).await;
    let model = upstream.answers(Reply::completion("ok"));
    gateway.client().chat(&hello(&model)).await.expect(200);

    gateway.worker(0).stop();

    collector.receives(&["service.name: Str(ferrogw)", &format!("Name           : chat {model}")]).await;
}

#[tokio::test]
async fn a_collector_that_is_away_costs_no_request_and_no_end() {
    let upstream = Upstream::start();
    let endpoint = format!("http://127.0.0.1:{}", free_port());
    let mut gateway = Gateway::all_in_one(Database::Sqlite).with("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint).start().await;
    gateway.apply(&alone(&upstream)).await;
    let model = upstream.answers(Reply::completion("ok"));

    gateway.client().chat(&hello(&model)).await.expect(200);

    let (code, took) = gateway.worker(0).stop();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(15), "it took {took:?}");
}

#[tokio::test]
async fn no_provider_is_told_of_traces_while_nobody_collects_them() {
    let upstream = Upstream::start();
    let gateway = Gateway::all_in_one(Database::Sqlite).start().await;
    gateway.apply(&alone(&upstream)).await;
    let model = upstream.answers(Reply::completion("ok"));
    let asking = gateway.client().request(Method::POST, "/v1/chat/completions").header("traceparent", CALLER);
    let asking = asking.header("tracestate", STATE);

    gateway.client().send(asking.json(&json!({ "model": model, "messages": [] }))).await.expect(200);

    let told = &upstream.seen(&model)[0].headers;
    assert_eq!((told.get("traceparent"), told.get("tracestate")), (None, None));
}
