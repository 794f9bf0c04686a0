//! Domain values in their published form, for the views.
//!
//! Small pure functions, one a value; which message they go into is for the
//! views to say.

use jiff::Timestamp;
use jiff::civil;

use crate::domain::date::{FinancialYear, PartialDate};
use crate::domain::event;
use crate::domain::money::{Pence, Ppm};
use crate::domain::text::Name;
use crate::wire::proto;

/// A date, whole or partial, as it was recorded.
pub fn date(date: PartialDate) -> proto::Date {
    proto::Date {
        year: date.year().into(),
        month: date.month().unwrap_or(0).into(),
        day: date.day().unwrap_or(0).into(),
    }
}

/// A date that may be unknown.
pub fn optional_date(known: Option<PartialDate>) -> Option<proto::Date> {
    known.map(date)
}

/// A full day.
pub fn day(day: civil::Date) -> proto::Date {
    date(day.into())
}

/// An instant.
pub fn timestamp(instant: Timestamp) -> prost_types::Timestamp {
    // Protobuf counts nanoseconds upwards from the second before; jiff counts
    // both parts away from 1970.
    let (seconds, nanos) = (instant.as_second(), instant.subsec_nanosecond());
    if nanos < 0 {
        prost_types::Timestamp {
            seconds: seconds - 1,
            nanos: nanos + 1_000_000_000,
        }
    } else {
        prost_types::Timestamp { seconds, nanos }
    }
}

/// An amount, in pence.
pub const fn pence(amount: Pence) -> i64 {
    amount.get()
}

/// An amount that may be unsaid; 0 stands for that.
pub fn optional_pence(amount: Option<Pence>) -> i64 {
    amount.map_or(0, Pence::get)
}

/// A share that may be unset; 0 stands for that.
pub fn optional_ppm(share: Option<Ppm>) -> u32 {
    share.map_or(0, Ppm::get)
}

/// A financial year that may be unsaid; the empty string stands for that.
pub fn optional_year(year: Option<FinancialYear>) -> String {
    optional(year.as_ref())
}

/// Anything printable that may be missing; the empty string stands for that.
pub fn optional<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// Ids, or names, in order.
pub fn strings<'a, T: ToString + 'a>(values: impl IntoIterator<Item = &'a T>) -> Vec<String> {
    values.into_iter().map(ToString::to_string).collect()
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $function:ident($name:ident);)*) => {$(
        $(#[$doc])*
        pub fn $function(choice: event::$name) -> i32 {
            proto::$name::from(choice).into()
        }
    )*};
}

numbers! {
    /// A body's kind.
    body_kind(BodyKind);
    /// What a board can do.
    board_power(BoardPower);
    /// How a board decides.
    voting_rule(VotingRule);
    /// In what capacity someone sits on a board.
    member_capacity(MemberCapacity);
    /// A collaboration's form.
    collaboration_kind(CollaborationKind);
    /// What became of an opportunity.
    opportunity_outcome(OpportunityOutcome);
    /// As what a notice was given.
    notice_capacity(NoticeCapacity);
    /// How something ended.
    end_cause(EndCause);
    /// An instrument's kind.
    instrument_kind(InstrumentKind);
    /// A matter's kind.
    matter_kind(MatterKind);
    /// Revenue or capital.
    fund_type(FundType);
    /// Whether a change is for good.
    permanence(Permanence);
    /// What an underspend rests on.
    underspend_basis(UnderspendBasis);
    /// Which lines a virement crosses.
    crossing(Crossing);
    /// How a vote went.
    vote_choice(VoteChoice);
    /// Where an underspend goes.
    disposal_destination(DisposalDestination);
    /// How a recommendation was answered.
    response_choice(ResponseChoice);
}

/// What the Secretary of State did.
pub fn direction_kind(kind: &event::DirectionKind) -> i32 {
    proto::DirectionKind::from(kind).into()
}

/// What came of a matter.
pub fn outcome(outcome: &event::Outcome) -> i32 {
    proto::Outcome::from(outcome).into()
}

/// Who acted.
pub fn actor(actor: &event::Actor) -> proto::Actor {
    proto::Actor {
        body_id: optional(actor.body()),
        office: optional(actor.office()),
    }
}

/// An office that may be unsaid.
pub fn office(office: Option<&Name>) -> String {
    optional(office)
}

/// Where a fact can be read.
pub fn source(source: &event::Source) -> proto::Source {
    proto::Source {
        title: source.title.to_string(),
        place: source.place.to_string(),
        uri: source.uri.to_string(),
        sha256: optional(source.sha256.as_ref()),
    }
}

