use std::path::Path;

use super::{Backend, InvalidBackend, SqliteFile};

fn parse(backend: &str, dsn: &str) -> Result<Backend, InvalidBackend> {
    Backend::parse(Some(backend), Some(dsn), Path::new("/data/ferrogw.db"))
}

fn file(path: &str) -> Backend {
    Backend::Sqlite(SqliteFile::at(Path::new(path)))
}

#[test]
fn nothing_said_means_the_default_file() {
    assert_eq!(parse("", ""), Ok(file("/data/ferrogw.db")));
    assert_eq!(parse("sqlite", " "), Ok(file("/data/ferrogw.db")));
}

#[test]
fn memory_has_three_names() {
    for name in ["memory", "in-memory", "inmemory", "Memory"] {
        assert_eq!(parse(name, ""), Ok(Backend::Memory));
    }
}

#[test]
fn an_unknown_backend_is_named() {
    let error = parse("mysql", "").expect_err("there is no such backend");
    assert_eq!(error.to_string(), "unknown store backend `mysql`; there are memory, sqlite and postgres");
}

#[test]
fn postgres_needs_a_dsn() {
    assert_eq!(parse("postgres", ""), Err(InvalidBackend::MissingDsn));
    assert_eq!(parse("postgresql", ""), Err(InvalidBackend::MissingDsn));
}

#[test]
fn a_password_is_never_shown() {
    for backend in ["postgres", "postgresql", ""] {
        let parsed = parse(backend, "postgresql://me:p%40ss@db:6543/gw?sslmode=require").expect("a good address");
        assert_eq!(format!("{parsed} {parsed:?}"), "postgres://db:6543/gw Postgres(PostgresUrl(postgres://db:6543/gw))");
    }
}

#[test]
fn a_bad_address_is_refused_without_being_repeated() {
    for dsn in [
        "host=db password=hunter22",
        "mysql://me:hunter22@db/gw",
        "postgres://me:hunter22@db:port/gw",
        "postgres://me:hunter22@db/gw?sslmode=maybe",
    ] {
        let error = parse("postgres", dsn).expect_err("a bad address").to_string();
        assert!(!error.contains("hunter22"), "{error}");
    }
}

#[test]
fn a_sqlite_file_has_many_spellings() {
    for dsn in [
        "/a b.db",
        "sqlite:///a b.db",
        "sqlite:/a b.db",
        "file:/a%20b.db",
        "file:///a%20b.db?mode=rwc",
        "file://localhost/a%20b.db?cache=private",
    ] {
        assert_eq!(parse("sqlite", dsn), Ok(file("/a b.db")), "{dsn}");
    }
}

#[test]
fn a_plain_path_is_taken_literally() {
    assert_eq!(parse("sqlite", "/100%25?.db"), Ok(file("/100%25?.db")));
}

#[test]
fn a_relative_and_an_absolute_spelling_are_one_file() {
    let here = std::env::current_dir().expect("a current directory").join("keys.db");
    assert_eq!(parse("sqlite", "./keys.db"), parse("sqlite", here.to_str().expect("a printable path")));
}

#[test]
fn a_dsn_may_ask_for_memory() {
    assert_eq!(parse("sqlite", ":memory:"), Ok(Backend::Memory));
    assert_eq!(parse("sqlite", "file:x?mode=memory"), Ok(Backend::Memory));
}

#[test]
fn a_parameter_that_would_be_ignored_is_refused() {
    let error = parse("sqlite", "file:/a.db?_pragma=journal_mode(DELETE)").expect_err("not supported").to_string();
    assert_eq!(
        error,
        "the DSN cannot be read: the parameter `_pragma=journal_mode(DELETE)` is not supported; a path alone is enough"
    );
}
