//! Reading the fields of a request.

use std::fmt::Display;
use std::str::FromStr;

use tonic::Status;

use super::status;
use crate::wire::violation::FieldViolation;

/// Reads the fields of a request and collects their faults, so that the caller
/// learns of all of them at once.
///
/// Each read returns `None` for a field with a fault; [`Self::finish`] then
/// refuses the request.
#[derive(Debug, Default)]
pub struct FieldReader {
    faults: Vec<FieldViolation>,
}

impl FieldReader {
    pub fn required<T: FromStr<Err: Display>>(&mut self, field: &str, text: &str) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(field, error.to_string());
                None
            }
        }
    }

    /// A field that may be empty: `Some(None)` where it is.
    pub fn optional<T: FromStr<Err: Display>>(
        &mut self,
        field: &str,
        text: &str,
    ) -> Option<Option<T>> {
        if text.is_empty() {
            return Some(None);
        }
        self.required(field, text).map(Some)
    }

    /// Takes in a field that `wire` has read.
    pub fn keep_faults<T>(&mut self, read: Result<T, Vec<FieldViolation>>) -> Option<T> {
        read.map_err(|faults| self.faults.extend(faults)).ok()
    }

    pub fn fault(&mut self, field: impl Into<String>, description: impl Into<String>) {
        self.faults.push(FieldViolation {
            field: field.into(),
            description: description.into(),
        });
    }

    /// Returns the values, or refuses the request with every fault.
    pub fn finish<T>(self, values: Option<T>) -> Result<T, Status> {
        match values {
            Some(values) if self.faults.is_empty() => Ok(values),
            Some(_) | None => Err(status::invalid_fields(self.faults)),
        }
    }
}
