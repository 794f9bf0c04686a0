//! Who recorded, voted, signed and read: a part for each caller.
//!
//! It is made from entries, the mandates that they rest on, and the readings that were
//! noted beside the log. A caller is a pseudonym, with the offices of their mandates.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::mandates::holder;
use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::enum_label::EnumLabel as _;
use minutebook_wire::proto::event::Kind;
use minutebook_wire::proto::log_reading::Sort;
use minutebook_wire::proto::{
    Actor, CallerPrincipal, Entry, Event, LogReading, MandateGranted, ReadHistoryResponse,
};

/// The name of those for whom nobody was signed in.
const NOBODY: &str = "Nobody signed in, local";

const AT_STORE: &str = "A command at the store";

/// Everything that callers did, by caller.
#[derive(Debug, Default)]
pub struct WhoReport {
    mandates: BTreeMap<u64, MandateGranted>,
    callers: BTreeMap<CallerIdentity, CallerDeeds>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum CallerIdentity {
    Pseudonym(String),
    Store,
    Nobody,
}

#[derive(Debug, Default)]
struct CallerDeeds {
    /// The offices, roles and holders of the mandates that were used.
    offices: BTreeSet<String>,
    deeds: Vec<Deed>,
}

/// One line: an entry that a caller recorded, or what they read on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Deed {
    /// Empty where nobody was signed in.
    pub pseudonym: String,
    /// The offices of the mandates, or else the groups.
    pub caller: String,
    pub mandate_positions: Vec<u64>,
    /// Such as "voted".
    pub did: &'static str,
    /// The bodies, offices or board for whom.
    pub on_behalf_of: String,
    pub subject: String,
    /// The entry, or the first position that was read.
    pub position: u64,
    /// The last position that was read; zero for none, and the entry itself for an entry.
    pub to_position: u64,
    pub recorded_by: String,
    /// An instant of RFC 3339.
    pub at: String,
    pub summary: String,
    #[serde(skip)]
    instant: Option<prost_types::Timestamp>,
}

impl WhoReport {
    /// Takes note of an entry that grants a mandate, so that those who use it have a name.
    pub fn note_mandate(&mut self, entry: &Entry) {
        let kind = entry.event.as_ref().and_then(|event| event.kind.as_ref());
        if let Some(Kind::MandateGranted(granted)) = kind {
            self.mandates.insert(entry.position, granted.clone());
        }
    }

    /// Adds an entry to what its caller did.
    pub fn add_entry(&mut self, told: &ReadHistoryResponse) {
        let Some(entry) = &told.entry else {
            return;
        };
        let caller = entry.caller.clone().unwrap_or_default();
        let identity = match (caller.at_store, caller.pseudonym.as_slice()) {
            (true, _) => CallerIdentity::Store,
            (false, []) => CallerIdentity::Nobody,
            (false, bytes) => CallerIdentity::Pseudonym(hex(bytes)),
        };
        let event = entry.event.clone().unwrap_or_default();
        let (did, on_behalf_of) = deed(&event);
        let deed = Deed {
            mandate_positions: caller.mandate_positions,
            did,
            on_behalf_of,
            subject: event.subject.clone(),
            position: entry.position,
            to_position: entry.position,
            recorded_by: entry.recorded_by.clone(),
            summary: told.summary.clone(),
            instant: entry.recorded_at,
            ..Deed::default()
        };
        self.add(identity, deed, None);
    }

    /// Adds what a caller read.
    pub fn add_reading(&mut self, reading: &LogReading) {
        let identity = match reading.signed_in {
            true => CallerIdentity::Pseudonym(reading.pseudonym.clone()),
            false => CallerIdentity::Nobody,
        };
        let times = match reading.begun {
            1 => "once".to_owned(),
            begun => format!("{begun} times"),
        };
        let finished = reading.finished;
        let deed = Deed {
            mandate_positions: reading.mandate_positions.clone(),
            did: match reading.sort() {
                Sort::Export => "exported the log",
                Sort::History => "read the log",
                Sort::Subscription => "followed the log",
                Sort::Unspecified => "",
            },
            position: reading.from_position,
            to_position: reading.to_position,
            summary: format!("{times}, {finished} to the end"),
            instant: reading.first_at,
            ..Deed::default()
        };
        let principals = reading.principals.iter().map(principal);
        let principals: Vec<String> = principals.collect();
        self.add(identity, deed, Some(principals.join(", ")));
    }

