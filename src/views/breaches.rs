//! Acts without their prior approval: acknowledged by their recorder or found by the
//! register, with the approvals that came afterwards.

use super::acts::{ActStanding, act};
use super::approvals::ProposalContext;
use super::proposal_cache::title;
use super::{names, reasoning};
use minutebook_domain::approval::{ApprovalContext, Resolution, Verdict, VerdictCache};
use minutebook_domain::event::{Authority, Kind, Target};
use minutebook_domain::fact::{EffectiveEntry, EffectiveOrder};
use minutebook_domain::ids::{ProposalId, SubjectId};
use minutebook_domain::register_view::{CorrectedEntry, RegisterView};
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::breach_view::LateApproval;
use minutebook_wire::proto::{BreachKind, BreachView};
use minutebook_wire::reply;

/// The lines, oldest first.
pub fn list(register_view: &RegisterView, subject: Option<&SubjectId>) -> Vec<BreachView> {
    let mut lines: Vec<(EffectiveOrder, BreachView)> = Vec::new();
    for (id, subject) in register_view.subjects_or(subject) {
        let context = ApprovalContext {
            lookup: register_view,
            id,
            subject: &subject,
        };
        let verdicts = VerdictCache::new(context);
        for (order, effective) in &subject.dossier.acts {
            let verdict = verdicts.verdict(&effective.entry, *order);
            // An entry that is no act has no verdict, unless it rests on a proposal. It is among
            // the acts because its recorder acknowledged a breach.
            let acknowledged = effective.entry.acknowledges_breach();
            if verdict.as_ref().map_or(acknowledged, Verdict::is_breach) {
                lines.push((
                    *order,
                    line(register_view, id, &subject, effective, verdict.as_ref()),
                ));
            }
        }
        for CorrectedEntry { entry, correction } in register_view.corrected_breaches(id) {
            let effective = EffectiveEntry::uncorrected(entry);
            let mut line = line(register_view, id, &subject, &effective, None);
            line.corrected_by_position = correction.position.get();
            if let Kind::EntryCorrected(event) = &correction.event.kind {
                line.correction_reason = event.reason.to_string();
            }
            lines.push((effective.effective_order(), line));
        }
        for entry in register_view.acknowledged_corrections(id) {
            let effective = EffectiveEntry::uncorrected(entry);
            lines.push((
                effective.effective_order(),
                line(register_view, id, &subject, &effective, None),
            ));
        }
    }
    lines.sort_by_cached_key(|(order, _)| *order);
    lines.into_iter().map(|(_, line)| line).collect()
}

fn line(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
    effective: &EffectiveEntry,
    verdict: Option<&Verdict>,
) -> BreachView {
    let entry = &effective.entry;
    let event = &entry.event;
    let (kind, reason) = match &event.authority {
        Some(Authority::AcknowledgedBreach(breach)) => {
            (BreachKind::Acknowledged, breach.reason.to_string())
        }
        _ => (BreachKind::Found, String::new()),
    };
    BreachView {
        subject: id.to_string(),
        subject_name: subject.name().unwrap_or_default().to_owned(),
        kind: kind.into(),
        act: Some(act(&subject.dossier, entry, ActStanding::BREACH)),
        rule: verdict.map(|verdict| reasoning::rule(&verdict.regime)),
        acted_by: event
            .acted_by
            .as_ref()
            .map(|actor| names::actor(register_view, actor)),
        recorded_by: entry.recorded_by.to_string(),
        recorded_at: Some(reply::timestamp(entry.recorded_at)),
        reason,
        missing: verdict
            .into_iter()
            .flat_map(|verdict| &verdict.faults)
            .map(|fault| reasoning::fault(fault, entry))
            .collect(),
        late_approvals: verdict
            .map(|verdict| late(register_view, id, subject, effective, verdict))
            .unwrap_or_default(),
        sources: reply::sources(&event.sources),
        ..BreachView::default()
    }
}

/// The approvals that came too late, or were recorded too late, oldest first.
fn late(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
    effective: &EffectiveEntry,
    verdict: &Verdict,
) -> Vec<LateApproval> {
    let ratifies = |target: Option<Target>| {
        target.is_some_and(|target| register_view.is_named(id, target, effective))
    };
    let mut lines: Vec<(EffectiveOrder, LateApproval)> = subject
        .dossier
        .proposals
        .iter()
        .filter(|(proposal_id, proposal)| {
            verdict.proposal == Some(**proposal_id) || ratifies(proposal.ratifies())
        })
        .filter_map(|(proposal_id, proposal)| {
            let about = ProposalContext {
                register_view,
                id,
                subject,
                proposal_id: *proposal_id,
                proposal,
            };
            Some((
                proposal.effective_order(),
                approval(&about, *proposal_id, effective, verdict)?,
            ))
        })
        .collect();
    lines.sort_by_cached_key(|(order, _)| *order);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// A proposal beside a breach. `None` for the approval that the act names, if it was
/// carried and recorded before the act: the act lacks something else.
fn approval(
    about: &ProposalContext<'_>,
    id: ProposalId,
    effective: &EffectiveEntry,
    verdict: &Verdict,
) -> Option<LateApproval> {
    let status = about.status();
    let settled = status.settled.as_ref();
    let by = settled.and_then(|settled| settled.by.as_ref());
    let carried = settled.filter(|_| status.resolution == Resolution::Carried);
    let on = effective.entry.effective_on();
    let in_time = carried.is_some_and(|settled| settled.is_by(on).may_be());
    let after = by.is_some_and(|by| by.position > effective.entry.position);
    if verdict.proposal == Some(id) && !verdict.acknowledged && in_time && !after {
        return None;
    }
    Some(LateApproval {
        proposal_id: id.to_string(),
        title: title(about.proposal),
        standing: reasoning::standing(&status).into(),
        decided_on: reply::optional_date(carried.map(|settled| settled.on)),
        recorded_on: by
            .filter(|_| carried.is_some())
            .map(|by| reply::day(by.recorded_on)),
        recorded_late: in_time && after,
        position: by.map_or(0, |by| by.position.get()),
    })
}
