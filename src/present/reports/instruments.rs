//! Instruments, with who must sign and who has, and their versions.
//!
//! Collaborations, bodies and boards all have instruments; they are shown alike.

use super::{faults, mandates, renewals};
use crate::cell::{Cell, money};
use crate::dates;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{EndCause, InstrumentView, SignatureView, Standing, TermKind, Terms};

/// The instruments, their signatures, versions, reviews and faults, a sheet for each.
pub fn sheets(instruments: &[InstrumentView]) -> Vec<Sheet> {
    vec![
        list(instruments),
        signatures(instruments),
        accessions(instruments),
        publications(instruments),
        versions(instruments),
        renewals::sheet(instruments),
        reviews(instruments),
        faults::of_instruments(instruments),
    ]
}

fn list(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("instruments", "Instruments")
        .with_prose()
        .columns([
            ("instrument_id", "Id"),
            ("title", "Title"),
            ("kind", "Kind"),
            ("standing", "Standing"),
            ("in_force_on", "In force"),
            ("ends_on", "Ends"),
            ("review_on", "Review"),
            ("notice", "Notice"),
            ("services", "Services"),
            ("superseded_by", "Superseded by"),
            ("summary", "Purpose"),
        ]);
    let any = |says: fn(&InstrumentView) -> bool| Audience::all_if(instruments.iter().any(says));
    let has_terms = |i: &InstrumentView| {
        let terms = i
            .terms
            .as_ref()
            .map(|terms| further_terms(terms, &i.currency));
        terms.is_some_and(|terms| terms != Cell::Empty)
    };
    sheet
        .column_for(any(has_terms), "terms", "Terms")
        .column_for(
            any(|i| !i.legal_basis.is_empty()),
            "legal_basis",
            "Legal basis",
        )
        .column_for(any(|i| remarks(i) != Cell::Empty), "remarks", "Remarks");
    for instrument in instruments {
        sheet.row(vec![
            (&instrument.instrument_id).into(),
            (&instrument.title).into(),
            Cell::label(instrument.kind()),
            Cell::label(instrument.standing()),
            Cell::dated(&instrument.in_force_on, instrument.in_force_on_is()),
            if instrument.ends_on_not_given {
                "not given".into()
            } else {
                (&instrument.ends_on).into()
            },
            if instrument.review_on.is_none() && leaves_out(instrument, TermKind::Review) {
                "not given".into()
            } else {
                (&instrument.review_on).into()
            },
            instrument.terms.as_ref().map_or(Cell::Empty, notice),
            (&instrument.service_ids).into(),
            superseded_by(instrument),
            (&instrument.summary).into(),
            instrument.terms.as_ref().map_or(Cell::Empty, |terms| {
                further_terms(terms, &instrument.currency)
            }),
            (&instrument.legal_basis).into(),
            remarks(instrument),
        ]);
    }
    sheet
}

/// Those of its own subject by their id alone.
fn superseded_by(instrument: &InstrumentView) -> Cell {
    let by = instrument.superseded_by.iter().map(|by| {
        if by.instrument_id == instrument.superseded_by_id {
            Cell::from(&by.instrument_id)
        } else {
            Cell::from(by)
        }
    });
    Cell::list(by)
}

fn notice(terms: &Terms) -> Cell {
    let clauses = [
        (terms.notice_as_party_months, "months as party"),
        (terms.notice_as_party_days, "days as party"),
        (terms.notice_as_lead_months, "months as lead"),
        (terms.notice_as_lead_days, "days as lead"),
    ];
    let texts = clauses
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| Cell::Text(format!("{number} {what}")));
    let to = terms
        .notice_ends_on
        .as_ref()
        .map(|day| Cell::Text(format!("to {:02}-{:02} of a year", day.month, day.day)));
    let missing = [
        (TermKind::NoticeAsParty, "as party: not given"),
        (TermKind::NoticeAsLead, "as lead: not given"),
    ];
    let missing = missing
        .iter()
        .filter(|(kind, _)| terms.not_given().any(|missing| missing == *kind))
        .map(|(_, what)| Cell::from(*what));
    Cell::list(texts.chain(to).chain(missing))
}

/// Whether the source does not give a term.
fn leaves_out(instrument: &InstrumentView, kind: TermKind) -> bool {
    let mut terms = instrument.terms.iter();
    terms.any(|terms| terms.not_given().any(|missing| missing == kind))
}

