//! Addresses to listen on, as people type them: `127.0.0.1:7878`, `localhost:7878`, or
//! a port alone.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs as _};

/// Reads an address to listen on. A port alone means this machine only.
pub fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
    if let Ok(port) = text.parse() {
        return Ok(SocketAddr::new(local, port));
    }
    let wrong = |why: &str| {
        format!(
            "\"{text}\" is no address to listen on: {why}; write a port (7878) or 127.0.0.1:7878 \
             for this machine alone, 0.0.0.0:7878 for every network that it is in"
        )
    };
    let (host, port) = text
        .rsplit_once(':')
        .ok_or_else(|| wrong("a port is missing"))?;
    let port: u16 = port
        .parse()
        .map_err(|_| wrong("a port is a number from 0 to 65535"))?;
    if host.is_empty() {
        return Err(wrong("it does not say which network"));
    }
    let found = (host, port)
        .to_socket_addrs()
        .map_err(|_| wrong("no address is known for that name"))?;
    let found: Vec<SocketAddr> = found.collect();
    // Clients that are given no address try the older protocol.
    let older = found.iter().find(|address| address.is_ipv4());
    let first = older.or(found.first()).copied();
    first.ok_or_else(|| wrong("no address is known for that name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_a_name_and_a_port_alone() {
        for (text, address) in [
            ("127.0.0.1:7878", "127.0.0.1:7878"),
            ("0.0.0.0:0", "0.0.0.0:0"),
            ("[::1]:7878", "[::1]:7878"),
            ("localhost:7878", "127.0.0.1:7878"),
            ("7878", "127.0.0.1:7878"),
            ("0", "127.0.0.1:0"),
        ] {
            assert_eq!(parse_listen(text), Ok(address.parse().unwrap()), "{text}");
        }
        for (text, why) in [
            ("", "a port is missing"),
            ("localhost", "a port is missing"),
            (":7878", "which network"),
            ("localhost:", "a port is a number"),
            ("localhost:70000", "a port is a number"),
            ("99999", "a port is missing"),
            ("no-such-host.invalid:1", "no address is known"),
        ] {
            let error = parse_listen(text).unwrap_err();
            assert!(
                error.contains(why) && error.contains("127.0.0.1:7878"),
                "{error}"
            );
        }
    }
}
