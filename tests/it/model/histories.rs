//! Random histories of single actions and whole matters.

use proptest::prelude::*;
use proptest::sample::select;

use super::matters::{whole_delegations, whole_matters, whole_virements};
use super::naive::{
    Authority, CallInEnd, Choice, ConditionEnd, CourtStep, Declared, Known, ModelAction,
    ModelTally, PROPOSALS, Pick, RULE_SETS, Terms,
};

/// One action that a recorder attempts.
fn actions() -> impl Strategy<Value = ModelAction> {
    let n = || 1..=PROPOSALS;
    let who = || {
        select(vec![
            "a-pcc", "b-pcc", "a-cc", "b-cc", "officer", "m", "council",
        ])
    };
    let decider = || {
        select(vec![
            "a-pcc", "b-pcc", "a-cc", "b-cc", "officer", "m", "council", "cabinet", "full",
        ])
    };
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
    let decision = (
        n(),
        proptest::option::of(decider()),
        any::<bool>(),
        tallies(),
        terms(),
    )
        .prop_map(|(n, by, approves, tally, terms)| ModelAction::Decide {
            n,
            by,
            approves,
            tally,
            terms: if approves { terms } else { Terms::NONE },
        });
    let approval = (
        n(),
        proptest::option::of(decider()),
        proptest::option::of(amount()),
        any::<bool>(),
        tallies(),
        terms(),
    )
        .prop_map(
            |(n, by, amount, projected, tally, terms)| ModelAction::Approve {
                n,
                by,
                amount,
                projected,
                tally,
                terms,
            },
        );
    let request = (
        n(),
        amount(),
        0..2_u8,
        0..4_u8,
        any::<bool>(),
        put_to(),
        named_board(),
    )
        .prop_map(|(n, amount, head, projected, officer, put_to, board)| {
            ModelAction::Request {
                n,
                amount,
                head,
                projected: projected == 0,
                by: if officer { "officer" } else { "b-cc" },
                put_to,
                board,
            }
        });
    let made = (0..=PROPOSALS, amount(), 0..2_u8, 0..8_u8, 0..4_u8).prop_map(
        |(n, amount, head, how, projected)| ModelAction::Make {
            amount,
            head,
            projected: projected == 0,
            by: None,
            authority: match (n, how) {
                (0, 0) => Authority::Breach(None),
                (n, 1) if n > 0 => Authority::Breach(Some(n)),
                (0, _) => Authority::None,
                (n, _) => Authority::Proposal(n),
            },
        },
    );
    prop_oneof![
        1 => rule_sets().prop_map(ModelAction::Adopt),
        4 => request,
        9 => vote,
        2 => decision,
        4 => approval,
        1 => n().prop_map(ModelAction::Withdraw),
        8 => made,
        1 => (0..20_u64).prop_map(ModelAction::Reverse),
        2 => (0..40_u64).prop_map(ModelAction::Void),
        4 => events_of_course(),
        3 => delegated(),
    ]
}

/// The result of a vote as minutes give it, in a form that can be read.
pub fn tallies() -> impl Strategy<Value = Option<ModelTally>> {
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

/// Often no rules at all.
fn rule_sets() -> impl Strategy<Value = u8> {
    prop_oneof![1 => Just(0_u8), 3 => 0..RULE_SETS]
}

/// Mostly to nobody in particular.
pub fn put_to() -> impl Strategy<Value = &'static [&'static str]> {
    let nobody: &'static [&'static str] = &[];
    let several: Vec<&'static [&'static str]> = vec![
        &["a-pcc", "b-pcc"],
        &["a-pcc", "council"],
        &["b-cc", "council"],
    ];
    prop_oneof![3 => Just(nobody), 1 => select(several)]
}

/// Mostly none.
pub fn named_board() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![4 => Just(None), 1 => Just(Some("full")), 1 => Just(Some("cabinet"))]
}

/// Recommendations, and matters sent back.
pub fn between_boards() -> impl Strategy<Value = ModelAction> {
    let board = || select(vec!["cabinet", "full"]);
    let by = select(vec![
        Some("cabinet"),
        Some("cabinet"),
        Some("full"),
        Some("a-pcc"),
        None,
    ]);
    let support = (1..=PROPOSALS, by).prop_map(|(n, by)| ModelAction::Support { n, by });
    let back = (1..=PROPOSALS, board(), board()).prop_map(|(n, by, to)| ModelAction::SendBack {
        n,
        by,
        to,
    });
    prop_oneof![support, back]
}

/// Mostly none.
pub fn terms() -> impl Strategy<Value = Terms> {
    let conditions: Vec<&'static [Option<&'static str>]> = vec![
        &[],
        &[None],
        &[None],
        &[None, None],
        &[Some("b-pcc")],
        &[Some("a-pcc")],
        &[None, Some("council")],
        &[Some("council")],
        &[Some("full")],
        &[Some("cabinet")],
    ];
    let days = proptest::option::weighted(0.3, -1..6_i64);
    let some = (select(conditions), days).prop_map(|(conditions, days)| Terms { conditions, days });
    prop_oneof![2 => Just(Terms::NONE), 1 => some]
}

pub fn picks() -> impl Strategy<Value = Pick> {
    let newest = prop_oneof![3 => Just(0_usize), 1 => 1..3_usize];
    (1..=PROPOSALS, newest).prop_map(|(n, k)| Pick { n, k, position: 0 })
}

