//! A reading of the log that is noted: when it begins, and when it ends.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::mandate_roles::mandate_positions;
use minutebook_domain::caller::Caller;
use minutebook_domain::ids::Position;
use minutebook_kernel::projection::Projection;
use minutebook_kernel::readings::{
    MANDATES_MAX, PRINCIPALS_MAX, Reading, ReadingCaller, ReadingSort, Readings,
};

/// A reading under way. Its end is noted when it is dropped.
#[derive(Debug)]
pub struct LogReading {
    readings: Readings,
    begun: Reading,
    projection: NowOf,
    sent: AtomicU64,
    is_finished: AtomicBool,
}

/// The clock of a projection.
struct NowOf(Projection);

impl std::fmt::Debug for NowOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NowOf")
    }
}

impl LogReading {
    /// Notes durably that somebody begins to read, before anything is sent.
    pub async fn begin(
        readings: &Readings,
        projection: &Projection,
        sort: ReadingSort,
        caller: &Caller,
        from: Position,
    ) -> Self {
        let now = projection.now();
        let begun = Reading {
            sort,
            reader: reader(projection, caller),
            first_at: now,
            last_at: now,
            begun: 1,
            finished: 0,
            from,
            to: Position::ZERO,
        };
        let (kept, noted) = (readings.clone(), begun.clone());
        // It says itself what went wrong, and nobody is kept from reading for it.
        let _ = tokio::task::spawn_blocking(move || kept.note(noted)).await;
        Self {
            readings: readings.clone(),
            begun,
            projection: NowOf(projection.clone()),
            sent: AtomicU64::new(0),
            is_finished: AtomicBool::new(false),
        }
    }

    /// Everything up to this position, and perhaps more, was sent.
    pub fn note_sent(&self, position: Position) {
        self.sent.fetch_max(position.get(), Ordering::Relaxed);
    }

    pub fn finish(&self) {
        self.is_finished.store(true, Ordering::Relaxed);
    }
}

impl Drop for LogReading {
    fn drop(&mut self) {
        let ended = Reading {
            last_at: self.projection.0.now(),
            begun: 0,
            finished: u64::from(self.is_finished.load(Ordering::Relaxed)),
            to: Position::new(self.sent.load(Ordering::Relaxed)),
            ..self.begun.clone()
        };
        let readings = self.readings.clone();
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || readings.note(ended))),
            Err(_) => readings.note(ended),
        }
    }
}

/// Who reads; `None` where nobody is signed in.
fn reader(projection: &Projection, caller: &Caller) -> Option<ReadingCaller> {
    let Caller::Known(known) = caller else {
        return None;
    };
    let mut mandates = mandate_positions(projection, known);
    mandates.truncate(MANDATES_MAX);
    let principals = known.principals.iter().take(PRINCIPALS_MAX);
    Some(ReadingCaller {
        pseudonym: known.pseudonym,
        principals: principals.cloned().collect(),
        mandates,
    })
}
