//! Disposals of underspends: the bodies that confirm them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::dossier::MadeDisposal;
use super::event::DisposalConfirmed;
use super::fact::Fact;
use super::ids::BodyId;
use super::subject::Subject;
use super::succession::{holders, is_or_follows};

impl MadeDisposal {
    /// The bodies that have not confirmed their part by that day, or whose predecessor
    /// has not: each body with a part of its own and, where a part goes to no body's own
    /// reserves or the split is not given, each party on the day of the disposal.
    ///
    /// `subject` is the subject of the disposal.
    pub fn unconfirmed(&self, subject: &Subject, day: Date) -> BTreeSet<BodyId> {
        let disposal = &self.disposed.disposal;
        let own = disposal.parts.iter().filter_map(|part| part.body.clone());
        let mut bound: BTreeSet<BodyId> = own.collect();
        if disposal.is_confirmed_by_all()
            && let Some(collaboration) = subject.as_collaboration()
        {
            bound.extend(collaboration.parties(self.disposed.day()));
        }
        let open = bound
            .iter()
            .filter(|body| !self.confirmed.contains_key(*body));
        let awaited = open.flat_map(|body| holders(subject.followed.as_ref(), body, day));
        awaited
            .filter(|body| !self.confirmed.contains_key(*body))
            .cloned()
            .collect()
    }

    /// The confirmation of a part of `body`: its own, or one of those in its place by that
    /// day.
    pub fn confirmation_of(
        &self,
        subject: &Subject,
        body: &BodyId,
        day: Date,
    ) -> Option<&Fact<DisposalConfirmed>> {
        let heirs = holders(subject.followed.as_ref(), body, day).into_iter();
        let mut confirmed = std::iter::once(body).chain(heirs);
        confirmed.find_map(|body| self.confirmed.get(body))
    }

    /// Whether a part goes to this body, or to one in whose place it is by that day.
    pub fn has_part(&self, subject: &Subject, body: &BodyId, day: Date) -> bool {
        let own = self.disposed.disposal.parts.iter();
        let mut own = own.filter_map(|part| part.body.as_ref());
        own.any(|own| is_or_follows(subject.followed.as_ref(), body, own, day))
    }
}
