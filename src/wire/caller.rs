//! Callers: from the domain to the published language.

use crate::proto::caller_principal::Kind;
use crate::proto::principal::Name;
use crate::proto::{self, CallerPrincipal};
use minutebook_domain::caller::{Principal, PrincipalKind};

/// The published form of a principal of a caller.
pub fn principal(principal: &Principal) -> CallerPrincipal {
    let kind = match principal.kind {
        PrincipalKind::Group => Kind::Group,
        PrincipalKind::AppRole => Kind::Role,
        PrincipalKind::Client => Kind::Client,
        PrincipalKind::Certificate => Kind::Certificate,
    };
    CallerPrincipal {
        kind: kind.into(),
        issuer: principal.issuer.as_str().to_owned(),
        value: principal.value.as_str().to_owned(),
    }
}

/// The published form of the holder of a mandate.
pub fn holder(principal: &Principal) -> proto::Principal {
    let value = principal.value.to_string();
    proto::Principal {
        issuer: principal.issuer.to_string(),
        name: Some(match principal.kind {
            PrincipalKind::Group => Name::Group(value),
            PrincipalKind::AppRole => Name::AppRole(value),
            PrincipalKind::Client => Name::Client(value),
            PrincipalKind::Certificate => Name::Certificate(value),
        }),
    }
}
