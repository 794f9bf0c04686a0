//! The actions of the model as events that a recorder sends.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::naive::{
    self, Authority, CallInEnd, Choice, ConditionEnd, CourtStep, Declared, Model, ModelAction,
    ModelTally, Pick, Terms, is_of_council,
};
use crate::decisions::approving::id;
use crate::given::{date, event as record_event, on_x};

fn voter(by: &str) -> Value {
    match by {
        "officer" => json!({ "bodyId": "a-pcc", "office": "Chief Finance Officer" }),
        body => json!({ "bodyId": body }),
    }
}

/// The action as an event; `None` if it refers to nothing.
pub fn event(model: &Model, day: Date, action: &ModelAction, serial: u64) -> Option<Value> {
    let on = day.to_string();
    let event = match action {
        ModelAction::Adopt(set) => on_x(
            &on,
            "approvalRulesAdopted",
            json!({ "ruleSetId": format!("set-{serial}"), "rules": naive::rules(*set) }),
        ),
        ModelAction::Orders(bits) => {
            let casting = if bits & 1 != 0 { "PRESIDING" } else { "NONE" };
            let merged = if bits & 2 != 0 { "ONE" } else { "EACH" };
            let orders = json!({ "castingVote": format!("CASTING_VOTE_{casting}"),
                "mergedSeats": format!("MERGED_SEATS_{merged}"),
                "quorum": if bits & 4 != 0 { 2 } else { 3 } });
            record_event("boards/board", &on, "standingOrdersAdopted", orders)
        }
        ModelAction::Request {
            n,
            amount,
            head,
            projected,
            by,
            put_to,
            board,
        } => {
            let mut event = on_x(
                &on,
                "virementRequested",
                json!({ "proposalId": proposal(*n), "reason": "Needed",
                    "virement": virement(*amount, *head, *projected), "putToIds": put_to }),
            );
            if let Some(board) = board {
                event["virementRequested"]["boardId"] = (*board).into();
            }
            event["actedBy"] = match *by {
                "b-cc" => json!({ "bodyId": "b-cc", "office": "Head of Dogs" }),
                by => voter(by),
            };
            event
        }
        ModelAction::Vote {
            n,
            by,
            board,
            choice,
            declared,
            seat_only,
        } => {
            let choice = match choice {
                Choice::For => "APPROVE",
                Choice::Against => "REJECT",
                Choice::Neither => "ABSTAIN",
            };
            let mut payload = json!({ "proposalId": proposal(*n), "voter": voter(by),
                "choice": format!("VOTE_CHOICE_{choice}") });
            if *board {
                payload["boardId"] = "board".into();
            }
            payload["seatOnly"] = (*seat_only).into();
            let interest = |kind: &str, course: &str| {
                json!({ "description": "Gains by it", "kind": format!("INTEREST_KIND_{kind}"),
                    "course": format!("INTEREST_COURSE_{course}") })
            };
            match declared {
                Declared::Nothing => {}
                Declared::Conflict => payload["conflictDeclared"] = "Gains by it".into(),
                Declared::Left => payload["interest"] = interest("OTHER", "LEFT_THE_ROOM"),
                Declared::Stayed => payload["interest"] = interest("OTHER", "STAYED_WITHOUT_VOTE"),
                Declared::Barred => {
                    payload["interest"] = interest("DISCLOSABLE_PECUNIARY", "VOTED");
                }
                Declared::Allowed => {
                    let mut interest = interest("DISCLOSABLE_PECUNIARY", "VOTED");
                    interest["dispensation"] = json!({
                        "grantedOn": { "year": 2019, "month": 1, "day": 1 },
                        "expiresOn": { "year": 2022, "month": 12, "day": 31 } });
                    payload["interest"] = interest;
                }
            }
            on_x(&on, "voteCast", payload)
        }
        ModelAction::Decide {
            n,
            by,
            approves,
            tally,
            terms,
        } => {
            let outcome = if *approves { "APPROVED" } else { "REJECTED" };
            let mut payload = json!({ "decisionId": format!("d-{serial}"), "title": "It",
                "proposalId": proposal(*n), "outcome": format!("OUTCOME_{outcome}") });
            add_terms(&mut payload, day, terms);
            add_tally(&mut payload, *by, tally.as_ref());
            decided(on_x(&on, "decisionMade", payload), "decisionMade", *by)
        }
        ModelAction::Approve {
            n,
            by,
            amount,
            projected,
            tally,
            terms,
        } => {
            let mut payload = json!({ "decisionId": format!("d-{serial}"),
                "proposalId": proposal(*n), "allowsProjected": projected });
            if let Some(amount) = amount {
                payload["amountPence"] = amount.to_string().into();
            }
            add_terms(&mut payload, day, terms);
            add_tally(&mut payload, *by, tally.as_ref());
            decided(
                on_x(&on, "virementApproved", payload),
                "virementApproved",
                *by,
            )
        }
        ModelAction::Support { n, by } => {
            let payload = json!({ "decisionId": format!("d-{serial}"), "title": "It",
                "proposalId": proposal(*n), "outcome": "OUTCOME_SUPPORTED" });
            decided(on_x(&on, "decisionMade", payload), "decisionMade", *by)
        }
        ModelAction::SendBack { n, by, to } => {
            let payload = json!({ "decisionId": format!("d-{serial}"), "title": "It",
                "proposalId": proposal(*n), "outcome": "OUTCOME_DEFERRED",
                "sentBackToBoardId": to });
            decided(
                on_x(&on, "decisionMade", payload),
                "decisionMade",
                Some(*by),
            )
        }
        ModelAction::Withdraw(n) => on_x(
            &on,
            "proposalWithdrawn",
            json!({ "proposalId": proposal(*n) }),
        ),
        ModelAction::Make {
            amount,
            head,
            projected,
            by,
            authority,
        } => {
            let mut event = on_x(
                &on,
                "virementMade",
                json!({ "virementId": format!("v-{serial}"),
                    "virement": virement(*amount, *head, *projected) }),
            );
            if let Some(by) = by {
                event["actedBy"] = voter(by);
            }
            match authority {
                Authority::None => {}
                Authority::Delegation(cited) => {
                    let cited = json!({ "delegationId": format!("scheme-{}", cited.position) });
                    event["authority"] = json!({ "delegationOnRecord": cited });
                }
                Authority::Proposal(n) => {
                    event["authority"] = json!({ "proposalId": proposal(*n) });
                }
                Authority::Breach(named) => {
                    let mut breach = json!({ "reason": "Nobody was asked" });
                    if let Some(n) = named {
                        breach["proposalId"] = proposal(*n).into();
                    }
                    event["authority"] = json!({ "acknowledgedBreach": breach });
                }
            }
            event
        }
        ModelAction::Reverse(made) => on_x(
            &on,
            "virementReversed",
            json!({ "virementId": format!("v-{made}"), "reason": "Not needed" }),
        ),
        ModelAction::Void(position) => {
            let target = model.fact(*position)?;
            if let ModelAction::Orders(_) = target.action {
                return None;
            }
            on_x(
                &on,
                "entryCorrected",
                json!({ "position": position.to_string(), "reason": "Wrong" }),
            )
        }
        other => of_course(model, &on, other, serial)?,
    };
    Some(event)
}

