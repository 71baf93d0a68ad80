//! Puts the dashboard into the binary: a table of the files under `dashboard/dist`, as `make dashboard` leaves them there. Where it was
//! not made, the table is empty, and the address of the dashboard says what to do.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let dist = Path::new(&env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets this")).join("../dashboard/dist");
    // The folder itself is in the repository, since a path that does not exist would be looked at anew by every build.
    if dist.is_dir() {
        println!("cargo:rerun-if-changed={}", dist.display());
    } else {
        println!("cargo:rerun-if-changed=build.rs");
    }
    let mut table = String::from("&[\n");
    for path in files(&dist)? {
        let name = path.strip_prefix(&dist).expect("it was found there").to_string_lossy().replace('\\', "/");
        let beside = |extension: &str| {
            let path = PathBuf::from(format!("{}.{extension}", path.display()));
            if path.is_file() { format!("Some(include_bytes!({path:?}))") } else { "None".to_owned() }
        };
        let (brotli, gzip) = (beside("br"), beside("gz"));
        writeln!(table, "File {{ name: {name:?}, plain: include_bytes!({path:?}), brotli: {brotli}, gzip: {gzip} }},")
            .expect("writing to a String cannot fail");
    }
    table.push_str("]\n");
    fs::write(Path::new(&env::var_os("OUT_DIR").expect("cargo sets this")).join("dashboard.rs"), table)
}

/// The files that are served, compressed forms aside.
fn files(dist: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in [dist.to_owned(), dist.join("assets")].into_iter().filter(|folder| folder.is_dir()) {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let served = path.extension().is_some_and(|extension| extension != "br" && extension != "gz");
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_file() && served && !hidden {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
