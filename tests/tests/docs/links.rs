//! Links within the repository lead to something that is there.

use std::path::Path;

use super::{pages, text};

#[test]
fn every_link_of_the_book_leads_to_something_that_is_there() {
    let mut broken = Vec::new();
    for page in pages() {
        let folder = page.parent().expect("a page is in a folder");
        for link in links(&text(&page)) {
            if !leads_somewhere(folder, &page, &link) {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_index_names_every_page_of_the_book() {
    let index = text(&super::page("README.md"));
    for page in pages() {
        let name = page.file_name().and_then(|name| name.to_str()).expect("a name");
        // The plan for whoever goes on building is no page for readers.
        let is_listed = index.contains(&format!("({name})")) || ["README.md", "progress.md"].contains(&name);
        assert!(is_listed, "docs/README.md does not name {name}");
    }
}

/// The targets of a page's links within the repository.
fn links(page: &str) -> Vec<String> {
    let targets = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && !target.contains(' ')).map(str::to_owned).collect()
}

fn leads_somewhere(folder: &Path, page: &Path, link: &str) -> bool {
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if path.is_empty() { page.to_owned() } else { folder.join(path) };
    let is_markdown = target.extension().is_some_and(|ending| ending == "md");
    target.exists() && (anchor.is_empty() || !is_markdown || headings(&text(&target)).iter().any(|heading| heading == anchor))
}

/// Headings as they are spelt in links.
fn headings(page: &str) -> Vec<String> {
    let heading = |line: &str| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        words.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>().replace(' ', "-")
    };
    page.lines().filter(|line| line.starts_with('#')).map(heading).collect()
}
