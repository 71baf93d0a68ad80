use super::Cell;

fn quoted(text: &str) -> String {
    Cell::text(text).quoted()
}

#[test]
fn what_a_spreadsheet_would_compute_is_defused() {
    for formula in ["=1+1", "+cmd", "-2", "@sum", "\tx"] {
        assert_eq!(quoted(formula), format!("'{formula}"));
    }
    assert_eq!(quoted("=HYPERLINK(\"http://x\",\"y\")"), "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
    assert_eq!(Cell::plain(-1).quoted(), "-1");
}

#[test]
fn a_cell_stays_one_cell() {
    assert_eq!(quoted("a,b"), "\"a,b\"");
    assert_eq!(quoted("two\r\nlines"), "\"two\r\nlines\"");
    assert_eq!(quoted("plain; text"), "plain; text");
}
