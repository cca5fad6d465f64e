//! Which internet addresses are public: everything else is somebody's own network, or nobody's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Reach;

/// IPv4 ranges that are not the public internet (IANA's registry of special-purpose addresses): address, prefix length.
#[expect(clippy::ip_constant, reason = "a table of ranges is read better in one writing")]
const V4_REFUSED: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),       // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // behind a provider's translation
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local: a cloud's metadata lies here
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // relays to IPv6, given up
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // measurements
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),     // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),     // reserved, and broadcast
];
/// The one IPv6 range that is given out to the public; loopback, unique local, link-local, multicast, IPv4 in IPv6 and
/// translations lie outside it.
const V6_PUBLIC: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
/// Parts of it that are not.
const V6_REFUSED: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments: Teredo and others
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4: any IPv4 address inside
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

/// Whether an address is one of the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !V4_REFUSED.iter().any(|(range, length)| lies_in_v4(v4, *range, *length)),
        IpAddr::V6(v6) => {
            lies_in_v6(v6, V6_PUBLIC.0, V6_PUBLIC.1)
                && !V6_REFUSED.iter().any(|(range, length)| lies_in_v6(v6, *range, *length))
        }
    }
}

/// Whether it may be connected to.
pub(super) fn may_be_asked(address: IpAddr, reach: Reach) -> bool {
    match reach {
        Reach::Off => false,
        Reach::Public => is_public(address),
        Reach::Loopback => address.is_loopback(),
    }
}

fn lies_in_v4(address: Ipv4Addr, range: Ipv4Addr, length: u32) -> bool {
    let shift = 32 - length;
    u32::from(address) >> shift == u32::from(range) >> shift
}

fn lies_in_v6(address: Ipv6Addr, range: Ipv6Addr, length: u32) -> bool {
    let shift = 128 - length;
    u128::from(address) >> shift == u128::from(range) >> shift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_no_public_network_are_refused() {
        let refused = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:93.184.216.34",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "fc00::1",
            "fd12:3456:789a::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "5f00::1",
        ];
        for text in refused {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn neighbors_of_refused_ranges_are_public() {
        let public = [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2a00:1450::1",
            "2003::1",
        ];
        for text in public {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn loopback_is_this_machine_and_nothing_else() {
        let of = |text: &str, reach| may_be_asked(text.parse().unwrap(), reach);
        assert!(of("127.0.0.1", Reach::Loopback) && of("::1", Reach::Loopback));
        assert!(!of("10.0.0.1", Reach::Loopback) && !of("1.1.1.1", Reach::Loopback));
        assert!(!of("::ffff:127.0.0.1", Reach::Loopback));
        assert!(of("1.1.1.1", Reach::Public) && !of("127.0.0.1", Reach::Public));
        assert!(!of("1.1.1.1", Reach::Off));
    }
}
