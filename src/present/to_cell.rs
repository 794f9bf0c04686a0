//! The messages that are one value of a report: names, offices, dates.

use crate::cell::Cell;
use minutebook_wire::proto::{
    ActorRef, BoardRef, BodyRef, CollaborationRef, Date, InstrumentRef, ServiceRef,
};

/// A field of an answer that is one value, or none, or several.
pub trait ToCell {
    fn cell(&self) -> Cell;
}

impl ToCell for String {
    fn cell(&self) -> Cell {
        self.as_str().into()
    }
}

impl ToCell for Date {
    fn cell(&self) -> Cell {
        Cell::On(*self)
    }
}

impl ToCell for BodyRef {
    fn cell(&self) -> Cell {
        Cell::subject("bodies", &self.body_id, &self.name)
    }
}

impl ToCell for BoardRef {
    fn cell(&self) -> Cell {
        Cell::subject("boards", &self.board_id, &self.name)
    }
}

impl ToCell for CollaborationRef {
    fn cell(&self) -> Cell {
        Cell::subject("collaborations", &self.collaboration_id, &self.name)
    }
}

impl ToCell for ServiceRef {
    fn cell(&self) -> Cell {
        Cell::named(&self.service_id, &self.name)
    }
}

impl ToCell for InstrumentRef {
    fn cell(&self) -> Cell {
        format!("{} of {}", self.instrument_id, self.subject).into()
    }
}

impl ToCell for ActorRef {
    fn cell(&self) -> Cell {
        match (&self.body, self.office.as_str()) {
            (None, office) => office.into(),
            (Some(body), "") => body.into(),
            (Some(body), office) => Cell::named(
                format!("{} ({office})", body.body_id),
                format!("{} ({office})", body.name),
            ),
        }
    }
}

impl<T: ToCell> ToCell for Option<T> {
    fn cell(&self) -> Cell {
        self.as_ref().map_or(Cell::Empty, T::cell)
    }
}

impl<T: ToCell> ToCell for Vec<T> {
    fn cell(&self) -> Cell {
        match self.as_slice() {
            [] => Cell::Empty,
            [only] => only.cell(),
            cells => Cell::List(cells.iter().map(T::cell).collect()),
        }
    }
}