/// The event of an action in the course of a decision, or about a delegation.
fn of_course(model: &Model, on: &str, action: &ModelAction, serial: u64) -> Option<Value> {
    let decided = |of: &Pick| format!("d-{}", of.position);
    let event = match action {
        ModelAction::SettleCondition {
            decision,
            index,
            how,
            by_its_decider,
        } => {
            let result = match how {
                ConditionEnd::Met => "MET",
                ConditionEnd::Waived => "WAIVED",
                ConditionEnd::NotMet => "NOT_MET",
            };
            let of = model.proposal_of(decision.position)?;
            let payload = json!({ "proposalId": proposal(of), "decisionId": decided(decision),
                "conditionId": format!("c-{index}"),
                "result": format!("CONDITION_RESULT_{result}") });
            let mut settled = on_x(on, "conditionSettled", payload);
            let named = model.fact(decision.position);
            let named = named.and_then(|decided| *decided.conditions().get(*index)?);
            match named.filter(|_| *by_its_decider) {
                // A document reports what a board did.
                Some(board) if is_of_council(board) => {
                    settled["sources"] = json!([{ "title": "Minutes" }]);
                }
                Some(body) => settled["actedBy"] = json!({ "bodyId": body }),
                None => {}
            }
            settled
        }
        ModelAction::CallIn(decision) => {
            let payload = json!({ "decisionId": decided(decision), "boardId": "scrutiny",
                "callInId": format!("call-{serial}") });
            on_x(on, "decisionCalledIn", payload)
        }
        ModelAction::SettleCallIn { call_in, how } => {
            let outcome = match how {
                CallInEnd::Upheld => "STANDS",
                CallInEnd::Lapsed => "LAPSED",
                CallInEnd::Back => "BACK_TO_DECIDER",
                CallInEnd::Council => "REFERRED_TO_COUNCIL",
                CallInEnd::Amended => "AMENDED",
                CallInEnd::Rescinded => "RESCINDED",
            };
            let payload = json!({ "callInId": format!("call-{}", call_in.position),
                "outcome": format!("CALL_IN_OUTCOME_{outcome}") });
            on_x(on, "callInSettled", payload)
        }
        ModelAction::Challenge(decision) => {
            let payload = json!({ "challengeId": format!("claim-{serial}"),
                "decisionId": decided(decision), "court": "High Court" });
            on_x(on, "decisionChallenged", payload)
        }
        ModelAction::Step {
            challenge,
            step,
            from,
        } => {
            let step = match step {
                CourtStep::Permission => "PERMISSION_GRANTED",
                CourtStep::PermissionRefused => "PERMISSION_REFUSED",
                CourtStep::Stayed => "STAYED",
                CourtStep::StayLifted => "STAY_LIFTED",
                CourtStep::Upheld => "UPHELD",
                CourtStep::Quashed => "QUASHED",
                CourtStep::Appealed => "APPEALED",
                CourtStep::Withdrawn => "WITHDRAWN",
                CourtStep::AppealDismissed => "APPEAL_DISMISSED",
                CourtStep::AppealAllowed => "APPEAL_ALLOWED",
            };
            let mut payload = json!({ "challengeId": format!("claim-{}", challenge.position),
                "step": format!("CHALLENGE_STEP_{step}") });
            if let Some(from) = from {
                payload["quashedFromOn"] = date(&naive::day(*from).to_string());
            }
            on_x(on, "challengeStepTaken", payload)
        }
        ModelAction::Delegate {
            board,
            to,
            up_to,
            days,
            other_kind,
        } => {
            let kind = if *other_kind {
                "END_COLLABORATION"
            } else {
                "MAKE_VIREMENT"
            };
            let mut payload = json!({ "delegationId": format!("scheme-{serial}"),
                "to": voter(to), "matterKinds": [format!("MATTER_KIND_{kind}")] });
            match board {
                true => payload["fromBoardId"] = "board".into(),
                false => payload["fromBodyId"] = "a-pcc".into(),
            }
            if let Some(up_to) = up_to {
                payload["upToPence"] = up_to.to_string().into();
            }
            if let Some(days) = days {
                let made: Date = on.parse().expect("a day");
                payload["untilOn"] = date(&naive::later(made, *days).to_string());
            }
            on_x(on, "delegationMade", payload)
        }
        ModelAction::Revoke(of) => {
            let payload = json!({ "delegationId": format!("scheme-{}", of.position) });
            on_x(on, "delegationRevoked", payload)
        }
        other => panic!("{other:?} is no such action"),
    };
    Some(event)
}

