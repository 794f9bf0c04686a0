//! Approvals with a condition in words alone, which count as carried.

use crate::names;
use crate::proposal_cache::title;
use minutebook_domain::approval::{ApprovalContext, Resolution};
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::text::Text;
use minutebook_wire::proto::{AttentionKind, AttentionView};
use minutebook_wire::reply;

/// The approvals on proposals that have conditions in words and are subject to none: each
/// counts, though its words may say that it depends on something.
pub(super) fn in_words(register_view: &RegisterView) -> Vec<AttentionView> {
    let mut lines = Vec::new();
    for (id, subject) in register_view.subjects() {
        let dossier = &subject.dossier;
        for (decision_id, decision) in &dossier.decisions {
            let Some(words) = decision.conditions_in_words_alone() else {
                continue;
            };
            let found = decision.proposal();
            let found = found.and_then(|id| Some((id, dossier.proposals.get(&id)?)));
            let Some((proposal_id, proposal)) = found else {
                continue;
            };
            let context = ApprovalContext {
                lookup: register_view,
                id,
                subject: &subject,
            };
            let status = context.status(proposal_id, proposal, register_view.as_at());
            let mut counting = status.opinions.iter().take(status.in_time);
            let counts = counting.any(|opinion| opinion.decision == Some(decision_id));
            if status.resolution != Resolution::Carried || !counts {
                continue;
            }
            let board = decision.board();
            lines.push(AttentionView {
                kind: AttentionKind::AwaitsCondition.into(),
                subject: id.to_string(),
                subject_name: subject.name().unwrap_or_default().to_owned(),
                what: format!(
                    "{}: approved with conditions in words ({}), and counts as carried; if it \
                     depends on them, correct its entry with subject_to",
                    title(proposal),
                    cut(words)
                ),
                since_on: Some(reply::date(decision.on())),
                board: board.map(|board| names::board(register_view, board)),
                item_id: decision_id.to_string(),
                position: decision.position().get(),
                ..AttentionView::default()
            });
        }
    }
    lines
}

/// The most characters of the conditions that a line repeats.
const WORDS_MAX: usize = 80;

fn cut(words: &Text) -> String {
    let line: Vec<&str> = words.as_str().split_whitespace().collect();
    let line = line.join(" ");
    match line.char_indices().nth(WORDS_MAX) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}
