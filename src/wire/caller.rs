//! Callers: from the domain to the published language.

use crate::domain::caller::{Principal, PrincipalKind};
use crate::wire::proto::CallerPrincipal;
use crate::wire::proto::caller_principal::Kind;

/// The published form of a principal.
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
