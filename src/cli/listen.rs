//! Addresses to listen on, as people type them: `127.0.0.1:7878`, `localhost:7878`, or
//! a port alone; `unix:/run/minutebook.sock` for a socket file.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs as _};

use minutebook_server::{ListenAddress, SOCKET_MODE};

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

/// The same, or a socket file.
pub fn parse_listen_or_socket(text: &str) -> Result<ListenAddress, String> {
    let Some(path) = text.strip_prefix("unix:") else {
        return parse_listen(text).map(ListenAddress::Tcp);
    };
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.ends_with('/') {
        return Err(format!(
            "\"{text}\" names no socket file: write its path, such as unix:/run/minutebook.sock"
        ));
    }
    Ok(ListenAddress::Unix {
        path: path.into(),
        mode: SOCKET_MODE,
    })
}

/// Reads the mode of a socket file, in octal digits: its owner may connect, and its group or
/// all others may.
pub fn parse_mode(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8).ok();
    // To connect, a user has to be allowed to write.
    mode.filter(|mode| *mode <= 0o777 && mode & 0o600 == 0o600)
        .ok_or_else(|| {
            format!(
                "\"{text}\" is no mode of a socket file: write 0600 for its owner alone, 0660 for \
                 its group too, 0666 for every user of this machine"
            )
        })
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

    #[test]
    fn a_socket_file_and_its_mode() {
        for text in ["unix:/run/m.sock", "unix:///run/m.sock"] {
            let address = parse_listen_or_socket(text).unwrap();
            assert_eq!(address.to_string(), "unix:/run/m.sock");
        }
        let relative = parse_listen_or_socket("unix:m.sock").unwrap();
        assert_eq!(relative.to_string(), "unix:m.sock");
        assert!(parse_listen_or_socket("unix:").is_err());
        assert_eq!(parse_mode("0660"), Ok(0o660));
        assert_eq!(parse_mode("666"), Ok(0o666));
        for wrong in ["", "rw", "0888", "1777", "0400"] {
            assert!(parse_mode(wrong).unwrap_err().contains("0660"), "{wrong}");
        }
    }
}
