//! Virements and disposals: approved, made, left.

use super::acts::act;
use super::proposals::{ProposalCache, title};
use super::{names, reasoning};
use crate::domain::approval::{ApprovalContext, verdict_on as verdict};
use crate::domain::dossier::{MadeDisposal, MadeVirement, Proposal};
use crate::domain::event::ApprovableAct;
use crate::domain::event::{Authority, Place as At, Virement, VirementSide};
use crate::domain::fact::{EffectiveOrder, Fact};
use crate::domain::ids::{ProposalId, SubjectId};
use crate::domain::register_view::RegisterView;
use crate::domain::subject::Subject;
use crate::wire::proto::disposal_view::PartView;
use crate::wire::proto::{
    BudgetHead, DecisionStanding, DisposalView, VirementSideView, VirementView,
};
use crate::wire::reply;

/// Both lists, oldest first.
type Lists = (Vec<VirementView>, Vec<DisposalView>);

/// Lines, each with where it stands.
type Lines<View> = Vec<(EffectiveOrder, View)>;

/// The lines, oldest first.
pub fn list(outlook: &RegisterView, subject: Option<&SubjectId>) -> Lists {
    let (mut virements, mut disposals) = (Vec::new(), Vec::new());
    for (id, of) in outlook.subjects_or(subject) {
        let courses = ProposalCache::new(outlook, id, &of);
        lines_of(&courses, &mut virements, &mut disposals);
    }
    in_order(virements, disposals)
}

/// The lines of one subject, oldest first.
pub(super) fn all(courses: &ProposalCache<'_>) -> Lists {
    let (mut virements, mut disposals) = (Vec::new(), Vec::new());
    lines_of(courses, &mut virements, &mut disposals);
    in_order(virements, disposals)
}

fn in_order(mut virements: Lines<VirementView>, mut disposals: Lines<DisposalView>) -> Lists {
    virements.sort_by_key(|(place, _)| *place);
    disposals.sort_by_key(|(place, _)| *place);
    (
        virements.into_iter().map(|(_, line)| line).collect(),
        disposals.into_iter().map(|(_, line)| line).collect(),
    )
}

fn lines_of(
    courses: &ProposalCache<'_>,
    virements: &mut Lines<VirementView>,
    disposals: &mut Lines<DisposalView>,
) {
    let dossier = &courses.of.dossier;
    for (id, proposal) in &dossier.proposals {
        if let ApprovableAct::MakeVirement(virement) = proposal.act() {
            let line = requested(courses, *id, proposal, virement);
            virements.push((proposal.effective_order(), line));
        }
    }
    let page = Page {
        outlook: courses.outlook,
        id: courses.id,
        of: courses.of,
    };
    for made in dossier.virements.values() {
        if !page.rests(&made.made) {
            virements.push((made.made.effective_order(), page.unasked(made)));
        }
    }
    for disposal in dossier.disposals.values() {
        disposals.push((disposal.disposed.effective_order(), page.disposal(disposal)));
    }
}

/// A virement that was asked for, with every move on it.
fn requested<'a>(
    courses: &ProposalCache<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
    virement: &Virement,
) -> VirementView {
    let (course, ledger) = (courses.status(id, proposal), courses.ledger(id, proposal));
    let dossier = &courses.of.dossier;
    let settled = course.settled.as_ref();
    let is_carried = reasoning::standing(&course) == DecisionStanding::Approved;
    VirementView {
        proposal_id: id.to_string(),
        title: title(proposal),
        standing: reasoning::standing(&course).into(),
        requested_pence: reply::optional_pence(virement.amount()),
        approved_pence: reply::optional_pence(course.approved.amount),
        made_pence: reply::pence(ledger.made),
        left_pence: reply::pence(ledger.left),
        covers_projected: course.approved.covers_projected,
        on: Some(reply::date(proposal.on())),
        approved_on: settled
            .filter(|_| is_carried)
            .map(|settled| reply::date(settled.on)),
        made: ledger
            .acts
            .iter()
            .map(|rested| act(dossier, &rested.entry, rested.is_breach()))
            .collect(),
        position: proposal.entry().position.get(),
        ..moved(courses.outlook, courses.id, courses.of, virement)
    }
}

