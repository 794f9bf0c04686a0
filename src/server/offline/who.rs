//! The callers of a store that no server has open: their entries and readings.

use std::ops::ControlFlow;
use std::path::Path;

use super::{OfflineError, engine};
use minutebook_grpc::audit::reading_list;
use minutebook_grpc::wire::entry::{decoded, message};
use minutebook_grpc::wire::proto::{LogReading, ReadHistoryResponse};
use minutebook_grpc::wire::summary::summary;
use minutebook_kernel::log::{self, Record};
use minutebook_kernel::projection::EntryReadError;
use minutebook_kernel::readings::{self, ReadingsError};

/// Shows every entry as the history tells it, but for later corrections.
pub fn told_entries(
    data: &Path,
    mut visit: impl FnMut(&ReadHistoryResponse),
) -> Result<(), OfflineError> {
    let held = engine(data).hold_existing()?;
    let opened = held.replay(
        log::Position::ZERO,
        |record| told(&record),
        |told| match told {
            Ok(told) => {
                visit(&told);
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(error),
        },
    )?;
    match opened {
        ControlFlow::Continue(_) => Ok(()),
        ControlFlow::Break(error) => Err(OfflineError::Entry(error)),
    }
}

fn told(record: &Record) -> Result<ReadHistoryResponse, EntryReadError> {
    let message = message(&record.bytes)?;
    let entry = decoded(&message)?;
    Ok(ReadHistoryResponse {
        summary: summary(&entry.event),
        entry: Some(message),
        ..ReadHistoryResponse::default()
    })
}

/// Who has read the log, by day.
pub fn readings(data: &Path) -> Result<Vec<LogReading>, ReadingsError> {
    let readings = readings::read(data)?;
    Ok(readings.iter().map(reading_list::message).collect())
}
