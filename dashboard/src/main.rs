//! The page's entry. On other targets than a browser's there is nothing to start.

fn main() {
    #[cfg(target_arch = "wasm32")]
    ferrogw_dashboard::start();
}