/// The terms that no other column has.
fn further_terms(terms: &Terms, currency: &str) -> Cell {
    let mut parts = Vec::new();
    if let Some(day) = &terms.commences_on {
        parts.push(format!("with effect from {}", dates::date(day)));
    }
    if let Some(day) = &terms.no_exit_before_on {
        parts.push(format!("no exit before {}", dates::date(day)));
    }
    if terms.minimum_term_months > 0 {
        parts.push(format!(
            "minimum term of {} months",
            terms.minimum_term_months
        ));
    }
    if terms.rolling_months > 0 {
        parts.push(format!("renews itself for {} months", terms.rolling_months));
    }
    if terms.notice_ends_agreement {
        parts.push("the notice of one party ends it for all".to_owned());
    }
    for option in &terms.extensions {
        let by = match &option.exercise_by_on {
            Some(day) => format!(" by {}", dates::date(day)),
            None => String::new(),
        };
        let of = match &option.holder_ids[..] {
            [] => String::new(),
            holders => format!(" for {}", holders.join(", ")),
        };
        let up_to = if option.up_to { "up to " } else { "" };
        parts.push(format!("option of {up_to}{} months{by}{of}", option.months));
    }
    if !terms.accession_party_ids.is_empty() {
        let by = terms.accession_party_ids.join(", ");
        parts.push(format!("accession agreed by {by}"));
    }
    if terms.value_pence != 0 {
        parts.push(format!("value {}", money(terms.value_pence, currency)));
    }
    let in_columns = [
        TermKind::Expiry,
        TermKind::Review,
        TermKind::NoticeAsParty,
        TermKind::NoticeAsLead,
    ];
    let missing = terms.not_given().filter(|kind| !in_columns.contains(kind));
    parts.extend(missing.map(|kind| format!("{}: not given", kind.label())));
    parts.join("\n").into()
}

fn remarks(instrument: &InstrumentView) -> Cell {
    let mut parts = Vec::new();
    parts.extend(mandates::marked(instrument.marking()));
    if instrument.is_retrospective {
        parts.push("retrospective: signed after the day from which it has force".to_owned());
    }
    if instrument.signatories_unknown {
        parts.push("who must sign is not known".to_owned());
    }
    if instrument.ended_with_collaboration {
        parts.push("ended with the collaboration".to_owned());
    }
    if instrument.end_cause() != EndCause::Unspecified {
        let mut end = match instrument.end_cause() {
            EndCause::NotGiven => "ended, cause not given".to_owned(),
            cause => format!("ended by {}", cause.label()),
        };
        if !instrument.end_agreed_by.is_empty() {
            let by = Cell::from(&instrument.end_agreed_by).for_people();
            end.push_str(&format!(" of {by}"));
        }
        for notice in &instrument.end_notice_ids {
            end.push_str(&format!(" {notice}"));
        }
        if !instrument.end_direction_id.is_empty() {
            end.push_str(&format!(" {}", instrument.end_direction_id));
        }
        if !instrument.end_legal_basis.is_empty() {
            end.push_str(&format!(" ({})", instrument.end_legal_basis));
        }
        if !instrument.end_reason.is_empty() {
            end.push_str(&format!(": {}", instrument.end_reason));
        }
        parts.push(end);
    }
    if let Some(since) = &instrument.one_party_since_on {
        let since = dates::date(since);
        parts.push(format!(
            "no two parties since {since}: it is to be ended, unless another joins"
        ));
    }
    match instrument.rolled_count {
        0 => {}
        1 => parts.push("renewed itself once".to_owned()),
        count => parts.push(format!("renewed itself {count} times")),
    }
    if !instrument.extensions_left.is_empty() {
        let left = instrument.extensions_left.len();
        parts.push(format!("options to extend not exercised: {left}"));
    }
    parts.join("\n").into()
}

fn accessions(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("accessions", "Joined by an instrument").columns([
        ("instrument_id", "Instrument"),
        ("body", "Body"),
        ("acceded_on", "Acceded on"),
        ("signed_on", "Signed"),
        ("agreed_by", "Agreed by"),
        ("awaited", "Agreement awaited of"),
    ]);
    for instrument in instruments {
        for accession in &instrument.accessions {
            sheet.row(vec![
                (&instrument.instrument_id).into(),
                (&accession.body).into(),
                Cell::dated(&accession.acceded_on, accession.acceded_on_is()),
                match accession.signature_awaited {
                    true => Cell::named("", "awaited"),
                    false => (&accession.signed_on).into(),
                },
                (&accession.agreed_by).into(),
                (&accession.awaited).into(),
            ]);
        }
    }
    sheet
}

fn publications(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("publications", "Publication by each maker")
        .with_prose()
        .columns([
            ("instrument_id", "Instrument"),
            ("body", "Maker"),
            ("published", "Published"),
            ("published_on", "On"),
            ("document", "Document"),
            ("uri", "Link"),
            ("sha256", "SHA-256"),
            ("withheld", "Withheld"),
            ("withheld_on", "On"),
            ("ground", "Ground"),
        ]);
    for instrument in instruments {
        for line in &instrument.publications {
            let document = line.document.clone().unwrap_or_default();
            sheet.row(vec![
                (&instrument.instrument_id).into(),
                (&line.body).into(),
                if line.is_missing {
                    Cell::named("", "neither text nor fact")
                } else {
                    Cell::label(line.published())
                },
                (&line.published_on).into(),
                (&document.title).into(),
                (&document.uri).into(),
                (&document.sha256).into(),
                Cell::label(line.withheld()),
                (&line.withheld_on).into(),
                (&line.ground).into(),
            ]);
        }
    }
    sheet
}

