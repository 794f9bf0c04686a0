//! Rules for corrections: the entry exists, was not corrected before, and no later entry
//! depends on it.
//!
//! A correction is checked by judging the later entries again, so `judge` and this file
//! need each other.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::budget_heads::is_about_heads;
use super::event_check::EventCheck;
use super::judge::{RejudgedFault, rejudge};
use crate::approval::{describe, governs_adoption};
use crate::dossier::{Proposal, ProposalSource};
use crate::effective_entries::{corrected_by, corrected_position, effective_entries};
use crate::entry::Entry;
use crate::event::{
    ApprovalRulesAdopted, EntryCorrected, Event, Kind, MatterProposed, Target, VirementRequested,
};
use crate::fact::{EffectiveEntry, Fact, Facts};
use crate::fault::Fault;
use crate::ids::{Position, SubjectId};
use crate::register::{Register, SubjectRecord};
use crate::subject::Subject;
use crate::subject_fold;
use crate::succession::Successions;

pub(super) fn entry_corrected(check: &mut EventCheck<'_>, event: &EntryCorrected) {
    let Some(record) = check.register.record(check.id()) else {
        return;
    };
    let field = match event.target {
        Target::Position(_) => "position",
        Target::Event(_) => "target_event_id",
        Target::Request(..) => "target_request",
    };
    let position = corrected_position(record.history(), event.target);
    let Some(wrong) = position.and_then(|position| record.entry(position)) else {
        let target = event.target.to_string();
        check.report(
            field,
            Fault::NoSuchEntry {
                target,
                subject: check.id().clone(),
            },
        );
        return;
    };
    if let Some(by) = corrected_by(record.history(), wrong.position, check.register.tail()) {
        check.report(
            field,
            Fault::AlreadyCorrected {
                position: wrong.position,
                by,
            },
        );
        return;
    }
    let first = record.history().front();
    let is_founding = first.is_some_and(|first| first.position == wrong.position);
    let kind = wrong.event.kind.name();
    if is_founding
        && event
            .replacement
            .as_ref()
            .is_none_or(|event| event.kind.name() != kind)
    {
        check.report(
            field,
            Fault::FoundingEntry {
                position: wrong.position,
                kind,
            },
        );
        return;
    }
    check_not_rewritten(check, field, record, &wrong.event);
    check_dependents(check, field, record, wrong.position);
    if is_succession(&wrong.event) || event.replacement.as_ref().is_some_and(is_succession) {
        check_heirs(check, field, record, wrong.position);
    }
}

/// Whether an event says, or corrects an entry to say, who follows a body.
fn is_succession(event: &Event) -> bool {
    match &event.kind {
        Kind::BodySucceeded(_) => true,
        Kind::EntryCorrected(correction) => {
            correction.replacement.as_ref().is_some_and(is_succession)
        }
        _ => false,
    }
}