/// What every line says of the virement it is about.
fn moved(
    outlook: &RegisterView,
    id: &SubjectId,
    of: &Subject,
    virement: &Virement,
) -> VirementView {
    let sides = |sides: &[VirementSide]| {
        sides
            .iter()
            .map(|side| one_side(outlook, id, side))
            .collect()
    };
    VirementView {
        subject: id.to_string(),
        subject_name: of.name().unwrap_or_default().to_owned(),
        financial_year: virement.year.to_string(),
        sources: sides(&virement.sources),
        targets: sides(&virement.targets),
        basis: virement.basis.map_or(0, reply::underspend_basis),
        permanence: virement.permanence.map_or(0, reply::permanence),
        ..VirementView::default()
    }
}

fn one_side(outlook: &RegisterView, id: &SubjectId, side: &VirementSide) -> VirementSideView {
    let amount_pence = side.amount.map(reply::pence);
    match &side.place {
        At::Head(head) => VirementSideView {
            head: Some(BudgetHead {
                service_id: reply::optional(head.service.as_ref()),
                head: reply::optional(head.head.as_ref()),
                fund: reply::fund_type(head.fund),
            }),
            service_name: head
                .service
                .as_ref()
                .map(|service| names::service(outlook, id, service).name)
                .unwrap_or_default(),
            returned_to: None,
            amount_pence,
        },
        At::ReturnedTo(body) => VirementSideView {
            head: None,
            service_name: String::new(),
            returned_to: Some(names::body(outlook, body)),
            amount_pence,
        },
    }
}

/// A subject, seen through an outlook.
struct Page<'a> {
    outlook: &'a RegisterView,
    id: &'a SubjectId,
    of: &'a Subject,
}

impl Page<'_> {
    fn sight(&self) -> ApprovalContext<'_> {
        ApprovalContext {
            lookup: self.outlook,
            id: self.id,
            subject: self.of,
        }
    }

    /// Whether an act has a line with the proposal that it rests on, or that a
    /// breach names.
    fn rests<T>(&self, fact: &Fact<T>) -> bool {
        let dossier = &self.of.dossier;
        let named = fact.source.entry.rests_on();
        named
            .and_then(|id| dossier.proposals.get(&id))
            .is_some_and(|proposal| matches!(proposal.act(), ApprovableAct::MakeVirement(_)))
    }

    fn is_breach<T>(&self, fact: &Fact<T>) -> bool {
        verdict(&self.sight(), &fact.source.entry, fact.effective_order())
            .is_some_and(|verdict| verdict.is_breach())
    }

    /// A virement that was made, and rests on no request.
    fn unasked(&self, made: &MadeVirement) -> VirementView {
        let fact = &made.made;
        let reversed = made.reversed.latest().is_some();
        let amount = fact.virement.amount().filter(|_| !reversed);
        VirementView {
            made_pence: reply::optional_pence(amount),
            on: Some(reply::date(fact.on())),
            made: vec![act(
                &self.of.dossier,
                &fact.source.entry,
                self.is_breach(fact),
            )],
            position: fact.position().get(),
            ..moved(self.outlook, self.id, self.of, &fact.virement)
        }
    }

    fn disposal(&self, made: &MadeDisposal) -> DisposalView {
        let fact = &made.disposed;
        let disposal = &fact.disposal;
        let proposal = match &fact.source.entry.event.authority {
            Some(Authority::Proposal(id)) => Some(id),
            _ => None,
        };
        DisposalView {
            subject: self.id.to_string(),
            subject_name: self.of.name().unwrap_or_default().to_owned(),
            disposal_id: fact.id.to_string(),
            financial_year: disposal.year.to_string(),
            service: disposal
                .service
                .as_ref()
                .map(|service| names::service(self.outlook, self.id, service)),
            act: Some(act(
                &self.of.dossier,
                &fact.source.entry,
                self.is_breach(fact),
            )),
            proposal_id: reply::optional(proposal),
            parts: disposal
                .parts
                .iter()
                .map(|part| {
                    let confirmed = part.body.as_ref().and_then(|body| made.confirmed.get(body));
                    PartView {
                        destination: reply::disposal_destination(part.destination),
                        body: part.body.as_ref().map(|id| names::body(self.outlook, id)),
                        amount_pence: reply::pence(part.amount),
                        confirmed_on: reply::optional_date(confirmed.map(Fact::on)),
                        confirmed_pence: confirmed
                            .map(|confirmed| reply::pence(confirmed.amount))
                            .unwrap_or_default(),
                    }
                })
                .collect(),
        }
    }
}
