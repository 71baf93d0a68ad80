//! Documents that earlier versions have written are read as they were meant, and written as they were.

use ferrogw_config::Document;

#[test]
fn format_1_is_read_and_written_byte_for_byte() {
    let stored = include_bytes!("../fixtures/format-1.json").trim_ascii_end();
    let document = Document::from_parts(1, stored.to_vec());
    let checked = document.read().unwrap();
    assert_eq!(std::str::from_utf8(checked.document().bytes()), std::str::from_utf8(stored));
    assert_eq!(checked.document().digest(), document.digest());
}
