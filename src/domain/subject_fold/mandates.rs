//! The fold of events about mandates.

use crate::event::{MandateGranted, MandateRevoked};
use crate::fact::Fact;
use crate::subject::Subject;

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
