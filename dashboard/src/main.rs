//! The page's entry, and that of its thread. On other targets than a browser's there is nothing to start.

#[cfg(target_arch = "wasm32")]
mod console;
#[cfg(target_arch = "wasm32")]
mod thread;

fn main() {
    #[cfg(target_arch = "wasm32")]
    match thread::Scope::here() {
        Some(scope) => scope.serve(),
        None => console::start(),
    }
}
