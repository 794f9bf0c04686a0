//! Two views of one day never contradict one another. Random histories are recorded,
//! and every pair of views that say the same thing is compared on random days, as known
//! at random positions.
//!
//! `MINUTEBOOK_TEST_VIEWS_CASES` makes it run longer.

pub mod histories;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use minutebook::domain::ids::{BodyId, CollaborationId, Position, SubjectId};
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::views::attention::Asker;
use minutebook::wire::proto::{
    AttentionKind, AttentionView, Awaited, BodyView, CollaborationView, DeadlineKind,
    DecisionStanding, InstrumentView, NoticeStanding, Standing,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use crate::given::Given;
use histories::{histories, moments};

/// Everything that is compared, read once from one register view.
struct Answers {
    view: RegisterView,
    bodies: BTreeMap<String, BodyView>,
    collaborations: BTreeMap<String, CollaborationView>,
    attention: Vec<AttentionView>,
}

fn cases() -> u32 {
    let cases = std::env::var("MINUTEBOOK_TEST_VIEWS_CASES").ok();
    cases.map_or(100, |cases| cases.parse().expect("a number of cases"))
}

impl Answers {
    fn of(given: &Given, day: Date, known: Position) -> Self {
        let view = RegisterView::new(Arc::new(given.register.clone()), day, known);
        let bodies: Vec<BodyId> = view.bodies().map(|(id, _)| id.clone()).collect();
        let bodies = bodies.into_iter().filter_map(|id| {
            let body = views::body::get(&view, &id)?;
            Some((id.to_string(), body))
        });
        let bodies = bodies.collect();
        let all: Vec<CollaborationId> = view.collaborations().map(|(id, _)| id.clone()).collect();
        let collaborations = all.into_iter().filter_map(|id| {
            let collaboration = views::collaboration::get(&view, &id)?;
            Some((id.to_string(), collaboration))
        });
        let collaborations = collaborations.collect();
        let everybody = Asker::default();
        let until = views::attention::looks_ahead_until(&view, &everybody);
        let attention = views::attention::list(&view, &everybody, until);
        Self {
            view,
            bodies,
            collaborations,
            attention,
        }
    }

    /// The items of a kind for attention.
    fn attention(&self, kind: AttentionKind) -> BTreeSet<(String, String)> {
        let lines = self.attention.iter().filter(|line| line.kind() == kind);
        lines
            .map(|line| (line.subject.clone(), line.item_id.clone()))
            .collect()
    }
}

fn body_of(awaited: &Awaited) -> Option<String> {
    let who = awaited.who.as_ref()?;
    Some(who.body.as_ref()?.body_id.clone())
}

/// Members of a list, by what makes them one.
fn set<T, K: Ord>(items: &[T], key: impl Fn(&T) -> K) -> BTreeSet<K> {
    items.iter().map(key).collect()
}

/// A party in the view of the collaboration is a party in the view of the body; counts
/// agree with lists; leads agree; lists agree with single answers.
fn parties_and_counts(on: &Answers) -> Result<(), TestCaseError> {
    let listed = views::collaborations::list(&on.view, None, true);
    prop_assert_eq!(listed.len(), on.collaborations.len());
    for line in &listed {
        let of = &on.collaborations[&line.collaboration_id];
        prop_assert_eq!(Some(line), of.summary.as_ref());
        let ended = line.standing() == Standing::Ended;
        if !ended {
            prop_assert_eq!(line.party_count as usize, of.parties.len());
            prop_assert_eq!(line.service_count as usize, of.services.len());
        }
        let in_force = |one: &&InstrumentView| one.standing() == Standing::InForce;
        let in_force = of.instruments.iter().filter(in_force).count();
        prop_assert_eq!(line.instruments_in_force_count as usize, in_force);
        let parties = set(&of.parties, |party| party.body.clone().unwrap().body_id);
        let lead = line.lead.as_ref().map(|lead| lead.body_id.clone());
        for (id, body) in &on.bodies {
            let memberships = body.party_to.iter();
            let mut own = memberships.filter(|membership| {
                let of = membership.collaboration.as_ref().unwrap();
                of.collaboration_id == line.collaboration_id
            });
            let membership = own.next();
            let is_member = membership.is_some_and(|one| one.left_on.is_none());
            prop_assert_eq!(parties.contains(id) && !ended, is_member, "{}", id);
            let party = id.parse().unwrap();
            let as_party = views::collaborations::list(&on.view, Some(&party), true);
            let as_party = set(&as_party, |one| one.collaboration_id.clone());
            if !ended {
                let in_list = as_party.contains(&line.collaboration_id);
                prop_assert_eq!(parties.contains(id), in_list, "{}", id);
            }
            if let Some(one) = membership.filter(|_| !ended) {
                prop_assert_eq!(one.leads, lead.as_ref() == Some(id), "{}", id);
                let is_of = |service: &&minutebook::wire::proto::ServiceView| {
                    let mut parties = service.parties.iter();
                    parties.any(|party| party.body_id == *id)
                };
                let services = of.services.iter().filter(is_of);
                let services: BTreeSet<_> = services
                    .map(|service| service.service.clone().unwrap().service_id)
                    .collect();
                let named = set(&one.services, |service| service.service_id.clone());
                prop_assert_eq!(services, named, "{}", id);
            }
        }
    }
    let bodies = views::bodies::list(&on.view, true);
    prop_assert_eq!(bodies.len(), on.bodies.len());
    for line in &bodies {
        let body = &on.bodies[&line.body.clone().unwrap().body_id];
        prop_assert_eq!(Some(line), body.summary.as_ref());
        let current = body.party_to.iter().filter(|of| of.left_on.is_none());
        prop_assert_eq!(line.collaboration_count as usize, current.count());
    }
    for line in views::boards::list(&on.view, None) {
        let id = line.board.clone().unwrap().board_id;
        let board = views::board::get(&on.view, &id.parse().unwrap()).unwrap();
        prop_assert_eq!(Some(&line), board.summary.as_ref());
        prop_assert_eq!(line.member_count as usize, board.seats.len());
    }
    Ok(())
}

/// A body that is awaited in the list of approvals is in the proposal; the open ones
/// are pending in the decision log; the virements have the same figures.
fn approvals(on: &Answers) -> Result<(), TestCaseError> {
    let all = views::approvals::list(&on.view, None, None, false);
    let open = views::approvals::list(&on.view, None, None, true);
    let (virements, _) = views::virements::list(&on.view, None);
    for line in &all {
        let id = line.proposal_id.parse().unwrap();
        let proposal = views::proposal::get(&on.view, id).expect("a proposal that is listed");
        prop_assert_eq!(Some(line), proposal.approval.as_ref());
        prop_assert_eq!(open.contains(line), line.settled_on.is_none());
        if line.settled_on.is_some() {
            prop_assert_eq!(&line.awaited, &[]);
        }
        for virement in virements
            .iter()
            .filter(|one| one.proposal_id == line.proposal_id)
        {
            prop_assert_eq!(virement.standing, line.standing);
            prop_assert_eq!(virement.made_pence, proposal.made_pence);
            prop_assert_eq!(virement.left_pence, proposal.left_pence);
            prop_assert_eq!(virement.approved_pence, proposal.approved_pence);
        }
    }
    let pending = views::decisions::list(&on.view, None, true);
    let pending = set(&pending, |line| line.proposal_id.clone());
    prop_assert_eq!(&pending, &set(&open, |line| line.proposal_id.clone()));
    for id in on.bodies.keys() {
        let body = id.parse().unwrap();
        let awaits = views::approvals::list(&on.view, None, Some(&body), false);
        let is_awaited = |line: &&minutebook::wire::proto::ApprovalView| {
            line.awaited
                .iter()
                .any(|one| body_of(one).as_ref() == Some(id))
        };
        let awaited = all.iter().filter(is_awaited).cloned().collect::<Vec<_>>();
        prop_assert_eq!(&awaits, &awaited);
        let asker = Asker {
            board: None,
            body: Some(body),
        };
        let until = views::attention::looks_ahead_until(&on.view, &asker);
        let own = views::attention::list(&on.view, &asker, until);
        let kinds = [
            AttentionKind::AwaitsDecision,
            AttentionKind::AwaitsCondition,
        ];
        let listed = own.iter().filter(|one| kinds.contains(&one.kind()));
        let listed: BTreeSet<_> = listed.map(|one| one.item_id.clone()).collect();
        for line in &awaits {
            let conditions = line.conditions.iter();
            let mut conditions =
                conditions.map(|one| format!("{}/{}", one.decision_id, one.condition_id));
            prop_assert!(
                listed.contains(&line.proposal_id) || conditions.any(|id| listed.contains(&id)),
                "{} awaits {}",
                line.title,
                id
            );
        }
        for line in &own {
            prop_assert!(on.attention.contains(line), "{:?}", line);
        }
    }
    Ok(())
}

/// An instrument has one standing, and its notices, deadlines and signatures fit it.
fn instruments(on: &Answers) -> Result<(), TestCaseError> {
    let due = views::deadlines::list(&on.view, None, true);
    let has = |subject: &str, item: &str, kind: DeadlineKind| {
        let mut lines = due.iter().filter(|line| line.kind() == kind);
        lines.find(|line| line.subject == subject && line.item_id == item)
    };
    let mut unsigned = BTreeMap::<(String, String), BTreeSet<String>>::new();
    for (id, of) in &on.collaborations {
        let subject = format!("collaborations/{id}");
        for one in &of.instruments {
            let expiry = has(&subject, &one.instrument_id, DeadlineKind::Expiry);
            let is_expired = one.standing() == Standing::Expired;
            let ended = of.summary.as_ref().unwrap().ended_on.is_some();
            let missed = expiry.is_some_and(|line| line.missed);
            prop_assert_eq!(missed, is_expired && !ended, "{:?}", one);
            if let Some(line) = expiry {
                prop_assert_eq!(line.due_on, one.ends_on);
            }
            if let Some(line) = has(&subject, &one.instrument_id, DeadlineKind::Review) {
                prop_assert_eq!(line.due_on, one.review_on);
            }
            if one.standing() == Standing::AwaitingSignature {
                let missing = one.signatures.iter().filter(|by| by.signed_on.is_none());
                let missing = missing.map(|by| by.body.clone().unwrap().body_id);
                let key = (subject.clone(), one.instrument_id.clone());
                unsigned.insert(key, missing.collect());
            }
        }
        let subject_id: SubjectId = subject.parse().unwrap();
        let listed = views::notices::list(&on.view, Some(&subject_id), true);
        prop_assert_eq!(
            set(&listed, |notice| notice.notice_id.clone()),
            set(&of.notices, |notice| notice.notice_id.clone())
        );
        for notice in &listed {
            prop_assert!(of.notices.contains(notice));
            let line = has(&subject, &notice.notice_id, DeadlineKind::Notice);
            if let Some(line) = line {
                prop_assert_eq!(line.due_on, notice.takes_effect_on);
                prop_assert!(notice.standing() != NoticeStanding::Revoked);
                prop_assert!(!line.missed || notice.standing() == NoticeStanding::Effective);
            }
            let runs = notice.standing() == NoticeStanding::Running;
            let ended = of.summary.as_ref().unwrap().ended_on.is_some();
            prop_assert_eq!(
                on.attention(AttentionKind::NoticeRunning)
                    .contains(&(subject.clone(), notice.notice_id.clone())),
                runs && !ended
            );
        }
    }
    let boards: Vec<_> = on.view.boards().map(|(id, _)| id.clone()).collect();
    for id in boards {
        let board = views::board::get(&on.view, &id).expect("a board");
        for one in &board.instruments {
            if one.standing() == Standing::AwaitingSignature {
                let missing = one.signatures.iter().filter(|by| by.signed_on.is_none());
                let missing = missing.map(|by| by.body.clone().unwrap().body_id);
                let key = (format!("boards/{id}"), one.instrument_id.clone());
                unsigned.insert(key, missing.collect());
            }
        }
    }
    let attention = on.attention(AttentionKind::AwaitsSignature);
    prop_assert_eq!(&attention, &unsigned.keys().cloned().collect());
    for (id, body) in &on.bodies {
        let awaited = set(&body.awaited_signatures, |one| {
            (one.subject.clone(), one.instrument_id.clone())
        });
        let expected = unsigned.iter().filter(|(_, bodies)| bodies.contains(id));
        let expected: BTreeSet<_> = expected.map(|(key, _)| key.clone()).collect();
        prop_assert_eq!(awaited, expected, "{}", id);
    }
    Ok(())
}

/// Every line for attention is in the view that it comes from, and nothing of those
/// views is left out.
fn attention(on: &Answers) -> Result<(), TestCaseError> {
    let open = views::approvals::list(&on.view, None, None, true);
    let open = set(&open, |line| {
        (line.subject.clone(), line.proposal_id.clone())
    });
    let mut awaited = on.attention(AttentionKind::AwaitsDecision);
    let subject_to = views::approvals::list(&on.view, None, None, true);
    for line in &subject_to {
        let conditions = set(&line.conditions, |one| {
            let id = format!("{}/{}", one.decision_id, one.condition_id);
            (line.subject.clone(), id)
        });
        prop_assert!(conditions.is_subset(&on.attention(AttentionKind::AwaitsCondition)));
        if line.standing() == DecisionStanding::SubjectTo {
            awaited.insert((line.subject.clone(), line.proposal_id.clone()));
        }
    }
    prop_assert_eq!(&awaited, &open);

    let due = views::deadlines::list(&on.view, None, false);
    let overdue: BTreeSet<(String, String)> = [
        AttentionKind::Overdue,
        AttentionKind::Unconfirmed,
        AttentionKind::AwaitsDecision,
        AttentionKind::AwaitsCondition,
    ]
    .into_iter()
    .flat_map(|kind| on.attention(kind))
    .collect();
    for line in due.iter().filter(|line| line.missed) {
        let key = (line.subject.clone(), line.item_id.clone());
        prop_assert!(overdue.contains(&key), "{:?}", line);
    }
    for line in &on.attention {
        let is_source = |one: &&minutebook::wire::proto::DeadlineView| {
            one.subject == line.subject
                && one.item_id == line.item_id
                && one.kind == line.deadline
                && one.due_on == line.due_on
        };
        let source = due.iter().find(is_source);
        match line.kind() {
            AttentionKind::Overdue => prop_assert!(source.is_some_and(|one| one.missed)),
            AttentionKind::FallsDue => prop_assert!(source.is_some_and(|one| !one.missed)),
            AttentionKind::Unconfirmed => prop_assert!(source.is_some()),
            _ => {}
        }
    }

    let open = views::recommendations::list(&on.view, None, false);
    let missed = due.iter().filter(|line| {
        let kinds = [
            DeadlineKind::Action,
            DeadlineKind::Recommendation,
            DeadlineKind::CommissionedReview,
        ];
        line.missed && kinds.contains(&line.kind())
    });
    for line in missed {
        let is_open = open.iter().any(|item| {
            item.subject == line.subject
                && item.item_id == line.item_id
                && item.due_on == line.due_on
        });
        prop_assert!(is_open, "{:?}", line);
    }
    for item in &open {
        let mut lines = due.iter();
        let is_due = lines.any(|line| {
            line.subject == item.subject
                && line.item_id == item.item_id
                && line.due_on == item.due_on
        });
        prop_assert_eq!(is_due, item.due_on.is_some(), "{:?}", item);
    }

    let breaches = views::breaches::list(&on.view, None);
    let unsettled = breaches.iter().filter(|breach| {
        let mut late = breach.late_approvals.iter();
        breach.corrected_by_position == 0
            && !late.any(|late| late.standing() == DecisionStanding::Approved)
    });
    let unsettled: BTreeSet<u64> = unsettled
        .map(|breach| breach.act.as_ref().unwrap().position)
        .collect();
    let shown = on
        .attention
        .iter()
        .filter(|line| line.kind() == AttentionKind::Breach);
    prop_assert_eq!(
        shown.map(|line| line.position).collect::<BTreeSet<_>>(),
        unsettled
    );
    Ok(())
}

/// The state of a subject is put together from the same lines.
fn states(on: &Answers) -> Result<(), TestCaseError> {
    let subjects: Vec<SubjectId> = on.view.subjects().map(|(id, _)| id.clone()).collect();
    for id in subjects {
        let state = views::state::get(&on.view, &id).expect("the state of a subject");
        let only = Some(&id);
        prop_assert_eq!(
            state.deadlines,
            views::deadlines::list(&on.view, only, true)
        );
        prop_assert_eq!(
            state.proposals.len(),
            views::approvals::list(&on.view, only, None, false).len()
        );
        prop_assert_eq!(
            state.decisions,
            views::decisions::list(&on.view, only, false)
        );
        prop_assert_eq!(state.breaches, views::breaches::list(&on.view, only));
    }
    // A payment in the view of the body is in the matrix of the collaboration.
    for (id, body) in &on.bodies {
        for paid in &body.pays {
            let of = paid
                .collaboration
                .as_ref()
                .unwrap()
                .collaboration_id
                .parse()
                .unwrap();
            let year = paid.financial_year.parse().unwrap();
            let matrix = views::contributions::get(&on.view, &of, year).expect("its matrix");
            let named = paid.in_place_of.as_ref().map_or(id, |named| &named.body_id);
            let rows = matrix.rows.iter();
            let mut rows = rows.filter(|row| row.body.as_ref().unwrap().body_id == *named);
            let total = rows.next().map(|row| row.total_pence);
            prop_assert!(
                total.is_some_and(|total| total >= paid.total_pence),
                "{:?}",
                paid
            );
        }
    }
    Ok(())
}

#[test]
fn two_views_never_contradict_one_another() {
    let config = ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let strategy = (histories(), moments());
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let outcome = runner.run(&strategy, |(given, moments)| {
        let tail = given.register.tail().get();
        for (day, back) in moments {
            let known = Position::new(tail.saturating_sub(back));
            let on = Answers::of(&given, day, known);
            parties_and_counts(&on)?;
            approvals(&on)?;
            instruments(&on)?;
            attention(&on)?;
            states(&on)?;
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// Every kind of event that the histories offer is admitted in some of them: a property
/// of what never happens would hold.
#[test]
fn the_histories_have_something_of_everything() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut kinds = BTreeSet::new();
    let histories = histories();
    for _ in 0..300 {
        let given = histories
            .new_tree(&mut runner)
            .expect("a history")
            .current();
        let entries = given.entries.iter();
        kinds.extend(entries.map(|entry| entry.event.kind.name()));
    }
    for kind in histories::OFFERED {
        assert!(kinds.contains(kind), "{kind}: {kinds:?}");
    }
}