    /// `otherwise` names a caller of whom no mandate is known.
    fn add(&mut self, identity: CallerIdentity, mut deed: Deed, otherwise: Option<String>) {
        let granted = deed.mandate_positions.iter();
        let granted = granted.filter_map(|position| self.mandates.get(position));
        let mut offices: Vec<String> = granted.map(office).collect();
        if offices.is_empty() {
            offices.extend(otherwise.filter(|names| !names.is_empty()));
        }
        deed.caller = match &identity {
            CallerIdentity::Pseudonym(_) => offices.join("; "),
            CallerIdentity::Store => AT_STORE.to_owned(),
            CallerIdentity::Nobody => NOBODY.to_owned(),
        };
        if let CallerIdentity::Pseudonym(pseudonym) = &identity {
            deed.pseudonym.clone_from(pseudonym);
        }
        deed.at = deed
            .instant
            .as_ref()
            .map(crate::dates::utc_instant)
            .unwrap_or_default();
        let of_caller = self.callers.entry(identity).or_default();
        of_caller.offices.extend(offices);
        of_caller.deeds.push(deed);
    }

    /// All lines, caller by caller.
    pub fn deeds(&self) -> impl Iterator<Item = &Deed> {
        self.callers.values().flat_map(|of_caller| &of_caller.deeds)
    }

    pub fn report(&self) -> Report {
        let mut list = sheet("Who recorded and read");
        let parts = self.callers.iter().map(|(identity, of_caller)| {
            let mut part = sheet(&heading(identity, of_caller));
            for deed in &of_caller.deeds {
                part.row(row(deed));
                list.row(row(deed));
            }
            part
        });
        let parts: Vec<Sheet> = parts.collect();
        if parts.is_empty() {
            return Report::List(list.when_empty("Nobody recorded or read anything in that time."));
        }
        Report::Parts { list, parts }
    }
}

fn heading(identity: &CallerIdentity, of_caller: &CallerDeeds) -> String {
    let offices = of_caller.offices.iter().map(String::as_str);
    let offices: Vec<&str> = offices.collect();
    match identity {
        CallerIdentity::Pseudonym(pseudonym) if offices.is_empty() => {
            format!("Caller {pseudonym}")
        }
        CallerIdentity::Pseudonym(pseudonym) => {
            format!("{}: caller {pseudonym}", offices.join("; "))
        }
        CallerIdentity::Store => AT_STORE.to_owned(),
        CallerIdentity::Nobody => NOBODY.to_owned(),
    }
}

fn sheet(heading: &str) -> Sheet {
    let mut sheet = Sheet::new("who", heading).with_prose();
    sheet
        .column_for(Audience::Programs, "pseudonym", "")
        .column_for(Audience::Programs, "caller", "")
        .column_for(Audience::Programs, "mandate_positions", "")
        .column_for(Audience::People, "entry", "Entry")
        .column_for(Audience::Programs, "position", "")
        .column_for(Audience::Programs, "to_position", "")
        .column("at", "When")
        .column("did", "Did")
        .column("on_behalf_of", "For")
        .column("recorded_by", "Recorded as")
        .column("subject", "Subject")
        .column("summary", "What");
    sheet
}

fn row(deed: &Deed) -> Vec<Cell> {
    let mandates = deed.mandate_positions.iter().map(ToString::to_string);
    let mandates: Vec<String> = mandates.collect();
    let range = match (deed.position, deed.to_position) {
        (from, to) if from == to => from.to_string(),
        (from, 0) => format!("{from} – none"),
        (from, to) => format!("{from} – {to}"),
    };
    vec![
        deed.pseudonym.as_str().into(),
        deed.caller.as_str().into(),
        mandates.join(" ").into(),
        range.into(),
        deed.position.into(),
        deed.to_position.into(),
        deed.instant.map_or(Cell::Empty, Cell::At),
        deed.did.into(),
        deed.on_behalf_of.as_str().into(),
        deed.recorded_by.as_str().into(),
        deed.subject.as_str().into(),
        deed.summary.as_str().into(),
    ]
}

/// `Chief Finance Officer (member), group finance of https://login.example.gov.uk`
fn office(granted: &MandateGranted) -> String {
    let holder = holder(&granted.holder.clone().unwrap_or_default());
    let role = granted.role().label();
    format!("{} ({role}), {}", granted.recorded_as, holder.for_people())
}

/// `group finance of https://login.example.gov.uk`
fn principal(principal: &CallerPrincipal) -> String {
    let kind = principal.kind().label();
    format!("{kind} {} of {}", principal.value, principal.issuer)
}

