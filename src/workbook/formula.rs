//! Funding formulas: the share of each body.

use minutebook_wire::proto::{Event, FundingFormulaSet, Share, SharesAre, event};

use crate::amount::{ShareText, Stated, share};
use crate::figures_table::total_of;
use crate::grid::CellPlace;
use crate::lines;
use crate::sheet_field::SheetField;
use crate::sheet_reader::{SheetReader, SheetRow, cell_text};

/// The columns.
pub const COLUMNS: &[SheetField] = &[SheetField::Body, SheetField::Share];

const WHOLE_PPM: i64 = 1_000_000;

pub const SHARES_ARE: &[(&[&str], SharesAre)] = &[
    (&["exact", "exactly"], SharesAre::Unspecified),
    (&["rounded"], SharesAre::Rounded),
    (&["incomplete"], SharesAre::Incomplete),
];

pub fn read(reader: &SheetReader<'_>) -> Option<(CellPlace, Event)> {
    let header = SheetRow::default();
    let subject = reader.subject(&header);
    let year = reader.year(&header);
    let basis = reader.required_line(&header, SheetField::Basis);
    let service = match (&subject, reader.is_empty(&header, SheetField::Service)) {
        (Some(subject), false) => Some(reader.service(&header, SheetField::Service, subject)?),
        _ => None,
    };
    let subject = subject?;
    let parties = subject.names.map_or(&[][..], |names| &names.parties);
    let mut shares: Vec<(String, CellPlace, ShareText)> = Vec::new();
    for row in lines::rows(reader, COLUMNS) {
        let label = reader.cell(&row, SheetField::Body);
        let label = label.map(|(_, cell)| cell_text(cell).unwrap_or_default());
        if label.is_some_and(|label| total_of(&label).is_some()) {
            continue;
        }
        let body = reader.required_body(&row, SheetField::Body, parties);
        let Some((place, cell)) = reader.cell(&row, SheetField::Share) else {
            reader.missing(&row, SheetField::Share);
            continue;
        };
        let stated = reader.kept(place, share(cell));
        if let (Some(body), Some(Stated::Value(share))) = (body, stated) {
            shares.push((body, place, share));
        }
    }
    let shares = in_millionths(reader, shares);
    let stated = reader.choice(&header, SheetField::SharesAre, SHARES_ARE);
    let total: i64 = shares.iter().map(|share| i64::from(share.share_ppm)).sum();
    if stated.is_none() && total != WHOLE_PPM && !reader.has_faults() {
        reader.fault(
            (reader.layout.headings.unwrap_or(0), 0),
            format!(
                "the shares total {}.{:04} %: mend them, or write \"Shares are\" and \"rounded\" or \
                 \"incomplete\" in a row at the top",
                total / 10_000,
                total % 10_000
            ),
        );
    }
    let formula = FundingFormulaSet {
        service_id: service.unwrap_or_default(),
        financial_year: year?.to_string(),
        basis: basis?,
        shares,
        shares_are: stated.unwrap_or_default().into(),
        ..FundingFormulaSet::default()
    };
    let kind = event::Kind::FundingFormulaSet(formula);
    Some(((0, 0), reader.event(&header, &subject.subject, kind)))
}

/// Shares without a percent sign are percentages, unless all of them are at most one: then
/// the cells have the format of a percentage, and hold parts of the whole.
fn in_millionths(
    reader: &SheetReader<'_>,
    shares: Vec<(String, CellPlace, ShareText)>,
) -> Vec<Share> {
    let are_parts = shares
        .iter()
        .all(|(_, _, share)| !share.is_percent && share.number_ppm <= WHOLE_PPM);
    let ppm = |place: CellPlace, share: ShareText| {
        let ppm = match are_parts {
            true => Some(share.number_ppm),
            false => (share.number_ppm % 100 == 0).then_some(share.number_ppm / 100),
        };
        let ppm = ppm.and_then(|ppm| u32::try_from(ppm).ok());
        let ppm = ppm.filter(|ppm| i64::from(*ppm) <= WHOLE_PPM);
        if ppm.is_none() {
            reader.fault(
                place,
                "a share is at most 100%, with at most 4 digits after the point",
            );
        }
        ppm
    };
    shares
        .into_iter()
        .filter_map(|(body_id, place, share)| {
            let share_ppm = ppm(place, share)?;
            Some(Share { body_id, share_ppm })
        })
        .collect()
}
