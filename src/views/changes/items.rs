//! The key and the name of each item of a list.
//!
//! Items are matched by key, so that an item added in the middle is one change and does
//! not change all items after it. Every message that a state has in a list is in this
//! table; a test checks it.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage, Value};

use super::{format, table};

/// The largest number of characters of a key or a name.
const WORDS_MAX: usize = 60;

/// The fields that identify an item. A path with dots leads into its fields.
struct ItemIdentity {
    /// Without its package.
    message: &'static str,
    /// Alternative keys: the first that is not empty is used. Without any, the key is the
    /// number of the item.
    by: &'static [&'static [&'static str]],
    /// The name for people, where it is not the key.
    called: &'static [&'static str],
}

const fn known(
    message: &'static str,
    by: &'static [&'static [&'static str]],
    called: &'static [&'static str],
) -> ItemIdentity {
    ItemIdentity {
        message,
        by,
        called,
    }
}

const KNOWN: &[ItemIdentity] = &[
    known("AccessionView", &[&["body.body_id"]], &["body.name"]),
    known("ActView", &[&["position"]], &[]),
    known("ActorRef", &[&["body.body_id", "office"]], &[]),
    known("AssuranceView", &[&["assurance_id"]], &["title"]),
    known(
        "AttendanceView",
        &[&["who.body.body_id", "who.office"]],
        &["who.body.name", "who.office"],
    ),
    known(
        "Awaited",
        &[&["who.body.body_id", "who.office", "board.board_id"]],
        &[],
    ),
    known(
        "AwaitedSignature",
        &[&["subject", "instrument_id"]],
        &["title"],
    ),
    known("BenefitView", &[&["benefit_id"]], &["title"]),
    known("BoardRef", &[&["board_id"]], &[]),
    known(
        "BoardSeat",
        &[&["member.body.body_id", "member.office"], &["description"]],
        &["member.body.name", "member.office"],
    ),
    known("BoardSummary", &[&["board.board_id"]], &["board.name"]),
    known("BodyRef", &[&["body_id"]], &[]),
    known("BreachView", &[&["kind", "act.position"]], &["act.what"]),
    known("BreachView.LateApproval", &[&["proposal_id"]], &["title"]),
    known("BudgetCell", &[&["financial_year"]], &[]),
    known(
        "BudgetRow",
        &[&["service.service_id", "head", "fund"]],
        &["service.name", "head"],
    ),
    known("BudgetView", &[&["budget_id"]], &[]),
    known("BudgetYear", &[&["financial_year"]], &[]),
    known("CallInView", &[&["call_in_id"]], &[]),
    known("Capacity", &[&["kind", "force", "area"]], &[]),
    known("CapacityView", &[&["kind", "force", "area"]], &[]),
    known("ChallengeView", &[&["challenge_id"]], &["court"]),
    known("ChallengeView.StepView", &[&["position"]], &["step"]),
    known("CollaborationRef", &[&["collaboration_id"]], &[]),
    known("Coming", &[&["position"]], &[]),
    known("ConcernView", &[&["kind", "concern_id"]], &["kind", "what"]),
    known(
        "ConditionView",
        &[&["decision_id", "condition_id"]],
        &["what"],
    ),
    known("ConsultationView", &[&["consultation_id"]], &["about"]),
    known("ContributionCell", &[&["service_id"]], &[]),
    known(
        "ContributionColumn",
        &[&["service.service_id"]],
        &["service.name"],
    ),
    known("ContributionRow", &[&["body.body_id"]], &["body.name"]),
    known("ContributionsView", &[&["financial_year"]], &[]),
    known("DeadlineView", &[&["kind", "item_id"]], &["what"]),
    known("DecisionPublicationView", &[&["position"]], &[]),
    known(
        "DecisionView",
        &[&["decision_id"], &["position"]],
        &["title"],
    ),
    known("DelegationView", &[&["delegation_id"]], &["what"]),
    known("DependencyView", &[&["dependency_id"]], &["what"]),
    known(
        "DifferenceView",
        &[
            &["discrepancy_id"],
            &[
                "kind",
                "figures",
                "financial_year",
                "service.service_id",
                "body.body_id",
                "place",
            ],
        ],
        &["what"],
    ),
    known("DirectionView", &[&["direction_id"]], &[]),
    known("DiscrepancyNoted.Statement", &[&["place"]], &[]),
    known("DisposalView", &[&["disposal_id"]], &[]),
    known(
        "DisposalView.ConfirmationView",
        &[&["body.body_id"]],
        &["body.name"],
    ),
    known("DisposalView.PartView", &[], &["body.name"]),
    known("ExtensionOption", &[], &[]),
    known("FaultView", &[&["reason", "position"]], &["what"]),
    known("FormerNameView", &[&["name"]], &[]),
    known("FormulaShare", &[&["body.body_id"]], &["body.name"]),
    known(
        "FormulaView",
        &[&["service.service_id", "financial_year"]],
        &["service.name", "financial_year"],
    ),
    known("GrantView", &[&["grant_id"]], &["purpose"]),
    known("GroupQuorum", &[&["group"]], &[]),
    known(
        "HostedView",
        &[&["collaboration.collaboration_id", "service.service_id"]],
        &["collaboration.name", "service.name"],
    ),
    known("Identifier", &[&["scheme", "value"]], &[]),
    known("InexactDateView", &[&["position"]], &["summary"]),
    known("InstrumentRef", &[&["subject", "instrument_id"]], &[]),
    known("InstrumentReviewView", &[&["reviewed_on"]], &[]),
    known("InstrumentView", &[&["instrument_id"]], &["title"]),
    known(
        "LeftOverView",
        &[&["kind", "item_id", "what"]],
        &["kind", "what"],
    ),
    known("MeasurementView", &[&["measured_on"]], &[]),
    known(
        "MeetingView",
        &[&["meeting_id"], &["held_on"]],
        &["held_on"],
    ),
    known(
        "Membership",
        &[&["collaboration.collaboration_id"]],
        &["collaboration.name"],
    ),
    known("NeedView", &[], &["what"]),
    known("NoticeView", &[&["notice_id"]], &["body.name"]),
    known("OfficeNameView", &[&["position"]], &["office"]),
    known("OpportunityStepView", &[&["position"]], &[]),
    known("OpportunityView", &[&["opportunity_id"]], &["title"]),
    known(
        "OutstandingView",
        &[&["kind", "item_id"]],
        &["kind", "what"],
    ),
    known("PartySpellView", &[&["joined_on"]], &[]),
    known("PartyView", &[&["body.body_id"]], &["body.name"]),
    known("PassedView", &[&["position"]], &[]),
    known(
        "Payment",
        &[&["collaboration.collaboration_id", "financial_year"]],
        &["collaboration.name", "financial_year"],
    ),
    known("PlaceGivenUpView", &[&["notice_id"]], &["of.name"]),
    known(
        "ProposalView",
        &[&["approval.proposal_id"]],
        &["approval.title"],
    ),
    known(
        "Provision",
        &[&["kind", "forces", "policing_body_ids"]],
        &[],
    ),
    known("PublicationView", &[&["body.body_id"]], &["body.name"]),
    known("RenewalView", &[&["position"]], &[]),
    known("ResponseView", &[&["position"]], &["response"]),
    known("RuleSetView.RuleView", &[&["rule_id"]], &["title"]),
    known("SavingsMadeView", &[&["savings_id"]], &["description"]),
    known("SavingsStepView", &[&["position"]], &["step"]),
    known("SavingsView", &[&["savings_id"]], &["description"]),
    known("SavingsYearView", &[&["financial_year"]], &[]),
    known(
        "SeatView",
        &[&["board.board_id", "office"]],
        &["board.name", "office"],
    ),
    known(
        "ServedCollaborationView",
        &[&["collaboration.collaboration_id", "since_on"]],
        &["collaboration.name"],
    ),
    known(
        "ServiceAmount",
        &[&["service.service_id"]],
        &["service.name"],
    ),
    known("ServiceExit", &[&["left_on"]], &[]),
    known("ServiceInterruption", &[&["removed_on"]], &[]),
    known("ServiceRef", &[&["service_id"]], &[]),
    known("ServiceView", &[&["service.service_id"]], &["service.name"]),
    known("SettlementView", &[&["subject", "settlement_id"]], &[]),
    known("SettlementView.InstalmentView", &[&["due_on"]], &[]),
    known(
        "SettlementView.SettlementPaymentView",
        &[&["payment_id"]],
        &[],
    ),
    known("SettlementView.WriteOffView", &[&["position"]], &[]),
    known(
        "SignatureView",
        &[&["body.body_id"], &["others"]],
        &["body.name", "others"],
    ),
    known(
        "SignedInstrument",
        &[&["subject", "instrument_id"]],
        &["title"],
    ),
    known("SittingView", &[&["on"]], &[]),
    known("Source", &[&["title", "place", "uri"]], &[]),
    known("StandingOrdersView", &[&["since_on"]], &[]),
    known("StatedFigure", &[&["place"]], &[]),
    known("SuccessionPartView", &[&["subject"]], &[]),
    known("SuccessionShareView", &[&["body.body_id"]], &["body.name"]),
    known(
        "TermOfOfficeView",
        &[
            &["place", "holder.body.body_id", "holder.office", "since_on"],
            &["place", "description", "since_on"],
        ],
        &["holder.body.name", "holder.office"],
    ),
    known("VersionView", &[&["number"]], &[]),
    known(
        "VirementSideView",
        &[],
        &["service_name", "head.head", "returned_to.name"],
    ),
    known(
        "VirementView",
        &[&["proposal_id"], &["position"]],
        &["title"],
    ),
    known("VoidedEntry", &[&["position"]], &["summary"]),
    known("WordView", &[&["position"]], &["by.body.name", "by.office"]),
    known("YearFigure", &[&["reported_on", "basis"]], &[]),
    known("google.type.Date", &[&["year", "month", "day"]], &[]),
];

