//! Callers through a Unix socket: the system says which user and group they are.
//!
//! In an open register that means nothing. In one that has a keeper, mandates can be
//! granted to a user or a group of this machine. Where callers sign in by token or by
//! certificate, a proxy may stand between, and everybody behind it is its user: there a
//! socket signs in only a user who has a mandate, which a keeper gave knowingly.

use std::fmt;
use std::sync::Arc;

use super::peer_address::PeerAddress;
use minutebook_domain::caller::KnownCaller;
use minutebook_domain::date::day_of;
use minutebook_kernel::projection::Projection;
use minutebook_kernel::sign_in::SignInError;
use minutebook_kernel::sign_in::pseudonyms::Pseudonyms;

/// Knows the callers of a Unix socket by their numbers.
#[derive(Clone)]
pub struct SocketUsers {
    projection: Projection,
    pseudonyms: Arc<Pseudonyms>,
}

impl fmt::Debug for SocketUsers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketUsers").finish_non_exhaustive()
    }
}

impl SocketUsers {
    pub const fn new(projection: Projection, pseudonyms: Arc<Pseudonyms>) -> Self {
        Self {
            projection,
            pseudonyms,
        }
    }

    /// The caller at an address; `None` in an open register, and for an address of a
    /// network.
    pub fn caller(&self, address: PeerAddress) -> Result<Option<KnownCaller>, SignInError> {
        let principals = address.principals();
        let register = self.projection.register();
        let (Some(user), Some(_)) = (principals.first(), register.kept_since()) else {
            return Ok(None);
        };
        let (issuer, value) = (user.issuer.as_str(), user.value.as_str());
        Ok(Some(KnownCaller {
            pseudonym: self.pseudonyms.of(issuer, value)?,
            principals,
        }))
    }

    /// The caller at an address, if a mandate of the user or of the group is in force.
    pub fn mandated(&self, address: PeerAddress) -> Result<Option<KnownCaller>, SignInError> {
        let today = day_of(self.projection.now());
        let register = self.projection.register();
        let is_mandated = |caller: &KnownCaller| {
            let mandates = register.mandates();
            mandates.is_some_and(|mandates| !mandates.held_by(caller, today).is_empty())
        };
        Ok(self.caller(address)?.filter(is_mandated))
    }
}
