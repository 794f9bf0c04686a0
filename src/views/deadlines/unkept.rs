//! Duties that were not done, as far as the register says.

use super::super::approvals::deciding_board;
use super::super::proposal_cache::{self, DecisionLogStatus, ProposalCache};
use super::super::sittings;
use crate::domain::approval::Resolution;
use crate::domain::collaboration::Collaboration;
use crate::domain::date::PartialDate;
use crate::domain::event::NoticeCapacity;
use crate::domain::fact::EffectiveOrder;
use crate::domain::ids::{BodyId, ProposalId};
use crate::domain::notice::Notice;
use jiff::civil::Date;

/// Whether what a notice announced has been done by a day: the body, or the body in its
/// place, has left, or leads no more.
pub(super) fn was_acted_on(collaboration: &Collaboration, notice: &Notice, day: Date) -> bool {
    let given = &notice.given;
    let takes_effect_on = notice.takes_effect_on(day);
    let service = given
        .service
        .as_ref()
        .map(|id| collaboration.service(id, day));
    let still = |body: &BodyId| match (given.capacity, &service) {
        (_, Some(None)) => false,
        (NoticeCapacity::Party, Some(Some(service))) => {
            collaboration.service_parties(service, day).contains(body)
        }
        (NoticeCapacity::Lead, Some(Some(service))) => {
            collaboration.service_lead(service, day) == Some(body)
        }
        (NoticeCapacity::Lead, None) => collaboration.lead(day) == Some(body),
        // One that joined again after it had left is not the party that gave notice.
        (NoticeCapacity::Party, None) => {
            let last = collaboration.last_move(body, EffectiveOrder::end_of(day));
            last.is_some_and(|last| last.joined && last.order.day <= takes_effect_on.last_day())
        }
    };
    !collaboration
        .holders(&given.body, day)
        .into_iter()
        .any(still)
}

/// The open proposals whose board has met since they were made, or last deferred: each
/// with its title, and the day of the first such meeting.
pub(super) fn passed_over(cache: &ProposalCache<'_>) -> Vec<(ProposalId, String, PartialDate)> {
    let day = cache.register_view.as_at();
    let mut passed_over = Vec::new();
    for (id, proposal) in &cache.subject.dossier.proposals {
        let status = cache.status(*id, proposal);
        let DecisionLogStatus::Open(open) = proposal_cache::state(&status) else {
            continue;
        };
        // Approved, and the rest is not for the board.
        if status.resolution == Resolution::SubjectTo {
            continue;
        }
        let board = deciding_board(&status, proposal);
        let board = board.and_then(|board| cache.register_view.board(board));
        let met = board.and_then(|board| sittings::first_between(&board, open.since, day));
        if let Some(met) = met {
            passed_over.push((*id, proposal_cache::title(proposal), met));
        }
    }
    passed_over
}
