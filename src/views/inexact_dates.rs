//! Entries whose date the source does not give to the day: "about", "by" and "from", and
//! those that a limit falls within.

use minutebook_domain::admit::may_precede_subject;
use minutebook_domain::approval::{ApprovalContext, VerdictCache, recorded_delegation};
use minutebook_domain::collaboration::MandateScope;
use minutebook_domain::dossier::{Dossier, Proposal};
use minutebook_domain::event::{Kind, NoticeCapacity};
use minutebook_domain::fact::EffectiveEntry;
use minutebook_domain::ids::SubjectId;
use minutebook_domain::notice_clause;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::InexactDateView;
use minutebook_wire::{reply, summary};

/// The entries, in the order in which they hold.
pub(super) fn list(context: ApprovalContext<'_>) -> Vec<InexactDateView> {
    let ApprovalContext { id, subject, .. } = context;
    let verdicts = VerdictCache::new(context);
    let dossier = &subject.dossier;
    let acts = dossier.acts.values().filter(|effective| {
        let on = effective.entry.effective_on();
        on.is_full() && rests_on_inexact(dossier, effective)
    });
    let mut lines: Vec<(_, InexactDateView)> = dossier
        .inexact
        .values()
        .chain(acts)
        .filter_map(|effective| {
            let rests_on = match limit_within(id, subject, effective) {
                "" => prior_approval(&verdicts, effective),
                limit => limit,
            };
            let entry = &effective.entry;
            let is = entry.event.effective_on_is;
            if rests_on.is_empty() && is.is_none() {
                return None;
            }
            let view = InexactDateView {
                position: entry.position.get(),
                effective_on: Some(reply::date(entry.effective_on())),
                effective_on_is: reply::date_is(is),
                summary: summary::summary(&entry.event),
                rests_on: rests_on.to_owned(),
            };
            Some((effective.effective_order(), view))
        })
        .collect();
    lines.sort_by_key(|(order, _)| *order);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Whether an act rests on a proposal, or a delegation, of which a date is not full.
fn rests_on_inexact(dossier: &Dossier, effective: &EffectiveEntry) -> bool {
    let proposal = effective.entry.relies_on();
    let proposal = proposal.and_then(|id| dossier.proposals.get(&id));
    proposal.is_some_and(Proposal::has_inexact_dates)
        || recorded_delegation(&effective.entry).is_some()
}

/// The approval that is prior to an act on some days and not on others; empty if none is.
fn prior_approval(verdicts: &VerdictCache<'_>, effective: &EffectiveEntry) -> &'static str {
    let verdict = verdicts.verdict(&effective.entry, effective.effective_order());
    match verdict {
        Some(verdict) if verdict.rests_on_unknown_day => "the prior approval of the act",
        _ => "",
    }
}

/// The limit that falls within the date of an entry; empty if none does.
fn limit_within(id: &SubjectId, subject: &Subject, effective: &EffectiveEntry) -> &'static str {
    let on = effective.entry.effective_on();
    let Some(collaboration) = subject.as_collaboration() else {
        return "";
    };
    let kind = &effective.entry.event.kind;
    let since = subject.founded_on();
    if since.is_some_and(|since| since.first_day() > on.first_day() && since.is_by(on).may_be())
        && !may_precede_subject(kind)
    {
        return "the day on which the collaboration began";
    }
    if let Some(scope) = kept_by_mandate(kind, subject) {
        let is_mandated = on.holds(|day| collaboration.mandate(scope, day).is_some());
        if is_mandated.rests_on_unknown_day() {
            return "a mandate that began or was lifted within it";
        }
    }
    let proposal = match kind {
        Kind::VoteCast(vote) => Some(vote.proposal),
        Kind::DecisionMade(made) => made.proposal,
        _ => None,
    };
    let proposal = proposal.and_then(|id| subject.dossier.proposals.get(&id));
    if proposal.is_some_and(|proposal| proposal.on().first_day() > on.first_day()) {
        return "the day of its proposal";
    }
    match kind {
        Kind::NoticeGiven(given) => {
            let is = effective.entry.event.effective_on_is;
            let enough = notice_clause::is_long_enough(id, subject, given, (on, is));
            if enough.rests_on_unknown_day() {
                return "the notice period, which is kept on some days of it and not on others";
            }
        }
        Kind::PartyWithdrew(withdrew) => {
            let runs = |day| {
                let notice = withdrew.notice.as_ref();
                let notice = notice.and_then(|notice| collaboration.notices.get(notice));
                notice.is_some_and(|notice| notice.is_running(day))
            };
            if on.holds(runs).rests_on_unknown_day() {
                return "the day on which its notice takes effect";
            }
        }
        _ => {}
    }
    ""
}

/// The thing that an event would change, where a mandate may keep it.
fn kept_by_mandate<'a>(kind: &'a Kind, subject: &'a Subject) -> Option<MandateScope<'a>> {
    match kind {
        Kind::PartyWithdrew(withdrew) => Some(MandateScope::Party(&withdrew.body)),
        Kind::ServiceRemoved(removed) => Some(MandateScope::Service(&removed.service)),
        Kind::NoticeGiven(given) if given.capacity == NoticeCapacity::Party => {
            let service = given.service.as_ref();
            Some(service.map_or(MandateScope::Party(&given.body), MandateScope::Service))
        }
        Kind::ServicePartiesChanged(changed) if !changed.left.is_empty() => {
            Some(MandateScope::Service(&changed.service))
        }
        Kind::CollaborationEnded(ended) if ended.cause.is_by_choice() => Some(MandateScope::Whole),
        Kind::InstrumentEnded(ended) if ended.cause.is_by_choice() => {
            let instrument = subject.dossier.instruments.get(&ended.instrument)?;
            Some(MandateScope::Instrument(&ended.instrument, instrument))
        }
        _ => None,
    }
}