/// The key of an item; `None` for one whose key is its number.
pub(super) fn key(item: &DynamicMessage) -> Option<String> {
    let known = known_for(item)?;
    let parts = known
        .by
        .iter()
        .map(|fields| values_of(item, fields, key_part).join("/"));
    let key = parts.into_iter().find(|key| !key.is_empty());
    match key {
        Some(key) => Some(within_brackets(&key)),
        // The budget that has no id is the main one.
        None if known.message == "BudgetView" => Some("main".to_owned()),
        None => None,
    }
}

/// The name, for people, of the item with this key.
pub(super) fn display_name(item: &DynamicMessage, key: &str) -> String {
    let Some(known) = known_for(item) else {
        return key.to_owned();
    };
    let (kind, names): (Vec<&str>, Vec<&str>) = known
        .called
        .iter()
        .copied()
        .partition(|field| *field == "kind");
    let is_quoted = !names.iter().any(|field| field.ends_with("name"));
    let name = format::cut(
        &values_of(item, &names, format::value).join(", "),
        WORDS_MAX,
    );
    let name = match name.as_str() {
        "" if known.by.contains(&["position"].as_slice()) && is_number(key) => {
            format!("of entry {key}")
        }
        "" => key.to_owned(),
        name if is_quoted => format!("\u{201c}{name}\u{201d}"),
        _ => name,
    };
    let mut words = values_of(item, &kind, format::value);
    words.push(name);
    words.join(" ")
}

