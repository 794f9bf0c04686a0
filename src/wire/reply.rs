//! Domain values in their published form, for the views: one pure function a value.

pub mod voting;

use jiff::Timestamp;
use jiff::civil;

use crate::proto;
use minutebook_domain::currency::Currency;
use minutebook_domain::date::{FinancialYear, PartialDate};
use minutebook_domain::event;
use minutebook_domain::known_amount::KnownAmount;
use minutebook_domain::money::{Pence, Ppm};
use minutebook_domain::text::Name;

pub fn date(date: PartialDate) -> proto::Date {
    proto::Date {
        year: date.year().into(),
        month: date.month().unwrap_or(0).into(),
        day: date.day().unwrap_or(0).into(),
    }
}

pub fn optional_date(known: Option<PartialDate>) -> Option<proto::Date> {
    known.map(date)
}

pub fn day(day: civil::Date) -> proto::Date {
    date(day.into())
}

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

/// The code of a currency; empty for pounds sterling, and where there is no amount.
pub fn currency(currency: Option<Currency>) -> String {
    let other = currency.filter(|currency| *currency != Currency::STERLING);
    other.map_or_else(String::new, |currency| currency.to_string())
}

pub fn pence(amount: Pence) -> i64 {
    amount.get()
}

/// 0 for an amount that is not stated.
pub fn optional_pence(amount: Option<Pence>) -> i64 {
    amount.map_or(0, Pence::get)
}

/// 0 for a share that is not set.
pub fn optional_ppm(share: Option<Ppm>) -> u32 {
    share.map_or(0, Ppm::get)
}

/// Empty for a year that is not stated.
pub fn optional_year(year: Option<FinancialYear>) -> String {
    optional(year.as_ref())
}

/// Empty for a missing value.
pub fn optional<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

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
    body_kind(BodyKind);
    board_power(BoardPower);
    mandate_role(MandateRole);
    protective_marking(ProtectiveMarking);
    voting_rule(VotingRule);
    member_capacity(MemberCapacity);
    casting_vote(CastingVote);
    merged_seats(MergedSeats);
    attendance_kind(AttendanceKind);
    presiding_as(PresidingAs);
    collaboration_kind(CollaborationKind);
    opportunity_outcome(OpportunityOutcome);
    notice_capacity(NoticeCapacity);
    end_cause(EndCause);
    instrument_kind(InstrumentKind);
    matter_kind(MatterKind);
    fund_type(FundType);
    line_type(LineType);
    amount_basis(AmountBasis);
    outturn_status(OutturnStatus);
    adjustment_kind(AdjustmentKind);
    head_analysis(HeadAnalysis);
    variance_sign(VarianceSign);
    permanence(Permanence);
    underspend_basis(UnderspendBasis);
    crossing(Crossing);
    vote_choice(VoteChoice);
    disposal_destination(DisposalDestination);
    recurrence(Recurrence);
    settlement_for(SettlementFor);
    response_choice(ResponseChoice);
    condition_result(ConditionResult);
    call_in_outcome(CallInOutcome);
    challenge_step(ChallengeStep);
    shares_are(SharesAre);
    invoiced_for(InvoicedFor);
    publication_extent(PublicationExtent);
    withheld_extent(WithheldExtent);
}

/// Unspecified for an amount as such.
pub fn amount_is(amount_is: Option<event::AmountIs>) -> i32 {
    amount_is.map_or(0, |amount_is| proto::AmountIs::from(amount_is).into())
}

/// An amount that may not be known, and how exactly it is.
pub fn known_amount(known: KnownAmount) -> (Option<i64>, i32) {
    (known.amount.map(pence), amount_is(known.is))
}

/// Unspecified for a date as given.
pub fn date_is(is: Option<event::DateIs>) -> i32 {
    is.map_or(0, |is| proto::DateIs::from(is).into())
}

pub fn instrument_ref(named: &event::InstrumentRef) -> proto::InstrumentRef {
    proto::InstrumentRef {
        subject: named.subject.to_string(),
        instrument_id: named.instrument.to_string(),
    }
}

pub fn extension(option: &event::ExtensionOption) -> proto::ExtensionOption {
    proto::ExtensionOption {
        months: option.months,
        exercise_by_on: optional_date(option.exercise_by),
        holder_ids: strings(&option.holders),
        up_to: option.up_to,
    }
}

