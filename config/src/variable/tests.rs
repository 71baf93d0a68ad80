use super::*;

fn check(text: &str, expected: Result<&str, &[&str]>) {
    let value = |name: &str| match name {
        "TOKEN" => Some("s3cr3t".to_owned()),
        "EMPTY" => Some(String::new()),
        "DOLLAR" => Some("${TOKEN}".to_owned()),
        _ => None,
    };
    let missing = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(resolve(text, value), expected.map(str::to_owned).map_err(missing), "{text}");
}

#[test]
fn only_the_braced_form_is_replaced() {
    check("pa$$w0rd costs $100 ${TOKEN}", Ok("pa$$w0rd costs $100 s3cr3t"));
    check("$TOKEN ${} ${1A} ${A-B} ${TOKEN", Ok("$TOKEN ${} ${1A} ${A-B} ${TOKEN"));
    check("${${TOKEN}}", Ok("${s3cr3t}"));
}

#[test]
fn defined_but_empty_is_fine() {
    check("[${EMPTY}]", Ok("[]"));
}

#[test]
fn every_missing_name_is_named_once() {
    check("${A} ${TOKEN} ${B_2} ${A}", Err(&["A", "B_2"]));
}

#[test]
fn a_value_is_not_expanded_again() {
    check("${DOLLAR}", Ok("${TOKEN}"));
}

#[test]
fn names_come_in_order_and_once() {
    assert_eq!(names("${B}, ${A}, ${B} and $C"), ["B", "A"]);
}

#[test]
fn the_gateways_own_variables_may_not_be_used() {
    for name in ["FERROGW_JOIN_TOKEN", "MASTER_KEY", "ADMIN_BOOTSTRAP_KEY", "CONFIG_STORE_DSN", "master_key"] {
        assert!(!may_be_used(name), "{name}");
    }
    for name in ["OPENAI_API_KEY", "MY_VLLM_KEY", "MASTER_KEY_OF_MINE", "DSN"] {
        assert!(may_be_used(name), "{name}");
    }
}

#[test]
fn a_literal_is_what_references_leave() {
    assert_eq!(literal("Bearer ${TOKEN}"), "Bearer ");
    assert_eq!(literal("${A}${B}"), "");
}
