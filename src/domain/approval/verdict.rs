//! A verdict: what the approval rules say of an act.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::describe::requirement;
use super::displacement::check_displacement;
use super::ledger::{Ledger, ledger, not_projected};
use super::proposal_status::{ApprovalContext, ProposalStatus};
use super::regime::{ApprovalCase, Regime, regime};
use crate::domain::date::PartialDate;
use crate::domain::dossier::Proposal;
use crate::domain::entry::Entry;
use crate::domain::event::ApprovableAct;
use crate::domain::event::{DirectionKind, EndCause, Kind, UnderspendBasis};
use crate::domain::fact::EffectiveOrder;
use crate::domain::fault::Fault;
use crate::domain::ids::{Position, ProposalId};
use crate::domain::instrument::{Instrument, last_day};
use crate::domain::money::Pence;

/// What the rules say of an act.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What governs it, as an act of its own.
    pub regime: Regime,
    /// What governs the proposal it rests on; where it rests on none, the act.
    pub governing: Regime,
    /// The proposal it rests on, or, for a breach, that was to allow it.
    pub proposal: Option<ProposalId>,
    /// Whether whoever recorded it says that it lacked its approval.
    pub acknowledged: bool,
    /// What it lacks (rules 5 and 6), whether that was acknowledged or not.
    pub faults: Vec<Fault>,
    /// For an act with an amount on a proposal: what was left for it.
    pub left: Option<Pence>,
}

impl Verdict {
    /// Whether it is a breach: it says so itself, or it lacks what it needs.
    pub fn is_breach(&self) -> bool {
        self.acknowledged || !self.faults.is_empty()
    }
}

/// A proposal's course, and what was done on it.
type Account<'a> = (ProposalStatus<'a>, Ledger);

/// What the rules say of an act that is about to be recorded at a place; `None`
/// where the entry is no act that an approval may be needed for.
pub fn verdict_on(
    sight: &ApprovalContext<'_>,
    entry: &Arc<Entry>,
    place: EffectiveOrder,
) -> Option<Verdict> {
    let account = |id, proposal| Rc::new(account(sight, id, proposal, Some((entry, place))));
    let mut verdict = judge(sight, entry, place, account)?;
    if verdict.faults.is_empty() && !verdict.acknowledged {
        verdict
            .faults
            .extend(check_displacement(sight, entry, place));
    }
    Some(verdict)
}

/// The accounts of a subject, each made once however many acts rest on it.
pub struct VerdictCache<'a> {
    sight: ApprovalContext<'a>,
    made: RefCell<BTreeMap<ProposalId, Rc<Account<'a>>>>,
}

impl<'a> VerdictCache<'a> {
    /// The accounts of a subject, none of them made yet.
    pub const fn new(sight: ApprovalContext<'a>) -> Self {
        Self {
            sight,
            made: RefCell::new(BTreeMap::new()),
        }
    }

    /// What the rules say of an act on file.
    pub fn verdict(&self, entry: &Arc<Entry>, place: EffectiveOrder) -> Option<Verdict> {
        let sight = self.sight;
        judge(&sight, entry, place, |id, proposal| {
            let mut made = self.made.borrow_mut();
            let make = || Rc::new(account(&sight, id, proposal, None));
            Rc::clone(made.entry(id).or_insert_with(make))
        })
    }
}

fn account<'a>(
    sight: &ApprovalContext<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
    judged: Option<(&Arc<Entry>, EffectiveOrder)>,
) -> Account<'a> {
    let everything = (jiff::civil::Date::MAX, Position::new(u64::MAX));
    let course = sight.status_before(id, proposal, everything);
    let ledger = ledger(sight, id, proposal, &course, judged);
    (course, ledger)
}

