//! Faults that are shown because they happened, or would be left behind.

use crate::cli::cell::Cell;
use crate::cli::sheet::Sheet;
use crate::wire::proto::{FaultView, InstrumentView};

/// Each in its sentence, with its reason code.
pub fn in_words(faults: &[FaultView], between: &str) -> Cell {
    let texts: Vec<String> = faults
        .iter()
        .map(|it| coded(&it.what, &it.reason))
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

/// What the law asks of an instrument and it no longer has.
pub fn of_instruments(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("faults", "What the law asks for and is lacking")
        .with_prose()
        .columns([
            ("instrument_id", "Instrument"),
            ("what", "What is wrong"),
            ("since_on", "Since"),
            ("reason", "Reason"),
            ("position", "Entry"),
        ]);
    for instrument in instruments {
        for it in &instrument.faults {
            sheet.row(vec![
                (&instrument.instrument_id).into(),
                (&it.what).into(),
                (&it.since_on).into(),
                (&it.reason).into(),
                it.position.into(),
            ]);
        }
    }
    sheet
}
