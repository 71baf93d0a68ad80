use time::macros::datetime;
use uuid::Uuid;

use super::{parse, write};

#[test]
fn a_place_is_read_as_it_was_written() {
    for at in [datetime!(2026-03-01 12:00:00.123456 UTC), datetime!(1969-12-31 23:59:59.999999 UTC)] {
        let id = Uuid::now_v7();
        assert_eq!(parse(&write(at, id)), Some((at, id)));
    }
}

#[test]
fn anything_else_is_no_place() {
    for text in ["", ".", "1", "1.", "x.00000000000000000000000000000000", "99999999999999999999999999.0", "1.zz"] {
        assert_eq!(parse(text), None, "{text}");
    }
}