fn judge<'a>(
    sight: &ApprovalContext<'a>,
    entry: &Arc<Entry>,
    place: EffectiveOrder,
    account: impl Fn(ProposalId, &'a Proposal) -> Rc<Account<'a>>,
) -> Option<Verdict> {
    let topic = entry.event.kind.act()?;
    let cited = entry.rests_on();
    let dossier = &sight.subject.dossier;
    let proposal = cited.and_then(|id| Some((id, dossier.proposals.get(&id)?)));
    let case = ApprovalCase {
        lookup: sight.lookup,
        id: sight.id,
        subject: sight.subject,
        act: topic,
        proposer: proposal.and_then(|(_, proposal)| proposal.proposer()),
        proposal: cited,
    };
    let regime = governed(&case, entry.effective_on(), place);
    let mut faults = Vec::new();
    let (mut left, mut covered, mut governing) = (None, false, None);
    match proposal {
        Some((id, proposal)) => {
            let account = account(id, proposal);
            let (course, with) = &*account;
            let own = with.acts.iter().find(|act| act.place == place);
            faults.extend(own.into_iter().flat_map(|act| act.faults.iter().cloned()));
            let taken = topic
                .amount()
                .filter(|_| own.is_some_and(|own| !own.is_breach()));
            left = topic
                .is_drawn()
                .then(|| with.left + taken.unwrap_or_default());
            let on = entry.effective_on();
            let is_carried = course.is_carried_by(on);
            covered = is_carried && course.approved_by(on).covers_projected;
            governing = Some(if is_carried {
                course.regime.clone()
            } else {
                sight.status(id, proposal, place.0).regime
            });
        }
        None => {
            if let Some(rule) = regime.rule()
                && let Some(rules) = regime.rules()
                && !is_brought_about(sight, entry, place)
            {
                faults.push(Fault::ApprovalRequired {
                    act: topic.kind().label(),
                    approval_rule: rule.id.clone(),
                    title: rule.title.clone(),
                    rule_set: rules.set.rule_set.clone(),
                    needs: requirement(&rule.requirement),
                });
            }
        }
    }
    // Whatever else it lacks, a projected underspend needs an approval that says so.
    let is_said = |fault: &Fault| matches!(fault, Fault::ProjectedNotApproved { .. });
    if topic.basis() == Some(UnderspendBasis::Projected)
        && let Some(year) = topic.year()
        && !covered
        && !faults.iter().any(is_said)
    {
        faults.push(match cited {
            Some(id) => not_projected(year, id),
            None => Fault::ProjectedNotApproved {
                year,
                why: "none is named in authority.proposal_id".to_owned(),
            },
        });
    }
    if let ApprovableAct::DisposeUnderspend(disposal) = topic {
        let outturns = dossier.outturns.get(&disposal.year);
        if outturns.is_none_or(|outturns| outturns.at(place.0).is_none()) {
            let (year, on) = (disposal.year, entry.effective_on());
            faults.push(Fault::NoOutturn { year, on });
        }
    }
    Some(Verdict {
        governing: governing.unwrap_or_else(|| regime.clone()),
        regime,
        proposal: cited,
        acknowledged: entry.is_breach(),
        faults,
        left,
    })
}

/// Whether an end is nobody's decision: a term that is over, a notice that has
/// taken effect or a direction brings it about, and is on record.
fn is_brought_about(sight: &ApprovalContext<'_>, entry: &Entry, place: EffectiveOrder) -> bool {
    let day = place.0;
    let subject = sight.subject;
    let expired = |instrument: &Instrument| {
        let last = instrument.expires_on(day);
        last.is_some_and(|last| last.first_day() <= day)
    };
    let (cause, is_over) = match &entry.event.kind {
        Kind::CollaborationEnded(what) => (
            what.cause,
            subject.dossier.instruments.values().any(expired),
        ),
        Kind::InstrumentEnded(what) => {
            let instrument = subject.dossier.instruments.get(&what.instrument);
            (what.cause, instrument.is_some_and(expired))
        }
        _ => return false,
    };
    let collaboration = subject.as_collaboration();
    match cause {
        EndCause::Agreement | EndCause::Replacement => false,
        EndCause::Expiry => is_over,
        EndCause::Notice => collaboration.is_some_and(|collaboration| {
            let mut notices = collaboration.notices.values();
            notices.any(|notice| {
                let effective = notice.takes_effect_on(day).first_day() <= day;
                notice.given.day() <= day && effective && !notice.is_revoked(day)
            })
        }),
        EndCause::Direction => collaboration.is_some_and(|collaboration| {
            let mut directions = collaboration.directions.values();
            directions.any(|direction| {
                let ends = matches!(
                    direction.kind,
                    DirectionKind::Direct | DirectionKind::Terminate
                );
                ends && direction.day() <= day
            })
        }),
    }
}

/// What governs an act. One dated by a month or year alone gets around no rule
/// that came into force within it.
fn governed(case: &ApprovalCase<'_>, on: PartialDate, place: EffectiveOrder) -> Regime {
    let first = regime(case, place);
    if first.rule().is_some() || on.is_full() {
        return first;
    }
    let last = regime(case, (last_day(on), place.1));
    if last.rule().is_some() { last } else { first }
}
