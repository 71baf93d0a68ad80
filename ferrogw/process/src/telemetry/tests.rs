use super::*;

fn wanted(variables: &[(&str, &str)]) -> (bool, bool) {
    let find = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let Wanted { traces, metrics } = Wanted::of(find);
    (traces, metrics)
}

#[test]
fn nothing_is_told_unless_a_collector_is_named() {
    assert_eq!(wanted(&[]), (false, false));
    assert_eq!(wanted(&[("OTEL_EXPORTER_OTLP_ENDPOINT", " ")]), (false, false));
    assert_eq!(wanted(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")]), (true, true));
    assert_eq!(wanted(&[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://collector:4318/v1/traces")]), (true, false));
}

#[test]
fn a_signal_can_be_left_out_and_everything_be_turned_off() {
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");
    assert_eq!(wanted(&[endpoint, ("OTEL_METRICS_EXPORTER", "none")]), (true, false));
    assert_eq!(wanted(&[endpoint, ("OTEL_SDK_DISABLED", "true")]), (false, false));
}

#[test]
fn a_callers_span_is_read_as_it_is_written() {
    let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let parent = Parent::read(header).expect("a parent");
    assert_eq!(
        parent,
        Parent {
            trace: 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c,
            span: 0xb7ad_6b71_6920_3331,
            sampled: true,
            state: TraceState::NONE
        }
    );
    assert_eq!(parent.to_string(), header);
}

#[test]
fn a_later_version_of_the_header_is_read_as_far_as_it_is_known() {
    assert!(Parent::read("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-brings").is_some());
}

#[test]
fn a_header_of_another_form_is_no_parent() {
    for header in [
        "",
        "00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
    ] {
        assert_eq!(Parent::read(header), None, "{header}");
    }
}
