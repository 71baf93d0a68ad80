use super::check;

const LOGGER: &str = "name: request-logger, stage: before_request, enabled: true";

#[test]
fn request_logger_is_served() {
    check(&format!("plugins: [{{{LOGGER}, type: logging, config: {{level: info}}}}]"), &[]);
    check(
        &format!("plugins: [{{{LOGGER}, config: {{level: loud, lvel: info}}}}]"),
        &["! plugins[0].config.level: `loud` is unknown here", "! plugins[0].config.lvel: unknown option `lvel`"],
    );
}

#[test]
fn its_store_is_set_up_on_the_control_plane() {
    let warning =
        |key| format!("~ plugins[0].config.{key}: has no effect: requests are recorded whenever a request-log store is set up");
    check(
        &format!("plugins: [{{{LOGGER}, config: {{persist: true, backend: sqlite, dsn: a.db}}}}]"),
        &[&warning("persist"), &warning("backend"), &warning("dsn")],
    );
}

#[test]
fn other_plugins_are_not_yet_served() {
    check(
        "plugins: [{name: budget, stage: before_request, enabled: true}]",
        &["! plugins[0].name: the plugin `budget` is not yet served by this version of ferrogw"],
    );
    check(
        "plugins: [{name: budget, stage: nowhere}]",
        &["~ plugins[0].name: the plugin `budget` is not yet served; disabled, it is ignored"],
    );
    check(
        "plugins: [{name: word-fliter, stage: on_error, enabled: true}]",
        &["! plugins[0].name: there is no plugin `word-fliter`"],
    );
}

#[test]
fn a_stage_is_one_of_three() {
    check("plugins: [{name: request-logger, stage: before, enabled: true}]", &["! plugins[0].stage: `before` is unknown here"]);
    check("plugins: [{name: request-logger, enabled: true}]", &["! plugins[0].stage: `` is unknown here"]);
}

#[test]
fn one_plugin_at_two_stages_has_one_config() {
    check(&format!("plugins: [{{{LOGGER}}}, {{name: request-logger, stage: on_error, enabled: true}}]"), &[]);
    let other = "name: request-logger, stage: on_error, config: {level: warn}";
    check(
        &format!("plugins: [{{{LOGGER}}}, {{{other}, enabled: true}}]"),
        &["! plugins[1].config: `request-logger` stands at another stage with another config; it is one instance"],
    );
    check(&format!("plugins: [{{{LOGGER}}}, {{{other}, enabled: false}}]"), &[]);
}

#[test]
fn the_same_entry_stands_once_at_a_stage() {
    check(
        &format!("plugins: [{{{LOGGER}}}, {{{LOGGER}}}]"),
        &["! plugins[1]: `request-logger` is listed a second time at this stage with the same config"],
    );
    check(&format!("plugins: [{{{LOGGER}}}, {{name: request-logger, stage: before_request}}]"), &[]);
}

#[test]
fn options_may_not_use_what_is_not_theirs() {
    check(
        "plugins: [{name: request-logger, stage: on_error, enabled: true, config: {level: '${MASTER_KEY}'}}]",
        &[
            "! plugins[0].config.level: `MASTER_KEY` belongs to the gateway itself, and no configuration may use it",
            "! plugins[0].config.level: `${MASTER_KEY}` is unknown here",
        ],
    );
}
