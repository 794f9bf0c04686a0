//! Entries of the log: a row for each.

use crate::cell::Cell;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::json;
use minutebook_wire::proto::authority::Basis;
use minutebook_wire::proto::{
    AcknowledgedBreach, Entry, Event, ProtectiveMarking, ReadHistoryResponse,
};

/// The columns, without rows: entries come as a stream.
pub fn sheet() -> Sheet {
    let mut sheet = Sheet::new("entries", "");
    sheet
        .column("position", "Position")
        .column_for(Audience::Programs, "revision", "")
        .column("recorded_at", "Recorded")
        .column_for(Audience::Programs, "recorded_by", "")
        .column_for(Audience::Programs, "request_id", "")
        .column_for(Audience::Programs, "request_index", "")
        .column_for(Audience::Programs, "request_size", "")
        .column_for(Audience::People, "effective", "Effective")
        .column("subject", "Subject")
        .column_for(Audience::Programs, "kind", "")
        .column_for(Audience::Programs, "effective_on", "")
        .column_for(Audience::Programs, "decided_on", "")
        .column_for(Audience::Programs, "acted_by", "")
        .column_for(Audience::Programs, "breach", "")
        .column_for(Audience::Programs, "corrected_by_position", "")
        .column_for(Audience::Programs, "summary", "")
        .column_for(Audience::Programs, "marking", "")
        .column_for(Audience::Programs, "withheld", "")
        .column_for(Audience::People, "event", "What");
    sheet
}

/// One entry.
pub fn entry(answer: &ReadHistoryResponse) -> Sheet {
    let entry = answer.entry.clone().unwrap_or_default();
    let event = entry.event.clone().unwrap_or_default();
    let actor = event.acted_by.clone().unwrap_or_default();
    let acted_by = match (actor.body_id.as_str(), actor.office.as_str()) {
        (body, "") => body.to_owned(),
        ("", office) => office.to_owned(),
        (body, office) => format!("{body} ({office})"),
    };
    let request_id = uuid::Uuid::from_slice(&entry.request_id);
    let effective_on = Cell::from(&event.effective_on);
    let withheld = answer.withheld.as_ref();
    let mut sheet = sheet();
    sheet.row(vec![
        withheld
            .map_or(entry.position, |withheld| withheld.position)
            .into(),
        entry.revision.into(),
        recorded_at(&entry),
        (&entry.recorded_by).into(),
        request_id.map_or(Cell::Empty, |id| id.to_string().into()),
        entry.request_index.into(),
        entry.request_size.into(),
        effective_on.clone(),
        (&event.subject).into(),
        kind(&event).into(),
        effective_on,
        (&event.decided_on).into(),
        acted_by.into(),
        Cell::Yes(acknowledged_breach(&event).is_some()),
        match answer.corrected_by_position {
            0 => Cell::Empty,
            position => position.into(),
        },
        (&answer.summary).into(),
        marking_cell(answer),
        Cell::Yes(withheld.is_some()),
        in_words(answer, &event).into(),
    ]);
    sheet
}

/// By what the entry is protected; empty if it is not marked.
fn marking_cell(answer: &ReadHistoryResponse) -> Cell {
    match answer.marking() {
        ProtectiveMarking::Unspecified => Cell::Empty,
        marking => Cell::label(marking),
    }
}

/// The summary, and what a reader must know beside it.
fn in_words(answer: &ReadHistoryResponse, event: &Event) -> String {
    if answer.withheld.is_some() {
        return "withheld: you may not read this entry".to_owned();
    }
    let mut text = match answer.summary.as_str() {
        "" => kind(event).replace('_', " "),
        summary => summary.to_owned(),
    };
    if let Some(breach) = acknowledged_breach(event) {
        text.push_str(&match breach.proposal_id.as_str() {
            "" => " [acknowledged breach]".to_owned(),
            id => format!(" [acknowledged breach, beside proposal {id}]"),
        });
    }
    if answer.corrected_by_position > 0 {
        text.push_str(&format!(" [corrected by {}]", answer.corrected_by_position));
    }
    text
}

/// When an entry was recorded.
pub fn recorded_at(entry: &Entry) -> Cell {
    entry.recorded_at.map_or(Cell::Empty, Cell::At)
}

