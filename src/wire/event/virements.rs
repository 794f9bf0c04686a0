//! Reading and summaries for events about virements.

use crate::event::conditions::{subject_to, subject_to_list};
use crate::event::envelope::require_decider;
use crate::event::voting::{approval_tally, check_tally};
use crate::fields::{
    FromWire, ITEMS_MAX, date, flag, id, ids, list, message, optional, optional_choice,
    optional_id, optional_name, optional_pence, or_default, positive_pence, reads, required_text,
    text, uuid, year,
};
use crate::proto;
use crate::summary::{Summary, decided_by, quoted, ratification};
use crate::violation::MessageReader;
use minutebook_domain::event::{
    Actor, Head, Place, Virement, VirementApproved, VirementMade, VirementRequested,
    VirementReversed, VirementSide,
};
use minutebook_domain::money::Pence;

reads! {
    VirementRequested {
        proposal: uuid(proposal_id),
        virement: message(virement),
        reason: required_text(reason),
        board: optional_id(board_id),
        lapses_on: date(lapses_on),
        title: optional_name(title),
        ratifies: optional(ratifies),
        put_to: ids(put_to_ids),
    }
    VirementApproved {
        proposal: uuid(proposal_id),
        decision: id(decision_id),
        amount: optional_pence(amount_pence),
        board: optional_id(board_id),
        allows_projected: flag(allows_projected),
        conditions: text(conditions),
        tally: approval_tally(tally),
        meeting: optional(meeting),
        subject_to: subject_to_list(subject_to),
        in_force_from: date(in_force_from_on),
    } => check_decider
    VirementMade {
        id: id(virement_id),
        virement: message(virement),
    }
    VirementReversed {
        id: id(virement_id),
        reason: required_text(reason),
    }
}

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
                "an amount above zero is required here: give it; leave it out only where \
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
        let schedule = or_default(r, "schedule", &m.schedule);
        let schedule_total = optional_pence(r, "total_pence", &m.total_pence);
        let (sources, targets) = sides(r, m);
        let basis = optional_choice(r, "basis", &m.basis);
        let permanence = optional_choice(r, "permanence", &m.permanence);
        let (sources, targets) = (sources?, targets?);
        check_sources(r, &sources)?;
        check_balance(r, &sources, &targets)?;
        Some(Self {
            year: year?,
            sources,
            targets,
            basis: basis?,
            permanence: permanence?,
            schedule: schedule?,
            schedule_total: schedule_total?,
        })
    }
}

type Sides = Option<Vec<VirementSide>>;

/// The sources and the targets. Both may be left out where a schedule has them.
fn sides(r: &mut MessageReader, m: &proto::Virement) -> (Sides, Sides) {
    let has_schedule = m.schedule.is_some();
    if m.total_pence != 0 && !(has_schedule && m.sources.is_empty()) {
        r.fault_in(
            "total_pence",
            "only a schedule without sources has a total of its own: leave it out",
        );
    }
    let before = r.fault_count();
    for (field, is_empty) in [
        ("sources", m.sources.is_empty()),
        ("targets", m.targets.is_empty()),
    ] {
        let is_whole = has_schedule && m.sources.is_empty() && m.targets.is_empty();
        if is_empty && !is_whole {
            r.fault_in(
                field,
                "at least one is required here: add it, or, where a schedule of virements is \
                 approved as a whole, name the document in schedule and leave sources and targets \
                 out",
            );
        }
    }
    let sources = list(r, "sources", &m.sources, ITEMS_MAX);
    let targets = list(r, "targets", &m.targets, ITEMS_MAX);
    if r.fault_count() > before {
        return (None, None);
    }
    (sources, targets)
}

/// A virement may return money to a body, and never takes money from one.
fn check_sources(r: &mut MessageReader, sources: &[VirementSide]) -> Option<()> {
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

fn check_balance(
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
            format!("the sources and the targets must have equal totals; {leaves} leaves and {arrives} arrives"),
        );
        return None;
    }
    Some(())
}

fn check_decider(r: &mut MessageReader, m: &proto::VirementApproved) {
    // The fault is noted; the reader counts it.
    let _ = require_decider(r, &m.board_id);
    check_tally(r, m.tally.as_ref(), &m.board_id);
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for VirementRequested {
    fn line(&self) -> String {
        let ratification = ratification(self.ratifies.as_ref());
        format!(
            "virement requested{ratification}, {}",
            virement(&self.virement)
        )
    }

    fn proposed(&self) -> String {
        format!("virement {}", virement(&self.virement))
    }
}

impl Summary for VirementApproved {
    fn line(&self) -> String {
        self.line_by(None)
    }

    fn line_by(&self, actor: Option<&Actor>) -> String {
        let amount = self.amount.map(|a| format!(" for {a}")).unwrap_or_default();
        let decided_by = decided_by(self.board.as_ref(), actor);
        let conditions = subject_to(&self.subject_to);
        format!(
            "virement {} approved{amount}{conditions}{decided_by}",
            self.proposal
        )
    }
}

impl Summary for VirementMade {
    fn line(&self) -> String {
        format!("virement {} made, {}", self.id, virement(&self.virement))
    }
}

impl Summary for VirementReversed {
    fn line(&self) -> String {
        format!(
            "virement {} reversed: {}",
            self.id,
            quoted(self.reason.as_str())
        )
    }
}

fn side(side: &VirementSide) -> String {
    match &side.place {
        Place::ReturnedTo(body) => format!("back to {body}"),
        Place::Head(head) => match (&head.service, &head.head) {
            (Some(service), Some(head)) => format!("{service} / {head}"),
            (Some(service), None) => service.to_string(),
            (None, Some(head)) => head.to_string(),
            (None, None) => "an unnamed head".to_owned(),
        },
    }
}

fn listed_sides(sides: &[VirementSide], many: &str) -> String {
    match sides {
        [only] => side(only),
        several => format!("{} {many}", several.len()),
    }
}

pub(super) fn virement(v: &Virement) -> String {
    let amount = v
        .amount()
        .map_or_else(|| "amount not stated".to_owned(), |a| a.to_string());
    if v.is_schedule() {
        let title = v.schedule.title.as_ref();
        let title = title.map_or_else(|| v.schedule.uri.to_string(), ToString::to_string);
        return format!("{}: {amount}, as scheduled in {title}", v.year);
    }
    format!(
        "{}: {amount} from {} to {}",
        v.year,
        listed_sides(&v.sources, "heads"),
        listed_sides(&v.targets, "places")
    )
}
