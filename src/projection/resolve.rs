//! Moments: which day, and which knowledge, somebody means by one.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::Projection;
use super::entry_read::{EntryReadError, entry_at};
use super::pinned_view::read_blocking;
use crate::domain::date::{day_of, end_of};
use crate::domain::ids::Position;
use crate::domain::register::Register;
use crate::wire::as_of::Known;
use crate::wire::moment::Moment;

/// What a moment means: a day, and the last position known of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResolvedAsOf {
    /// The day.
    pub as_at: Date,
    /// The last position known of.
    pub known: Position,
}

/// Why a moment means nothing here.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// A day that has not come.
    #[error("{day} has not come yet, and nobody has seen anything on it: today is {today}")]
    DayToCome {
        /// The day.
        day: Date,
        /// Today.
        today: Date,
    },
    /// An instant that has not come.
    #[error("{instant} has not come yet: it is {now} now")]
    InstantToCome {
        /// The instant.
        instant: Timestamp,
        /// Now.
        now: Timestamp,
    },
    /// A position beyond the end of the log.
    #[error("the log ends at position {tail}, so {position} was never recorded here")]
    Beyond {
        /// The position.
        position: Position,
        /// The end.
        tail: Position,
    },
    /// The log would not say when an entry was recorded.
    #[error(transparent)]
    Unreadable(#[from] EntryReadError),
}

impl Projection {
    /// The present day where the register is kept.
    pub fn today(&self) -> Date {
        day_of(self.now())
    }

    /// What a moment means in a register.
    pub async fn resolve(
        &self,
        register: &Register,
        moment: Moment,
    ) -> Result<ResolvedAsOf, ResolveError> {
        match moment {
            Moment::Date(day) => {
                let today = self.today();
                if day > today {
                    return Err(ResolveError::DayToCome { day, today });
                }
                let known = self
                    .resolve_known(register, Known::Instant(end_of(day)))
                    .await?;
                Ok(ResolvedAsOf { as_at: day, known })
            }
            Moment::Instant(instant) => {
                let now = self.now();
                if instant > now {
                    return Err(ResolveError::InstantToCome { instant, now });
                }
                let known = self
                    .resolve_known(register, Known::Instant(instant))
                    .await?;
                let as_at = day_of(instant);
                Ok(ResolvedAsOf { as_at, known })
            }
            Moment::Position(position) => {
                let tail = register.tail();
                if position > tail {
                    return Err(ResolveError::Beyond { position, tail });
                }
                Ok(ResolvedAsOf {
                    as_at: self
                        .recorded_on(position.max(Position::new(1)), tail)
                        .await?,
                    known: position,
                })
            }
        }
    }

    /// The day on which an entry was recorded; today where there is none.
    async fn recorded_on(
        &self,
        position: Position,
        tail: Position,
    ) -> Result<Date, EntryReadError> {
        if position > tail {
            return Ok(self.today());
        }
        let reader = Arc::clone(self.reader());
        read_blocking(move || Ok(entry_at(&*reader, position)?.recorded_on)).await
    }
}
