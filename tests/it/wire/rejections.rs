//! Every rule of form, broken once: the field that is named and what is said.

use minutebook::wire::proto;
use minutebook::wire::request::draft;
use serde_json::{Value, json};

use super::{event, faults, golden, request, sample, with};

/// Golden event, field to change, what to put there (null takes it out), the
/// field that is named, and words of the description.
type Case = (
    &'static str,
    &'static str,
    Value,
    &'static str,
    &'static str,
);

fn check(cases: impl IntoIterator<Item = Case>) {
    for (kind, path, value, field, says) in cases {
        let found = faults(with(sample(kind), path, value.clone()));
        let named = format!("events[0].{field}");
        assert!(
            found
                .iter()
                .any(|v| v.field == named && v.description.contains(says)),
            "{kind} with {path} = {value}: {named} ({says}) is not among {found:#?}"
        );
    }
}

#[test]
fn the_golden_events_have_no_fault() {
    for event in golden::events() {
        assert_eq!(faults(event.clone()), [], "{event}");
    }
}

#[test]
fn around_the_kind() {
    check([
        (
            "leadAppointed",
            "subject",
            Value::Null,
            "subject",
            "a subject is required",
        ),
        (
            "leadAppointed",
            "subject",
            json!("emsou"),
            "subject",
            "written bodies/ID",
        ),
        (
            "leadAppointed",
            "leadAppointed",
            Value::Null,
            "kind",
            "newer than the server",
        ),
        (
            "leadAppointed",
            "effectiveOn",
            json!({"year": 2015, "month": 2, "day": 29}),
            "effective_on",
            "no day 2015-2-29",
        ),
        (
            "leadAppointed",
            "effectiveOn",
            json!({"month": 2}),
            "effective_on",
            "four digits",
        ),
        (
            "leadAppointed",
            "decidedOn",
            json!({"year": 2015, "day": 2}),
            "decided_on",
            "needs a month",
        ),
        (
            "leadAppointed",
            "actedBy",
            json!({}),
            "acted_by.body_id",
            "say who",
        ),
        (
            "leadAppointed",
            "actedBy.bodyId",
            json!("A"),
            "acted_by.body_id",
            "a-z, 0-9",
        ),
        (
            "leadAppointed",
            "authority.proposalId",
            json!("1"),
            "authority.proposal_id",
            "not a UUID",
        ),
        (
            "leadAppointed",
            "authority.delegation",
            json!(" "),
            "authority.delegation",
            "must not be blank",
        ),
        (
            "leadAppointed",
            "authority.acknowledgedBreach",
            json!({}),
            "authority.acknowledged_breach.reason",
            "blank",
        ),
        (
            "leadAppointed",
            "sources",
            json!([{"uri": "x"}]),
            "sources[0].title",
            "blank",
        ),
        (
            "bodyRegistered",
            "sources.0.sha256",
            json!("AB"),
            "sources[0].sha256",
            "lower-case hexadecimal",
        ),
        (
            "leadAppointed",
            "note",
            json!("\u{7}"),
            "note",
            "control characters",
        ),
        (
            "leadAppointed",
            "eventId",
            json!("00000000-0000-0000-0000-000000000000"),
            "event_id",
            "not a UUID",
        ),
    ]);
}

