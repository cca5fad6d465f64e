//! How often one address may do something, counted in memory only: nothing of it reaches the disk or the log.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use actix_web::HttpRequest;
use tokio::time::Instant;

/// Addresses remembered at once: some 100 bytes each. When they are more, those that have rested longest are dropped.
const ADDRESSES_MAX: usize = 10_000;
const SECONDS_AN_HOUR: f64 = 3_600.0;
const FORWARDED_FOR: &str = "x-forwarded-for";

/// A bucket an address: it holds as many tries as an hour allows and fills evenly.
pub(super) struct RateLimit {
    an_hour: u32,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

struct Bucket {
    left: f64,
    at: Instant,
}

impl RateLimit {
    pub(super) fn new(an_hour: u32) -> Self {
        Self { an_hour: an_hour.max(1), buckets: Mutex::default() }
    }

    /// Takes one try; `Err` gives the seconds until there is one again. No address is not limited.
    pub(super) fn take(&self, address: Option<IpAddr>, now: Instant) -> Result<(), u32> {
        self.ask(address, now, 1.0)
    }

    /// Whether there is a try left, without taking it.
    pub(super) fn check(&self, address: Option<IpAddr>, now: Instant) -> Result<(), u32> {
        self.ask(address, now, 0.0)
    }

    fn ask(&self, address: Option<IpAddr>, now: Instant, taken: f64) -> Result<(), u32> {
        let Some(address) = address.map(household) else { return Ok(()) };
        let most = f64::from(self.an_hour);
        let a_second = most / SECONDS_AN_HOUR;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ADDRESSES_MAX && !buckets.contains_key(&address) {
            buckets.retain(|_, bucket| bucket.left + now.duration_since(bucket.at).as_secs_f64() * a_second < most);
            if buckets.len() >= ADDRESSES_MAX {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(address).or_insert(Bucket { left: most, at: now });
        bucket.left = (bucket.left + now.duration_since(bucket.at).as_secs_f64() * a_second).min(most);
        bucket.at = now;
        if bucket.left < 1.0 {
            return Err(((1.0 - bucket.left) / a_second).ceil() as u32);
        }
        bucket.left -= taken;
        Ok(())
    }
}

/// Whom a request is counted under. Behind a proxy (the operator named a public address) it is the last address that
/// the proxy itself added. The own machine is not limited: a proxy that is not named would make all visitors one.
pub(super) fn visitor_of(request: &HttpRequest, is_behind_proxy: bool) -> Option<IpAddr> {
    let forwarded = || {
        let last = request.headers().get_all(FORWARDED_FOR).last()?;
        last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let peer = request.peer_addr().map(|peer| peer.ip());
    let address = if is_behind_proxy { forwarded().or(peer) } else { peer };
    address.filter(|address| !address.is_loopback())
}

/// A household has a whole /64 of IPv6 addresses.
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => six
            .to_ipv4_mapped()
            .map_or_else(|| Ipv6Addr::from(u128::from(six) & !u128::from(u64::MAX)).into(), Into::into),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([203, 0, 113, last])
    }

    #[test]
    fn an_hour_allows_so_many_and_fills_evenly() {
        let limit = RateLimit::new(60);
        let begun = Instant::now();
        for _ in 0..60 {
            limit.take(Some(address(1)), begun).unwrap();
        }
        assert_eq!(limit.take(Some(address(1)), begun), Err(60));
        limit.take(Some(address(2)), begun).unwrap();
        limit.take(Some(address(1)), begun + Duration::from_secs(61)).unwrap();
        assert!(limit.take(Some(address(1)), begun + Duration::from_secs(61)).is_err());
        limit.take(None, begun).unwrap();
    }

    #[test]
    fn addresses_of_one_household_count_together() {
        let limit = RateLimit::new(1);
        let now = Instant::now();
        limit.take("2001:db8:1:2::1".parse().ok(), now).unwrap();
        assert!(limit.take("2001:db8:1:2:ffff::9".parse().ok(), now).is_err());
        limit.take("2001:db8:1:3::1".parse().ok(), now).unwrap();
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let limit = RateLimit::new(1);
        let now = Instant::now();
        for n in 0..30_000_u32 {
            let _ = limit.take(Some(IpAddr::from(n.to_be_bytes())), now);
        }
        assert!(limit.buckets.lock().unwrap().len() <= ADDRESSES_MAX);
    }
}
