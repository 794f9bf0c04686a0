//! Events about money.

use crate::domain::event::{
    BudgetLine, Contribution, Disposal, DisposalPart, FundType, Head, Place, Savings, Scope, Share,
    StatedTotal, Virement, VirementSide,
};
use crate::domain::ids::SubjectId;
use crate::domain::money::Pence;
use crate::wire::event::decisions::someone_decides;
use crate::wire::fields::{
    FromWire, ITEMS_MAX, choice, choice_or, date, flag, id, list, message, name, natural_pence,
    no_repeats, optional, optional_choice, optional_id, optional_name, optional_pence,
    optional_year, pence, positive_pence, ppm, reads, remark, required_text, some_list, text, uuid,
    year,
};
use crate::wire::proto;
use crate::wire::violation::MessageReader;

/// The most cost lines of a year's figures.
pub(crate) const LINES_MAX: usize = 1_000;
/// The most contributions of a year's figures.
pub(crate) const CONTRIBUTIONS_MAX: usize = 2_000;
/// The most printed totals of a year's figures.
pub(crate) const STATED_MAX: usize = 500;

reads! {
    Share {
        body: id(body_id),
        share: ppm(share_ppm),
    }
    FundingFormulaSet {
        service: optional_id(service_id),
        year: year(financial_year),
        basis: name(basis),
        shares: shares(shares),
    }
    Figures {
        year: year(financial_year),
        lines: list(lines, LINES_MAX),
        contributions: contributions(contributions),
        stated: list(stated, STATED_MAX),
        printed_unit: optional_pence(printed_unit_pence),
    }
    Contribution {
        service: id(service_id),
        body: id(body_id),
        amount: natural_pence(amount_pence),
    }
    BudgetApproved {
        figures: message(figures),
        budget: optional_id(budget_id),
        title: optional_name(title),
    }
    ForecastReported {
        figures: message(figures),
        basis: optional_name(basis),
    }
    OutturnReported {
        figures: message(figures),
    }
    GrantAwarded {
        grant: id(grant_id),
        purpose: name(purpose),
        from: optional_id(from_id),
        to: optional_id(to_id),
        service: optional_id(service_id),
        amount: optional_pence(amount_pence),
        year: optional_year(financial_year),
    }
    SavingsPlanned {
        plan: id(savings_id),
        savings: message(savings),
        part_of: optional_id(part_of_id),
    } => whole_is_another
    SavingsRealised {
        realised: id(savings_id),
        savings: message(savings),
        plan: optional_id(plan_id),
    }
    VirementRequested {
        proposal: uuid(proposal_id),
        virement: message(virement),
        reason: required_text(reason),
        board: optional_id(board_id),
        lapses_on: date(lapses_on),
        title: optional_name(title),
        ratifies: optional(ratifies),
    }
    VirementApproved {
        proposal: uuid(proposal_id),
        decision: id(decision_id),
        amount: optional_pence(amount_pence),
        board: optional_id(board_id),
        allows_projected: flag(allows_projected),
        conditions: text(conditions),
    } => approval_has_a_decider
    VirementMade {
        id: id(virement_id),
        virement: message(virement),
    }
    VirementReversed {
        id: id(virement_id),
        reason: required_text(reason),
    }
    UnderspendDisposed {
        id: id(disposal_id),
        disposal: message(disposal),
    }
    DisposalConfirmed {
        id: id(disposal_id),
        body: id(body_id),
        amount: pence(amount_pence),
    }
}

/// Shares, one a body. Whether they make a whole is for the domain.
pub(super) fn shares(r: &mut MessageReader, field: &str, v: &[proto::Share]) -> Option<Vec<Share>> {
    let shares = list(r, field, v, ITEMS_MAX);
    no_repeats(
        r,
        field,
        shares,
        |s: &Share| s.body.clone(),
        "a share for this body",
    )
}

// ─── Figures ────────────────────────────────────────────────────────────────