#[test]
fn a_kind_has_its_subjects() {
    let homes = [
        ("bodyRegistered", "boards/x", "a body"),
        ("bodySucceeded", "collaborations/x", "a body"),
        ("identifierAdded", "boards/x", "a body"),
        ("boardConstituted", "bodies/x", "a board"),
        ("chairAppointed", "bodies/x", "a board"),
        ("boardMembershipChanged", "collaborations/x", "a board"),
        ("meetingCalled", "collaborations/x", "a board"),
        ("collaborationEstablished", "bodies/x", "a collaboration"),
        ("partyJoined", "boards/x", "a collaboration"),
        ("partyWithdrew", "boards/x", "a collaboration"),
        ("leadAppointed", "boards/x", "a collaboration"),
        ("opportunityConsidered", "bodies/x", "a collaboration"),
        ("dependencyNoted", "bodies/x", "a collaboration"),
        ("noticeGiven", "bodies/x", "a collaboration"),
        ("noticeExtended", "bodies/x", "a collaboration"),
        ("noticeRevoked", "bodies/x", "a collaboration"),
        ("directionIssued", "bodies/x", "a collaboration"),
        ("collaborationEnded", "bodies/x", "a collaboration"),
        ("serviceAdded", "bodies/x", "a collaboration"),
        ("serviceUnitsChanged", "bodies/x", "a collaboration"),
        ("servicePartiesChanged", "bodies/x", "a collaboration"),
        ("serviceLeadTransferred", "bodies/x", "a collaboration"),
        ("serviceRemoved", "bodies/x", "a collaboration"),
        ("fundingFormulaSet", "bodies/x", "a collaboration"),
        (
            "approvalRulesAdopted",
            "bodies/x",
            "a collaboration or a board",
        ),
    ];
    check(homes.map(|(kind, subject, says)| (kind, "subject", json!(subject), "subject", says)));
    for kind in [
        "instrumentDrafted",
        "matterProposed",
        "auditReported",
        "virementMade",
    ] {
        for subject in ["bodies/x", "boards/x", "collaborations/x"] {
            assert_eq!(
                faults(with(sample(kind), "subject", json!(subject))),
                [],
                "{kind}"
            );
        }
    }
}

#[test]
fn bodies_and_boards() {
    check([
        (
            "bodyRegistered",
            "bodyRegistered.name",
            json!(""),
            "body_registered.name",
            "blank",
        ),
        (
            "bodyRegistered",
            "bodyRegistered.kind",
            Value::Null,
            "body_registered.kind",
            "one of BODY_KIND_POLICING_BODY, ",
        ),
        (
            "bodyRegistered",
            "bodyRegistered.force",
            Value::Null,
            "body_registered.force",
            "required for a policing body",
        ),
        (
            "bodyRegistered",
            "bodyRegistered.kind",
            json!("BODY_KIND_COUNCIL"),
            "body_registered.force",
            "leave it out",
        ),
        (
            "bodyRegistered",
            "bodyRegistered.identifiers.0.value",
            json!(""),
            "body_registered.identifiers[0].value",
            "blank",
        ),
        (
            "bodySucceeded",
            "bodySucceeded.successorId",
            json!("leicestershire-pcc"),
            "body_succeeded.successor_id",
            "followed by another",
        ),
        (
            "identifierAdded",
            "identifierAdded.identifier",
            Value::Null,
            "identifier_added.identifier",
            "required here",
        ),
        (
            "aliasAdded",
            "subject",
            json!("bodies/x"),
            "alias_added.service_id",
            "only a collaboration has services",
        ),
        (
            "boardConstituted",
            "boardConstituted.powers",
            json!([]),
            "board_constituted.powers",
            "at least one",
        ),
        (
            "boardConstituted",
            "boardConstituted.powers",
            json!(["BOARD_POWER_DECIDES", "BOARD_POWER_DECIDES"]),
            "board_constituted.powers[1]",
            "already",
        ),
        (
            "boardConstituted",
            "boardConstituted.powers",
            json!(["BOARD_POWER_UNSPECIFIED"]),
            "board_constituted.powers[0]",
            "a choice is required",
        ),
        (
            "boardConstituted",
            "boardConstituted.parentBoardId",
            json!("emcjb"),
            "board_constituted.parent_board_id",
            "under itself",
        ),
        (
            "boardConstituted",
            "boardConstituted.members.0.description",
            json!("x"),
            "board_constituted.members[0].description",
            "never both",
        ),
        (
            "boardConstituted",
            "boardConstituted.members.1.office",
            json!("x"),
            "board_constituted.members[1].office",
            "belongs to a body",
        ),
        (
            "boardConstituted",
            "boardConstituted.members.1.description",
            Value::Null,
            "board_constituted.members[1].body_id",
            "say who sits",
        ),
        (
            "boardConstituted",
            "boardConstituted.members",
            json!([{"bodyId": "a"}, {"bodyId": "a", "capacity": "MEMBER_CAPACITY_OBSERVER"}]),
            "board_constituted.members[1]",
            "this seat",
        ),
        (
            "boardMembershipChanged",
            "boardMembershipChanged",
            json!({}),
            "board_membership_changed.joined",
            "one list at least",
        ),
    ]);
}

