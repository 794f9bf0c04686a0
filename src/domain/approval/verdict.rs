//! Verdicts: whether an act has the approval it needs.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use jiff::civil::Date;

use super::act_check::not_projected;
use super::approval_context::ApprovalContext;
use super::delegated::{check_delegation, delegation_rests_on_unknown_day, is_delegated};
use super::describe::requirement;
use super::ledger::{Ledger, ledger};
use super::proposal_status::ProposalStatus;
use super::regime::{ApprovalCase, Regime, regime};
use crate::date::PartialDate;
use crate::dossier::Proposal;
use crate::entry::Entry;
use crate::event::ApprovableAct;
use crate::event::{DirectionKind, EndCause, Kind, UnderspendBasis};
use crate::fact::EffectiveOrder;
use crate::fault::Fault;
use crate::ids::ProposalId;
use crate::instrument::Instrument;
use crate::money::Pence;

/// The judgement of an act by the approval rules.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The regime of the act itself.
    pub regime: Regime,
    /// The regime of the proposal that it relies on; without a proposal, that of the act.
    pub governing: Regime,
    /// The proposal that it relies on, or that a breach names.
    pub proposal: Option<ProposalId>,
    /// Whether it acknowledges that it lacked its approval.
    pub acknowledged: bool,
    /// The rules that it breaks (rules 5 and 6), acknowledged or not.
    pub faults: Vec<Fault>,
    /// For an act that draws an amount: the amount that was left for it.
    pub left: Option<Pence>,
    /// Whether it has its approval, or its delegation, only if days that are not known
    /// were in the right order.
    pub rests_on_unknown_day: bool,
}

impl Verdict {
    /// Whether it acknowledges a breach, or breaks a rule.
    pub fn is_breach(&self) -> bool {
        self.acknowledged || !self.faults.is_empty()
    }
}

/// A proposal and its acts.
struct Account<'a> {
    status: ProposalStatus<'a>,
    ledger: Ledger,
}

/// The verdict on an act that is not recorded yet, apart from other acts that it would
/// displace; `None` if the entry is no act that may need approval.
pub(super) fn judge_own_approval(
    context: &ApprovalContext<'_>,
    entry: &Arc<Entry>,
    order: EffectiveOrder,
) -> Option<Verdict> {
    entry.event.kind.act()?;
    let open = |id, proposal| Rc::new(open_account(context, id, proposal, Some((entry, order))));
    judge_act(context, entry, order, open)
}

/// The verdicts on the acts of a subject. Each proposal is replayed once, however many
/// acts rely on it.
pub struct VerdictCache<'a> {
    context: ApprovalContext<'a>,
    accounts: RefCell<BTreeMap<ProposalId, Rc<Account<'a>>>>,
}

impl<'a> VerdictCache<'a> {
    pub const fn new(context: ApprovalContext<'a>) -> Self {
        Self {
            context,
            accounts: RefCell::new(BTreeMap::new()),
        }
    }

    /// The verdict on a recorded act.
    pub fn verdict(&self, entry: &Arc<Entry>, order: EffectiveOrder) -> Option<Verdict> {
        let context = self.context;
        judge_act(&context, entry, order, |id, proposal| {
            let mut accounts = self.accounts.borrow_mut();
            let make = || Rc::new(open_account(&context, id, proposal, None));
            Rc::clone(accounts.entry(id).or_insert_with(make))
        })
    }
}

fn open_account<'a>(
    context: &ApprovalContext<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
    judged: Option<(&Arc<Entry>, EffectiveOrder)>,
) -> Account<'a> {
    // Everything known: the ledger compares the date of each act with that of the
    // approval.
    let status = context.status_before(id, proposal, EffectiveOrder::LAST);
    let ledger = ledger(context, id, proposal, &status, judged);
    Account { status, ledger }
}

