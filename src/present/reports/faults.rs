//! Faults of recorded or proposed acts, as sentences with reason codes.

use crate::cell::Cell;
use crate::sheet::Sheet;
use minutebook_wire::proto::{FaultView, InstrumentView};

/// Each in its sentence, with its reason code.
pub fn in_words(faults: &[FaultView], between: &str) -> Cell {
    let texts: Vec<String> = faults
        .iter()
        .map(|fault| coded(&fault.what, &fault.reason))
        .collect();
    texts.join(between).into()
}

/// A sentence and its reason code, as refusals print them.
pub fn coded(sentence: &str, reason: &str) -> String {
    match reason {
        "" => sentence.to_owned(),
        reason => format!("{sentence} [{reason}]"),
    }
}

/// Requirements of the law that instruments no longer meet.
pub fn of_instruments(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("faults", "Requirements of the law that are not met")
        .with_prose()
        .columns([
            ("instrument_id", "Instrument"),
            ("what", "Fault"),
            ("since_on", "Since"),
            ("reason", "Reason"),
            ("position", "Entry"),
        ]);
    for instrument in instruments {
        for fault in &instrument.faults {
            sheet.row(vec![
                (&instrument.instrument_id).into(),
                (&fault.what).into(),
                (&fault.since_on).into(),
                (&fault.reason).into(),
                fault.position.into(),
            ]);
        }
    }
    sheet
}