#[test]
fn a_choice_from_the_future_is_refused_in_words() {
    let mut newer = event(sample("bodyRegistered"));
    if let Some(proto::event::Kind::BodyRegistered(body)) = &mut newer.kind {
        body.kind = 99;
    }
    let found = draft(&request(vec![newer])).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].field, "events[0].body_registered.kind");
    assert!(
        found[0]
            .description
            .starts_with("99 is not a choice this server knows")
    );
}

#[test]
fn collaborations() {
    check([
        (
            "collaborationEstablished",
            "collaborationEstablished.partyIds",
            json!(["a", "b", "a"]),
            "collaboration_established.party_ids[2]",
            "already",
        ),
        (
            "collaborationEstablished",
            "collaborationEstablished.partOfId",
            json!("emsou"),
            "collaboration_established.part_of_id",
            "part of itself",
        ),
        (
            "collaborationEstablished",
            "collaborationEstablished.kind",
            Value::Null,
            "collaboration_established.kind",
            "a choice is required",
        ),
        (
            "partyWithdrew",
            "partyWithdrew",
            json!({"bodyId": "a"}),
            "party_withdrew.reason",
            "without a notice needs a reason",
        ),
        (
            "opportunityConsidered",
            "opportunityConsidered.reasons",
            json!(" "),
            "opportunity_considered.reasons",
            "give them",
        ),
        (
            "noticeGiven",
            "noticeGiven.capacity",
            Value::Null,
            "notice_given.capacity",
            "NOTICE_CAPACITY_LEAD",
        ),
        (
            "noticeGiven",
            "noticeGiven.takesEffectOn",
            json!({"year": 2016, "month": 4}),
            "notice_given.takes_effect_on",
            "a full day",
        ),
        (
            "noticeGiven",
            "noticeGiven.takesEffectOn",
            Value::Null,
            "notice_given.takes_effect_on",
            "a date is required",
        ),
        (
            "noticeExtended",
            "noticeExtended.takesEffectOn",
            json!({"year": 2016}),
            "notice_extended.takes_effect_on",
            "a full day",
        ),
        (
            "directionIssued",
            "directionIssued.liftsDirectionId",
            Value::Null,
            "direction_issued.lifts_direction_id",
            "an id is required",
        ),
        (
            "directionIssued",
            "directionIssued.kind",
            json!("DIRECTION_KIND_DIRECT"),
            "direction_issued.lifts_direction_id",
            "leave it out",
        ),
        (
            "directionIssued",
            "directionIssued.noticeId",
            Value::Null,
            "direction_issued.notice_id",
            "name it",
        ),
        (
            "directionIssued",
            "directionIssued.takesEffectOn",
            Value::Null,
            "direction_issued.takes_effect_on",
            "a date is required",
        ),
        (
            "directionIssued",
            "directionIssued.takesEffectOn",
            json!({"year": 2016}),
            "direction_issued.takes_effect_on",
            "a full day",
        ),
        (
            "directionIssued",
            "directionIssued.terms",
            Value::Null,
            "direction_issued.terms",
            "blank",
        ),
        (
            "collaborationEnded",
            "collaborationEnded.replacedById",
            Value::Null,
            "collaboration_ended.replaced_by_id",
            "required for a replacement",
        ),
        (
            "collaborationEnded",
            "collaborationEnded.cause",
            json!("END_CAUSE_EXPIRY"),
            "collaboration_ended.replaced_by_id",
            "leave it out",
        ),
        (
            "collaborationEnded",
            "collaborationEnded.replacedById",
            json!("emsou"),
            "collaboration_ended.replaced_by_id",
            "its own place",
        ),
    ]);
}

