//! How often an address may try something: a bucket for each, of a bounded number of them.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Addresses that are remembered; beyond, the one that tried longest ago is forgotten.
const ADDRESSES: usize = 10_000;

/// Buckets that refill steadily. What is kept of each is only when it will be full again.
#[derive(Debug)]
pub(crate) struct Throttle {
    /// The time that one attempt takes to refill.
    every: Duration,
    /// The time that a whole bucket takes.
    depth: Duration,
    full_at: Mutex<HashMap<IpAddr, Instant>>,
}

impl Throttle {
    /// Buckets of `burst` attempts, of which one comes back each `every`.
    pub(crate) fn new(burst: u32, every: Duration) -> Self {
        Self { every, depth: every * burst, full_at: Mutex::default() }
    }

    /// Counts an attempt, or tells how long to wait for the next one.
    pub(crate) fn attempt(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let address = household(address);
        let begin = full_at.get(&address).map_or(now, |full| (*full).max(now));
        let after = begin + self.every;
        if after > now + self.depth {
            return Err(after - (now + self.depth));
        }
        if full_at.len() >= ADDRESSES && !full_at.contains_key(&address) {
            make_room(&mut full_at, now);
        }
        full_at.insert(address, after);
        Ok(())
    }
}

/// Forgets buckets that are full again, or else the one that will be first.
fn make_room(full_at: &mut HashMap<IpAddr, Instant>, now: Instant) {
    full_at.retain(|_, full| *full > now);
    if full_at.len() >= ADDRESSES
        && let Some(first) = full_at.iter().min_by_key(|(_, full)| **full).map(|(address, _)| *address)
    {
        full_at.remove(&first);
    }
}

/// Whoever has one IPv6 address has the 2⁶⁴ beside it.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::{Duration, Instant};

    use super::{ADDRESSES, Throttle};

    const EVERY: Duration = Duration::from_secs(6);

    fn address(number: u32) -> IpAddr {
        Ipv4Addr::from_bits(number).into()
    }

    #[test]
    fn a_burst_is_let_through_and_then_one_at_a_time() {
        let (throttle, now) = (Throttle::new(20, EVERY), Instant::now());
        assert!((0..20).all(|_| throttle.attempt(address(1), now).is_ok()));
        assert_eq!(throttle.attempt(address(1), now), Err(EVERY));
        assert!(throttle.attempt(address(2), now).is_ok());
        assert!(throttle.attempt(address(1), now + EVERY).is_ok());
        assert_eq!(throttle.attempt(address(1), now + EVERY), Err(EVERY));
        assert!((0..20).all(|_| throttle.attempt(address(1), now + 40 * EVERY).is_ok()));
    }

    #[test]
    fn the_addresses_of_one_network_share_a_bucket() {
        let (throttle, now) = (Throttle::new(1, EVERY), Instant::now());
        let parse = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(throttle.attempt(parse("2001:db8:0:1::1"), now).is_ok());
        assert!(throttle.attempt(parse("2001:db8:0:1:ffff::2"), now).is_err());
        assert!(throttle.attempt(parse("2001:db8:0:2::1"), now).is_ok());
        assert!(throttle.attempt(parse("192.0.2.1"), now).is_ok());
        assert!(throttle.attempt(parse("::ffff:192.0.2.1"), now).is_err());
    }

    #[test]
    fn however_many_addresses_try_a_bounded_number_is_remembered() {
        let (throttle, now) = (Throttle::new(1, EVERY), Instant::now());
        let most = u32::try_from(ADDRESSES).unwrap();
        for number in 0..=most {
            assert!(throttle.attempt(address(number), now + Duration::from_micros(number.into())).is_ok());
        }
        assert_eq!(throttle.full_at.lock().unwrap().len(), ADDRESSES);
        let soon = now + Duration::from_secs(1);
        assert!(throttle.attempt(address(most), soon).is_err(), "the newest is remembered");
        assert!(throttle.attempt(address(0), soon).is_ok(), "the oldest is forgotten");
    }
}
