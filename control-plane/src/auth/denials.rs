//! Which refused calls are written to the audit trail: whoever is refused all the time must not fill it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::throttle::Throttle;

/// Stands for all addresses together.
const EVERYBODY: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// Room in the audit trail for refusals: for each address ten and then one every ten seconds, for all together a hundred and then one
/// a second.
#[derive(Debug)]
pub(crate) struct Denials {
    each: Throttle,
    all: Throttle,
    left_out: AtomicU64,
}

impl Default for Denials {
    fn default() -> Self {
        Self {
            each: Throttle::new(10, Duration::from_secs(10)),
            all: Throttle::new(100, Duration::from_secs(1)),
            left_out: AtomicU64::new(0),
        }
    }
}

impl Denials {
    /// Whether there is room for one more, and if so how many were left out since the last.
    pub(crate) fn admit(&self, address: Option<IpAddr>, now: Instant) -> Option<u64> {
        let room = self.each.attempt(address.unwrap_or(EVERYBODY), now).and_then(|()| self.all.attempt(EVERYBODY, now));
        match room {
            Ok(()) => Some(self.left_out.swap(0, Ordering::Relaxed)),
            Err(_) => {
                self.left_out.fetch_add(1, Ordering::Relaxed);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::{Duration, Instant};

    use super::Denials;

    #[test]
    fn an_address_that_is_refused_all_the_time_is_counted_instead_of_written_down() {
        let (denials, now) = (Denials::default(), Instant::now());
        let (loud, quiet) = (IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2)));
        let written = (0..1_000).filter(|_| denials.admit(Some(loud), now).is_some()).count();
        assert_eq!(written, 10);
        assert_eq!(denials.admit(Some(quiet), now), Some(990));
        assert_eq!(denials.admit(Some(loud), now + Duration::from_secs(10)), Some(0));
    }

    #[test]
    fn many_addresses_together_are_bounded_too() {
        let (denials, now) = (Denials::default(), Instant::now());
        let written = (0..5_000_u32).filter(|number| denials.admit(Some(Ipv4Addr::from_bits(*number).into()), now).is_some());
        assert_eq!(written.count(), 100);
    }
}