#[test]
fn instruments_and_services() {
    check([
        (
            "instrumentDrafted",
            "instrumentDrafted.terms.provisions.0.forces",
            json!([]),
            "instrument_drafted.terms.provisions[0].forces",
            "at least one",
        ),
        (
            "instrumentDrafted",
            "instrumentDrafted.terms.provisions.0.policingBodyIds",
            json!(["a"]),
            "instrument_drafted.terms.provisions[0].policing_body_ids",
            "leave them out",
        ),
        (
            "instrumentDrafted",
            "instrumentDrafted.terms.provisions.1.forces",
            json!(["a"]),
            "instrument_drafted.terms.provisions[1].forces",
            "leave them out",
        ),
        (
            "instrumentDrafted",
            "instrumentDrafted.terms.provisions.2.policingBodyIds",
            json!([]),
            "instrument_drafted.terms.provisions[2].policing_body_ids",
            "at least one",
        ),
        (
            "agreementSigned",
            "agreementSigned.bodyId",
            json!(""),
            "agreement_signed.body_id",
            "an id is required",
        ),
        (
            "mouUpdated",
            "mouUpdated.variation",
            Value::Null,
            "mou_updated.variation",
            "required here",
        ),
        (
            "mouUpdated",
            "mouUpdated.variation.agreedByIds",
            json!([]),
            "mou_updated.variation.agreed_by_ids",
            "at least one",
        ),
        (
            "mouUpdated",
            "mouUpdated.variation.servicesAddedIds",
            json!(["soc"]),
            "mou_updated.variation.services_added_ids[0]",
            "both joins and leaves",
        ),
        (
            "instrumentRenewed",
            "instrumentRenewed.expiresOn",
            Value::Null,
            "instrument_renewed.expires_on",
            "a date is required",
        ),
        (
            "instrumentSuperseded",
            "instrumentSuperseded.byInstrumentId",
            json!("mou-2013"),
            "instrument_superseded.by_instrument_id",
            "gives way to another",
        ),
        (
            "serviceAdded",
            "serviceAdded.units",
            json!(["A", "B", "A"]),
            "service_added.units[2]",
            "already",
        ),
        (
            "serviceAdded",
            "serviceAdded.units",
            json!(["A\nB"]),
            "service_added.units[0]",
            "control characters",
        ),
        (
            "serviceUnitsChanged",
            "serviceUnitsChanged",
            json!({"serviceId": "a"}),
            "service_units_changed.added",
            "one list at least",
        ),
        (
            "serviceUnitsChanged",
            "serviceUnitsChanged.removed",
            json!(["Fraud"]),
            "service_units_changed.added[0]",
            "both joins and leaves",
        ),
        (
            "servicePartiesChanged",
            "servicePartiesChanged",
            json!({"serviceId": "a"}),
            "service_parties_changed.joined_ids",
            "one list at least",
        ),
        (
            "serviceLeadTransferred",
            "serviceLeadTransferred.toId",
            json!("leicestershire-pcc"),
            "service_lead_transferred.to_id",
            "another body",
        ),
    ]);
}

