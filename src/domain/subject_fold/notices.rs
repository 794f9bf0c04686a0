//! The fold of events about leaving: notices, directions of the Secretary of
//! State, withdrawal.

use super::with;
use crate::event::{
    DirectionIssued, NoticeCapacity, NoticeExtended, NoticeGiven, NoticeRevoked, PartyWithdrew,
};
use crate::fact::{Fact, Facts};
use crate::ids::InstrumentId;
use crate::instrument::{Instrument, NamedExit};
use crate::notice::Notice;
use crate::subject::Subject;

pub(super) fn party_withdrew(subject: &mut Subject, fact: Fact<PartyWithdrew>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        collaboration.withdraw(&fact);
    }
}

pub(super) fn notice_given(subject: &mut Subject, fact: Fact<NoticeGiven>) {
    let leaving: Vec<InstrumentId> = subject
        .dossier
        .instruments
        .iter()
        .filter(|(_, instrument)| leaves(&fact, instrument))
        .map(|(id, _)| id.clone())
        .collect();
    for id in leaving {
        with(&mut subject.dossier.instruments, &id, |instrument| {
            add_exit(instrument, &fact);
        });
    }
    if let Some(collaboration) = subject.as_collaboration_mut() {
        let id = fact.notice.clone();
        collaboration.notices.insert(id, Notice::new(fact));
    }
}

/// Whether a notice may be to leave an instrument: it is to leave the whole, and names that
/// instrument or none.
pub(super) fn leaves(notice: &NoticeGiven, instrument: &Instrument) -> bool {
    let named = notice.instrument.as_ref();
    notice.capacity == NoticeCapacity::Party
        && notice.service.is_none()
        && named.is_none_or(|named| *named == instrument.drafted.instrument)
}

/// Adds a notice to leave an instrument.
pub(super) fn add_exit(instrument: &mut Instrument, notice: &Fact<NoticeGiven>) {
    let exit = NamedExit {
        given: notice.clone(),
        revoked: Facts::default(),
    };
    instrument.exits.insert(notice.notice.clone(), exit);
}

pub(super) fn notice_extended(subject: &mut Subject, fact: Fact<NoticeExtended>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        let id = fact.notice.clone();
        with(&mut collaboration.notices, &id, |notice| {
            notice.extended.insert(fact);
        });
    }
}

pub(super) fn notice_revoked(subject: &mut Subject, fact: Fact<NoticeRevoked>) {
    let id = fact.notice.clone();
    let left = subject.dossier.instruments.iter();
    let left = left.filter(|(_, instrument)| instrument.exits.contains_key(&id));
    let left: Vec<InstrumentId> = left.map(|(id, _)| id.clone()).collect();
    for instrument in left {
        with(
            &mut subject.dossier.instruments,
            &instrument,
            |instrument| {
                with(&mut instrument.exits, &id, |exit| {
                    exit.revoked.insert(fact.clone());
                });
            },
        );
    }
    if let Some(collaboration) = subject.as_collaboration_mut() {
        with(&mut collaboration.notices, &id, |notice| {
            notice.revoked.insert(fact);
        });
    }
}

pub(super) fn direction_issued(subject: &mut Subject, fact: Fact<DirectionIssued>) {
    if let Some(id) = &fact.instrument {
        with(&mut subject.dossier.instruments, id, |instrument| {
            instrument.directed.insert(fact.clone());
        });
    }
    if let Some(collaboration) = subject.as_collaboration_mut() {
        if let Some((notice, _)) = &fact.notice {
            with(&mut collaboration.notices, notice, |notice| {
                notice.directed.insert(fact.clone());
            });
        }
        let id = fact.direction.clone();
        collaboration.directions.insert(id, fact);
    }
}
