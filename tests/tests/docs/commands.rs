//! The book's commands: each `sh` block of a page runs, in order, in one shell, against a gateway of its own.
//!
//! A block that begins with `# expect: text` has to print that text. Blocks for another machine or a person are marked `console`.

use std::path::Path;
use std::process::Command;

use ferrogw_tests::{Database, Gateway, MASTER_KEY, program, repository, scratch};

use super::{page, text};

/// Pages whose commands talk to a running gateway, in the order in which they are read.
const PAGES: [&str; 7] =
    ["quick-start.md", "concepts.md", "routing.md", "command-line.md", "operations.md", "observability.md", "troubleshooting.md"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_of_the_book_does_what_it_says() {
    for name in PAGES {
        let folder = scratch("book");
        std::fs::copy(repository().join("config.example.yaml"), folder.join("config.example.yaml")).expect("a copy");
        let plan = Gateway::all_in_one(Database::Sqlite).with("FERROGW_DEMO", "1").with("OPENAI_API_KEY", "sk-nobody");
        let gateway = plan.start().await;
        let blocks = blocks(&text(&page(name)));
        assert!(!blocks.is_empty(), "docs/{name} has no command that runs");
        for (line, block) in blocks {
            run(name, line, &block, &folder, &gateway);
        }
    }
}

fn run(name: &str, line: usize, block: &str, folder: &Path, gateway: &Gateway) {
    let binaries = program("ferrogw").parent().expect("binaries are in a folder").to_owned();
    let path =
        std::env::join_paths([binaries].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())));
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", block])
        .current_dir(folder)
        .env("PATH", path.expect("a path"))
        .env("FERROGW_URL", gateway.client().origin())
        .env("FERROGW_API_KEY", MASTER_KEY)
        .env("FERROGW_KEY", gateway.key())
        .env("NO_COLOR", "1")
        .output()
        .expect("bash is there");
    let said = [output.stdout, output.stderr].concat();
    let (place, said) = (format!("docs/{name}:{line}"), String::from_utf8_lossy(&said));
    assert!(output.status.success(), "{place} fails\n{block}\n{said}");
    for expected in block.lines().filter_map(|line| line.strip_prefix("# expect: ")) {
        assert!(said.contains(expected), "{place} does not say {expected:?}\n{block}\n{said}");
    }
}

/// The `sh` blocks of a page, with the line where each begins.
fn blocks(page: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in page.lines().enumerate() {
        match (&mut open, line.trim()) {
            (None, "```sh") => open = Some((index + 2, String::new())),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some((_, block)), _) => *block += &format!("{line}\n"),
            (None, _) => {}
        }
    }
    blocks
}
