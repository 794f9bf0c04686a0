//! A replay: what each entry of a subject changed in what the register says of
//! one day.
//!
//! The state before an entry is computed at the position just before it, never
//! carried over from the subject's own entry before that: what others changed in
//! between is told apart.

use std::sync::Arc;

use jiff::civil::Date;

use super::changes::Comparable;
use super::state;
use crate::domain::effective_entries::target;
use crate::domain::entry::Entry;
use crate::domain::event::Kind;
use crate::domain::ids::{Position, SubjectId};
use crate::domain::register::Register;
use crate::domain::register_view::RegisterView;
use crate::wire::proto::replay_response::Corrected;
use crate::wire::proto::{Change, SubjectState};
use crate::wire::summary::summary;

/// What one entry changed.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayStep {
    /// What it changed.
    pub changes: Vec<Change>,
    /// What entries of other subjects had changed since the step before.
    pub meanwhile: Vec<Change>,
    /// Why it changed nothing; empty where it did.
    pub unchanged: String,
    /// For a correction, the entry that it is about.
    pub corrects: Option<Corrected>,
    /// The state after it.
    pub state: Option<SubjectState>,
}

/// A replay under way: the state at one position, and the subject it is of.
pub struct SubjectReplay {
    register: Arc<Register>,
    outlook: RegisterView,
    subject: SubjectId,
    state: Option<SubjectState>,
    comparable: Comparable,
}

impl SubjectReplay {
    /// A replay that has come to a position: nothing up to it is told again.
    pub fn new(register: Arc<Register>, as_at: Date, subject: SubjectId, at: Position) -> Self {
        let outlook = RegisterView::new(Arc::clone(&register), as_at, at);
        let state = state::get(&outlook, &subject);
        Self {
            register,
            outlook,
            subject,
            comparable: Comparable::new(state.as_ref()),
            state,
        }
    }

    /// Goes on to an entry of the subject, which is later than where it stands.
    pub fn step(&mut self, entry: &Entry) -> ReplayStep {
        let mut meanwhile = Vec::new();
        let before = entry.position.before();
        if self.outlook.known() < before {
            meanwhile = self.go_to(before);
        }
        let changes = self.go_to(entry.position);
        ReplayStep {
            meanwhile,
            unchanged: if changes.is_empty() {
                self.why_nothing(entry)
            } else {
                String::new()
            },
            changes,
            corrects: self.corrected(entry),
            state: self.state.clone(),
        }
    }

    /// Learns what was told up to a position; returns what that changed.
    fn go_to(&mut self, position: Position) -> Vec<Change> {
        self.outlook = self.outlook.known_by(position);
        let state = state::get(&self.outlook, &self.subject);
        if state == self.state {
            return Vec::new();
        }
        let comparable = Comparable::new(state.as_ref());
        let changes = self.comparable.changes_to(&comparable);
        (self.state, self.comparable) = (state, comparable);
        changes
    }

    fn why_nothing(&self, entry: &Entry) -> String {
        let (day, on) = (self.outlook.as_at(), entry.effective_on());
        if on.first_day() > day {
            return format!(
                "it holds only from {on}, and this speaks of {day}, when it was not recorded yet"
            );
        }
        let record = self.register.record(&self.subject);
        match record.and_then(|record| record.subject().founded_on()) {
            _ if self.state.is_some() => {
                "nothing that a view shows is different because of it".to_owned()
            }
            Some(on) => format!("{} begins on {on}, and this speaks of {day}", self.subject),
            None => format!("{} was not in being on {day}", self.subject),
        }
    }

    fn corrected(&self, entry: &Entry) -> Option<Corrected> {
        let Kind::EntryCorrected(correction) = &entry.event.kind else {
            return None;
        };
        let record = self.register.record(&self.subject)?;
        let wrong = record.entry(target(record.history(), correction.target)?)?;
        Some(Corrected {
            position: wrong.position.get(),
            summary: summary(&wrong.event),
        })
    }
}
