//! Virements and disposals: the amounts approved, made and left.

use super::acts::{ActStanding, act};
use super::budget::reports::{budget_head, service_name};
use super::proposal_cache::{ProposalCache, title};
use super::{disposals, names, reasoning};
use minutebook_domain::approval::{ApprovalContext, VerdictCache};
use minutebook_domain::dossier::{MadeVirement, Proposal};
use minutebook_domain::event::ApprovableAct;
use minutebook_domain::event::{Place, Virement, VirementSide};
use minutebook_domain::fact::{EffectiveOrder, Fact};
use minutebook_domain::ids::{ProposalId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::{DecisionStanding, DisposalView, VirementSideView, VirementView};
use minutebook_wire::reply;

/// Both lists, oldest first.
type Lists = (Vec<VirementView>, Vec<DisposalView>);

/// Lines, each with its place in the effective order.
type Lines<View> = Vec<(EffectiveOrder, View)>;

/// The lines, oldest first.
pub fn list(register_view: &RegisterView, subject: Option<&SubjectId>) -> Lists {
    let (mut virements, mut disposals) = (Vec::new(), Vec::new());
    for (id, subject) in register_view.subjects_or(subject) {
        let cache = ProposalCache::new(register_view, id, &subject);
        lines_of(&cache, &mut virements, &mut disposals);
    }
    in_order(virements, disposals)
}

/// The lines of one subject, oldest first.
pub(super) fn all(cache: &ProposalCache<'_>) -> Lists {
    let (mut virements, mut disposals) = (Vec::new(), Vec::new());
    lines_of(cache, &mut virements, &mut disposals);
    in_order(virements, disposals)
}

fn in_order(mut virements: Lines<VirementView>, mut disposals: Lines<DisposalView>) -> Lists {
    virements.sort_by_cached_key(|(order, _)| *order);
    disposals.sort_by_cached_key(|(order, _)| *order);
    (
        virements.into_iter().map(|(_, line)| line).collect(),
        disposals.into_iter().map(|(_, line)| line).collect(),
    )
}

fn lines_of(
    cache: &ProposalCache<'_>,
    virements: &mut Lines<VirementView>,
    disposals: &mut Lines<DisposalView>,
) {
    let dossier = &cache.subject.dossier;
    for (id, proposal) in &dossier.proposals {
        if let ApprovableAct::MakeVirement(virement) = proposal.act() {
            let line = requested(cache, *id, proposal, virement);
            virements.push((proposal.effective_order(), line));
        }
    }
    let context = SubjectContext {
        register_view: cache.register_view,
        id: cache.id,
        subject: cache.subject,
        verdicts: VerdictCache::new(ApprovalContext {
            lookup: cache.register_view,
            id: cache.id,
            subject: cache.subject,
        }),
    };
    for made in dossier.virements.values() {
        if !context.has_proposal(&made.made) {
            virements.push((made.made.effective_order(), context.without_request(made)));
        }
    }
    for disposal in dossier.disposals.values() {
        disposals.push((
            disposal.disposed.effective_order(),
            disposals::view(cache, disposal, context.standing(&disposal.disposed)),
        ));
    }
}

/// A requested virement, with every move on it.
fn requested<'a>(
    cache: &ProposalCache<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
    virement: &Virement,
) -> VirementView {
    let (status, ledger) = (cache.status(id, proposal), cache.ledger(id, proposal));
    let dossier = &cache.subject.dossier;
    let settled = status.settled.as_ref();
    let is_carried = reasoning::standing(&status) == DecisionStanding::Approved;
    VirementView {
        proposal_id: id.to_string(),
        title: title(proposal),
        standing: reasoning::standing(&status).into(),
        requested_pence: reply::optional_pence(virement.amount()),
        approved_pence: reply::optional_pence(status.approved.amount),
        made_pence: reply::pence(ledger.made),
        left_pence: reply::pence(ledger.left),
        covers_projected: status.approved.covers_projected,
        on: Some(reply::date(proposal.on())),
        on_is: reply::date_is(proposal.entry().event.effective_on_is),
        approved_on: settled
            .filter(|_| is_carried)
            .map(|settled| reply::date(settled.on)),
        made: ledger
            .acts
            .iter()
            .map(|made| act(dossier, &made.entry, made.into()))
            .collect(),
        position: proposal.entry().position.get(),
        ..common_fields(cache.register_view, cache.id, cache.subject, virement)
    }
}

/// The fields that every line takes from its virement.
fn common_fields(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
    virement: &Virement,
) -> VirementView {
    let sides = |sides: &[VirementSide]| {
        sides
            .iter()
            .map(|side| one_side(register_view, id, side))
            .collect()
    };
    VirementView {
        currency: reply::currency(subject.dossier.currency),
        subject: id.to_string(),
        subject_name: subject.name().unwrap_or_default().to_owned(),
        financial_year: virement.year.to_string(),
        sources: sides(&virement.sources),
        targets: sides(&virement.targets),
        basis: virement.basis.map_or(0, reply::underspend_basis),
        permanence: virement.permanence.map_or(0, reply::permanence),
        schedule: reply::document(&virement.schedule),
        schedule_total_pence: reply::optional_pence(virement.schedule_total),
        ..VirementView::default()
    }
}

fn one_side(register_view: &RegisterView, id: &SubjectId, side: &VirementSide) -> VirementSideView {
    let amount_pence = side.amount.map(reply::pence);
    match &side.place {
        Place::Head(head) => VirementSideView {
            head: Some(budget_head(head)),
            service_name: service_name(register_view, id, head),
            returned_to: None,
            amount_pence,
        },
        Place::ReturnedTo(body) => VirementSideView {
            head: None,
            service_name: String::new(),
            returned_to: Some(names::body(register_view, body)),
            amount_pence,
        },
    }
}

/// A subject and the register view in which it is seen.
struct SubjectContext<'a> {
    register_view: &'a RegisterView,
    id: &'a SubjectId,
    subject: &'a Subject,
    verdicts: VerdictCache<'a>,
}

impl SubjectContext<'_> {
    /// Whether an act is listed with its proposal: the one it uses, or the one that a
    /// breach names.
    fn has_proposal<T>(&self, fact: &Fact<T>) -> bool {
        let dossier = &self.subject.dossier;
        let named = fact.source.entry.relies_on();
        named
            .and_then(|id| dossier.proposals.get(&id))
            .is_some_and(|proposal| matches!(proposal.act(), ApprovableAct::MakeVirement(_)))
    }

    fn standing<T>(&self, fact: &Fact<T>) -> ActStanding {
        let order = fact.effective_order();
        let verdict = self.verdicts.verdict(&fact.source.entry, order);
        verdict.as_ref().map(ActStanding::from).unwrap_or_default()
    }

    /// A virement that was made without a request.
    fn without_request(&self, made: &MadeVirement) -> VirementView {
        let fact = &made.made;
        let reversed = made.reversed.latest().is_some();
        let amount = fact.virement.amount().filter(|_| !reversed);
        VirementView {
            made_pence: reply::optional_pence(amount),
            on: Some(reply::date(fact.on())),
            on_is: reply::date_is(fact.is()),
            made: vec![act(
                &self.subject.dossier,
                &fact.source.entry,
                self.standing(fact),
            )],
            position: fact.position().get(),
            ..common_fields(self.register_view, self.id, self.subject, &fact.virement)
        }
    }
}
