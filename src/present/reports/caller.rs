//! The caller, as the server knows them.

use crate::cell::Cell;
use crate::report::Report;
use crate::reports::mandates;
use crate::sheet::Sheet;
use minutebook_wire::proto::WhoAmIResponse;
use minutebook_wire::proto::who_am_i_response::Reading;

/// The caller, a line for each group, role and client, and the mandates.
pub fn in_full(caller: &WhoAmIResponse) -> Report {
    let mut facts = Sheet::facts("caller");
    let state = match (caller.signed_in, caller.mandate_needed) {
        (true, _) => "signed in",
        (false, false) => "not signed in: nobody is asked to sign in here",
        (false, true) => "not signed in: only those who have signed in can record here",
    };
    facts.fact("caller", state);
    facts.fact("pseudonym", &*caller.pseudonym);
    if let Some(expires_at) = caller.expires_at {
        facts.fact("signed in until", Cell::At(expires_at));
    }
    let reads = match caller.reading() {
        Reading::Unspecified => "",
        Reading::Everything => "everything",
        Reading::Covered => "what your mandates cover",
        Reading::CoveredAndUnmarked => "what your mandates cover, and what is not marked",
        Reading::Unmarked => "what is not marked: the register is public",
        Reading::Nothing => "nothing",
    };
    facts.fact("may read", reads);
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
    let mut sheets = vec![facts, principals];
    if caller.mandate_needed {
        sheets.push(held(caller));
    }
    Report::Sections(sheets)
}

/// The mandates of the caller; without any, who can grant one.
fn held(caller: &WhoAmIResponse) -> Sheet {
    let sheet = mandates::sheet(&caller.mandates)
        .headed("Your mandates")
        .when_empty("None is in force: nothing that you send is recorded.");
    if !caller.mandates.is_empty() {
        return sheet;
    }
    let way_out = match caller.keepers.as_slice() {
        _ if !caller.signed_in => "Sign in first (minutebook login).".to_owned(),
        [] => "No keeper has a mandate that is in force: whoever runs the server sets one at the \
               store (minutebook keeper)."
            .to_owned(),
        keepers => format!(
            "These can grant one (mandate_granted): {}.",
            keepers.join(", ")
        ),
    };
    sheet.with_notes([way_out])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{csv, table};
    use minutebook_wire::proto::caller_principal::Kind;
    use minutebook_wire::proto::{CallerPrincipal, MandateView};

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
            ..WhoAmIResponse::default()
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

    #[test]
    fn a_caller_reads_the_mandates_or_who_can_grant_one() {
        let read =
            |caller: &WhoAmIResponse| table::render(&in_full(caller), table::Layout::plain(140));
        let mut caller = WhoAmIResponse {
            signed_in: true,
            mandate_needed: true,
            keepers: vec!["Keeper of the register".to_owned()],
            ..WhoAmIResponse::default()
        };
        let none = read(&caller);
        for text in [
            "None is in force",
            "These can grant one (mandate_granted): Keeper of the register.",
        ] {
            assert!(none.contains(text), "{none}");
        }
        caller.mandates.push(MandateView {
            mandate_id: "secretary".to_owned(),
            recorded_as: "Board secretary".to_owned(),
            in_force: true,
            position: 7,
            ..MandateView::default()
        });
        let one = read(&caller);
        assert!(
            one.contains("Board secretary") && !one.contains("grant one"),
            "{one}"
        );
        caller.mandates.clear();
        caller.keepers.clear();
        assert!(read(&caller).contains("at the store (minutebook keeper)"));
    }
}
