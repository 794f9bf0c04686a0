//! Rule 0: whether a caller may say an event, and on which mandates the entry rests.
//!
//! It is judged before every other rule, on the day on which the event is recorded and by
//! the mandates known then, whatever the date of the event: a caller without a mandate
//! learns nothing from the other rules. `verify` judges it again, with the mandates that
//! the entry names alone.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::Date;

use super::claim::{Claim, SpokenWord, is_served};
use super::held_mandates::listed;
use super::one_hand::same_caller;
use super::spoken_amount::{SpokenAmount, spoken_amount};
use crate::caller::{Caller, Pseudonym};
use crate::effective_entries::corrected_position;
use crate::entry::{Entry, MandatedCaller, RecordedCaller};
use crate::event::{Actor, Event, Kind, MandateGranted, MandateRole, ProtectiveMarking};
use crate::fault::Fault;
use crate::ids::{Position, SubjectId};
use crate::mandate::{Mandate, Mandates};
use crate::markings::Markings;
use crate::register::Register;
use crate::text::Name;

/// The caller of an event that rule 0 allows, and the recorder that its entry names.
pub(super) struct Authorisation {
    pub caller: RecordedCaller,
    /// `None` where no mandate names the recorder.
    pub recorded_as: Option<Name>,
}

/// Judges an event by rule 0. `request` is the position of the first event of its request:
/// nothing rests on a mandate that the same request grants, or a caller could try one on
/// and leave no entry that says so.
pub(super) fn authorise(
    register: &Register,
    event: &Event,
    caller: &Caller,
    day: Date,
    request: Position,
) -> Result<Authorisation, Fault> {
    let judge = Judge::new(register, event, day);
    match caller {
        Caller::Local => judge.local(),
        Caller::Public => Err(judge.nobody()),
        Caller::Store => judge.store(),
        Caller::Known(known) => {
            let mandates = register.mandates();
            let mut held = mandates.map_or_else(Vec::new, |mandates| mandates.held_by(known, day));
            held.retain(|mandate| mandate.granted.position() < request);
            let used = judge.rests_on(&held, known.pseudonym)?;
            Ok(Authorisation {
                recorded_as: used
                    .first()
                    .map(|mandate| mandate.granted.recorded_as.clone()),
                caller: RecordedCaller::Mandated(Arc::new(MandatedCaller {
                    mandates: used.iter().map(|m| m.granted.position()).collect(),
                    pseudonym: known.pseudonym,
                })),
            })
        }
    }
}

/// The position of the first event of a request, of which the event at `position` has this
/// index.
pub(super) fn first_of_request(position: Position, index: u32) -> Position {
    Position::new(position.get().saturating_sub(index.into()))
}

/// The fault to name where only entries that the caller may not read explain a refusal.
pub fn withheld(register: &Register, event: &Event, day: Date) -> Fault {
    Fault::Withheld {
        granted_by: Judge::new(register, event, day).grantors(),
    }
}

/// The fault by rule 0 of the next entry of a log, with its field.
pub(super) fn recorded_fault(register: &Register, entry: &Entry) -> Option<(String, Fault)> {
    let judge = Judge::new(register, &entry.event, entry.recorded_on);
    let whole = |fault| Some((String::new(), fault));
    match &entry.caller {
        RecordedCaller::Local => judge.local().err().and_then(whole),
        RecordedCaller::Store => judge.store().err().and_then(whole),
        RecordedCaller::Mandated(caller) => {
            let mandates = register.mandates();
            let granted = |position: &Position| mandates?.granted_at(*position);
            let held = caller.mandates.iter().filter_map(granted);
            let request = first_of_request(entry.position, entry.request_part.index);
            let held: Vec<&Mandate> = held
                .filter(|mandate| mandate.is_in_force(entry.recorded_on))
                .filter(|mandate| mandate.granted.position() < request)
                .collect();
            let used = match judge.rests_on(&held, caller.pseudonym) {
                Ok(used) => used,
                Err(fault) => return whole(fault),
            };
            let recorded_as = &used.first()?.granted.recorded_as;
            (recorded_as.as_str() != &*entry.recorded_by).then(|| {
                let fault = Fault::RecordedAsAnother {
                    stated: entry.recorded_by.to_string(),
                    recorded_as: recorded_as.clone(),
                };
                ("recorded_by".to_owned(), fault)
            })
        }
    }
}