/// Any way of writing a kind, such as `AgreementSigned`, as the protocol writes it:
/// `agreement_signed`.
pub fn snake_case(text: &str) -> String {
    let mut snake = String::new();
    for c in text.chars() {
        match c {
            '-' => snake.push('_'),
            c if c.is_ascii_uppercase() => {
                if !snake.is_empty() {
                    snake.push('_');
                }
                snake.push(c.to_ascii_lowercase());
            }
            c => snake.push(c),
        }
    }
    snake
}

/// The name of an event's kind, as the protocol has it: `agreement_signed`.
///
/// It is the one field of the event's JSON form that is not among those every
/// event has, so a kind that is added to the protocol needs nothing here.
fn kind(event: &Event) -> String {
    const EVERY_EVENT_HAS: [&str; 9] = [
        "subject",
        "effectiveOn",
        "effectiveOnIs",
        "decidedOn",
        "actedBy",
        "authority",
        "sources",
        "note",
        "eventId",
    ];
    let serde_json::Value::Object(fields) = json::to_value(event) else {
        return String::new();
    };
    let mut names = fields.keys();
    let name = names.find(|name| !EVERY_EVENT_HAS.contains(&name.as_str()));
    name.map_or_else(String::new, |name| snake_case(name))
}

fn acknowledged_breach(event: &Event) -> Option<&AcknowledgedBreach> {
    match event.authority.as_ref()?.basis.as_ref()? {
        Basis::AcknowledgedBreach(breach) => Some(breach),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use prost_types::Timestamp;

    use super::*;
    use crate::csv;
    use minutebook_wire::proto::{AgreementSigned, Date, MouUpdated, event};

    const DATE: Option<Date> = Some(Date {
        year: 2015,
        month: 10,
        day: 0,
    });

    fn answer() -> ReadHistoryResponse {
        ReadHistoryResponse {
            withheld: None,
            marking: 0,
            entry: Some(Entry {
                position: 7,
                revision: 2,
                recorded_at: Some(Timestamp {
                    seconds: 1_594_800_000,
                    nanos: 0,
                }),
                recorded_by: "=Clerk".into(),
                request_id: vec![0; 16],
                request_size: 1,
                event: Some(Event {
                    subject: "collaborations/bch".into(),
                    effective_on: DATE,
                    kind: Some(event::Kind::AgreementSigned(AgreementSigned::default())),
                    ..Default::default()
                }),
                ..Default::default()
            }),
            summary: "A party signs".into(),
            corrected_by_position: 9,
        }
    }

    #[test]
    fn a_kind_is_printed_as_published() {
        assert_eq!(
            kind(&answer().entry.unwrap().event.unwrap()),
            "agreement_signed"
        );
        let mut event = Event {
            currency: String::new(),
            marking: 0,
            subject: "boards/x".into(),
            note: "n".into(),
            event_id: "e".into(),
            effective_on: DATE,
            effective_on_is: 1,
            decided_on: DATE,
            acted_by: Some(Default::default()),
            authority: Some(Default::default()),
            sources: vec![Default::default()],
            kind: None,
        };
        assert_eq!(kind(&event), "", "a field that every event has is no kind");
        event.kind = Some(event::Kind::MouUpdated(MouUpdated::default()));
        assert_eq!(kind(&event), "mou_updated");
    }

    #[test]
    fn a_kind_is_read_however_it_is_written() {
        for text in ["agreement_signed", "agreement-signed", "AgreementSigned"] {
            assert_eq!(snake_case(text), "agreement_signed");
        }
    }

    #[test]
    fn an_entry_is_one_line_of_the_file() {
        let mut bytes = Vec::new();
        csv::write_header(&sheet(), &mut bytes).unwrap();
        csv::write_rows(&entry(&answer()), &mut bytes).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "position,revision,recorded_at,recorded_by,request_id,request_index,request_size,\
             subject,kind,effective_on,decided_on,acted_by,breach,corrected_by_position,summary,marking,withheld\n\
             7,2,2020-07-15T08:00:00Z,'=Clerk,00000000-0000-0000-0000-000000000000,0,1,\
             collaborations/bch,agreement_signed,2015-10,,,no,9,A party signs,,no\n"
        );
    }
}