pub fn direction_kind(kind: &event::DirectionKind) -> i32 {
    proto::DirectionKind::from(kind).into()
}

pub fn outcome(outcome: &event::Outcome) -> i32 {
    proto::Outcome::from(outcome).into()
}

pub fn actor(actor: &event::Actor) -> proto::Actor {
    proto::Actor {
        body_id: optional(actor.body()),
        office: optional(actor.office()),
    }
}

/// Empty for an office that is not stated.
pub fn office(office: Option<&Name>) -> String {
    optional(office)
}

pub fn source(source: &event::Source) -> proto::Source {
    proto::Source {
        title: source.title.to_string(),
        place: source.place.to_string(),
        uri: source.uri.to_string(),
        sha256: optional(source.sha256.as_ref()),
    }
}

pub fn sources(sources: &[event::Source]) -> Vec<proto::Source> {
    sources.iter().map(source).collect()
}

/// Unset for a document without any field.
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

pub fn identifier(identifier: &event::Identifier) -> proto::Identifier {
    proto::Identifier {
        scheme: identifier.scheme.to_string(),
        value: identifier.value.to_string(),
        valid_from_on: optional_date(identifier.valid_from_on),
        valid_to_on: optional_date(identifier.valid_to_on),
    }
}

/// Unset for terms without any field.
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
        accession_party_ids: strings(&terms.accession_parties),
        notice_as_party_days: terms.notice_as_party_days.unwrap_or(0),
        notice_as_lead_days: terms.notice_as_lead_days.unwrap_or(0),
        notice_ends_on: terms.notice_ends_on.map(|day| proto::DayOfYear {
            month: day.month.unsigned_abs().into(),
            day: day.day.unsigned_abs().into(),
        }),
        no_exit_before_on: optional_date(terms.no_exit_before),
        minimum_term_months: terms.minimum_term_months.unwrap_or(0),
        rolling_months: terms.rolling_months.unwrap_or(0),
        extensions: terms.extensions.iter().map(extension).collect(),
        value_pence: optional_pence(terms.value),
        not_given: terms
            .not_given
            .iter()
            .map(|kind| proto::TermKind::from(*kind).into())
            .collect(),
        notice_ends_agreement: terms.notice_ends_agreement,
    })
}

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

pub fn statement(statement: &event::Statement) -> proto::discrepancy_noted::Statement {
    proto::discrepancy_noted::Statement {
        place: statement.place.to_string(),
        says: statement.says.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::FromWire;
    use crate::json;
    use crate::violation::MessageReader;

    fn read<T: FromWire>(m: &T::Wire) -> T {
        let mut r = MessageReader::new();
        let value = T::read(&mut r, m);
        r.finish(value).unwrap()
    }

    #[test]
    fn a_value_that_was_read_is_answered_alike() {
        let golden = include_str!("../../tests/golden/entry-v1.json");
        let sent: Vec<serde_json::Value> = serde_json::from_str(golden).unwrap();
        let sent = sent.into_iter().map(json::from_value::<proto::Event>);
        let sent: Vec<_> = sent.map(Result::unwrap).collect();
        let mut compared = 0;
        for m in &sent {
            if let Some(m) = &m.acted_by {
                assert_eq!(actor(&read(m)), *m);
                compared += 1;
            }
            for m in &m.sources {
                assert_eq!(source(&read(m)), *m);
                compared += 1;
            }
            match &m.kind {
                Some(proto::event::Kind::InstrumentDrafted(m)) => {
                    assert_eq!(terms(&read(m.terms.as_ref().unwrap())), m.terms);
                    assert_eq!(document(&read(m.document.as_ref().unwrap())), m.document);
                    compared += 1;
                }
                Some(proto::event::Kind::BodyRegistered(m)) => {
                    for m in &m.identifiers {
                        assert_eq!(identifier(&read(m)), *m);
                        compared += 1;
                    }
                }
                Some(proto::event::Kind::DiscrepancyNoted(m)) => {
                    for m in &m.statements {
                        assert_eq!(statement(&read(m)), *m);
                        compared += 1;
                    }
                }
                Some(_) | None => {}
            }
        }
        assert!(compared > 15, "{compared}");
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