fn contributions(
    r: &mut MessageReader,
    field: &str,
    v: &[proto::Contribution],
) -> Option<Vec<Contribution>> {
    if !v.is_empty() && !matches!(r.event.subject, Some(SubjectId::Collaboration(_)) | None) {
        r.fault_in(
            field,
            "parties contribute to a collaboration: leave these out, or record the figures on \
             collaborations/ID",
        );
    }
    let read = list(r, field, v, CONTRIBUTIONS_MAX);
    no_repeats(
        r,
        field,
        read,
        |c: &Contribution| (c.service.clone(), c.body.clone()),
        "a contribution of this body for this service",
    )
}

/// A line of a budget, as lines and virements name it.
fn head(r: &mut MessageReader, service_id: &str, head: &str, fund: i32) -> Option<Head> {
    let service = optional_id(r, "service_id", service_id);
    let name = optional_name(r, "head", head);
    let fund = choice_or(r, "fund", &fund, FundType::Revenue);
    let (service, head) = (service?, name?);
    if service.is_none() && head.is_none() {
        r.fault_in(
            "head",
            "a line is a service, a head, or both: give one of them",
        );
        return None;
    }
    Some(Head {
        service,
        head,
        fund: fund?,
    })
}

impl FromWire for BudgetLine {
    type Wire = proto::BudgetLine;

    fn read(r: &mut MessageReader, m: &proto::BudgetLine) -> Option<Self> {
        let head = head(r, &m.service_id, &m.head, m.fund);
        let amount = pence(r, "amount_pence", &m.amount_pence);
        Some(Self {
            head: head?,
            amount: amount?,
        })
    }
}

impl FromWire for Head {
    type Wire = proto::BudgetHead;

    fn read(r: &mut MessageReader, m: &proto::BudgetHead) -> Option<Self> {
        head(r, &m.service_id, &m.head, m.fund)
    }
}

impl FromWire for StatedTotal {
    type Wire = proto::StatedTotal;

    fn read(r: &mut MessageReader, m: &proto::StatedTotal) -> Option<Self> {
        let service = optional_id(r, "service_id", &m.service_id);
        let body = optional_id(r, "body_id", &m.body_id);
        let amount = pence(r, "amount_pence", &m.amount_pence);
        let place = remark(r, "place", &m.place);
        let scope = match (body?, service?) {
            (Some(body), Some(service)) => Scope::Cell(body, service),
            (Some(body), None) => Scope::Body(body),
            (None, Some(service)) => Scope::Service(service),
            (None, None) => Scope::Whole,
        };
        Some(Self {
            scope,
            amount: amount?,
            place: place?,
        })
    }
}

// ─── Savings ────────────────────────────────────────────────────────────────

impl FromWire for Savings {
    type Wire = proto::Savings;

    fn read(r: &mut MessageReader, m: &proto::Savings) -> Option<Self> {
        let amount = pence(r, "amount_pence", &m.amount_pence);
        let from_year = year(r, "from_year", &m.from_year);
        let to_year = optional_year(r, "to_year", &m.to_year);
        let service = optional_id(r, "service_id", &m.service_id);
        let description = name(r, "description", &m.description);
        let from_year = from_year?;
        let to_year = to_year?.unwrap_or(from_year);
        if to_year < from_year {
            r.fault_in(
                "to_year",
                format!("the last year is not before the first, {from_year}: change one of them"),
            );
            return None;
        }
        Some(Self {
            amount: amount?,
            from_year,
            to_year,
            service: service?,
            description: description?,
        })
    }
}

fn whole_is_another(r: &mut MessageReader, m: &proto::SavingsPlanned) {
    if !m.savings_id.is_empty() && m.savings_id == m.part_of_id {
        r.fault_in("part_of_id", "a plan is not part of itself: name the whole");
    }
}

// ─── Virements ──────────────────────────────────────────────────────────────

impl FromWire for VirementSide {
    type Wire = proto::VirementSide;

