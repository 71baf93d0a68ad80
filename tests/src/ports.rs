//! Free ports for processes that are told where to listen.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the range from which the kernel takes ports for outgoing connections, so that none of those is in the way.
const FIRST: u16 = 12_000;
const COUNT: u16 = 20_000;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// A loopback port that nobody listens on and that this process gave to nobody before.
///
/// # Panics
/// When none of twenty thousand is free.
#[must_use]
pub fn free() -> u16 {
    // Two test processes at once begin at different places.
    let start = u16::try_from(std::process::id() % u32::from(COUNT)).unwrap_or(0);
    (0..COUNT)
        .map(|_| FIRST + (start.wrapping_mul(7) % COUNT + NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("one port in twenty thousand is free")
}
