//! Where and how callers get in: the address, TLS, and whether it is open to others.

use tokio::sync::watch;

use super::errors::StartError;
use super::exposure::{Insecure, check_exposure};
use super::listener::{BoundAddress, ListenAddress, Listener};
use super::options::ServerOptions;
use super::tls::{CurrentTls, TlsOptions, TlsReload};

/// An entrance that has to be right before the store is opened: a server that cannot serve
/// leaves no store behind.
pub(super) struct ClosedEntrance {
    bound: BoundAddress,
    tls: Option<(CurrentTls, TlsOptions)>,
    insecure: Option<Insecure>,
}

/// The entrance of a running server.
#[derive(Debug)]
pub(super) struct Entrance {
    pub address: ListenAddress,
    /// `None` without TLS.
    pub tls: Option<TlsReload>,
    pub insecure: Option<Insecure>,
}

impl ClosedEntrance {
    pub fn of(options: &ServerOptions) -> Result<Self, StartError> {
        let insecure = check_exposure(options)?;
        let tls = match &options.tls {
            Some(files) => Some((CurrentTls::load(files)?, files.clone())),
            None => None,
        };
        let bound = BoundAddress::bind(&options.listen)?;
        Ok(Self {
            bound,
            tls,
            insecure,
        })
    }

    /// Listens. Until `stops`, the files of TLS are followed.
    pub fn open(
        self,
        stops: &watch::Receiver<bool>,
    ) -> Result<(Entrance, Listener, Option<CurrentTls>), StartError> {
        let listener = self.bound.listen()?;
        let current = self.tls.as_ref().map(|(current, _)| current.clone());
        let reload = self.tls.map(|(current, files)| {
            let reload = TlsReload::default();
            reload.follow(current, files, stops.clone());
            reload
        });
        if let Some(insecure) = self.insecure.clone() {
            insecure.warn_until(stops.clone());
        }
        let entrance = Entrance {
            address: listener.address(),
            tls: reload,
            insecure: self.insecure,
        };
        Ok((entrance, listener, current))
    }
}
