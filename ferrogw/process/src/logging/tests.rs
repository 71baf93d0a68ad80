use super::filter;

fn check(level: &str, expected: &str) {
    let mut directives: Vec<String> = match filter(level) {
        Ok(filter) => filter.to_string().split(',').map(str::to_owned).collect(),
        Err(error) => vec![error.to_string()],
    };
    directives.sort();
    assert_eq!(directives.join(" "), expected);
}

#[test]
fn a_level_is_meant_for_our_own_lines() {
    let expected = "ferrogw=debug ferrogw_control_plane=debug ferrogw_data_plane=debug ferrogw_process=debug warn";
    check("debug", expected);
    check(" DEBUG ", expected);
}

#[test]
fn warning_is_warn_and_nothing_is_info() {
    check("warning", "ferrogw=warn ferrogw_control_plane=warn ferrogw_data_plane=warn ferrogw_process=warn warn");
    check("", "ferrogw=info ferrogw_control_plane=info ferrogw_data_plane=info ferrogw_process=info warn");
}

#[test]
fn errors_alone_silence_dependencies_too() {
    check("error", "error ferrogw=error ferrogw_control_plane=error ferrogw_data_plane=error ferrogw_process=error");
}

#[test]
fn a_filter_is_taken_as_it_is() {
    check("info,hyper=trace", "hyper=trace info");
}

#[test]
fn nonsense_is_refused_with_what_is_allowed() {
    check(
        "info=loud",
        "`info=loud` is no log level; use error, warn, info or debug, or a filter such as `info,ferrogw_data_plane=debug`",
    );
}