/// Events in the course of a decision.
pub fn events_of_course() -> impl Strategy<Value = ModelAction> {
    let settles = (picks(), 0..6_usize, condition_ends(), deciders());
    let settles =
        settles.prop_map(
            |(decision, index, how, by_its_decider)| ModelAction::SettleCondition {
                decision,
                index,
                how,
                by_its_decider,
            },
        );
    let settled = (picks(), call_in_ends());
    let settled = settled.prop_map(|(call_in, how)| ModelAction::SettleCallIn { call_in, how });
    let step = (picks(), court_steps()).prop_map(|(challenge, (step, from))| ModelAction::Step {
        challenge,
        step,
        from,
    });
    prop_oneof![
        4 => settles,
        1 => picks().prop_map(ModelAction::CallIn),
        2 => settled,
        1 => picks().prop_map(ModelAction::Challenge),
        2 => step,
        2 => between_boards(),
    ]
}

pub fn condition_ends() -> impl Strategy<Value = ConditionEnd> {
    use ConditionEnd::{Met, NotMet, Waived};
    select(vec![Met, Met, Waived, NotMet])
}

/// Mostly, a condition is settled by the one that it names.
pub fn deciders() -> impl Strategy<Value = bool> {
    prop_oneof![3 => Just(true), 1 => Just(false)]
}

pub fn call_in_ends() -> impl Strategy<Value = CallInEnd> {
    use CallInEnd::{Amended, Back, Council, Lapsed, Rescinded, Upheld};
    select(vec![
        Upheld, Upheld, Lapsed, Back, Back, Council, Amended, Rescinded,
    ])
}

/// A step of a court, with the day from which it quashes.
pub fn court_steps() -> impl Strategy<Value = (CourtStep, Option<i64>)> {
    use CourtStep::{AppealAllowed, AppealDismissed, Appealed, Permission, PermissionRefused};
    use CourtStep::{Quashed, StayLifted, Stayed, Upheld, Withdrawn};
    let others = vec![
        Permission,
        PermissionRefused,
        Appealed,
        Withdrawn,
        Upheld,
        AppealDismissed,
        AppealAllowed,
    ];
    let stays = select(vec![Stayed, Stayed, StayLifted]);
    let from = proptest::option::of(0..60_i64);
    prop_oneof![
        1 => select(others).prop_map(|step| (step, None)),
        2 => stays.prop_map(|step| (step, None)),
        2 => from.prop_map(|from| (Quashed, from)),
    ]
}

/// Delegations, and virements under them.
pub fn delegated() -> impl Strategy<Value = ModelAction> {
    let holder = || select(vec!["officer", "officer", "officer", "b-cc"]);
    let up_to = proptest::option::of(select(vec![20_i64, 40]));
    let days = proptest::option::of(-1..30_i64);
    let delegates = (any::<bool>(), holder(), up_to, days, 0..8_u8).prop_map(
        |(board, to, up_to, days, other_kind)| ModelAction::Delegate {
            board,
            to,
            up_to,
            days,
            other_kind: other_kind == 0,
        },
    );
    let by = prop_oneof![
        1 => Just(None),
        4 => holder().prop_map(Some),
        1 => Just(Some("a-pcc")),
    ];
    let amounts = select(vec![10_i64, 20, 30, 40, 60]);
    let made = (picks(), amounts, 0..2_u8, 0..10_u8, by).prop_map(
        |(cited, amount, head, projected, by)| ModelAction::Make {
            amount,
            head,
            projected: projected == 0,
            by,
            authority: Authority::Delegation(cited),
        },
    );
    prop_oneof![
        2 => delegates,
        1 => picks().prop_map(ModelAction::Revoke),
        4 => made,
    ]
}

/// An action on a day, with how much of that day is known.
pub type DatedAction = (i64, Known, ModelAction);

/// A history, and the moments at which it is queried.
pub type Trial = (Vec<DatedAction>, Vec<(i64, usize)>);

/// How much of a day is known: mostly all of it.
fn known() -> impl Strategy<Value = Known> {
    prop_oneof![12 => Just(Known::Day), 2 => Just(Known::Month), 1 => Just(Known::Year)]
}

/// Whether papers may give the action only by its month or year.
const fn may_be_vague(action: &ModelAction) -> bool {
    matches!(
        action,
        ModelAction::Decide { .. }
            | ModelAction::Approve { .. }
            | ModelAction::Make { .. }
            | ModelAction::CallIn(_)
            | ModelAction::SettleCallIn { .. }
            | ModelAction::SettleCondition { .. }
            | ModelAction::Delegate { .. }
            | ModelAction::Revoke(_)
    )
}

pub fn trials() -> impl Strategy<Value = Trial> {
    let single = (0..60_i64, actions()).prop_map(|single| vec![single]);
    let some = prop_oneof![4 => single, 2 => whole_virements(), 3 => whole_matters(), 1 => whole_delegations()];
    let first = (rule_sets(), 0..8_u8).prop_map(|(set, orders)| {
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
    // In two histories of three, every day is known.
    let vague = (0..3_u8, proptest::collection::vec(known(), 16));
    let steps = (steps, vague).prop_map(|(steps, (is_vague, known))| {
        let known = known.into_iter().cycle();
        let dated = steps.into_iter().zip(known).map(|((day, action), known)| {
            let known = match is_vague == 0 && may_be_vague(&action) {
                true => known,
                false => Known::Day,
            };
            (day, known, action)
        });
        dated.collect::<Vec<DatedAction>>()
    });
    let moments = proptest::collection::vec((0..70_i64, 0..60_usize), 3);
    (steps, moments)
}