/// Whether a field of an item belongs to its key or its name.
pub(super) fn names(item: &DynamicMessage, field: &FieldDescriptor) -> bool {
    let is_leaf = match field.kind() {
        Kind::Message(of) => table::is_leaf(format::short_name(of.full_name())),
        _ => true,
    };
    is_leaf
        && known_for(item).is_some_and(|known| {
            let mut all = known.by.iter().copied().flatten().chain(known.called);
            all.any(|path| path.split('.').next() == Some(field.name()))
        })
}

/// Whether an item only repeats an item of another list: a line of the decision log
/// without a decision repeats the proposal.
pub(super) fn repeats(item: &DynamicMessage) -> bool {
    let descriptor = item.descriptor();
    let decision = descriptor.get_field_by_name("decision_id");
    format::short_name(descriptor.full_name()) == "DecisionView"
        && decision.is_some_and(|decision| !item.has_field(&decision))
}

/// A part of a key as programs read it.
fn key_part(field: &FieldDescriptor, value: &Value) -> String {
    match value {
        Value::U64(number) => number.to_string(),
        value => format::value(field, value),
    }
}

fn is_number(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_digit())
}

/// A key that is safe in a path.
pub(super) fn within_brackets(key: &str) -> String {
    let key = format::cut(key, WORDS_MAX);
    key.replace('[', "(").replace(']', ")")
}

