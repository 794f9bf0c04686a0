//! Running totals of virements: by year, and within it by head, service and approver.

use std::collections::BTreeMap;

use super::budget::reports::budget_head;
use super::names;
use super::proposal_cache::ProposalCache;
use super::reasoning;
use minutebook_domain::budget::Heads;
use minutebook_domain::date::FinancialYear;
use minutebook_domain::event::{Actor, ApprovableAct, Head, Outcome, Place};
use minutebook_domain::ids::{BoardId, ServiceId, SubjectId};
use minutebook_domain::money::Pence;
use minutebook_domain::proposal::Proposal;
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{DecisionStanding, VirementTotal};
use minutebook_wire::reply;

/// Of which virements of a year a total is, in the order of the lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    All,
    Head(Head),
    Service(ServiceId),
    /// By its name.
    Approver(String),
}

#[derive(Debug, Default)]
struct Sum {
    count: u32,
    out: Pence,
    arrived: Pence,
    returned: Pence,
    approved: Pence,
    made: Pence,
}

type Sums = BTreeMap<(FinancialYear, Of), Sum>;

/// The totals, by subject and year.
pub fn list(register_view: &RegisterView, subject: Option<&SubjectId>) -> Vec<VirementTotal> {
    let mut totals = Vec::new();
    for (id, subject) in register_view.subjects_or(subject) {
        let mut sums = Sums::new();
        let cache = ProposalCache::new(register_view, id, &subject);
        add_moved(&mut sums, &cache);
        add_approved(&mut sums, &cache);
        let name = names::subject(register_view, id);
        totals.extend(sums.into_iter().map(|((year, of), sum)| VirementTotal {
            currency: reply::currency(subject.dossier.currency),
            subject: id.to_string(),
            subject_name: name.clone(),
            ..total(register_view, id, year, of, &sum)
        }));
    }
    totals
}

/// The virements that were made and not reversed. An amount that is not stated is in no
/// total; its virement is counted.
fn add_moved(sums: &mut Sums, cache: &ProposalCache<'_>) {
    let dossier = &cache.subject.dossier;
    let heads = Heads::of(dossier);
    for made in dossier.virements.values() {
        if made.reversed.latest().is_some() {
            continue;
        }
        let virement = &made.made.virement;
        let year = virement.year;
        let mut counted: Vec<Of> = Vec::new();
        let mut add = |of: Of, change: &dyn Fn(&mut Sum)| {
            let sum = sums.entry((year, of.clone())).or_default();
            if !counted.contains(&of) {
                sum.count += 1;
                counted.push(of);
            }
            change(sum);
        };
        add(Of::All, &|_| ());
        if virement.is_schedule() {
            let amount = virement.amount().unwrap_or_default();
            add(Of::All, &|sum| {
                sum.out += amount;
                sum.arrived += amount;
            });
        }
        let sources = virement.sources.iter().map(|side| (side, true));
        let targets = virement.targets.iter().map(|side| (side, false));
        for (side, leaves) in sources.chain(targets) {
            let amount = side.amount.unwrap_or_default();
            let change = move |sum: &mut Sum| match (&side.place, leaves) {
                (Place::Head(_), true) => sum.out += amount,
                (Place::Head(_), false) => sum.arrived += amount,
                (Place::ReturnedTo(_), _) => sum.returned += amount,
            };
            add(Of::All, &change);
            if let Place::Head(head) = &side.place {
                let head = heads.canonical(head);
                if let Some(service) = &head.service {
                    add(Of::Service(service.clone()), &change);
                }
                add(Of::Head(head), &change);
            }
        }
    }
}

/// The requests that were carried, under each that approved them.
fn add_approved(sums: &mut Sums, cache: &ProposalCache<'_>) {
    for (id, proposal) in &cache.subject.dossier.proposals {
        let ApprovableAct::MakeVirement(virement) = proposal.act() else {
            continue;
        };
        let status = cache.status(*id, proposal);
        if reasoning::standing(&status) != DecisionStanding::Approved {
            continue;
        }
        let approved = status.approved.amount.or(virement.amount());
        let made = cache.ledger(*id, proposal).made;
        for approver in approvers(cache.register_view, proposal) {
            let sum = sums
                .entry((virement.year, Of::Approver(approver)))
                .or_default();
            sum.count += 1;
            sum.approved += approved.unwrap_or_default();
            sum.made += made;
        }
    }
}

/// The boards, bodies and offices whose decision approves a request, each once.
fn approvers(register_view: &RegisterView, proposal: &Proposal) -> Vec<String> {
    let name = |board: Option<&BoardId>, actor: Option<&Actor>| match (board, actor) {
        (Some(board), _) => names::board(register_view, board).name,
        (None, Some(actor)) => names::in_words(&names::actor(register_view, actor)),
        (None, None) => String::new(),
    };
    let approvals = proposal.virement_approvals.iter();
    let approvals = approvals.map(|fact| {
        name(
            fact.board.as_ref(),
            fact.source.entry.event.acted_by.as_ref(),
        )
    });
    let decisions = proposal.decisions.iter();
    let decisions = decisions
        .filter(|fact| fact.outcome == Outcome::Approved)
        .map(|fact| {
            name(
                fact.board.as_ref(),
                fact.source.entry.event.acted_by.as_ref(),
            )
        });
    let mut names: Vec<String> = approvals.chain(decisions).collect();
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}

fn total(
    register_view: &RegisterView,
    id: &SubjectId,
    year: FinancialYear,
    of: Of,
    sum: &Sum,
) -> VirementTotal {
    let (head, service, approver) = match of {
        Of::All => (None, None, String::new()),
        Of::Head(head) => {
            let service = head.service.clone();
            (Some(budget_head(&head)), service, String::new())
        }
        Of::Service(service) => (None, Some(service), String::new()),
        Of::Approver(approver) => (None, None, approver),
    };
    VirementTotal {
        financial_year: year.to_string(),
        head,
        service: service.map(|service| names::service(register_view, id, &service)),
        approver,
        count: sum.count,
        out_pence: sum.out.get(),
        in_pence: sum.arrived.get(),
        returned_pence: sum.returned.get(),
        approved_pence: sum.approved.get(),
        made_pence: sum.made.get(),
        ..VirementTotal::default()
    }
}