    fn read(r: &mut MessageReader, m: &proto::VirementSide) -> Option<Self> {
        let place = match &m.place {
            Some(proto::virement_side::Place::Head(head)) => {
                r.at("head", |r| Head::read(r, head)).map(Place::Head)
            }
            Some(proto::virement_side::Place::ReturnedToId(body)) => {
                id(r, "returned_to_id", body).map(Place::ReturnedTo)
            }
            None => {
                r.fault_in(
                    "place",
                    "say where the money is: a head of the budget, or the body it is returned to",
                );
                None
            }
        };
        let amount = if m.amount_pence == 0 && r.event.is_breach {
            Some(None)
        } else if m.amount_pence == 0 {
            r.fault_in(
                "amount_pence",
                "an amount above nothing is required here: give it; it may be left out only where \
                 the event's authority is an acknowledged breach of which no amount is known",
            );
            None
        } else {
            positive_pence(r, "amount_pence", &m.amount_pence).map(Some)
        };
        Some(Self {
            place: place?,
            amount: amount?,
        })
    }
}

impl FromWire for Virement {
    type Wire = proto::Virement;

    fn read(r: &mut MessageReader, m: &proto::Virement) -> Option<Self> {
        let year = year(r, "financial_year", &m.financial_year);
        let sources = some_list(r, "sources", &m.sources, ITEMS_MAX);
        let targets = some_list(r, "targets", &m.targets, ITEMS_MAX);
        let basis = optional_choice(r, "basis", &m.basis);
        let permanence = optional_choice(r, "permanence", &m.permanence);
        let (sources, targets) = (sources?, targets?);
        from_heads(r, &sources)?;
        balanced(r, &sources, &targets)?;
        Some(Self {
            year: year?,
            sources,
            targets,
            basis: basis?,
            permanence: permanence?,
        })
    }
}

/// Money is moved out of the budget to bodies, not out of bodies.
fn from_heads(r: &mut MessageReader, sources: &[VirementSide]) -> Option<()> {
    let out_of_a_body = |side: &VirementSide| matches!(side.place, Place::ReturnedTo(_));
    let index = sources.iter().position(out_of_a_body);
    if let Some(index) = index {
        r.fault_in(
            &format!("sources[{index}].returned_to_id"),
            "a virement takes money from heads of the budget: name the head; only a target can be \
             a body that it is returned to",
        );
    }
    index.is_none().then_some(())
}

fn balanced(
    r: &mut MessageReader,
    sources: &[VirementSide],
    targets: &[VirementSide],
) -> Option<()> {
    let amounts = || sources.iter().chain(targets).map(|side| side.amount);
    if amounts().all(|amount| amount.is_none()) {
        return Some(());
    }
    if amounts().any(|amount| amount.is_none()) {
        r.fault_in(
            "targets",
            "either every amount of a virement is known or none is: give those that are missing",
        );
        return None;
    }
    let total = |sides: &[VirementSide]| sides.iter().filter_map(|s| s.amount).sum::<Pence>();
    let (leaves, arrives) = (total(sources), total(targets));
    if leaves != arrives {
        r.fault_in(
            "targets",
            format!("what leaves equals what arrives; {leaves} leaves and {arrives} arrives"),
        );
        return None;
    }
    Some(())
}

fn approval_has_a_decider(r: &mut MessageReader, m: &proto::VirementApproved) {
    // The fault is noted; the reader counts it.
    let _ = someone_decides(r, &m.board_id);
}

// ─── Disposals ──────────────────────────────────────────────────────────────

impl FromWire for Disposal {
    type Wire = proto::Disposal;

    fn read(r: &mut MessageReader, m: &proto::Disposal) -> Option<Self> {
        let year = year(r, "financial_year", &m.financial_year);
        let service = optional_id(r, "service_id", &m.service_id);
        let parts = some_list(r, "parts", &m.parts, ITEMS_MAX);
        Some(Self {
            year: year?,
            service: service?,
            parts: parts?,
        })
    }
}

impl FromWire for DisposalPart {
    type Wire = proto::disposal::DisposalPart;

    fn read(r: &mut MessageReader, m: &proto::disposal::DisposalPart) -> Option<Self> {
        let destination = choice(r, "destination", &m.destination);
        let body = optional_id(r, "body_id", &m.body_id);
        let amount = positive_pence(r, "amount_pence", &m.amount_pence);
        if m.destination() == proto::DisposalDestination::BodyReserves && m.body_id.is_empty() {
            r.fault_in(
                "body_id",
                "required for a body's reserves: give the id of the body",
            );
            return None;
        }
        Some(Self {
            destination: destination?,
            body: body?,
            amount: amount?,
        })
    }
}