/// Where facts can be read.
pub fn sources(sources: &[event::Source]) -> Vec<proto::Source> {
    sources.iter().map(source).collect()
}

/// A document; unset where nothing is said of it.
pub fn document(document: &event::Document) -> Option<proto::Document> {
    if *document == event::Document::default() {
        return None;
    }
    Some(proto::Document {
        title: optional(document.title.as_ref()),
        uri: document.uri.to_string(),
        sha256: optional(document.sha256.as_ref()),
    })
}

/// An identifier.
pub fn identifier(identifier: &event::Identifier) -> proto::Identifier {
    proto::Identifier {
        scheme: identifier.scheme.to_string(),
        value: identifier.value.to_string(),
        valid_from_on: optional_date(identifier.valid_from_on),
        valid_to_on: optional_date(identifier.valid_to_on),
    }
}

/// Terms; unset where none are known.
pub fn terms(terms: &event::Terms) -> Option<proto::Terms> {
    if *terms == event::Terms::default() {
        return None;
    }
    Some(proto::Terms {
        commences_on: optional_date(terms.commences_on),
        expires_on: optional_date(terms.expires_on),
        review_on: optional_date(terms.review_on),
        notice_as_party_months: terms.notice_as_party_months.unwrap_or(0),
        notice_as_lead_months: terms.notice_as_lead_months.unwrap_or(0),
        has_withdrawal_provision: terms.has_withdrawal_provision,
        variation_party_ids: strings(&terms.variation_parties),
        provisions: terms.provisions.iter().map(provision).collect(),
    })
}

/// A provision of a section 22A agreement.
pub fn provision(provision: &event::Provision) -> proto::Provision {
    let (bodies, forces) = match provision {
        event::Provision::Force(forces) => (vec![], strings(forces)),
        event::Provision::PolicingBody(bodies) => (strings(bodies), vec![]),
        event::Provision::PolicingBodyAndForce(bodies, forces) => {
            (strings(bodies), strings(forces))
        }
    };
    proto::Provision {
        kind: proto::ProvisionKind::from(provision).into(),
        forces,
        policing_body_ids: bodies,
    }
}

/// What one place says of a discrepancy.
pub fn statement(statement: &event::Statement) -> proto::discrepancy_noted::Statement {
    proto::discrepancy_noted::Statement {
        place: statement.place.to_string(),
        says: statement.says.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::fields::FromWire;
    use crate::wire::json;
    use crate::wire::violation::MessageReader;

    fn there<T: FromWire>(m: &T::Wire) -> T {
        let mut r = MessageReader::new();
        let read = T::read(&mut r, m);
        r.finish(read).unwrap()
    }

    #[test]
    fn what_was_read_is_answered_alike() {
        let golden = include_str!("../../tests/golden/entry-v1.json");
        let sent: Vec<serde_json::Value> = serde_json::from_str(golden).unwrap();
        let sent = sent.into_iter().map(json::from_value::<proto::Event>);
        let sent: Vec<_> = sent.map(Result::unwrap).collect();
        let mut seen = 0;
        for m in &sent {
            if let Some(m) = &m.acted_by {
                assert_eq!(actor(&there(m)), *m);
                seen += 1;
            }
            for m in &m.sources {
                assert_eq!(source(&there(m)), *m);
                seen += 1;
            }
            match &m.kind {
                Some(proto::event::Kind::InstrumentDrafted(m)) => {
                    assert_eq!(terms(&there(m.terms.as_ref().unwrap())), m.terms);
                    assert_eq!(document(&there(m.document.as_ref().unwrap())), m.document);
                    seen += 1;
                }
                Some(proto::event::Kind::BodyRegistered(m)) => {
                    for m in &m.identifiers {
                        assert_eq!(identifier(&there(m)), *m);
                        seen += 1;
                    }
                }
                Some(proto::event::Kind::DiscrepancyNoted(m)) => {
                    for m in &m.statements {
                        assert_eq!(statement(&there(m)), *m);
                        seen += 1;
                    }
                }
                Some(_) | None => {}
            }
        }
        assert!(seen > 15, "{seen}");
    }

    #[test]
    fn instants_before_1970_keep_their_nanoseconds_positive() {
        let instant: Timestamp = "1969-12-31T23:59:59.25Z".parse().unwrap();
        let sent = timestamp(instant);
        assert_eq!((sent.seconds, sent.nanos), (-1, 250_000_000));
    }

    #[test]
    fn nothing_known_is_left_unset() {
        assert_eq!(terms(&event::Terms::default()), None);
        assert_eq!(document(&event::Document::default()), None);
        assert_eq!(optional_date(None), None);
        assert_eq!(optional_pence(None), 0);
        assert_eq!(optional_year(None), "");
    }
}
