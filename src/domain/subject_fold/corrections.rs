//! The fold of corrections.

use crate::event::EntryCorrected;
use crate::fact::Fact;
use crate::subject::Subject;

/// A correction changes no state of its own: it decides which other entries are
/// effective, before any of them is folded.
pub(super) fn entry_corrected(_: &mut Subject, _: Fact<EntryCorrected>) {}