fn judge_act<'a>(
    context: &ApprovalContext<'a>,
    entry: &Arc<Entry>,
    order: EffectiveOrder,
    open_account: impl Fn(ProposalId, &'a Proposal) -> Rc<Account<'a>>,
) -> Option<Verdict> {
    let cited = entry.relies_on();
    let dossier = &context.subject.dossier;
    let proposal = cited.and_then(|id| Some((id, dossier.proposals.get(&id)?)));
    let Some(act) = entry.event.kind.act() else {
        let (id, proposal) = proposal.filter(|_| entry.rests_on_proposal())?;
        return resting(&open_account(id, proposal), id, order);
    };
    // An act of a month may rest on a proposal that is made later in it, and is not known yet
    // on the day of a view.
    let is_not_yet_proposed = cited.is_some() && proposal.is_none() && !entry.acknowledges_breach();
    let case = ApprovalCase {
        lookup: context.lookup,
        id: context.id,
        subject: context.subject,
        act,
        proposer: proposal.and_then(|(_, proposal)| proposal.proposer()),
        proposal: cited,
    };
    let regime = act_regime(&case, entry.effective_on(), order);
    let mut faults = Vec::new();
    let (mut left, mut covered, mut governing) = (None, false, None);
    let mut rests_on_unknown_day = delegation_rests_on_unknown_day(context, entry);
    match proposal {
        Some((id, proposal)) => {
            let account = open_account(id, proposal);
            let Account { status, ledger } = &*account;
            let own = ledger.acts.iter().find(|act| act.order == order);
            faults.extend(own.into_iter().flat_map(|own| own.faults.iter().cloned()));
            rests_on_unknown_day |= own.is_some_and(|own| own.rests_on_unknown_day);
            let taken = act
                .amount()
                .filter(|_| own.is_some_and(|own| !own.is_breach()));
            left = act
                .is_drawn()
                .then(|| ledger.left + taken.unwrap_or_default());
            let on = (&**entry).into();
            let is_carried = status.is_in_force(on, order);
            let states_it = matches!(act, ApprovableAct::DisposeUnderspend(_))
                && own.is_some_and(|own| !own.is_breach());
            let covers = || status.approved_by(on, order).covers_projected;
            covered = is_carried && (states_it || covers());
            governing = Some(if is_carried {
                status.regime.clone()
            } else {
                context.status(id, proposal, order.day).regime
            });
        }
        None if is_not_yet_proposed => {}
        None => {
            if let Some(ruling) = regime.ruling()
                && !needs_no_decision(context, entry, order.day)
                && !is_delegated(context, entry, act, &ruling.requirement(), order)
            {
                let rule = ruling.rule();
                faults.push(Fault::ApprovalRequired {
                    act: act.kind().label(),
                    approval_rule: rule.id.clone(),
                    title: rule.title.clone(),
                    rule_set: ruling.rule_set.set.rule_set.clone(),
                    needs: requirement(&ruling.requirement()),
                });
            }
        }
    }
    faults.extend(check_delegation(context, entry, order));
    // Whatever other rules it breaks, a projected underspend needs an approval that
    // says so.
    let is_reported = |fault: &Fault| matches!(fault, Fault::ProjectedNotApproved { .. });
    if act.basis() == Some(UnderspendBasis::Projected)
        && let Some(year) = act.year()
        && !covered
        && !is_not_yet_proposed
        && !faults.iter().any(is_reported)
    {
        faults.push(match cited {
            Some(id) => not_projected(year, id),
            None => Fault::ProjectedNotApproved {
                year,
                why: "none is named in authority.proposal_id".to_owned(),
            },
        });
    }
    if let ApprovableAct::DisposeUnderspend(disposal) = act
        && !disposal.is_projected()
        && dossier.outturn(disposal.year, order.day).is_none()
    {
        let (year, on) = (disposal.year, entry.effective_on());
        faults.push(Fault::NoOutturn { year, on });
    }
    Some(Verdict {
        governing: governing.unwrap_or_else(|| regime.clone()),
        regime,
        proposal: cited,
        acknowledged: entry.acknowledges_breach(),
        faults,
        left,
        rests_on_unknown_day,
    })
}

/// The verdict on an entry that is no act, and rests on a proposal.
fn resting(account: &Account<'_>, id: ProposalId, order: EffectiveOrder) -> Option<Verdict> {
    let Account { status, ledger } = account;
    let own = ledger.acts.iter().find(|act| act.order == order)?;
    Some(Verdict {
        regime: status.regime.clone(),
        governing: status.regime.clone(),
        proposal: Some(id),
        acknowledged: false,
        faults: own.faults.clone(),
        left: None,
        rests_on_unknown_day: own.rests_on_unknown_day,
    })
}

/// Whether an end follows without a decision: from the end of a term, a notice that has
/// taken effect or a direction, each of them on record.
fn needs_no_decision(context: &ApprovalContext<'_>, entry: &Entry, day: Date) -> bool {
    let subject = context.subject;
    let expired = |instrument: &Instrument| {
        let last = instrument.expires_on(day);
        last.is_some_and(|last| last.first_day() <= day)
    };
    let (cause, is_expired) = match &entry.event.kind {
        Kind::CollaborationEnded(event) => (
            event.cause,
            subject.dossier.instruments.values().any(expired),
        ),
        Kind::InstrumentEnded(event) => {
            let instrument = subject.dossier.instruments.get(&event.instrument);
            (event.cause, instrument.is_some_and(expired))
        }
        _ => return false,
    };
    let collaboration = subject.as_collaboration();
    match cause {
        EndCause::Agreement | EndCause::Replacement | EndCause::NotGiven => false,
        EndCause::Expiry => is_expired,
        EndCause::Law => true,
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

/// The regime of an act. An act dated only to a month or year does not avoid a rule on
/// record that came into force within it. A rule that was recorded after the act, or
/// adopted by it, may have come later, and does not make a breach of it.
fn act_regime(case: &ApprovalCase<'_>, on: PartialDate, order: EffectiveOrder) -> Regime {
    let first = regime(case, order);
    if first.rule().is_some() || on.is_full() {
        return first;
    }
    let last = EffectiveOrder {
        day: on.last_day(),
        ..order
    };
    let last = regime(case, last);
    let is_on_record = last.ruling().is_some_and(|ruling| {
        let adopted = ruling.rule_set.set.effective_order();
        adopted.position < order.position
    });
    if is_on_record { last } else { first }
}
