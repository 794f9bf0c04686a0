//! Prior approval against a naive model. Random proposals, votes, acts and
//! corrections are offered to admission. The model keeps the admitted ones in one
//! list and searches it from the start for every question; it shares no code with
//! the register. Both must agree on what is carried, approved, made and left, what
//! is a breach, and what is refused.
//!
//! `MINUTEBOOK_TEST_MODEL_CASES` makes it run longer.

mod membership;
mod naive;

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use minutebook::domain::ids::{Position, SubjectId};
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::DecisionStanding;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::decisions::approving::{id, stage};
use crate::given::{Given, event as record_event, on_x};
use naive::{
    Answer, Authority, Choice, Declared, Fact, Model, ModelAction, ModelTally, Outcome, RULE_SETS,
};

/// One action that a recorder attempts.
fn actions() -> impl Strategy<Value = ModelAction> {
    let n = || 1..5_u8;
    let who = || select(vec!["a-pcc", "b-pcc", "a-cc", "b-cc", "officer", "m"]);
    let declared = || {
        select(vec![
            Declared::Nothing,
            Declared::Nothing,
            Declared::Nothing,
            Declared::Conflict,
            Declared::Left,
            Declared::Stayed,
            Declared::Allowed,
            Declared::Barred,
        ])
    };
    let amount = || select(vec![10_i64, 20, 30, 40, 60, 100]);
    let vote = (n(), who(), any::<bool>(), 0..10_u8, declared(), 0..6_u8).prop_map(
        |(n, by, board, choice, declared, seat_only)| {
            let choice = match (declared, choice) {
                (Declared::Left | Declared::Stayed, _) => Choice::Neither,
                (_, 0..7) => Choice::For,
                (_, 7..9) => Choice::Against,
                _ => Choice::Neither,
            };
            ModelAction::Vote {
                n,
                by,
                board,
                choice,
                declared,
                seat_only: seat_only == 0,
            }
        },
    );
    let decision = (n(), proptest::option::of(who()), any::<bool>(), tallies()).prop_map(
        |(n, by, approves, tally)| ModelAction::Decide {
            n,
            by,
            approves,
            tally,
        },
    );
    let approval = (
        n(),
        proptest::option::of(who()),
        proptest::option::of(amount()),
        any::<bool>(),
        tallies(),
    )
        .prop_map(|(n, by, amount, projected, tally)| ModelAction::Approve {
            n,
            by,
            amount,
            projected,
            tally,
        });
    let request = (n(), amount(), 0..2_u8, 0..4_u8, any::<bool>()).prop_map(
        |(n, amount, head, projected, officer)| ModelAction::Request {
            n,
            amount,
            head,
            projected: projected == 0,
            by: if officer { "officer" } else { "b-cc" },
        },
    );
    let made = (0..5_u8, amount(), 0..2_u8, 0..8_u8, 0..4_u8).prop_map(
        |(n, amount, head, how, projected)| ModelAction::Make {
            amount,
            head,
            projected: projected == 0,
            authority: match (n, how) {
                (0, 0) => Authority::Breach(None),
                (n, 1) if n > 0 => Authority::Breach(Some(n)),
                (0, _) => Authority::None,
                (n, _) => Authority::Proposal(n),
            },
        },
    );
    prop_oneof![
        1 => (0..RULE_SETS).prop_map(ModelAction::Adopt),
        4 => request,
        9 => vote,
        2 => decision,
        4 => approval,
        1 => n().prop_map(ModelAction::Withdraw),
        8 => made,
        1 => (0..20_usize).prop_map(ModelAction::Reverse),
        2 => (0..30_usize).prop_map(ModelAction::Void),
    ]
}