/// Judges the entries of every subject that names the body again, as if the corrected
/// succession had always been known: an act of an heir needs the day on which it took the
/// place, and an act of the body before it needs that the body was still in being.
fn check_heirs(check: &mut EventCheck<'_>, field: &str, record: &SubjectRecord, wrong: Position) {
    let SubjectId::Body(body) = check.id() else {
        return;
    };
    let mut history = record.history().clone();
    history.push_back(Arc::clone(check.entry));
    let mut after = check.register.excluding(check.id());
    for entry in effective_entries(&history, check.entry.position) {
        after.apply_effective(entry);
    }
    let only = |register: &Register| {
        let subject = register.subject(check.id());
        let mut only = Successions::default();
        if let Some(body_at) = subject.and_then(Subject::as_body) {
            only.note(body, body_at);
        }
        Arc::new(only)
    };
    let (then, now) = (only(check.register), only(&after));
    // No succession was corrected: no other subject can depend on it.
    if then.is_empty() && now.is_empty() {
        return;
    }
    for (id, other) in check.register.records() {
        let subject = other.subject();
        let is_same = |successions| Arc::ptr_eq(&subject.follow(id, successions), subject);
        if id == check.id() || is_same(&then) && is_same(&now) {
            continue;
        }
        let entries = effective_entries(other.history(), check.register.tail());
        let faults = rejudge(&after.excluding(id), &entries, |_| true);
        if faults.is_empty() {
            continue;
        }
        let before = rejudge(&check.register.excluding(id), &entries, |_| true).into_iter();
        let known: BTreeSet<(Position, &'static str)> = before
            .map(|found| (found.position, found.fault.reason()))
            .collect();
        for found in faults {
            let is_known = known.contains(&(found.position, found.fault.reason()));
            if is_known || is_shown(&found.fault) {
                continue;
            }
            report_relied_upon(check, field, wrong, found.position, &found.fault);
        }
    }
}

/// Requires that a proposal is not changed after a vote or a decision on it, by replacing
/// its entry or by voiding such a replacement: only its wording and papers may change
/// (rule 4).
fn check_not_rewritten(
    check: &mut EventCheck<'_>,
    field: &str,
    record: &SubjectRecord,
    wrong: &Event,
) {
    if !matches!(
        wrong.kind,
        Kind::MatterProposed(_)
            | Kind::VirementRequested(_)
            | Kind::ApprovalRulesAdopted(_)
            | Kind::EntryCorrected(_)
    ) {
        return;
    }
    let mut history = record.history().clone();
    history.push_back(Arc::clone(check.entry));
    let entries = effective_entries(&history, check.entry.position);
    let after = subject_fold::fold(check.id(), entries);
    check_rules_unchanged(check, field, record.subject(), &after);
    for (id, before) in &record.subject().dossier.proposals {
        let opinions = [
            before.votes.iter().next().map(Fact::position),
            before.decisions.iter().next().map(Fact::position),
            before.virement_approvals.iter().next().map(Fact::position),
            before.external.iter().next().map(Fact::position),
        ];
        let Some(position) = opinions.into_iter().flatten().min() else {
            continue;
        };
        let after = after.dossier.proposals.get(id);
        if after.is_some_and(|after| !is_same_proposal(before, after)) {
            let proposal = *id;
            check.report(field, Fault::SpokenTo { proposal, position });
        }
    }
}

/// Requires that approval rules are changed by adopting others and not by a correction: if
/// the adoption of a set needs approval, a correction changes only its wording. A
/// correction that changes more is acknowledged as a breach, and shown as one.
fn check_rules_unchanged(
    check: &mut EventCheck<'_>,
    field: &str,
    before: &Subject,
    after: &Subject,
) {
    if check.entry.acknowledges_breach() {
        return;
    }
    let (before, after) = (&before.dossier.rule_sets, &after.dossier.rule_sets);
    let has_same = |sets: &Facts<ApprovalRulesAdopted>, set: &Fact<ApprovalRulesAdopted>| {
        let mut sets = sets.iter();
        sets.any(|other| {
            other.effective_order() == set.effective_order() && is_same_set(other, set)
        })
    };
    let removed = before.iter().filter(|set| !has_same(after, set));
    let added = after.iter().filter(|set| !has_same(before, set));
    let changed = removed
        .chain(added)
        .filter(|set| !set.acknowledges_breach());
    let Some(subject) = check.subject() else {
        return;
    };
    let (register, id) = (check.register, check.id());
    let mut faults = changed.filter_map(|set| {
        let ruling = governs_adoption(register, id, subject, set)?;
        Some(Fault::RulesRewritten {
            rule_set: set.rule_set.clone(),
            approval_rule: ruling.rule().id.clone(),
            needs: describe::requirement(&ruling.rule().requirement),
        })
    });
    if let Some(fault) = faults.next() {
        check.report(field, fault);
    }
}

/// Whether two sets have the same conditions and requirements; their wording may differ.
fn is_same_set(a: &Fact<ApprovalRulesAdopted>, b: &Fact<ApprovalRulesAdopted>) -> bool {
    let mut rules = a.rules.iter().zip(&b.rules);
    a.acknowledges_breach() == b.acknowledges_breach()
        && a.rules.len() == b.rules.len()
        && rules.all(|(a, b)| a.conditions == b.conditions && a.requirement == b.requirement)
}

/// Whether two proposals are for the same act, by the same office, to the same deciders,
/// until the same day; their wording and papers may differ.
fn is_same_proposal(a: &Proposal, b: &Proposal) -> bool {
    let is_same = match (&a.source, &b.source) {
        (ProposalSource::Matter(a), ProposalSource::Matter(b)) => {
            MatterProposed {
                title: a.title.clone(),
                summary: a.summary.clone(),
                papers: a.papers.clone(),
                ..MatterProposed::clone(b)
            } == **a
        }
        (ProposalSource::Virement(a), ProposalSource::Virement(b)) => {
            VirementRequested {
                title: a.title.clone(),
                reason: a.reason.clone(),
                ..VirementRequested::clone(b)
            } == **a
        }
        (ProposalSource::Matter(_), ProposalSource::Virement(_))
        | (ProposalSource::Virement(_), ProposalSource::Matter(_)) => false,
    };
    let by_the_same = match (a.proposer(), b.proposer()) {
        (Some(one), Some(other)) => one.is_same(other),
        (one, other) => one.is_none() && other.is_none(),
    };
    is_same && by_the_same
}

/// Judges the effective entries of the subject again, as if the correction had always been
/// known. An entry that would now be refused depends on the corrected entry.
fn check_dependents(
    check: &mut EventCheck<'_>,
    field: &str,
    record: &SubjectRecord,
    wrong: Position,
) {
    let before = effective_entries(record.history(), check.register.tail());
    let mut history = record.history().clone();
    history.push_back(Arc::clone(check.entry));
    let after = effective_entries(&history, check.entry.position);
    let corrected = |entries: &[EffectiveEntry]| {
        let mut entries = entries.iter();
        let corrected = entries.find(|entry| entry.original_position == wrong);
        corrected.map(|corrected| Arc::clone(&corrected.entry))
    };
    let is_larger = corrected(&before)
        .zip(corrected(&after))
        .is_some_and(|(old, new)| is_enlarged(&old, &new));
    // Both begin with the same entries. These are judged as they were, so only later ones
    // can differ. If a correction is corrected, the first that differs is the entry that
    // is in effect again.
    let same = before.iter().zip(&after);
    let same = same.take_while(|(before, after)| {
        before.original_position == after.original_position
            && before.entry.position == after.entry.position
    });
    let (same, differs) = before.split_at(same.count());
    let mut register = check.register.excluding(check.id());
    for entry in same {
        register.apply_effective(entry.clone());
    }
    // Judged only if something is wrong: nearly always, nothing is.
    let known = LazyCell::new(|| -> BTreeSet<(Position, &'static str)> {
        let faults = rejudge(&register, differs, |_| true).into_iter();
        faults
            .map(|found| (found.position, found.fault.reason()))
            .collect()
    });
    let after = after.get(same.len()..).unwrap_or_default();
    let is_vote = |position| {
        let mut votes = after.iter();
        votes.any(|entry| {
            entry.original_position == position
                && matches!(entry.entry.event.kind, Kind::VoteCast(_))
        })
    };
    for RejudgedFault {
        position,
        path,
        fault,
    } in rejudge(&register, after, |_| true)
    {
        if check.is_full() {
            break;
        }
        // A missing approval is shown as a breach and not refused here: a wrong approval
        // can be corrected, and the acts that relied on it are breaches as known from
        // then on. A vote by name beside minutes that it contradicts is no such thing.
        let is_other = position != wrong && is_shown(&fault);
        if is_other && !(matches!(fault, Fault::TallyContradicted { .. }) && is_vote(position)) {
            continue;
        }
        // An act that broke a rule before may still break it, if it is the same act and no
        // larger.
        let is_allowed = position != wrong || !fault.rule().is_about_acts() || !is_larger;
        if is_allowed && known.contains(&(position, fault.reason())) {
            continue;
        }
        if position == wrong {
            // The replacement itself breaks a rule.
            check.report(format_args!("replacement.{path}"), fault);
        } else {
            report_relied_upon(check, field, wrong, position, &fault);
        }
    }
}

/// Whether a later entry that would now be refused is shown, and no reason to refuse the
/// correction.
const fn is_shown(fault: &Fault) -> bool {
    fault.rule().is_about_approval() || is_about_heads(fault)
}

/// Reports that a later entry, which would now be refused, depends on the corrected one.
fn report_relied_upon(
    check: &mut EventCheck<'_>,
    field: &str,
    wrong: Position,
    relied_on_by: Position,
    fault: &Fault,
) {
    let relied_upon = Fault::ReliedUpon {
        position: wrong,
        relied_on_by,
        fault: fault.to_string(),
    };
    check.report(field, relied_upon);
}

/// Whether an act became another or a larger one, or has another authority.
fn is_enlarged(old: &Entry, new: &Entry) -> bool {
    let (Some(old_act), Some(new_act)) = (old.event.kind.act(), new.event.kind.act()) else {
        return false;
    };
    let is_larger = match (old_act.amount(), new_act.amount()) {
        (Some(old), Some(new)) => new > old,
        (old, new) => old.is_some() != new.is_some(),
    };
    is_larger
        || old_act.difference(&new_act).is_some()
        || old.event.authority != new.event.authority
}