/// The deed of the caller of an event, and for whom it was.
fn deed(event: &Event) -> (&'static str, String) {
    let actor = |actor: &Option<Actor>| actor.as_ref().map(actor_name).unwrap_or_default();
    let acted = || actor(&event.acted_by);
    let board = |id: &str| match id {
        "" if event.subject.starts_with("boards/") => event.subject.clone(),
        "" => acted(),
        id => format!("boards/{id}"),
    };
    match &event.kind {
        Some(Kind::VoteCast(vote)) => ("voted", actor(&vote.voter)),
        Some(Kind::ExternalDecisionReceived(answer)) => {
            ("recorded an answer", bodies([&answer.decider_id]))
        }
        Some(Kind::DecisionMade(made)) => ("recorded a decision", board(&made.board_id)),
        Some(Kind::VirementApproved(made)) => ("recorded a decision", board(&made.board_id)),
        Some(Kind::DecisionCalledIn(called)) => ("called in a decision", board(&called.board_id)),
        Some(Kind::MinutesApproved(_)) => ("recorded approved minutes", board("")),
        Some(Kind::AgreementSigned(signed)) => {
            let signers = std::iter::once(&signed.body_id).chain(&signed.also_body_ids);
            ("signed", bodies(signers))
        }
        Some(Kind::DisposalConfirmed(confirmed)) => ("confirmed", bodies([&confirmed.body_id])),
        Some(Kind::NoticeGiven(notice)) => ("gave notice", bodies([&notice.body_id])),
        Some(Kind::DirectionIssued(direction)) => {
            ("recorded a direction", actor(&direction.issuer))
        }
        Some(Kind::EntryCorrected(_)) => ("corrected an entry", acted()),
        Some(_) | None => ("recorded", acted()),
    }
}

fn bodies<'a>(ids: impl IntoIterator<Item = &'a String>) -> String {
    let ids = ids.into_iter().filter(|id| !id.is_empty());
    let ids: Vec<String> = ids.map(|id| format!("bodies/{id}")).collect();
    ids.join(", ")
}

/// `bodies/kent-fire (Chief Finance Officer)`
fn actor_name(actor: &Actor) -> String {
    match (actor.body_id.as_str(), actor.office.as_str()) {
        ("", office) => office.to_owned(),
        (body, "") => format!("bodies/{body}"),
        (body, office) => format!("bodies/{body} ({office})"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{csv, table};
    use minutebook_wire::proto::principal::Name;
    use minutebook_wire::proto::{EntryCaller, MandateRole, Principal, VoteCast};

    fn entry(position: u64, caller: Option<EntryCaller>, kind: Kind) -> ReadHistoryResponse {
        ReadHistoryResponse {
            withheld: None,
            marking: 0,
            entry: Some(Entry {
                position,
                caller,
                recorded_by: "Kent Fire".to_owned(),
                event: Some(Event {
                    subject: "collaborations/bch".to_owned(),
                    kind: Some(kind),
                    ..Event::default()
                }),
                ..Entry::default()
            }),
            summary: "What happened".to_owned(),
            corrected_by_position: 0,
        }
    }

    fn report() -> WhoReport {
        let granted = MandateGranted {
            recorded_as: "Kent Fire".to_owned(),
            role: MandateRole::Member.into(),
            holder: Some(Principal {
                issuer: "https://a.example".to_owned(),
                name: Some(Name::Group("kent".to_owned())),
            }),
            ..MandateGranted::default()
        };
        let vote = VoteCast {
            voter: Some(Actor {
                body_id: "kent-fire".to_owned(),
                office: String::new(),
            }),
            ..VoteCast::default()
        };
        let at_store = EntryCaller {
            at_store: true,
            ..EntryCaller::default()
        };
        let member = EntryCaller {
            mandate_positions: vec![1],
            pseudonym: vec![0xab; 16],
            at_store: false,
        };
        let grant = entry(1, Some(at_store), Kind::MandateGranted(granted));
        let mut who = WhoReport::default();
        who.note_mandate(grant.entry.as_ref().unwrap());
        who.add_entry(&grant);
        who.add_entry(&entry(2, Some(member), Kind::VoteCast(vote.clone())));
        who.add_entry(&entry(3, None, Kind::VoteCast(vote)));
        who.add_reading(&LogReading {
            sort: Sort::Export.into(),
            signed_in: true,
            pseudonym: "ab".repeat(16),
            mandate_positions: vec![1],
            begun: 2,
            finished: 1,
            from_position: 1,
            to_position: 57,
            ..LogReading::default()
        });
        who
    }

    #[test]
    fn a_caller_is_named_by_their_mandates_with_all_that_they_did() {
        let who = report();
        let people = table::render(&who.report(), table::Layout::plain(200));
        for text in [
            "Kent Fire (member), group kent of https://a.example: caller abab",
            "voted",
            "bodies/kent-fire",
            "exported the log",
            "1 – 57",
            "2 times, 1 to the end",
            NOBODY,
            AT_STORE,
        ] {
            assert!(people.contains(text), "{text}\n{people}");
        }
        let mut programs = Vec::new();
        csv::write(&who.report(), &mut programs).unwrap();
        let programs = String::from_utf8(programs).unwrap();
        assert_eq!(programs.lines().count(), 5, "{programs}");
        let deeds: Vec<_> = who.deeds().map(|deed| (deed.position, deed.did)).collect();
        let expected = [
            (2, "voted"),
            (1, "exported the log"),
            (1, "recorded"),
            (3, "voted"),
        ];
        assert_eq!(deeds, expected);
    }
}