#[test]
fn decisions() {
    let rule = "approvalRulesAdopted.rules.1.requirement.allOf.of.0.board";
    let at = |field: &str| format!("{rule}.{field}");
    let board = "approval_rules_adopted.rules[1].requirement.all_of.of[0].board";
    for (path, value, field, says) in [
        (
            at("votingRule"),
            json!("VOTING_RULE_UNSPECIFIED"),
            "voting_rule",
            "a choice is required",
        ),
        (
            at("votingRule"),
            json!("VOTING_RULE_MAJORITY"),
            "weights",
            "leave them out",
        ),
        (
            at("votingRule"),
            json!("VOTING_RULE_UNANIMITY"),
            "threshold_ppm",
            "leave it out",
        ),
        (
            at("thresholdPpm"),
            Value::Null,
            "threshold_ppm",
            "1 to 1,000,000",
        ),
        (at("boardId"), Value::Null, "board_id", "an id is required"),
        (
            at("weights"),
            json!([{"bodyId": "a", "sharePpm": 1}, {"bodyId": "a", "sharePpm": 2}]),
            "weights[1]",
            "already",
        ),
    ] {
        let found = faults(with(sample("approvalRulesAdopted"), &path, value));
        let named = format!("events[0].{board}.{field}");
        assert!(
            found
                .iter()
                .any(|v| v.field == named && v.description.contains(says)),
            "{path}: {found:#?}"
        );
    }
    check([
        (
            "approvalRulesAdopted",
            "approvalRulesAdopted.rules.2.ruleId",
            json!("small"),
            "approval_rules_adopted.rules[2]",
            "a rule with this rule_id",
        ),
        (
            "approvalRulesAdopted",
            "approvalRulesAdopted.rules.2.requirement",
            json!({}),
            "approval_rules_adopted.rules[2].requirement.needs",
            "who must agree",
        ),
        (
            "approvalRulesAdopted",
            "approvalRulesAdopted.rules.2.requirement",
            json!({"anyOf": {}}),
            "approval_rules_adopted.rules[2].requirement.any_of.of",
            "at least one",
        ),
        (
            "approvalRulesAdopted",
            "approvalRulesAdopted.rules.2.requirement",
            json!({"namedBodies": {}}),
            "approval_rules_adopted.rules[2].requirement.named_bodies.body_ids",
            "at least one",
        ),
        (
            "approvalRulesAdopted",
            "approvalRulesAdopted.rules.0.conditions.amountOverPence",
            json!("25000000"),
            "approval_rules_adopted.rules[0].conditions.amount_up_to_pence",
            "nothing lies above",
        ),
        (
            "approvalRulesAdopted",
            "approvalRulesAdopted.rules.0.conditions.amountUpToPence",
            json!("-1"),
            "approval_rules_adopted.rules[0].conditions.amount_up_to_pence",
            "must not be negative",
        ),
        (
            "approvalRulesAdopted",
            "approvalRulesAdopted.rules.1.conditions.budgetShareUpToPpm",
            json!(1_000_001),
            "approval_rules_adopted.rules[1].conditions.budget_share_up_to_ppm",
            "at most 1,000,000",
        ),
        (
            "approvalRulesAdopted",
            "approvalRulesAdopted.rules.0.conditions.crossings",
            json!([0]),
            "approval_rules_adopted.rules[0].conditions.crossings[0]",
            "a choice is required",
        ),
        (
            "matterProposed",
            "matterProposed.proposalId",
            Value::Null,
            "matter_proposed.proposal_id",
            "a UUID is required",
        ),
        (
            "matterProposed",
            "matterProposed.matter",
            json!({}),
            "matter_proposed.matter.subject",
            "exactly one of",
        ),
        (
            "matterProposed",
            "matterProposed.matter",
            json!({"changeLead": {}}),
            "matter_proposed.matter.change_lead.to_id",
            "an id is required",
        ),
        (
            "matterProposed",
            "matterProposed.matter",
            json!({"setBudget": {"financialYear": "2020"}}),
            "matter_proposed.matter.set_budget.financial_year",
            "written 2020/21",
        ),
        (
            "matterProposed",
            "matterProposed.matter",
            json!({"makeVirement": {}}),
            "matter_proposed.matter.make_virement.sources",
            "at least one",
        ),
        (
            "voteCast",
            "voteCast.voter",
            Value::Null,
            "vote_cast.voter",
            "required here",
        ),
        (
            "voteCast",
            "voteCast.choice",
            json!("VOTE_CHOICE_UNSPECIFIED"),
            "vote_cast.choice",
            "VOTE_CHOICE_ABSTAIN",
        ),
        (
            "decisionMade",
            "decisionMade.boardId",
            Value::Null,
            "decision_made.board_id",
            "say who decided",
        ),
        (
            "decisionMade",
            "decisionMade.referredToId",
            Value::Null,
            "decision_made.referred_to_id",
            "an id is required",
        ),
        (
            "decisionMade",
            "decisionMade.outcome",
            json!("OUTCOME_NOTED"),
            "decision_made.referred_to_id",
            "only a referral",
        ),
        (
            "externalDecisionReceived",
            "externalDecisionReceived.outcome",
            json!("OUTCOME_NOTED"),
            "external_decision_received.outcome",
            "approves or rejects",
        ),
        (
            "actionAgreed",
            "actionAgreed.owner",
            json!({}),
            "action_agreed.owner.body_id",
            "say who",
        ),
        (
            "decisionWithheld",
            "decisionWithheld.ground",
            Value::Null,
            "decision_withheld.ground",
            "blank",
        ),
    ]);
}

