//! Rules for corrections: the entry is there, has not been corrected, and
//! nothing recorded since rests on it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::event_check::EventCheck;
use super::judge;
use crate::domain::approval::{describe, governs_adoption};
use crate::domain::dossier::{Proposal, ProposalSource};
use crate::domain::entry::Entry;
use crate::domain::event::{
    ApprovalRulesAdopted, EntryCorrected, Event, Kind, MatterProposed, Target, VirementRequested,
};
use crate::domain::fact::{EffectiveEntry, Fact, Facts};
use crate::domain::fault::Fault;
use crate::domain::ids::Position;
use crate::domain::register::{
    Register, SubjectRecord, corrected_by, effective_entries, fold, target,
};
use crate::domain::subject::Subject;

pub(super) fn entry_corrected(bench: &mut EventCheck<'_>, what: &EntryCorrected) {
    let Some(record) = bench.register.record(bench.id()) else {
        return;
    };
    let field = match what.target {
        Target::Position(_) => "position",
        Target::Event(_) => "target_event_id",
    };
    let found = target(record.history(), what.target).and_then(|position| record.entry(position));
    let Some(wrong) = found else {
        let target = match what.target {
            Target::Position(position) => position.to_string(),
            Target::Event(id) => id.to_string(),
        };
        bench.fault(
            field,
            Fault::NoSuchEntry {
                target,
                subject: bench.id().clone(),
            },
        );
        return;
    };
    if let Some(by) = corrected_by(record.history(), wrong.position, bench.register.tail()) {
        bench.fault(
            field,
            Fault::AlreadyCorrected {
                position: wrong.position,
                by,
            },
        );
        return;
    }
    let founding = record
        .history()
        .front()
        .is_some_and(|first| first.position == wrong.position);
    let kind = wrong.event.kind.name();
    if founding
        && what
            .replacement
            .as_ref()
            .is_none_or(|event| event.kind.name() != kind)
    {
        bench.fault(
            field,
            Fault::FoundingEntry {
                position: wrong.position,
                kind,
            },
        );
        return;
    }
    check_not_rewritten(bench, field, record, &wrong.event);
    // Without a correction, the entry it put right stands again, and that may be
    // any entry before it.
    let reinstates = matches!(wrong.event.kind, Kind::EntryCorrected(_));
    let from = if reinstates {
        Position::ZERO
    } else {
        wrong.position
    };
    check_dependents(bench, field, record, wrong.position, from);
}

/// What somebody has voted on or decided is not rewritten under their word, by
/// replacing what was put up or by taking back such a replacement: its words and
/// papers can be put right, and nothing else (rule 4).
fn check_not_rewritten(
    bench: &mut EventCheck<'_>,
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
    history.push_back(Arc::clone(bench.entry));
    let after = fold(
        bench.id(),
        effective_entries(&history, bench.entry.position),
    );
    rules_differ(bench, field, record.subject(), &after);
    for (id, before) in &record.subject().dossier.proposals {
        let spoken = [
            before.votes.iter().next().map(Fact::position),
            before.decisions.iter().next().map(Fact::position),
            before.virement_approvals.iter().next().map(Fact::position),
            before.external.iter().next().map(Fact::position),
        ];
        let Some(position) = spoken.into_iter().flatten().min() else {
            continue;
        };
        let after = after.dossier.proposals.get(id);
        if after.is_some_and(|after| !is_same(before, after)) {
            let proposal = *id;
            bench.fault(field, Fault::SpokenTo { proposal, position });
        }
    }
}

/// Rules are changed as they say, by adopting others, and not by a correction:
/// where the adoption of a set needs approval, only its words can be put right.
/// Whoever must do so all the same says that it is a breach, and it is shown.
fn rules_differ(bench: &mut EventCheck<'_>, field: &str, before: &Subject, after: &Subject) {
    if bench.entry.is_breach() {
        return;
    }
    let (before, after) = (&before.dossier.rule_sets, &after.dossier.rule_sets);
    let has_same = |sets: &Facts<ApprovalRulesAdopted>, set: &Fact<ApprovalRulesAdopted>| {
        let mut sets = sets.iter();
        sets.any(|other| {
            other.effective_order() == set.effective_order() && is_same_set(other, set)
        })
    };
    let gone = before.iter().filter(|set| !has_same(after, set));
    let new = after.iter().filter(|set| !has_same(before, set));
    let changed = gone.chain(new).filter(|set| !set.is_breach());
    let Some(subject) = bench.register.subject(bench.id()) else {
        return;
    };
    let (register, id) = (bench.register, bench.id());
    let mut ruled = changed.filter_map(|set| {
        let ruling = governs_adoption(register, id, subject, set)?;
        Some(Fault::RulesRewritten {
            rule_set: set.rule_set.clone(),
            approval_rule: ruling.rule().id.clone(),
            needs: describe::requirement(&ruling.rule().requirement),
        })
    });
    if let Some(fault) = ruled.next() {
        bench.fault(field, fault);
    }
}

