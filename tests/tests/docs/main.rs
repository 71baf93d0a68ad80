//! The book in `docs/`: its generated pages are current, its links lead somewhere, and its commands do what they say.
//!
//! `make docs` writes the generated pages anew.

mod codes;
mod commands;
mod configuration;
mod console;
mod environment;
mod links;

use std::path::{Path, PathBuf};

use ferrogw_tests::repository;

/// A page of the book.
fn page(name: &str) -> PathBuf {
    repository().join("docs").join(name)
}

/// All pages, and the README that leads to them.
fn pages() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(repository().join("docs")).expect("the book is there");
    let is_page = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "md");
    let mut pages: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).filter(is_page).collect();
    pages.push(repository().join("README.md"));
    pages.sort_unstable();
    pages
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Holds a generated page to what it is generated from.
fn is_current(name: &str, current: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(page(name), current).expect("the page can be written");
    }
    let committed = std::fs::read_to_string(page(name)).unwrap_or_default();
    assert!(committed == current, "docs/{name} is out of date; run `make docs`");
}