#[test]
fn money() {
    check([
        (
            "fundingFormulaSet",
            "fundingFormulaSet.shares.1.bodyId",
            json!("leicestershire-pcc"),
            "funding_formula_set.shares[1]",
            "already",
        ),
        (
            "fundingFormulaSet",
            "fundingFormulaSet.financialYear",
            json!("2020/22"),
            "funding_formula_set.financial_year",
            "written 2020/21",
        ),
        (
            "budgetApproved",
            "budgetApproved.figures",
            Value::Null,
            "budget_approved.figures",
            "required here",
        ),
        (
            "budgetApproved",
            "budgetApproved.figures.contributions.0.amountPence",
            json!("-1"),
            "budget_approved.figures.contributions[0].amount_pence",
            "must not be negative",
        ),
        (
            "budgetApproved",
            "budgetApproved.figures.contributions",
            json!([{"serviceId": "a", "bodyId": "b"}, {"serviceId": "a", "bodyId": "b"}]),
            "budget_approved.figures.contributions[1]",
            "already",
        ),
        (
            "budgetApproved",
            "subject",
            json!("bodies/x"),
            "budget_approved.figures.contributions",
            "contribute to a collaboration",
        ),
        (
            "budgetApproved",
            "budgetApproved.figures.lines.1.head",
            Value::Null,
            "budget_approved.figures.lines[1].head",
            "a service, a head, or both",
        ),
        (
            "budgetApproved",
            "budgetApproved.figures.printedUnitPence",
            json!("-1"),
            "budget_approved.figures.printed_unit_pence",
            "must not be negative",
        ),
        (
            "savingsPlanned",
            "savingsPlanned.savings.toYear",
            json!("2019/20"),
            "savings_planned.savings.to_year",
            "not before the first",
        ),
        (
            "savingsPlanned",
            "savingsPlanned.partOfId",
            json!("s-1"),
            "savings_planned.part_of_id",
            "part of itself",
        ),
        (
            "virementRequested",
            "virementRequested.virement.sources",
            json!([]),
            "virement_requested.virement.sources",
            "at least one",
        ),
        (
            "virementRequested",
            "virementRequested.virement.sources.0.amountPence",
            json!("0"),
            "virement_requested.virement.sources[0].amount_pence",
            "an acknowledged breach",
        ),
        (
            "virementRequested",
            "virementRequested.virement.sources.0.amountPence",
            json!("-5"),
            "virement_requested.virement.sources[0].amount_pence",
            "must not be negative",
        ),
        (
            "virementRequested",
            "virementRequested.virement.sources.0.amountPence",
            json!("5"),
            "virement_requested.virement.targets",
            "£0.05 leaves and £300,000.00 arrives",
        ),
        (
            "virementRequested",
            "virementRequested.virement.sources.0",
            json!({"amountPence": "5"}),
            "virement_requested.virement.sources[0].place",
            "where the money is",
        ),
        (
            "virementApproved",
            "virementApproved.boardId",
            Value::Null,
            "virement_approved.board_id",
            "say who decided",
        ),
        (
            "underspendDisposed",
            "underspendDisposed.disposal.parts",
            json!([]),
            "underspend_disposed.disposal.parts",
            "at least one",
        ),
        (
            "underspendDisposed",
            "underspendDisposed.disposal.parts.0.bodyId",
            Value::Null,
            "underspend_disposed.disposal.parts[0].body_id",
            "required for a body's reserves",
        ),
        (
            "underspendDisposed",
            "underspendDisposed.disposal.parts.0.amountPence",
            Value::Null,
            "underspend_disposed.disposal.parts[0].amount_pence",
            "above nothing",
        ),
    ]);
}

