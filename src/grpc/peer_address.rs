//! Where a connection comes from: an address of a network, or a user of this machine.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use minutebook_domain::caller::{Principal, PrincipalKind};

/// The issuer of the principals of a Unix socket: the system that this runs on.
const UNIX: &str = "unix";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerAddress {
    Ip(SocketAddr),
    /// A Unix socket, and who opened it, as the system says.
    Unix {
        uid: u32,
        gid: u32,
    },
}

/// One host of a network, or one user of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeerHost {
    /// A network that counts as one address: all addresses that one host can choose from.
    Network(IpAddr),
    /// A user, by number.
    User(u32),
    /// A connection whose address is not known.
    Unknown,
}

impl PeerAddress {
    pub fn host(self) -> PeerHost {
        match self {
            Self::Ip(address) => PeerHost::of(address.ip()),
            Self::Unix { uid, .. } => PeerHost::User(uid),
        }
    }

    /// Whether it is on this machine.
    pub fn is_local(self) -> bool {
        match self {
            Self::Ip(address) => address.ip().to_canonical().is_loopback(),
            Self::Unix { .. } => true,
        }
    }

    /// The user and the group of a Unix socket; none of an address of a network.
    pub fn principals(self) -> Vec<Principal> {
        let Self::Unix { uid, gid } = self else {
            return Vec::new();
        };
        let both = [
            (PrincipalKind::Client, uid.to_string()),
            (PrincipalKind::Group, gid.to_string()),
        ];
        // A number is a name.
        both.into_iter()
            .filter_map(|(kind, value)| Principal::new(UNIX, kind, &value).ok())
            .collect()
    }
}

impl PeerHost {
    /// With IPv6, one host can choose from 64 bits.
    pub fn of(address: IpAddr) -> Self {
        Self::Network(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let bits = address.to_bits() & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from_bits(bits))
            }
        })
    }
}

impl From<SocketAddr> for PeerAddress {
    fn from(address: SocketAddr) -> Self {
        Self::Ip(address)
    }
}

/// `192.0.2.7:50000`, or `unix:uid=1000`
impl fmt::Display for PeerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(address) => write!(f, "{address}"),
            Self::Unix { uid, .. } => write!(f, "unix:uid={uid}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_of_a_unix_socket_is_a_client_and_a_group_of_this_machine() {
        let address = PeerAddress::Unix { uid: 0, gid: 27 };
        let principals: Vec<String> = address
            .principals()
            .iter()
            .map(Principal::to_string)
            .collect();
        assert_eq!(principals, ["client 0 of unix", "group 27 of unix"]);
        assert!(address.is_local());
        assert_eq!(address.to_string(), "unix:uid=0");
    }
}
