//! The caller, as the server knows them.

use crate::present::cell::Cell;
use crate::present::report::Report;
use crate::present::sheet::Sheet;
use crate::wire::proto::WhoAmIResponse;

/// The caller, and a line for each group, role and client.
pub fn in_full(caller: &WhoAmIResponse) -> Report {
    let mut facts = Sheet::facts("caller");
    let state = match caller.signed_in {
        true => "signed in",
        false => "not signed in: nobody is asked to sign in here",
    };
    facts.fact("caller", state);
    facts.fact("pseudonym", &*caller.pseudonym);
    if let Some(expires_at) = caller.expires_at {
        facts.fact("signed in until", Cell::At(expires_at));
    }
    let mut principals = Sheet::new("principals", "Vouched for").columns([
        ("kind", "Kind"),
        ("value", "Name"),
        ("issuer", "Issuer"),
    ]);
    for principal in &caller.principals {
        principals.row(vec![
            Cell::label(principal.kind()),
            (&*principal.value).into(),
            (&*principal.issuer).into(),
        ]);
    }
    Report::Sections(vec![facts, principals])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::{csv, table};
    use crate::wire::proto::CallerPrincipal;
    use crate::wire::proto::caller_principal::Kind;

    #[test]
    fn a_caller_is_what_issuers_vouch_for() {
        let caller = WhoAmIResponse {
            signed_in: true,
            principals: vec![CallerPrincipal {
                kind: Kind::Group.into(),
                issuer: "https://a.example".to_owned(),
                value: "finance".to_owned(),
            }],
            pseudonym: "0f".repeat(16),
            expires_at: None,
        };
        let people = table::render(&in_full(&caller), table::Layout::plain(100));
        for text in ["signed in", "0f0f", "group", "finance", "https://a.example"] {
            assert!(people.contains(text), "{people}");
        }
        let mut programs = Vec::new();
        csv::write(&in_full(&caller), &mut programs).unwrap();
        let programs = String::from_utf8(programs).unwrap();
        assert!(programs.contains("principals,1,kind,group"), "{programs}");
        let open = table::render(
            &in_full(&WhoAmIResponse::default()),
            table::Layout::plain(100),
        );
        assert!(open.contains("nobody is asked"), "{open}");
    }
}
