//! Whose quota a call takes from.

use minutebook_domain::caller::{Caller, KnownCaller, Principal, PrincipalKind, Pseudonym};

use super::peer_address::PeerHost;

/// A holder of quotas: a caller, wherever they call from, or an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum QuotaHolder {
    /// Where nobody is signed in.
    Host(PeerHost),
    /// A person, by pseudonym.
    Person(Pseudonym),
    /// A system, by its client or certificate.
    System(Principal),
}

impl QuotaHolder {
    /// The holder of a caller; `None` where nobody is signed in.
    pub fn of(caller: &Caller) -> Option<Self> {
        match caller {
            Caller::Local | Caller::Public | Caller::Store => None,
            Caller::Known(known) => Some(Self::of_known(known)),
        }
    }

    fn of_known(known: &KnownCaller) -> Self {
        let all = &known.principals;
        // A person's token vouches for no client, but a person may call through a system
        // that shows its certificate.
        let client = all
            .iter()
            .find(|principal| principal.kind == PrincipalKind::Client);
        let is_certificate = |principal: &&Principal| principal.kind == PrincipalKind::Certificate;
        let certificate = all.first().filter(|_| all.len() == 1);
        let system = client.or(certificate.filter(is_certificate));
        system.map_or(Self::Person(known.pseudonym), |system| {
            Self::System(system.clone())
        })
    }
}

impl From<PeerHost> for QuotaHolder {
    fn from(host: PeerHost) -> Self {
        Self::Host(host)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn holder(number: u8, principals: &[(PrincipalKind, &str)]) -> QuotaHolder {
        let principals = principals.iter().map(|(kind, value)| {
            Principal::new("https://login.example.gov.uk", *kind, value).unwrap()
        });
        let caller = Caller::Known(Arc::new(KnownCaller {
            principals: principals.collect(),
            pseudonym: Pseudonym([number; 16]),
        }));
        QuotaHolder::of(&caller).unwrap()
    }

    #[test]
    fn a_person_counts_by_pseudonym_and_a_system_by_its_name() {
        use PrincipalKind::{Certificate, Client, Group};
        let person = holder(1, &[(Group, "finance")]);
        assert_eq!(person, holder(1, &[(Group, "audit")]));
        assert_ne!(person, holder(2, &[(Group, "finance")]));
        assert_eq!(
            person,
            holder(1, &[(Group, "finance"), (Certificate, "portal")])
        );
        let system = holder(3, &[(Client, "feeder")]);
        assert_eq!(system, holder(4, &[(Group, "feeds"), (Client, "feeder")]));
        assert_ne!(system, holder(3, &[(Certificate, "feeder")]));
        assert_eq!(
            holder(5, &[(Certificate, "feeder")]),
            holder(6, &[(Certificate, "feeder")])
        );
        assert_eq!(QuotaHolder::of(&Caller::Local), None);
    }
}