/// The result of a vote as minutes give it, in a form that can be read.
fn tallies() -> impl Strategy<Value = Option<ModelTally>> {
    let numbers = (0..5_usize, 0..4_usize, 0..2_usize, 0..4_usize, 0..6_u8);
    let tally = numbers.prop_map(|(for_it, against, neither, absent, how)| {
        let unanimous = how == 0;
        let mut tally = ModelTally {
            present: 0,
            for_it,
            against: if unanimous { 0 } else { against },
            neither,
            unanimous,
            casting: None,
        };
        if how == 1 {
            // A tie by number, or by the names on record.
            tally.against = for_it;
            tally.neither = neither.min(for_it);
            tally.casting = Some(if absent == 0 {
                Choice::Against
            } else {
                Choice::For
            });
        }
        if absent < 3 {
            tally.present = tally.votes() + absent;
        }
        (tally.votes() > 0 || unanimous || tally.casting.is_some()).then_some(tally)
    });
    prop_oneof![2 => Just(None), 1 => tally]
}

/// The stage of the tests of approval, where the two chiefs share a vote, and m has
/// followed two other members.
fn merged_stage() -> Given {
    let mut given = stage();
    let council = |id: &str, on: &str| {
        let payload = json!({ "name": id, "kind": "BODY_KIND_COUNCIL" });
        record_event(&format!("bodies/{id}"), on, "bodyRegistered", payload)
    };
    let followed = |id: &str| {
        let payload = json!({ "successorId": "m" });
        record_event(&format!("bodies/{id}"), "2016", "bodySucceeded", payload)
    };
    let chief = |id: &str| json!({ "bodyId": id, "group": "Chiefs", "sharesVoteAs": "the chiefs" });
    let change = json!({
        "left": [{ "bodyId": "a-cc" }, { "bodyId": "b-cc" }],
        "joined": [chief("a-cc"), chief("b-cc"), { "bodyId": "m1" }, { "bodyId": "m2" }],
    });
    for event in [
        council("m1", "2013"),
        council("m2", "2013"),
        council("m", "2016"),
        followed("m1"),
        followed("m2"),
        record_event("boards/board", "2015", "boardMembershipChanged", change),
    ] {
        given.record(&[event]);
    }
    given
}

fn day(days: i64) -> Date {
    date(2020, 1, 1).checked_add(days.days()).expect("a day")
}

/// A whole virement: requested, agreed to by everyone who may have to agree, one
/// after the other, and made in parts; admission takes the votes that the rules in
/// force require. Random actions seldom get so far.
fn whole_virements() -> impl Strategy<Value = Vec<(i64, ModelAction)>> {
    let allowance = || (proptest::option::of(select(vec![20_i64, 30, 40])), 0..5_u8);
    let made = (select(vec![10_i64, 20, 30]), 0..4_i64, 0..6_u8);
    (
        (
            1..5_u8,
            0..50_i64,
            select(vec![20_i64, 30, 40, 60]),
            0..2_u8,
            0..4_u8,
        ),
        proptest::collection::vec(allowance(), 5),
        proptest::collection::vec(0..9_u8, 5),
        proptest::option::of((allowance(), tallies())),
        proptest::collection::vec(made, 1..4),
    )
        .prop_map(
            |((n, on, amount, head, projected), votes_given, votes, board, made)| {
                let projected = projected == 0;
                let by = "b-cc";
                let mut way = vec![(
                    on,
                    ModelAction::Request {
                        n,
                        amount,
                        head,
                        projected,
                        by,
                    },
                )];
                let members = ["a-pcc", "b-pcc", "a-cc", "b-cc", "m"];
                for (by, vote) in members.into_iter().zip(votes) {
                    let choice = match vote {
                        0 => Choice::Against,
                        1 => Choice::Neither,
                        _ => Choice::For,
                    };
                    way.push((
                        on + 1,
                        ModelAction::Vote {
                            n,
                            by,
                            board: true,
                            choice,
                            declared: Declared::Nothing,
                            seat_only: false,
                        },
                    ));
                }
                let votes_given = votes_given.into_iter().map(|given| (given, None));
                for (by, ((amount, says), tally)) in ["officer", "a-pcc", "b-pcc", "a-cc", "b-cc"]
                    .into_iter()
                    .map(Some)
                    .zip(votes_given)
                    .chain(board.map(|board| (None, board)))
                {
                    way.push((
                        on + 1,
                        ModelAction::Approve {
                            n,
                            by,
                            amount,
                            projected: says > 0,
                            tally,
                        },
                    ));
                }
                for (amount, later, how) in made {
                    let authority = match how {
                        0 => Authority::Breach(Some(n)),
                        _ => Authority::Proposal(n),
                    };
                    way.push((
                        on + 1 + later,
                        ModelAction::Make {
                            amount,
                            head,
                            projected,
                            authority,
                        },
                    ));
                }
                way
            },
        )
}

