use super::*;
use crate::Target;

fn config(provider: &str) -> Config {
    Config { targets: vec![Target { virtual_key: Some(provider.into()), ..Target::default() }], ..Config::default() }
}

#[test]
fn a_document_comes_back_as_it_was() {
    let document = Document::of(&config("openai"));
    assert_eq!(
        std::str::from_utf8(document.bytes()).unwrap(),
        r#"{"strategy":{"mode":"single"},"targets":[{"virtual_key":"openai"}]}"#
    );
    let checked = document.read().unwrap();
    assert_eq!(*checked.config(), config("openai"));
    assert_eq!(checked.document().digest(), document.digest());
}

#[test]
fn the_digest_is_of_the_bytes() {
    let document = Document::from_parts(1, b"{}".to_vec());
    assert_eq!(document.digest().to_string(), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

#[test]
fn a_newer_format_asks_for_an_upgrade() {
    let issues = Document::from_parts(2, b"{}".to_vec()).read().unwrap_err();
    assert_eq!(
        issues[0].to_string(),
        "the document has format 2, and this build reads no newer one than 1 \
         (upgrade ferrogw here to at least the version that wrote it)"
    );
}

#[test]
fn what_cannot_be_read_is_named_in_full() {
    let issues =
        Document::from_parts(1, br#"{"targets":[{"virtual_key":"openai","wieght":1}],"plugin":[]}"#.to_vec()).read().unwrap_err();
    let said: Vec<_> = issues.iter().map(|issue| (issue.path.as_str(), issue.line)).collect();
    assert_eq!(said, [("targets[0].wieght", None), ("plugin", None)]);

    let issues = Document::from_parts(1, vec![0xff]).read().unwrap_err();
    assert!(issues[0].message.starts_with("the document cannot be read"), "{issues:?}");
}
