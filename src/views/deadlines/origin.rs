//! Whom a deadline awaits, and since when.

use std::str::FromStr;

use super::super::approvals::ProposalContext;
use super::super::proposal_cache::ProposalCache;
use super::super::{names, reasoning};
use minutebook_domain::approval::Approver;
use minutebook_domain::date::FinancialYear;
use minutebook_domain::event::Actor;
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::{BodyId, InstrumentId, ItemId, SubjectId};
use minutebook_domain::meeting::meets_on;
use minutebook_domain::notice_effect::was_acted_on;
use minutebook_domain::succession::holders;
use minutebook_wire::proto::{Awaited, Date, DeadlineKind};
use minutebook_wire::reply;

/// Whom a deadline awaits, and since when; empty where the register does not say.
#[derive(Default)]
pub(super) struct DeadlineOrigin {
    pub awaited: Vec<Awaited>,
    pub since_on: Option<Date>,
}

/// The origin of the deadline of this kind about the item with this id.
pub(super) fn of(cache: &ProposalCache<'_>, kind: DeadlineKind, item: &str) -> DeadlineOrigin {
    find(cache, kind, item).unwrap_or_default()
}

fn find(cache: &ProposalCache<'_>, kind: DeadlineKind, item: &str) -> Option<DeadlineOrigin> {
    let register_view = cache.register_view;
    let dossier = &cache.subject.dossier;
    let bodies = |bodies: &mut dyn Iterator<Item = &BodyId>| -> Vec<Awaited> {
        bodies
            .map(|body| Awaited {
                who: Some(names::office(register_view, body, None)),
                board: None,
                ..Awaited::default()
            })
            .collect()
    };
    let owner = |owner: &Actor| Awaited {
        who: Some(names::actor(register_view, owner)),
        board: None,
        ..Awaited::default()
    };
    let (awaited, since) = match kind {
        DeadlineKind::Action => {
            let agreed = &dossier.actions.get(&read::<ItemId>(item)?)?.agreed;
            (agreed.owner.iter().map(owner).collect(), agreed.on())
        }
        DeadlineKind::Recommendation => {
            let made = &dossier.recommendations.get(&read::<ItemId>(item)?)?.made;
            (bodies(&mut made.addressed_to.iter()), made.on())
        }
        DeadlineKind::CommissionedReview => {
            let review = dossier.reviews.get(&read::<ItemId>(item)?)?;
            let commissioned = review.commissioned.as_ref()?;
            (bodies(&mut commissioned.reviewer.iter()), commissioned.on())
        }
        DeadlineKind::Consultation => {
            let consultation = dossier.consultations.get(&read::<ItemId>(item)?)?;
            (Vec::new(), consultation.on())
        }
        DeadlineKind::Benefit => {
            let benefit = dossier.benefits.get(&read::<ItemId>(item)?)?;
            (Vec::new(), benefit.baselined.on())
        }
        DeadlineKind::Confirmation => {
            let made = dossier.disposals.get(&read::<ItemId>(item)?)?;
            let awaited = made.unconfirmed(cache.subject, register_view.as_at());
            (bodies(&mut awaited.iter()), made.disposed.on())
        }
        DeadlineKind::Review | DeadlineKind::Expiry | DeadlineKind::ExtensionOption => {
            let instrument = dossier.instruments.get(&read::<InstrumentId>(item)?)?;
            let day = register_view.as_at();
            // One that has run out awaits the word of its parties since then.
            let expired = instrument.expires_on(day);
            let expired = expired.filter(|on| kind == DeadlineKind::Expiry && on.last_day() < day);
            (Vec::new(), expired.unwrap_or(instrument.drafted.on()))
        }
        DeadlineKind::Notice => {
            let collaboration = cache.subject.as_collaboration()?;
            let notice = collaboration.notices.get(&read::<ItemId>(item)?)?;
            let day = register_view.as_at();
            // One that was used awaits nobody.
            let is_open = !was_acted_on(cache.subject, notice, day);
            let holders = collaboration.holders(&notice.given.body, day);
            let mut holders = holders.into_iter().filter(|_| is_open);
            (bodies(&mut holders), notice.given.on())
        }
        DeadlineKind::Lapse | DeadlineKind::Decision => {
            let id = read(item)?;
            let proposal = dossier.proposals.get(&id)?;
            let status = cache.status(id, proposal);
            let context = ProposalContext {
                register_view,
                id: cache.id,
                subject: cache.subject,
                proposal_id: id,
                proposal,
            };
            let line = context.line(&status);
            return Some(DeadlineOrigin {
                awaited: line.awaited,
                since_on: line.since_on,
            });
        }
        DeadlineKind::Condition => {
            let (decision, condition) = item.split_once('/')?;
            let decision = dossier.decisions.get(&read::<ItemId>(decision)?)?;
            let id: ItemId = read(condition)?;
            let mut conditions = decision.conditions().iter();
            let condition = conditions.find(|condition| condition.id == id)?;
            let decider = Approver::of_condition(condition);
            let awaited = decider.map(|decider| reasoning::approver(register_view, &decider));
            (awaited.into_iter().collect(), decision.on())
        }
        DeadlineKind::Meeting => {
            let SubjectId::Board(board) = cache.id else {
                return None;
            };
            let awaited = Approver::board(board);
            let meetings = cache.subject.as_board()?.meetings.iter();
            let mut called = meetings.filter(|called| called_for(called, item));
            return Some(DeadlineOrigin {
                awaited: vec![reasoning::approver(register_view, &awaited)],
                since_on: called.next().map(Fact::on).map(reply::date),
            });
        }
        DeadlineKind::Underspend => {
            let year = read::<FinancialYear>(item)?;
            let reported = dossier.outturns.get(&year)?.by(register_view.as_at());
            (Vec::new(), reported.last()?.on())
        }
        DeadlineKind::Invoice => {
            // One of several instalments has its number behind the invoice.
            let invoice = item.split('/').next().unwrap_or_default();
            let invoice = dossier.invoices.get(&read::<ItemId>(invoice)?)?;
            (bodies(&mut std::iter::once(&invoice.body)), invoice.on())
        }
        DeadlineKind::Instalment => {
            let (settlement, _) = item.split_once('/')?;
            let settlement = dossier.settlements.get(&read::<ItemId>(settlement)?)?;
            let day = register_view.as_at();
            let followed = cache.subject.followed.as_ref();
            let payer = settlement.agreed.payer.iter();
            let mut payers = payer.flat_map(|payer| holders(followed, payer, day));
            (bodies(&mut payers), settlement.agreed.on())
        }
        DeadlineKind::Unspecified => return None,
    };
    Some(DeadlineOrigin {
        awaited,
        since_on: Some(reply::date(since)),
    })
}

fn called_for(called: &Fact<minutebook_domain::event::MeetingCalled>, item: &str) -> bool {
    match &called.meeting {
        Some(id) => id.as_str() == item,
        None => meets_on(called).to_string() == item,
    }
}

fn read<T: FromStr>(item: &str) -> Option<T> {
    item.parse().ok()
}