fn known_for(item: &DynamicMessage) -> Option<&'static ItemIdentity> {
    let descriptor = item.descriptor();
    let name = format::short_name(descriptor.full_name());
    let found = KNOWN.binary_search_by(|known| known.message.cmp(name));
    KNOWN.get(found.ok()?)
}

/// The values of these fields as text, without empty ones.
fn values_of(item: &DynamicMessage, fields: &[&str], format: Format) -> Vec<String> {
    let values = fields
        .iter()
        .filter_map(|path| value_at(item, path, format));
    values.collect()
}

type Format = fn(&FieldDescriptor, &Value) -> String;

fn value_at(item: &DynamicMessage, path: &str, format: Format) -> Option<String> {
    let (name, rest) = path
        .split_once('.')
        .map_or((path, None), |(name, rest)| (name, Some(rest)));
    let field = item.descriptor().get_field_by_name(name)?;
    if !item.has_field(&field) {
        return None;
    }
    match (&*item.get_field(&field), rest) {
        (Value::Message(inner), Some(rest)) => value_at(inner, rest, format),
        (value, _) => Some(format(&field, value)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use prost_reflect::MessageDescriptor;

    use super::*;
    use crate::wire::proto::descriptors;

    fn listed(of: &MessageDescriptor, seen: &mut BTreeSet<String>, found: &mut BTreeSet<String>) {
        if !seen.insert(of.full_name().to_owned()) {
            return;
        }
        for field in of.fields() {
            if let Kind::Message(inner) = field.kind() {
                if field.is_list() {
                    found.insert(format::short_name(inner.full_name()).to_owned());
                }
                listed(&inner, seen, found);
            }
        }
    }

    #[test]
    fn every_message_in_a_list_of_a_state_is_in_the_table_and_has_its_fields() {
        let state = descriptors()
            .get_message_by_name("minutebook.v1.SubjectState")
            .unwrap();
        let mut found = BTreeSet::new();
        listed(&state, &mut BTreeSet::new(), &mut found);
        let known: BTreeSet<String> = KNOWN.iter().map(|known| known.message.to_owned()).collect();
        assert_eq!(found, known);
        assert!(KNOWN.is_sorted_by_key(|known| known.message));
        for known in KNOWN {
            let name = match known.message.starts_with("google.") {
                true => known.message.to_owned(),
                false => format!("minutebook.v1.{}", known.message),
            };
            for path in known.by.iter().copied().flatten().chain(known.called) {
                let mut message = descriptors().get_message_by_name(&name).unwrap();
                for part in path.split('.') {
                    let field = message.get_field_by_name(part);
                    let field = field.unwrap_or_else(|| panic!("{name}: {path}"));
                    if let Kind::Message(inner) = field.kind() {
                        message = inner;
                    }
                }
            }
        }
    }
}
