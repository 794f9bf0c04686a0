//! Resolves a moment to a day and a position, and `known` to a position.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::Projection;
use super::entry_read::{EntryReadError, entry_at};
use super::pinned_view::read_blocking;
use minutebook_domain::date::{day_of, end_of};
use minutebook_domain::ids::Position;
use minutebook_domain::register::Register;
use minutebook_wire::as_of::Known;
use minutebook_wire::moment::Moment;

/// A resolved moment: a day, and the last position known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResolvedMoment {
    pub as_at: Date,
    /// The last position known.
    pub known: Position,
}

/// Why a moment cannot be resolved.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    #[error("{day} is in the future, and nothing is recorded on it yet: today is {today}")]
    DayToCome { day: Date, today: Date },
    #[error("{instant} is in the future: it is {now} now")]
    InstantToCome { instant: Timestamp, now: Timestamp },
    /// A position beyond the end of the log.
    #[error("the log ends at position {tail}, so {position} was never recorded here")]
    Beyond { position: Position, tail: Position },
    /// The log cannot be read.
    #[error(transparent)]
    Unreadable(#[from] EntryReadError),
}

impl Projection {
    /// The present day where the register is kept.
    pub fn today(&self) -> Date {
        day_of(self.now())
    }

    /// Resolves a moment against a register.
    pub async fn resolve(
        &self,
        register: &Register,
        moment: Moment,
    ) -> Result<ResolvedMoment, ResolveError> {
        match moment {
            Moment::Date(day) => {
                let today = self.today();
                if day > today {
                    return Err(ResolveError::DayToCome { day, today });
                }
                let known = self
                    .resolve_known(register, Known::Instant(end_of(day)))
                    .await?;
                Ok(ResolvedMoment { as_at: day, known })
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
                Ok(ResolvedMoment { as_at, known })
            }
            Moment::Position(position) => {
                let tail = register.tail();
                if position > tail {
                    return Err(ResolveError::Beyond { position, tail });
                }
                Ok(ResolvedMoment {
                    as_at: self
                        .recorded_on(position.max(Position::new(1)), tail)
                        .await?,
                    known: position,
                })
            }
        }
    }

    /// The last position that a view with this `known` may show.
    pub async fn resolve_known(
        &self,
        register: &Register,
        known: Known,
    ) -> Result<Position, EntryReadError> {
        let tail = register.tail();
        match known {
            Known::All => Ok(tail),
            Known::Position(position) => Ok(position.min(tail)),
            Known::Instant(instant) if register.recorded_at().is_none_or(|at| at <= instant) => {
                Ok(tail)
            }
            Known::Instant(instant) => {
                let reader = Arc::clone(self.reader());
                read_blocking(move || {
                    // Instants never decrease along the log. The last entry is later
                    // than `instant`; position zero is not.
                    let (mut by, mut after) = (0, tail.get());
                    while after - by > 1 {
                        let middle = by + (after - by) / 2;
                        let entry = entry_at(&*reader, Position::new(middle))?;
                        if entry.recorded_at <= instant {
                            by = middle;
                        } else {
                            after = middle;
                        }
                    }
                    Ok(Position::new(by))
                })
                .await
            }
        }
    }

    /// The day on which an entry was recorded; today if it does not exist.
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