#[test]
fn an_amount_may_be_unknown_only_in_a_breach_and_only_throughout() {
    let breach = golden::events()
        .into_iter()
        .find(|e| e["virementMade"]["virementId"] == "v-2")
        .unwrap();
    assert_eq!(faults(breach.clone()), []);
    let half = with(
        breach.clone(),
        "virementMade.virement.targets.0.amountPence",
        json!("5"),
    );
    assert!(faults(half)[0].description.contains("is known or none is"));
    let approved = with(breach, "authority", json!({"delegation": "¶4"}));
    assert_eq!(faults(approved).len(), 2);
}

#[test]
fn assurance_and_corrections() {
    check([
        (
            "auditReported",
            "auditReported.rating",
            Value::Null,
            "audit_reported.rating",
            "blank",
        ),
        (
            "recommendationResponded",
            "recommendationResponded.response",
            Value::Null,
            "recommendation_responded.response",
            "RESPONSE_CHOICE_ACCEPTED",
        ),
        (
            "benefitMeasured",
            "benefitMeasured.value",
            json!("1e3"),
            "benefit_measured.value",
            "a decimal is written",
        ),
        (
            "benefitMeasured",
            "benefitMeasured.value",
            json!(""),
            "benefit_measured.value",
            "a decimal is written",
        ),
        (
            "benefitMeasured",
            "benefitMeasured.value",
            json!("+1"),
            "benefit_measured.value",
            "a decimal is written",
        ),
        (
            "benefitMeasured",
            "benefitMeasured.value",
            json!("1."),
            "benefit_measured.value",
            "a decimal is written",
        ),
        (
            "discrepancyNoted",
            "discrepancyNoted.statements",
            json!([]),
            "discrepancy_noted.statements",
            "at least one",
        ),
        (
            "discrepancyNoted",
            "discrepancyNoted.statements.0.says",
            json!(""),
            "discrepancy_noted.statements[0].says",
            "blank",
        ),
        (
            "entryCorrected",
            "entryCorrected.position",
            Value::Null,
            "entry_corrected.target",
            "which entry was wrong",
        ),
        (
            "entryCorrected",
            "entryCorrected.position",
            json!("0"),
            "entry_corrected.position",
            "begin at 1",
        ),
        (
            "entryCorrected",
            "entryCorrected.reason",
            Value::Null,
            "entry_corrected.reason",
            "blank",
        ),
        (
            "entryCorrected",
            "entryCorrected.replacement.subject",
            json!("collaborations/other"),
            "entry_corrected.replacement.subject",
            "the same subject",
        ),
        (
            "entryCorrected",
            "entryCorrected.replacement.leadAppointed.bodyId",
            json!("-"),
            "entry_corrected.replacement.lead_appointed.body_id",
            "neither starts nor ends",
        ),
        (
            "entryCorrected",
            "entryCorrected.replacement",
            json!({"subject": "collaborations/emsou", "entryCorrected": {"position": "1", "reason": "x"}}),
            "entry_corrected.replacement.entry_corrected",
            "not itself a correction",
        ),
    ]);
}

#[test]
fn one_fault_never_hides_another() {
    let found = faults(json!({
        "subject": "bodies/x",
        "effectiveOn": {"year": 1},
        "serviceAdded": {
            "serviceId": "A",
            "units": ["", "ok", "\n"],
            "partyIds": ["a", "-", "a"],
        },
    }));
    let fields: Vec<&str> = found.iter().map(|v| v.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "events[0].effective_on",
            "events[0].subject",
            "events[0].service_added.service_id",
            "events[0].service_added.name",
            "events[0].service_added.units[0]",
            "events[0].service_added.units[2]",
            "events[0].service_added.party_ids[1]",
        ]
    );
}
