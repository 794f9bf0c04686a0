//! A request for a part of the history, read.

use std::sync::Arc;

use super::filter::Filter;
use super::history_cursor::{HistoryCursor, ReadOrder};
use crate::field_reader::FieldReader;
use crate::wire::proto::{ReadDirection, ReadHistoryRequest};
use minutebook_domain::ids::Position;
use minutebook_domain::register::Register;

/// The part of the history that a request asks for.
pub struct HistoryRange {
    pub cursor: HistoryCursor,
    /// The most entries to send.
    pub limit: u64,
    /// Whether it asks for entries of all subjects and kinds.
    pub is_of_all: bool,
    /// Its lowest position.
    pub first: Position,
}

impl HistoryRange {
    pub fn read(
        request: ReadHistoryRequest,
        register: Arc<Register>,
    ) -> Result<Self, tonic::Status> {
        let mut fields = FieldReader::default();
        let filter = fields.keep_faults(Filter::read(request.filter));
        let order = read_order(&mut fields, request.direction);
        let (from, to) = (request.from_position, request.to_position);
        if from != 0 && to != 0 {
            match order.unwrap_or(ReadOrder::Forward) {
                ReadOrder::Forward if to < from => fields.fault(
                    "to_position",
                    format!("{to} comes before {from}: swap them, or read backward"),
                ),
                ReadOrder::Backward if to > from => fields.fault(
                    "to_position",
                    format!("{to} comes after {from}: swap them, or read forward"),
                ),
                ReadOrder::Forward | ReadOrder::Backward => {}
            }
        }
        let (filter, order) = fields.finish(filter.zip(order))?;
        let tail = register.tail();
        let given_or = |given: u64, default| match given {
            0 => default,
            given => Position::new(given),
        };
        let (from, last) = match order {
            ReadOrder::Forward => (given_or(from, Position::new(1)), given_or(to, tail)),
            ReadOrder::Backward => (given_or(from, tail), given_or(to, Position::new(1))),
        };
        Ok(Self {
            is_of_all: filter.wants_all(),
            first: from.min(last),
            cursor: HistoryCursor::new(register, filter, order, from, last),
            limit: match request.limit {
                0 => u64::MAX,
                limit => limit,
            },
        })
    }
}

fn read_order(fields: &mut FieldReader, direction: i32) -> Option<ReadOrder> {
    match ReadDirection::try_from(direction) {
        Ok(ReadDirection::Unspecified | ReadDirection::Forward) => Some(ReadOrder::Forward),
        Ok(ReadDirection::Backward) => Some(ReadOrder::Backward),
        Err(_) => {
            let known = "READ_DIRECTION_FORWARD or READ_DIRECTION_BACKWARD";
            fields.fault(
                "direction",
                format!("{direction} is not a direction: give {known}"),
            );
            None
        }
    }
}