fn signatures(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("signatures", "Signatures").columns([
        ("instrument_id", "Instrument"),
        ("body", "Party"),
        ("office", "Office"),
        ("signed_on", "Signed"),
    ]);
    let signatures = || instruments.iter().flat_map(|i| &i.signatures);
    let any = |says: fn(&SignatureView) -> bool| Audience::all_if(signatures().any(says));
    sheet
        .column_for(
            any(|s| !s.followed_by.is_empty()),
            "followed_by",
            "Followed by",
        )
        .column_for(
            any(|s| s.on_behalf_by.is_some()),
            "on_behalf_by",
            "By delegation",
        )
        .column_for(any(|s| s.acceded_on.is_some()), "acceded_on", "Acceded on")
        .column_for(
            any(|s| !s.signed_again_on.is_empty()),
            "signed_again_on",
            "Signed again",
        )
        .column_for(
            any(|s| s.no_more_since_on.is_some()),
            "no_more_since_on",
            "No more since",
        )
        .column_for(
            any(|s| !s.by_direction_id.is_empty()),
            "by_direction_id",
            "By direction",
        )
        .column_for(
            any(|s| s.exists_from_on.is_some()),
            "exists_from_on",
            "Exists only from",
        );
    for instrument in instruments {
        let id = &instrument.instrument_id;
        // Only while the document waits is a missing signature awaited.
        let waits = instrument.standing() == Standing::AwaitingSignature;
        for signature in &instrument.signatures {
            let signed = match &signature.signed_on {
                Some(_) => Cell::dated(&signature.signed_on, signature.signed_on_is()),
                None if waits && signature.by_direction_id.is_empty() => Cell::named("", "awaited"),
                None => Cell::Empty,
            };
            sheet.row(vec![
                id.into(),
                match signature.others.is_empty() {
                    true => (&signature.body).into(),
                    false => (&signature.others).into(),
                },
                (&signature.office).into(),
                signed,
                (&signature.followed_by).into(),
                (&signature.on_behalf_by).into(),
                (&signature.acceded_on).into(),
                Cell::list(signature.signed_again_on.iter().map(|on| Cell::On(*on))),
                (&signature.no_more_since_on).into(),
                (&signature.by_direction_id).into(),
                (&signature.exists_from_on).into(),
            ]);
        }
        let mut signatures = instrument.signatures.iter();
        let others_signed = signatures.any(|signature| !signature.others.is_empty());
        if !instrument.other_parties.is_empty() && !others_signed {
            sheet.row(vec![
                id.into(),
                (&instrument.other_parties).into(),
                Cell::Empty,
                Cell::named("", "as described"),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
            ]);
        }
    }
    sheet
}

fn reviews(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("instrument_reviews", "Reviews of instruments")
        .with_prose()
        .columns([
            ("instrument_id", "Instrument"),
            ("reviewed_on", "Reviewed"),
            ("outcome", "Outcome"),
            ("next_review_on", "Next"),
        ]);
    for instrument in instruments {
        for review in &instrument.reviews {
            sheet.row(vec![
                (&instrument.instrument_id).into(),
                (&review.reviewed_on).into(),
                (&review.outcome).into(),
                (&review.next_review_on).into(),
            ]);
        }
    }
    sheet
}

fn versions(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("versions", "Versions").with_prose().columns([
        ("instrument_id", "Instrument"),
        ("version", "No."),
        ("effective_on", "From"),
        ("summary", "Change"),
        ("document", "Document"),
        ("uri", "Link"),
        ("sha256", "SHA-256"),
        ("position", "Entry"),
    ]);
    let versions = || instruments.iter().flat_map(|i| &i.versions);
    let agreed = Audience::all_if(versions().any(|version| !version.agreed_by.is_empty()));
    let remarked = Audience::all_if(versions().any(|version| !version.remarks.is_empty()));
    sheet
        .column_for(agreed, "agreed_by", "Agreed by")
        .column_for(remarked, "remarks", "Remarks");
    for instrument in instruments {
        for version in &instrument.versions {
            let document = version.document.clone().unwrap_or_default();
            sheet.row(vec![
                (&instrument.instrument_id).into(),
                version.number.into(),
                Cell::dated(&version.effective_on, version.effective_on_is()),
                (&version.summary).into(),
                (&document.title).into(),
                (&document.uri).into(),
                (&document.sha256).into(),
                version.position.into(),
                (&version.agreed_by).into(),
                (&version.remarks).into(),
            ]);
        }
    }
    sheet
}
