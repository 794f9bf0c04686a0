//! Whole matters, from the request to the virements: random actions seldom get so far.

use proptest::prelude::*;
use proptest::sample::select;

use super::histories::{
    between_boards, call_in_ends, condition_ends, court_steps, deciders, delegated,
    events_of_course, named_board, picks, put_to, tallies, terms,
};
use super::naive::{Authority, Choice, CourtStep, Declared, ModelAction, PROPOSALS, Terms};

/// A delegation, acts before, under and after it, and its end.
pub fn whole_delegations() -> impl Strategy<Value = Vec<(i64, ModelAction)>> {
    let some = proptest::collection::vec((delegated(), 0..12_i64), 3..8);
    (0..45_i64, some).prop_map(|(on, some)| {
        let days = some.into_iter();
        days.map(|(action, later)| (on + later, action)).collect()
    })
}

/// A course of events about a decision, with the days after the request.
fn courses() -> impl Strategy<Value = Vec<(ModelAction, i64)>> {
    let settles = (picks(), 0..6_usize, condition_ends(), deciders(), 1..8_i64);
    let settles = settles.prop_map(|(decision, index, how, by_its_decider, later)| {
        let settles = ModelAction::SettleCondition {
            decision,
            index,
            how,
            by_its_decider,
        };
        (settles, later)
    });
    let call_in = (picks(), 2..7_i64, 0..5_i64, call_in_ends(), call_in_ends());
    let call_in = call_in.prop_map(|(pick, on, after, how, answer)| {
        let settles = |how| ModelAction::SettleCallIn { call_in: pick, how };
        vec![
            (ModelAction::CallIn(pick), on),
            (settles(how), on + after),
            // The answer of a council; otherwise it is refused.
            (settles(answer), on + 2 * after),
        ]
    });
    let pairs = prop_oneof![
        (court_steps(), court_steps()),
        proptest::option::of(2..40_i64).prop_map(|from| {
            let upheld = (CourtStep::Upheld, None);
            ((CourtStep::Quashed, from), upheld)
        }),
    ];
    let claim = (picks(), 2..7_i64, 0..4_i64, pairs).prop_map(|(pick, on, after, (one, two))| {
        let step = |(step, from)| ModelAction::Step {
            challenge: pick,
            step,
            from,
        };
        vec![
            (ModelAction::Challenge(pick), on),
            (step(one), on + after),
            (step(two), on + 2 * after + 1),
        ]
    });
    // Supported or sent back by one board, and decided by the other.
    let boards = (between_boards(), 0..3_i64, any::<bool>(), 1..4_i64, terms());
    let boards = boards.prop_map(|(event, on, approves, after, terms)| {
        let by = match event {
            ModelAction::SendBack { to, .. } => to,
            ModelAction::Support {
                by: Some("full"), ..
            } => "cabinet",
            _ => "full",
        };
        let decides = ModelAction::Decide {
            n: 0,
            by: Some(by),
            approves,
            tally: None,
            terms: if approves { terms } else { Terms::NONE },
        };
        vec![(event, on), (decides, on + after)]
    });
    prop_oneof![
        2 => boards,
        3 => proptest::collection::vec(settles, 1..3),
        2 => call_in,
        2 => claim,
        1 => proptest::collection::vec((events_of_course(), 2..10_i64), 1..4),
    ]
}

