//! Whether others than this machine can call, and what protects the register from them.
//!
//! A register that anybody on the network can read and write must not come about by an
//! address alone. So a server without TLS or without sign-in listens beyond this machine
//! only if it is asked to, and then says so for as long as it runs.

use std::fmt;
use std::time::Duration;

use tokio::sync::watch;

use super::listener::ListenAddress;
use super::options::ServerOptions;

/// How often the log repeats that the server is insecure.
const REPEAT_EVERY: Duration = Duration::from_secs(3_600);

/// The address at which others than this machine could call, and what is missing there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "others than this machine could call at {address}, and {missing}. Listen on this machine alone \
     (--listen 127.0.0.1:7878, or unix:/run/minutebook.sock), {way_out}, or say with --insecure that \
     you want it so",
    missing = self.missing(),
    way_out = self.way_out()
)]
pub struct Exposed {
    pub address: ListenAddress,
    pub lacks_tls: bool,
    pub lacks_sign_in: bool,
}

impl Exposed {
    /// `None` if nobody else can call, or nothing is missing.
    fn of(options: &ServerOptions) -> Option<Self> {
        let exposed = Self {
            address: options.listen.clone(),
            lacks_tls: options.tls.is_none(),
            lacks_sign_in: options.sign_in.is_none() && !options.takes_certificates(),
        };
        let is_exposed = exposed.lacks_tls || exposed.lacks_sign_in;
        (is_exposed && !exposed.address.is_local()).then_some(exposed)
    }

    fn missing(&self) -> &'static str {
        match (self.lacks_tls, self.lacks_sign_in) {
            (true, true) => "there is neither TLS nor sign-in",
            (true, false) => "there is no TLS: they could read tokens and entries on the way",
            (false, _) => "nobody has to sign in: anyone could record",
        }
    }

    fn way_out(&self) -> &'static str {
        match (self.lacks_tls, self.lacks_sign_in) {
            (true, true) => {
                "set up TLS (--tls-cert, --tls-key) and sign-in (client certificates by --client-ca, \
                 or an identity provider)"
            }
            (true, false) => "set up TLS (--tls-cert, --tls-key)",
            (false, _) => {
                "set up sign-in (client certificates by --client-ca, or an identity provider)"
            }
        }
    }
}

/// A server that the operator has declared insecure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insecure(Exposed);

/// Refuses options that expose the register, unless they say that this is wanted.
pub(super) fn check_exposure(options: &ServerOptions) -> Result<Option<Insecure>, Exposed> {
    match Exposed::of(options) {
        Some(exposed) if options.insecure => Ok(Some(Insecure(exposed))),
        Some(exposed) => Err(exposed),
        None => Ok(None),
    }
}

/// A sentence, for people.
impl fmt::Display for Insecure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(exposed) = self;
        write!(
            f,
            "INSECURE: others than this machine can call at {}, and {}",
            exposed.address,
            exposed.missing()
        )
    }
}

impl Insecure {
    /// Warns now and each hour, until the server stops.
    pub(super) fn warn_until(self, mut stops: watch::Receiver<bool>) {
        tokio::spawn(async move {
            let mut hours = tokio::time::interval(REPEAT_EVERY);
            loop {
                tokio::select! {
                    _ = hours.tick() => tracing::warn!("{self}"),
                    _ = stops.wait_for(|stopping| *stopping) => return,
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::super::tls::TlsOptions;
    use super::*;
    use minutebook_kernel::sign_in::settings::{SignInClients, SignInSettings};

    fn options(listen: &str) -> ServerOptions {
        let listen: SocketAddr = listen.parse().unwrap();
        ServerOptions::new("data", listen)
    }

    #[test]
    fn this_machine_alone_may_call_without_anything() {
        for listen in [
            "127.0.0.1:0",
            "127.8.8.8:1",
            "[::1]:7878",
            "[::ffff:127.0.0.1]:0",
        ] {
            assert_eq!(check_exposure(&options(listen)), Ok(None), "{listen}");
        }
    }

    fn sign_in() -> SignInSettings {
        SignInSettings::one(
            "https://login.example",
            "register",
            SignInClients::default(),
        )
        .unwrap()
    }

    #[test]
    fn others_need_tls_and_sign_in() {
        for listen in ["0.0.0.0:7878", "[::]:7878", "192.0.2.7:7878"] {
            let mut options = options(listen);
            let says = |options: &ServerOptions, words: &str| {
                let text = check_exposure(options).unwrap_err().to_string();
                assert!(text.contains(listen), "{text}");
                assert!(text.contains(words), "{text}");
                assert!(text.contains("--insecure"), "{text}");
            };
            says(&options, "neither TLS nor sign-in");
            options.sign_in = Some(sign_in());
            says(&options, "there is no TLS");
            options.sign_in = None;
            let mut tls = TlsOptions::new("cert.pem", "key.pem");
            options.tls = Some(tls.clone());
            says(&options, "nobody has to sign in");
            options.insecure = true;
            assert!(matches!(check_exposure(&options), Ok(Some(_))));
            options.insecure = false;
            options.sign_in = Some(sign_in());
            assert_eq!(check_exposure(&options), Ok(None));
            options.sign_in = None;
            tls.client_ca = Some("ca.pem".into());
            options.tls = Some(tls);
            assert_eq!(check_exposure(&options), Ok(None));
        }
    }
}