fn proposal(n: u8) -> String {
    id(u128::from(n))
}

/// Adds the terms of an approval.
fn add_terms(payload: &mut Value, on: Date, terms: &Terms) {
    let conditions = terms.conditions.iter().enumerate().map(|(index, by)| {
        let mut condition = json!({ "conditionId": format!("c-{index}"), "what": "It is so" });
        if let Some(by) = by {
            let field = match naive::is_of_council(by) {
                true => "decidedByBoardId",
                false => "decidedById",
            };
            condition[field] = (*by).into();
        }
        condition
    });
    payload["subjectTo"] = conditions.collect();
    if let Some(from) = terms.from(on) {
        payload["inForceFromOn"] = date(&from.to_string());
    }
}

/// Adds the tally of a decision of the board.
fn add_tally(payload: &mut Value, by: Option<&str>, tally: Option<&ModelTally>) {
    let Some(tally) = tally.filter(|_| by.is_none()) else {
        return;
    };
    payload["tally"] = json!({ "present": tally.present, "votesFor": tally.for_it,
        "votesAgainst": tally.against, "abstentions": tally.neither,
        "unanimous": tally.unanimous });
    if let Some(casting) = tally.casting {
        let choice = match casting {
            Choice::For => "VOTE_CHOICE_APPROVE",
            Choice::Against | Choice::Neither => "VOTE_CHOICE_REJECT",
        };
        payload["tally"]["castingVote"] = json!({ "by": voter("a-pcc"), "choice": choice });
    }
}

fn decided(mut event: Value, kind: &str, by: Option<&str>) -> Value {
    match by {
        Some(board) if naive::is_of_council(board) => event[kind]["boardId"] = board.into(),
        Some(by) => event["actedBy"] = voter(by),
        None => event[kind]["boardId"] = "board".into(),
    }
    event
}

fn virement(amount: i64, head: u8, projected: bool) -> Value {
    let side = |service: &str, name: String| json!({ "head": { "serviceId": service, "head": name }, "amountPence": amount.to_string() });
    let mut virement = json!({ "financialYear": "2020/21", "permanence": "PERMANENCE_ONE_OFF",
        "sources": [side("dogs", format!("Head {head}"))],
        "targets": [side("vans", "Fuel".to_owned())] });
    if projected {
        virement["basis"] = "UNDERSPEND_BASIS_PROJECTED".into();
    }
    virement
}