/// Whether two sets ask the same for the same; how that is worded aside.
fn is_same_set(one: &Fact<ApprovalRulesAdopted>, other: &Fact<ApprovalRulesAdopted>) -> bool {
    one.is_breach() == other.is_breach()
        && one.rules.len() == other.rules.len()
        && one.rules.iter().zip(&other.rules).all(|(one, other)| {
            one.conditions == other.conditions && one.requirement == other.requirement
        })
}

/// Whether two proposals put up the same, by the same office, to the same
/// deciders, until the same day.
fn is_same(one: &Proposal, other: &Proposal) -> bool {
    let same = match (&one.source, &other.source) {
        (ProposalSource::Matter(one), ProposalSource::Matter(other)) => {
            MatterProposed {
                title: one.title.clone(),
                summary: one.summary.clone(),
                papers: one.papers.clone(),
                ..MatterProposed::clone(other)
            } == **one
        }
        (ProposalSource::Virement(one), ProposalSource::Virement(other)) => {
            VirementRequested {
                title: one.title.clone(),
                reason: one.reason.clone(),
                ..VirementRequested::clone(other)
            } == **one
        }
        (ProposalSource::Matter(_), ProposalSource::Virement(_))
        | (ProposalSource::Virement(_), ProposalSource::Matter(_)) => false,
    };
    same && one.proposer() == other.proposer()
}

/// Judges what stands of the subject once more, as if the correction had always
/// been known: what was admitted and would not have been rests on the entry.
fn check_dependents(
    bench: &mut EventCheck<'_>,
    field: &str,
    record: &SubjectRecord,
    wrong: Position,
    from: Position,
) {
    let before = effective_entries(record.history(), bench.register.tail());
    let mut history = record.history().clone();
    history.push_back(Arc::clone(bench.entry));
    let after = effective_entries(&history, bench.entry.position);
    let stands = |standing: &[EffectiveEntry]| {
        let told = standing.iter().find(|told| told.order == wrong);
        told.map(|told| Arc::clone(&told.entry))
    };
    let grows = stands(&before)
        .zip(stands(&after))
        .is_some_and(|(old, new)| is_enlarged(&old, &new));
    // What comes before `from` is judged as it was: only the rest can differ.
    let known: BTreeSet<(Position, &'static str)> = rejudge(bench.register, &before, from)
        .into_iter()
        .map(|(position, _, fault)| (position, fault.reason()))
        .collect();
    for (position, path, fault) in rejudge(bench.register, &after, from) {
        // What approvals and acts lack from now on is shown, not refused: an
        // approval that was wrong can be put right, and the acts that rested on
        // it are breaches as known from here.
        if position != wrong && fault.rule().is_about_approval() {
            continue;
        }
        // What an act lacked before, it may go on lacking, if it is that act still
        // and no larger.
        let same = position != wrong || !fault.rule().is_about_acts() || !grows;
        if same && known.contains(&(position, fault.reason())) {
            continue;
        }
        if position == wrong {
            // The replacement itself is at fault.
            bench.fault(format_args!("replacement.{path}"), fault);
        } else {
            let (fault, relied_on_by) = (fault.to_string(), position);
            bench.fault(
                field,
                Fault::ReliedUpon {
                    position: wrong,
                    relied_on_by,
                    fault,
                },
            );
        }
    }
}

/// Whether an act is another than it was, or larger, or rests on something else.
fn is_enlarged(old: &Entry, new: &Entry) -> bool {
    let (Some(was), Some(is)) = (old.event.kind.act(), new.event.kind.act()) else {
        return false;
    };
    let larger = match (was.amount(), is.amount()) {
        (Some(was), Some(is)) => is > was,
        (was, is) => was.is_some() != is.is_some(),
    };
    larger || was.difference(&is).is_some() || old.event.authority != new.event.authority
}

/// The faults of the entries from `from` on, each judged with those that stand
/// before it.
fn rejudge(
    register: &Register,
    standing: &[EffectiveEntry],
    from: Position,
) -> Vec<(Position, String, Fault)> {
    let Some(first) = standing.first() else {
        return Vec::new();
    };
    let mut register = register.excluding(&first.entry.event.subject);
    let mut faults = Vec::new();
    for told in standing {
        if told.order >= from {
            let found = judge(&register, &told.entry, told.order);
            faults.extend(
                found
                    .into_iter()
                    .map(|(path, fault)| (told.order, path, fault)),
            );
        }
        register.apply_effective(told.clone());
    }
    faults
}
