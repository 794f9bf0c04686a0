//! Decisions without a proposal that are called in or stayed.

use crate::{names, reasoning};
use minutebook_domain::approval::{Approver, Duty, call_in_settler, describe};
use minutebook_domain::dossier::DecisionSource;
use minutebook_domain::event::Actor;
use minutebook_domain::fact::EffectiveOrder;
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{AttentionKind, AttentionView, Awaited};
use minutebook_wire::reply;

/// The decisions without a proposal that are called in or stayed. Those on a proposal are in
/// the line of that proposal.
pub(super) fn decisions(register_view: &RegisterView) -> Vec<AttentionView> {
    let day = register_view.as_at();
    let end = EffectiveOrder::end_of(day);
    let mut lines = Vec::new();
    for (id, subject) in register_view.subjects() {
        let decisions = subject.dossier.decisions.iter();
        for (decision_id, decision) in decisions.filter(|(_, one)| one.proposal().is_none()) {
            let DecisionSource::Made(made) = &decision.made else {
                continue;
            };
            let line =
                |why: String, awaited: Option<Awaited>, since, position: u64| AttentionView {
                    kind: AttentionKind::AwaitsDecision.into(),
                    subject: id.to_string(),
                    subject_name: subject.name().unwrap_or_default().to_owned(),
                    what: format!("{} ({why})", made.title),
                    awaited: awaited.into_iter().collect(),
                    since_on: Some(reply::date(since)),
                    board: decision
                        .board()
                        .map(|board| names::board(register_view, board)),
                    item_id: decision_id.to_string(),
                    position,
                    ..AttentionView::default()
                };
            let called = decision.call_ins.iter().filter(|(_, one)| one.is_open(day));
            lines.extend(called.map(|(call_in, course)| {
                let called = &course.called;
                let settler = call_in_settler(register_view, decision, call_in, course, day);
                let settler = settler.map(|(settler, duty)| Awaited {
                    duty: describe::duty(duty),
                    ..reasoning::approver(register_view, &settler)
                });
                let why = format!("called in ({call_in}): suspended until that is settled");
                line(why, settler, called.on(), called.position().get())
            }));
            let challenges = decision.challenges.iter();
            let stayed =
                challenges.filter(|(_, one)| one.is_stayed_at(end) && !one.is_quashed_at(end));
            lines.extend(stayed.map(|(challenge, course)| {
                let court = Actor::Office(course.made.court.clone());
                let court = Awaited {
                    duty: describe::duty(Duty::Judgment(challenge)),
                    ..reasoning::approver(register_view, &Approver::actor(&court))
                };
                let why = format!("stayed by a court in the challenge {challenge}");
                line(
                    why,
                    Some(court),
                    course.made.on(),
                    course.made.position().get(),
                )
            }));
        }
    }
    lines
}
