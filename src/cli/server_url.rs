//! The URL of a server: `https://host:port/prefix`, `http://host:port`, `unix:/path`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use http::Uri;
use http::uri::Authority;

/// Where a server is, and how it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerUrl {
    pub place: ServerPlace,
    /// The prefix of the path of each call, as a proxy wants it; empty or `/prefix`.
    prefix: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerPlace {
    Host { authority: Authority, has_tls: bool },
    Socket(PathBuf),
}

/// Not the URL of a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{shown}\" is not the URL of a server: write https://host:port, with a path if a proxy wants \
     one, http://host:port for a server without TLS, or unix:/path for a socket; a port is 1 to 65535"
)]
pub struct ServerUrlError {
    shown: String,
}

impl FromStr for ServerUrl {
    type Err = ServerUrlError;

    fn from_str(text: &str) -> Result<Self, ServerUrlError> {
        let wrong = || ServerUrlError {
            // Without what may be a password.
            shown: text
                .rsplit_once('@')
                .map_or(text, |(_, host)| host)
                .to_owned(),
        };
        if let Some(path) = text.strip_prefix("unix:") {
            // As in curl and in gRPC: unix:path, unix:/path and unix:///path.
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(wrong());
            }
            return Ok(Self {
                place: ServerPlace::Socket(path.into()),
                prefix: String::new(),
            });
        }
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let has_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong()),
        };
        let authority = uri.authority().ok_or_else(wrong)?;
        // A port that is none would be left out, and the default one called.
        let port = authority.as_str().rsplit_once(':').map(|(_, port)| port);
        let has_port = port.is_none_or(|port| {
            port.ends_with(']') || port.parse::<u16>().is_ok_and(|port| port > 0)
        });
        if authority.host().is_empty()
            || authority.as_str().contains('@')
            || !has_port
            || uri.query().is_some()
        {
            return Err(wrong());
        }
        Ok(Self {
            place: ServerPlace::Host {
                authority: authority.clone(),
                has_tls,
            },
            prefix: uri.path().trim_end_matches('/').to_owned(),
        })
    }
}

impl ServerUrl {
    /// The origin of calls, as HTTP names it. A socket has no name of its own.
    pub fn origin(&self) -> String {
        match &self.place {
            ServerPlace::Host { authority, has_tls } => {
                let scheme = if *has_tls { "https" } else { "http" };
                format!("{scheme}://{authority}{}", self.prefix)
            }
            ServerPlace::Socket(_) => "http://localhost".to_owned(),
        }
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            ServerPlace::Host { .. } => f.write_str(&self.origin()),
            ServerPlace::Socket(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_prefixes_and_sockets() {
        for (text, origin) in [
            ("http://127.0.0.1:7878", "http://127.0.0.1:7878"),
            ("http://127.0.0.1:7878/", "http://127.0.0.1:7878"),
            ("https://[::1]:443", "https://[::1]:443"),
            ("https://[::1]", "https://[::1]"),
            ("https://host/minutebook/", "https://host/minutebook"),
            ("http://localhost:80/a/b", "http://localhost:80/a/b"),
            ("unix:/run/minutebook.sock", "http://localhost"),
        ] {
            let url: ServerUrl = text.parse().unwrap();
            assert_eq!(url.origin(), origin, "{text}");
        }
        for text in ["unix:/run/m.sock", "unix:///run/m.sock"] {
            let url: ServerUrl = text.parse().unwrap();
            assert_eq!(url.to_string(), "unix:/run/m.sock");
        }
    }

    #[test]
    fn what_is_no_url_is_named_without_its_password() {
        for text in [
            "127.0.0.1:1",
            "http://",
            "https://",
            "ftp://host",
            "unix:",
            "http://127.0.0.1:99999",
            "http://127.0.0.1:0",
            "http://127.0.0.1:1?x",
            "https://name:secret@127.0.0.1:1",
        ] {
            let wrong = text.parse::<ServerUrl>().unwrap_err().to_string();
            assert!(wrong.contains("https://host:port"), "{wrong}");
            assert!(!wrong.contains("secret"), "{wrong}");
        }
    }
}
