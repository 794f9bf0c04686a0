//! The fold of events about mandates.

use crate::domain::event::{MandateGranted, MandateRevoked};
use crate::domain::fact::Fact;
use crate::domain::subject::Subject;

pub(super) fn mandate_granted(subject: &mut Subject, fact: Fact<MandateGranted>) {
    if let Some(own) = subject.as_register_mut() {
        own.mandates.grant(fact);
    }
}

pub(super) fn mandate_revoked(subject: &mut Subject, fact: Fact<MandateRevoked>) {
    if let Some(own) = subject.as_register_mut() {
        own.mandates.revoke(fact);
    }
}