/// A whole matter: put to some or to nobody, decided by some with conditions, called in
/// or challenged, carried out in parts meanwhile, and decided again.
pub fn whole_matters() -> impl Strategy<Value = Vec<(i64, ModelAction)>> {
    let request = (
        1..=PROPOSALS,
        0..45_i64,
        select(vec![30_i64, 40, 60]),
        (put_to(), named_board()),
    );
    let deciders = vec![
        Some("a-pcc"),
        Some("b-pcc"),
        Some("a-cc"),
        Some("b-cc"),
        Some("council"),
        Some("cabinet"),
        Some("full"),
        None,
    ];
    let decision = move || {
        let who = select(deciders.clone());
        let allows = proptest::option::of(select(vec![20_i64, 30, 40]));
        (who, 0..6_u8, terms(), allows, any::<bool>())
    };
    let votes = proptest::collection::vec(0..8_u8, 5);
    let first = proptest::collection::vec((decision(), 1..4_i64), 1..6);
    let events = proptest::collection::vec(courses(), 1..4);
    let made = proptest::collection::vec((select(vec![10_i64, 20]), 1..14_i64, 0..8_u8), 1..4);
    let again = proptest::collection::vec((decision(), 6..12_i64), 0..4);
    (
        request,
        (any::<bool>(), any::<bool>(), votes),
        first,
        events,
        made,
        again,
    )
        .prop_map(
            |(
                (n, on, amount, (put_to, board)),
                (on_board, officer, votes),
                first,
                events,
                made,
                again,
            )| {
                let by = if officer { "officer" } else { "b-cc" };
                let (head, projected) = (0, false);
                let request = ModelAction::Request {
                    n,
                    amount,
                    head,
                    projected,
                    by,
                    put_to,
                    board,
                };
                let mut way = vec![(on, request)];
                let members = ["a-pcc", "b-pcc", "a-cc", "b-cc", "m"];
                for (by, vote) in members.into_iter().zip(votes) {
                    let choice = match vote {
                        0 => Choice::Against,
                        // Not all of them, so that a decision has something to carry.
                        1 | 2 => continue,
                        _ => Choice::For,
                    };
                    let vote = ModelAction::Vote {
                        n,
                        by,
                        board: on_board,
                        choice,
                        declared: Declared::Nothing,
                        seat_only: false,
                    };
                    way.push((on + 1, vote));
                }
                for ((who, how, terms, amount, projected), later) in first.into_iter().chain(again)
                {
                    let decision = match how {
                        0 | 1 => ModelAction::Decide {
                            n,
                            by: who,
                            approves: how == 0,
                            tally: None,
                            terms: if how == 0 { terms } else { Terms::NONE },
                        },
                        _ => ModelAction::Approve {
                            n,
                            by: who,
                            amount,
                            projected,
                            tally: None,
                            terms,
                        },
                    };
                    way.push((on + later, decision));
                }
                for (mut event, later) in events.into_iter().flatten() {
                    match &mut event {
                        ModelAction::SettleCondition { decision: pick, .. }
                        | ModelAction::CallIn(pick)
                        | ModelAction::SettleCallIn { call_in: pick, .. }
                        | ModelAction::Challenge(pick)
                        | ModelAction::Step {
                            challenge: pick, ..
                        } => pick.n = n,
                        ModelAction::Decide { n: of, .. }
                        | ModelAction::Support { n: of, .. }
                        | ModelAction::SendBack { n: of, .. } => *of = n,
                        _ => {}
                    }
                    way.push((on + later, event));
                }
                for (amount, later, how) in made {
                    let authority = match how {
                        0 => Authority::Breach(Some(n)),
                        _ => Authority::Proposal(n),
                    };
                    let by = None;
                    let made = ModelAction::Make {
                        amount,
                        head,
                        projected,
                        by,
                        authority,
                    };
                    way.push((on + later, made));
                }
                way.sort_by_key(|(day, _)| *day);
                way
            },
        )
}

/// A whole virement: requested, agreed to by everyone who may have to agree, one
/// after the other, and made in parts; admission takes the votes that the rules in
/// force require. Random actions seldom get so far.
pub fn whole_virements() -> impl Strategy<Value = Vec<(i64, ModelAction)>> {
    let allowance = || (proptest::option::of(select(vec![20_i64, 30, 40])), 0..5_u8);
    let made = (select(vec![10_i64, 20, 30]), 0..4_i64, 0..6_u8);
    (
        (
            1..=PROPOSALS,
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
                        put_to: &[],
                        board: None,
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
                            terms: Terms::NONE,
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
                            by: None,
                            authority,
                        },
                    ));
                }
                way
            },
        )
}
