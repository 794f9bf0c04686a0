//! The fold of events about leaving: notices, directions of the Secretary of
//! State, withdrawal.

use super::with;
use crate::domain::event::{
    DirectionIssued, NoticeCapacity, NoticeExtended, NoticeGiven, NoticeRevoked, PartyWithdrew,
};
use crate::domain::fact::{Fact, Facts};
use crate::domain::instrument::NamedExit;
use crate::domain::notice::Notice;
use crate::domain::subject::Subject;

pub(super) fn party_withdrew(subject: &mut Subject, fact: Fact<PartyWithdrew>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        collaboration.withdraw(&fact);
    }
}

pub(super) fn notice_given(subject: &mut Subject, fact: Fact<NoticeGiven>) {
    if let (Some(id), NoticeCapacity::Party, None) =
        (&fact.instrument, fact.capacity, &fact.service)
    {
        with(&mut subject.dossier.instruments, id, |instrument| {
            let exit = NamedExit {
                given: fact.clone(),
                revoked: Facts::default(),
            };
            instrument.exits.insert(fact.notice.clone(), exit);
        });
    }
    if let Some(collaboration) = subject.as_collaboration_mut() {
        let id = fact.notice.clone();
        collaboration.notices.insert(id, Notice::new(fact));
    }
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
    let given = subject.as_collaboration().and_then(|c| c.notices.get(&id));
    let named = given.and_then(|notice| notice.given.instrument.clone());
    if let Some(named) = named {
        with(&mut subject.dossier.instruments, &named, |instrument| {
            with(&mut instrument.exits, &id, |exit| {
                exit.revoked.insert(fact.clone());
            });
        });
    }
    if let Some(collaboration) = subject.as_collaboration_mut() {
        with(&mut collaboration.notices, &id, |notice| {
            notice.revoked.insert(fact);
        });
    }
}

pub(super) fn direction_issued(subject: &mut Subject, fact: Fact<DirectionIssued>) {
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
