use bytes::Bytes;

use super::{Malformed, Object};

fn read(text: &str) -> Object {
    Object::read(Bytes::copy_from_slice(text.as_bytes())).expect("a readable object")
}

fn refused(bytes: &[u8]) -> Malformed {
    Object::read(Bytes::copy_from_slice(bytes)).expect_err("a refusal")
}

fn text(bytes: &Bytes) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn a_member_is_found_where_it_stands() {
    let object = read(r#" {"model" : "gpt-4o", "messages":[{"a":1}] } "#);
    assert_eq!(object.get("model"), Some("\"gpt-4o\""));
    assert_eq!(object.get("messages"), Some(r#"[{"a":1}]"#));
    assert_eq!(object.get("stream"), None);
}

#[test]
fn an_escaped_name_is_the_same_member() {
    let object = read(r#"{"m\u006fdel":"x"}"#);
    assert_eq!(object.get("model"), Some("\"x\""));
}

#[test]
fn an_untouched_object_keeps_its_bytes() {
    let object = read("{ \"b\":1 ,\n\"a\" : 2}");
    assert_eq!(object.patch().finish(), object.raw());
}

#[test]
fn a_patch_changes_its_members_and_nothing_else() {
    let object = read("{ \"model\" : \"x\" ,\n  \"n\": 1e0, \"seed\":7, \"z\":\"\\u00e9\" }");
    let mut patch = object.patch();
    patch.set("model", "\"y\"").rename("seed", "random_seed").remove("n").set("stream", "true");
    assert_eq!(text(&patch.finish()), "{ \"model\" : \"y\",\"random_seed\":7, \"z\":\"\\u00e9\",\"stream\":true }");
}

#[test]
fn everything_can_be_removed_and_an_empty_object_can_grow() {
    let object = read(r#"{"a":1,"b":2}"#);
    let mut patch = object.patch();
    patch.remove("a").remove("b");
    assert_eq!(text(&patch.finish()), "{}");

    let object = read("{ }");
    let mut patch = object.patch();
    patch.set("a", "1").set("b", "2");
    assert_eq!(text(&patch.finish()), r#"{"a":1,"b":2}"#);
}

#[test]
fn a_duplicate_member_is_refused_also_when_spelt_differently() {
    assert_eq!(refused(br#"{"model":"a","m\u006fdel":"b"}"#), Malformed::Duplicate { name: "model".into() });
}

#[test]
fn a_duplicate_among_very_many_members_is_found() {
    let members: Vec<String> = (0..200_000).map(|n| format!("\"m{n}\":1")).collect();
    assert_eq!(read(&format!("{{{}}}", members.join(","))).members().last(), Some(("m199999", "1")));
    let twice = format!("{{{},\"m7\":2}}", members.join(","));
    assert_eq!(refused(twice.as_bytes()), Malformed::Duplicate { name: "m7".into() });
}

#[test]
fn what_is_not_one_json_object_is_refused() {
    assert_eq!(refused(b"  "), Malformed::Empty);
    assert_eq!(refused(b"{\"a\":\"\xff\"}"), Malformed::NotUtf8 { offset: 6 });
    for bad in ["[1]", "{\"a\":1} x", "{\"a\":", "\"text\"", "{a:1}", "{\"a\":01}"] {
        assert!(matches!(refused(bad.as_bytes()), Malformed::NotJson { .. }), "{bad}");
    }
}

#[test]
fn a_very_deep_value_is_indexed_without_recursion() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read(&deep).get("a").map(str::len), Some(200_000));
}