/// An event before rule 0, and the day on which it is recorded.
struct Judge<'a> {
    register: &'a Register,
    event: &'a Event,
    day: Date,
}

impl<'a> Judge<'a> {
    const fn new(register: &'a Register, event: &'a Event, day: Date) -> Self {
        Self {
            register,
            event,
            day,
        }
    }

    fn mandates(&self) -> Option<&'a Mandates> {
        self.register.mandates()
    }

    /// Nobody is signed in: allowed until the register has a keeper. Mandates are never
    /// granted so. A replaced key has the signatures of both keys for its mandate.
    fn local(&self) -> Result<Authorisation, Fault> {
        match (&self.event.kind, self.register.kept_since()) {
            (Kind::CheckpointKeyReplaced(_), _) => {}
            (Kind::MandateGranted(_) | Kind::MandateRevoked(_), None) => {
                return Err(self.not_mandated(&Claim::of(self.register, self.event), &[]));
            }
            (_, None) => {}
            (_, Some(since)) => return Err(Fault::NotSignedIn { since }),
        }
        Ok(Authorisation {
            caller: RecordedCaller::Local,
            recorded_as: None,
        })
    }

    /// Nobody is signed in at a server that asks callers to.
    fn nobody(&self) -> Fault {
        match self.register.kept_since() {
            Some(since) => Fault::NotSignedIn { since },
            None => self.not_mandated(&Claim::of(self.register, self.event), &[]),
        }
    }

    /// A command at the store sets a keeper, and nothing else.
    fn store(&self) -> Result<Authorisation, Fault> {
        match &self.event.kind {
            Kind::MandateGranted(granted) if granted.role == MandateRole::Keeper => {}
            _ => return Err(self.not_mandated(&Claim::of(self.register, self.event), &[])),
        }
        Ok(Authorisation {
            caller: RecordedCaller::Store,
            recorded_as: None,
        })
    }

    /// The mandates of `held` that allow the event; a correction may need several.
    fn rests_on(&self, held: &[&'a Mandate], caller: Pseudonym) -> Result<Vec<&'a Mandate>, Fault> {
        let mut used: Vec<&Mandate> = Vec::new();
        let mut add = |mandate: &'a Mandate| {
            if !used.iter().any(|one| std::ptr::eq(*one, mandate)) {
                used.push(mandate);
            }
        };
        let Kind::EntryCorrected(correction) = &self.event.kind else {
            let claim = Claim::of(self.register, self.event);
            let mandate = self.allowing(&claim, held)?;
            if let Some(fault) = same_caller(self.register, &claim, mandate, caller, None) {
                return Err(fault);
            }
            return Ok(vec![mandate]);
        };
        let target = self.target();
        if let Some(replacement) = &correction.replacement {
            let claim = Claim::of(self.register, replacement);
            let mandate = self.allowing(&claim, held)?;
            let wrong = target.map(|target| target.position);
            if let Some(fault) = same_caller(self.register, &claim, mandate, caller, wrong) {
                return Err(fault);
            }
            add(mandate);
        }
        if let Some(target) = target {
            let claim = Claim::of(self.register, &target.event);
            add(self.allowing(&claim, held)?);
            // The word of a body by another caller is put right by that body and the
            // registrar together.
            let is_word = claim.word != SpokenWord::Facts;
            if is_word && target.caller.pseudonym() != Some(caller) {
                add(self.registrar(held, &claim)?);
            }
        } else if correction.replacement.is_none() {
            // There is no such entry, which another rule says; here it needs some mandate for
            // the subject.
            let claim = Claim::of(self.register, self.event);
            add(self.allowing(&claim, held)?);
        }
        if let Some(actor) = &self.event.acted_by
            && !used.iter().any(|mandate| mandate.covers_actor(actor))
        {
            return Err(self.not_mandated(&Claim::of(self.register, self.event), held));
        }
        Ok(used)
    }

    /// The entry that the correction is about; if that is a correction itself, the one that
    /// the chain of them is about.
    fn target(&self) -> Option<&'a Arc<Entry>> {
        let record = self.register.record(&self.event.subject)?;
        let mut event = self.event;
        let mut found = None;
        while let Kind::EntryCorrected(correction) = &event.kind {
            let position = corrected_position(record.history(), correction.target)?;
            let entry = record.entry(position)?;
            // A correction is about an earlier entry: a chain of them ends.
            if found.is_some_and(|before: &Arc<Entry>| before.position <= entry.position) {
                break;
            }
            found = Some(entry);
            event = &entry.event;
        }
        found
    }

    /// The first mandate that allows what is claimed.
    fn allowing(&self, claim: &Claim<'_>, held: &[&'a Mandate]) -> Result<&'a Mandate, Fault> {
        let by_role = claim.roles.iter().flat_map(|role| {
            let of_role = move |mandate: &&&'a Mandate| mandate.granted.role == *role;
            held.iter().filter(of_role)
        });
        let mut fitting = by_role.filter(|mandate| self.allows(mandate, claim));
        let first = fitting.next().copied();
        first.ok_or_else(|| self.not_mandated(claim, held))
    }

    fn registrar(&self, held: &[&'a Mandate], claim: &Claim<'_>) -> Result<&'a Mandate, Fault> {
        let mut registrars = held.iter().filter(|mandate| {
            mandate.granted.role == MandateRole::Registrar
                && mandate.covers_subject(&claim.event.subject)
        });
        let first = registrars.next().copied();
        first.ok_or_else(|| {
            let needed = format!(
                "mandates both as registrar for {} and as {}, because another caller recorded the \
                 entry",
                claim.event.subject,
                self.needed(claim)
            );
            self.refused(needed, held)
        })
    }

    fn allows(&self, mandate: &Mandate, claim: &Claim<'_>) -> bool {
        let granted = &mandate.granted;
        let covers_speakers = || {
            claim
                .speakers
                .iter()
                .all(|actor| mandate.covers_actor(actor))
        };
        let may_report = || {
            let mut reported = claim.reported.iter();
            claim.is_documented() || reported.all(|actor| mandate.covers_actor(actor))
        };
        let subject = &claim.event.subject;
        let covers = match granted.role {
            MandateRole::Registrar | MandateRole::Recorder => {
                mandate.covers_subject(subject) && covers_speakers() && may_report()
            }
            MandateRole::Member => !claim.speakers.is_empty() && covers_speakers() && may_report(),
            MandateRole::Secretary => {
                self.is_proceeding(mandate, claim)
                    && match claim.word {
                        SpokenWord::Facts => covers_speakers(),
                        SpokenWord::Own => claim.is_documented() && covers_speakers(),
                        SpokenWord::Outside => claim.is_documented(),
                    }
            }
            MandateRole::Keeper => *subject == SubjectId::Register,
            MandateRole::Auditor | MandateRole::Reader => false,
        };
        covers
            && mandate.allows_kind(claim.event.kind.name())
            && self.may_read(granted)
            && granted
                .up_to
                .is_none_or(|limit| match spoken_amount(self.register, claim.event) {
                    SpokenAmount::None => true,
                    SpokenAmount::Unknown => false,
                    SpokenAmount::Known(amount) => amount.is_within(limit),
                })
    }

    /// Whether a mandate reads what the event is about: nobody changes, or publishes, what
    /// they may not read.
    fn may_read(&self, granted: &MandateGranted) -> bool {
        let reads = granted.reads_up_to();
        reads == ProtectiveMarking::OfficialSensitive || self.marking() <= reads
    }

    /// The marking of what the event is about.
    fn marking(&self) -> ProtectiveMarking {
        let record = self.register.record(&self.event.subject);
        record.map_or(ProtectiveMarking::Unmarked, |record| {
            Markings::of_next(record.history(), self.event)
        })
    }

    /// Whether a secretary's mandate is for the board whose proceedings the event is of, or
    /// for its subject.
    fn is_proceeding(&self, mandate: &Mandate, claim: &Claim<'_>) -> bool {
        let subject = &claim.event.subject;
        match &claim.board {
            Some(board) => mandate.covers_board(board),
            None => {
                mandate.covers_subject(subject)
                    || is_served(self.register, &mandate.granted.boards, subject, self.day)
            }
        }
    }

    fn not_mandated(&self, claim: &Claim<'_>, held: &[&Mandate]) -> Fault {
        let needed = format!("a mandate as {}", self.needed(claim));
        self.refused(needed, held)
    }

    /// `member for kent-pcc, or secretary of ...`
    fn needed(&self, claim: &Claim<'_>) -> String {
        let names = |actors: &[Actor]| {
            let names: Vec<String> = actors.iter().map(ToString::to_string).collect();
            names.join(", ")
        };
        let subject = &claim.event.subject;
        let speakers = names(&claim.speakers);
        let of_role = |role: &MandateRole| {
            let mut text = role.label().to_owned();
            let speaking = |text: &mut String| {
                if !speakers.is_empty() {
                    let _ = write!(text, " that covers {speakers}");
                }
            };
            match role {
                MandateRole::Member if speakers.is_empty() => {
                    text.push_str(" for the body or office in acted_by");
                }
                MandateRole::Member => {
                    let _ = write!(text, " for {speakers}");
                }
                MandateRole::Secretary => {
                    match &claim.board {
                        Some(board) => {
                            let _ = write!(text, " of boards/{board}");
                        }
                        None => {
                            let _ = write!(text, " for {subject}");
                        }
                    }
                    if claim.word != SpokenWord::Outside {
                        speaking(&mut text);
                    }
                    if claim.word != SpokenWord::Facts {
                        text.push_str(", with a document in sources");
                    }
                }
                MandateRole::Registrar | MandateRole::Recorder => {
                    let _ = write!(text, " for {subject}");
                    speaking(&mut text);
                    if !claim.reported.is_empty() && !claim.is_documented() {
                        let reported = names(&claim.reported);
                        let _ = write!(text, ", with a document in sources or for {reported} too");
                    }
                }
                MandateRole::Keeper | MandateRole::Auditor | MandateRole::Reader => {}
            }
            text
        };
        let alternatives: Vec<String> = claim.roles.iter().map(of_role).collect();
        let mut needed = alternatives.join("; or as ");
        let kind = claim.event.kind.name();
        let _ = write!(needed, ", for {kind}");
        if let SpokenAmount::Known(amount) = spoken_amount(self.register, claim.event) {
            let _ = write!(needed, " of {amount}");
        }
        let marking = self.marking();
        if marking > ProtectiveMarking::Unmarked {
            let _ = write!(needed, ", that reads {}", marking.label());
        }
        needed
    }

    fn refused(&self, needed: String, held: &[&Mandate]) -> Fault {
        Fault::NotMandated {
            needed,
            held: listed(held),
            granted_by: self.grantors(),
        }
    }

    /// Who can grant a mandate.
    fn grantors(&self) -> String {
        let keepers = self.mandates().into_iter();
        let keepers = keepers.flat_map(|mandates| mandates.keepers(self.day));
        let mut names: Vec<&str> = keepers.map(|m| m.granted.recorded_as.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        match names.as_slice() {
            [] => "the register has no keeper who could grant it: its operator sets one at the \
                   store (minutebook keeper)"
                .to_owned(),
            [one] => format!("{one} can grant it (mandate_granted)"),
            several => format!(
                "each of {} can grant it (mandate_granted)",
                several.join(", ")
            ),
        }
    }
}