/// A history, and the moments at which it is queried.
type Trial = (Vec<(i64, ModelAction)>, Vec<(i64, usize)>);

fn trials() -> impl Strategy<Value = Trial> {
    let single = (0..60_i64, actions()).prop_map(|single| vec![single]);
    let some = prop_oneof![3 => single, 2 => whole_virements()];
    let first = (0..RULE_SETS, 0..8_u8).prop_map(|(set, orders)| {
        vec![
            (0, ModelAction::Orders(orders)),
            (0, ModelAction::Adopt(set)),
        ]
    });
    let steps = (first, proptest::collection::vec(some, 4..24)).prop_map(|(first, rest)| {
        let mut steps = first;
        steps.extend(rest.into_iter().flatten());
        steps
    });
    // Most actions happen in the order of recording.
    let steps = (steps, 0..3_u8).prop_map(|(mut steps, in_order)| {
        if in_order > 0 {
            steps.sort_by_key(|(day, _)| *day);
        }
        steps
    });
    let moments = proptest::collection::vec((0..70_i64, 0..60_usize), 3);
    (steps, moments)
}

fn voter(by: &str) -> Value {
    match by {
        "officer" => json!({ "bodyId": "a-pcc", "office": "Chief Finance Officer" }),
        body => json!({ "bodyId": body }),
    }
}

