//! An error and its causes, as text.

use std::error::Error;
use std::fmt::Write as _;

/// The error, its cause, the cause of that, and so on; the innermost last.
pub fn error_chain<'a>(error: &'a (dyn Error + 'a)) -> impl Iterator<Item = &'a (dyn Error + 'a)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn Error + 'a) = *error;
        let cause: &'a (dyn Error + 'a) = error.source()?;
        Some(cause)
    })
}

/// The error and its causes in one line, separated by colons.
///
/// A cause whose text is already part of the line is left out: some errors
/// repeat their cause in their own sentence.
pub fn describe_chain(error: &dyn Error) -> String {
    let mut line = error.to_string();
    for cause in error_chain(error).skip(1) {
        let cause = cause.to_string();
        if !line.contains(&cause) {
            let _ = write!(line, ": {cause}");
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Failed {
        #[error("the log cannot be opened")]
        Open(#[source] std::io::Error),
        #[error("a copy failed: {0}")]
        Copy(#[source] std::io::Error),
    }

    #[test]
    fn every_cause_is_named_once() {
        let cause = || std::io::Error::other("the disk is gone");
        assert_eq!(
            describe_chain(&Failed::Open(cause())),
            "the log cannot be opened: the disk is gone"
        );
        assert_eq!(
            describe_chain(&Failed::Copy(cause())),
            "a copy failed: the disk is gone"
        );
    }

    #[test]
    fn the_innermost_error_comes_last() {
        let failed = Failed::Open(std::io::Error::other("the disk is gone"));
        let last = error_chain(&failed).last().map(ToString::to_string);
        assert_eq!(last.as_deref(), Some("the disk is gone"));
    }
}
