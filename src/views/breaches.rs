//! Acts without their prior approval: those that say so themselves, and those
//! that are found to lack it, with what was approved afterwards beside them.

use super::acts::act;
use super::approvals::ProposalContext;
use super::party_matrix::BrokenInstrument;
use super::proposals::title;
use super::{names, party_matrix, reasoning};
use crate::domain::approval::{ApprovalContext, Resolution, Verdict, VerdictCache};
use crate::domain::event::{Authority, Kind, Target};
use crate::domain::fact::{EffectiveEntry, EffectiveOrder};
use crate::domain::ids::{ProposalId, SubjectId};
use crate::domain::register_view::{CorrectedBreach, RegisterView};
use crate::domain::subject::Subject;
use crate::wire::proto::breach_view::LateApproval;
use crate::wire::proto::{BreachKind, BreachView};
use crate::wire::reply;

/// The lines, oldest first.
pub fn list(outlook: &RegisterView, subject: Option<&SubjectId>) -> Vec<BreachView> {
    let mut lines: Vec<(EffectiveOrder, BreachView)> = Vec::new();
    for (id, of) in outlook.subjects_or(subject) {
        let sight = ApprovalContext {
            lookup: outlook,
            id,
            subject: &of,
        };
        let accounts = VerdictCache::new(sight);
        for (place, told) in &of.dossier.acts {
            let verdict = accounts.verdict(&told.entry, *place);
            // What no approval is needed for is kept here only if it says itself
            // that it is a breach.
            if verdict.as_ref().is_none_or(Verdict::is_breach) {
                lines.push((*place, line(outlook, id, &of, told, verdict.as_ref())));
            }
        }
        for CorrectedBreach { entry, correction } in outlook.corrected_breaches(id) {
            let told = EffectiveEntry::uncorrected(entry);
            let mut line = line(outlook, id, &of, &told, None);
            line.corrected_by_position = correction.position.get();
            if let Kind::EntryCorrected(what) = &correction.event.kind {
                line.correction_reason = what.reason.to_string();
            }
            lines.push((told.effective_order(), line));
        }
        for entry in outlook.acknowledged_corrections(id) {
            let told = EffectiveEntry::uncorrected(entry);
            lines.push((told.effective_order(), line(outlook, id, &of, &told, None)));
        }
        for broken in party_matrix::faults(outlook, id, &of) {
            lines.push((
                broken.by.effective_order(),
                missing_parties(outlook, id, &of, broken),
            ));
        }
    }
    lines.sort_by_key(|(place, _)| *place);
    lines.into_iter().map(|(_, line)| line).collect()
}

fn line(
    outlook: &RegisterView,
    id: &SubjectId,
    of: &Subject,
    told: &EffectiveEntry,
    verdict: Option<&Verdict>,
) -> BreachView {
    let entry = &told.entry;
    let event = &entry.event;
    let (kind, reason) = match &event.authority {
        Some(Authority::AcknowledgedBreach(breach)) => {
            (BreachKind::Acknowledged, breach.reason.to_string())
        }
        _ => (BreachKind::Found, String::new()),
    };
    BreachView {
        subject: id.to_string(),
        subject_name: of.name().unwrap_or_default().to_owned(),
        kind: kind.into(),
        act: Some(act(&of.dossier, entry, true)),
        rule: verdict.map(|verdict| reasoning::rule(&verdict.regime)),
        acted_by: event
            .acted_by
            .as_ref()
            .map(|actor| names::actor(outlook, actor)),
        recorded_by: entry.recorded_by.to_string(),
        recorded_at: Some(reply::timestamp(entry.recorded_at)),
        reason,
        missing: verdict
            .into_iter()
            .flat_map(|verdict| &verdict.faults)
            .map(|fault| reasoning::fault(fault, entry))
            .collect(),
        late_approvals: verdict
            .map(|verdict| late(outlook, id, of, told, verdict))
            .unwrap_or_default(),
        sources: reply::sources(&event.sources),
        ..BreachView::default()
    }
}

/// An agreement that lacks parties the law asks for, since one has left.
fn missing_parties(
    outlook: &RegisterView,
    id: &SubjectId,
    of: &Subject,
    broken: BrokenInstrument<'_>,
) -> BreachView {
    let entry = &broken.by.entry;
    let mut act = act(&of.dossier, entry, true);
    act.what = format!("{}: instrument {}", act.what, broken.instrument);
    let acted_by = entry.event.acted_by.as_ref();
    BreachView {
        subject: id.to_string(),
        subject_name: of.name().unwrap_or_default().to_owned(),
        kind: BreachKind::PartyMatrix.into(),
        act: Some(act),
        rule: None,
        acted_by: acted_by.map(|actor| names::actor(outlook, actor)),
        recorded_by: entry.recorded_by.to_string(),
        recorded_at: Some(reply::timestamp(entry.recorded_at)),
        reason: String::new(),
        missing: vec![broken.view],
        late_approvals: Vec::new(),
        sources: reply::sources(&entry.event.sources),
        ..BreachView::default()
    }
}

/// The approvals that came too late, or were recorded too late, oldest first.
fn late(
    outlook: &RegisterView,
    id: &SubjectId,
    of: &Subject,
    told: &EffectiveEntry,
    verdict: &Verdict,
) -> Vec<LateApproval> {
    let ratifies = |target: Option<Target>| match target {
        Some(Target::Position(position)) => {
            position == told.original_position || position == told.entry.position
        }
        Some(Target::Event(id)) => told.entry.event.event_id == Some(id),
        None => false,
    };
    let mut lines: Vec<(EffectiveOrder, LateApproval)> = of
        .dossier
        .proposals
        .iter()
        .filter(|(proposal_id, proposal)| {
            verdict.proposal == Some(**proposal_id) || ratifies(proposal.ratifies())
        })
        .filter_map(|(proposal_id, proposal)| {
            let about = ProposalContext {
                outlook,
                id,
                of,
                proposal_id: *proposal_id,
                proposal,
            };
            Some((
                proposal.effective_order(),
                approval(&about, *proposal_id, told, verdict)?,
            ))
        })
        .collect();
    lines.sort_by_key(|(place, _)| *place);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// A proposal beside a breach; `None` for one on which the act was recorded as
/// resting and that was carried and recorded before it: what the act lacks is
/// something else.
fn approval(
    about: &ProposalContext<'_>,
    id: ProposalId,
    told: &EffectiveEntry,
    verdict: &Verdict,
) -> Option<LateApproval> {
    let course = about.course();
    let settled = course.settled.as_ref();
    let by = settled.and_then(|settled| settled.by.as_ref());
    let carried = settled.filter(|_| course.resolution == Resolution::Carried);
    let in_time = carried.is_some_and(|settled| settled.is_by(told.entry.effective_on()));
    let after = by.is_some_and(|by| by.position > told.entry.position);
    if verdict.proposal == Some(id) && !verdict.acknowledged && in_time && !after {
        return None;
    }
    Some(LateApproval {
        proposal_id: id.to_string(),
        title: title(about.proposal),
        standing: reasoning::standing(&course).into(),
        decided_on: reply::optional_date(carried.map(|settled| settled.on)),
        recorded_on: by
            .filter(|_| carried.is_some())
            .map(|by| reply::day(by.recorded_on)),
        recorded_late: in_time && after,
        position: by.map_or(0, |by| by.position.get()),
    })
}