/// The action as an event; `None` if it refers to nothing.
fn event(model: &Model, on: Date, action: &ModelAction, serial: u64) -> Option<Value> {
    let proposal = |n: u8| id(u128::from(n));
    let on = on.to_string();
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
        } => {
            let mut event = on_x(
                &on,
                "virementRequested",
                json!({ "proposalId": proposal(*n), "reason": "Needed",
                    "virement": virement(*amount, *head, *projected) }),
            );
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
        } => {
            let outcome = if *approves { "APPROVED" } else { "REJECTED" };
            let mut payload = json!({ "decisionId": format!("d-{serial}"), "title": "It",
                "proposalId": proposal(*n), "outcome": format!("OUTCOME_{outcome}") });
            add_tally(&mut payload, *by, tally.as_ref());
            decided(on_x(&on, "decisionMade", payload), "decisionMade", *by)
        }
        ModelAction::Approve {
            n,
            by,
            amount,
            projected,
            tally,
        } => {
            let mut payload = json!({ "decisionId": format!("d-{serial}"),
                "proposalId": proposal(*n), "allowsProjected": projected });
            if let Some(amount) = amount {
                payload["amountPence"] = amount.to_string().into();
            }
            add_tally(&mut payload, *by, tally.as_ref());
            decided(
                on_x(&on, "virementApproved", payload),
                "virementApproved",
                *by,
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
            authority,
        } => {
            let mut event = on_x(
                &on,
                "virementMade",
                json!({ "virementId": format!("v-{serial}"),
                    "virement": virement(*amount, *head, *projected) }),
            );
            match authority {
                Authority::None => {}
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
        ModelAction::Reverse(index) => {
            let made = model.made(*index)?;
            on_x(
                &on,
                "virementReversed",
                json!({ "virementId": format!("v-{made}"), "reason": "Not needed" }),
            )
        }
        ModelAction::Void(index) if model.is_orders(*index) => return None,
        ModelAction::Void(index) => {
            let position = model.position(*index)?;
            on_x(
                &on,
                "entryCorrected",
                json!({ "position": position.to_string(), "reason": "Wrong" }),
            )
        }
    };
    Some(event)
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

/// The answer of the views.
fn shown(given: &Given, as_at: Date, known: u64) -> Answer {
    let x: SubjectId = "collaborations/x".parse().expect("an id");
    let view = RegisterView::new(
        Arc::new(given.register.clone()),
        as_at,
        Position::new(known),
    );
    let (virements, _) = views::virements::list(&view, Some(&x));
    let proposals = virements
        .iter()
        .filter_map(|line| {
            let n = (1..5_u8).find(|n| line.proposal_id == id(u128::from(*n)))?;
            let outcome = match line.standing() {
                DecisionStanding::Pending => Outcome::Open,
                DecisionStanding::Approved => Outcome::Carried,
                DecisionStanding::Rejected => Outcome::Rejected,
                DecisionStanding::Withdrawn => Outcome::Withdrawn,
                DecisionStanding::NotAgreed => Outcome::NotAgreed,
                other => panic!("{other:?}"),
            };
            Some((
                n,
                (
                    outcome,
                    line.approved_pence,
                    line.made_pence,
                    line.left_pence,
                ),
            ))
        })
        .collect();
    // A corrected breach stays in the list, marked as corrected.
    let mut breaches: Vec<u64> = views::breaches::list(&view, Some(&x))
        .iter()
        .filter(|line| line.corrected_by_position == 0)
        .map(|line| line.act.as_ref().expect("an act").position)
        .collect();
    breaches.sort_unstable();
    (proposals, breaches)
}

fn agree(given: &Given, model: &Model, as_at: Date, known: u64) -> Result<(), TestCaseError> {
    let (proposals, breaches) = model.answer(as_at, known);
    let register = shown(given, as_at, known);
    prop_assert_eq!(
        &register,
        &(proposals.clone(), breaches),
        "as at {}, as known at {}: {:#?}",
        as_at,
        known,
        model
    );
    // In every history, the amount made within an approval never exceeds it.
    for (outcome, approved, made, _) in proposals.values() {
        prop_assert!(*outcome != Outcome::Carried || made <= approved || model.has_named_breach());
    }
    Ok(())
}

fn cases() -> u32 {
    std::env::var("MINUTEBOOK_TEST_MODEL_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(150)
}

#[test]
fn the_register_agrees_with_a_naive_model() {
    let config = ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let outcome = runner.run(&trials(), |(steps, moments)| {
        let mut given = merged_stage();
        let mut model = Model::new(given.register.tail().get());
        for (days, action) in steps {
            let on = day(days);
            let serial = given.register.tail().get() + 1;
            let Some(event) = event(&model, on, &action, serial) else {
                continue;
            };
            let admitted = given.judge(std::slice::from_ref(&event));
            let fact = Fact {
                on,
                position: serial,
                action,
            };
            let expected = model.takes(&fact);
            prop_assert_eq!(
                admitted.is_ok(),
                expected,
                "{:#?}\nsays {:#?}\nwith {:#?}",
                fact,
                admitted.err(),
                model
            );
            if let Ok(admission) = admitted {
                given.entries.extend(admission.entries);
                given.register = admission.register;
                model.keep(fact);
            }
        }
        let tail = given.register.tail().get();
        agree(&given, &model, day(365), tail)?;
        for (days, back) in moments {
            agree(&given, &model, day(days), tail)?;
            agree(
                &given,
                &model,
                day(365),
                tail.saturating_sub(back as u64).max(model.first),
            )?;
            agree(
                &given,
                &model,
                day(days),
                tail.saturating_sub(back as u64).max(model.first),
            )?;
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
