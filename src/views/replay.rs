//! A replay: the changes that each entry of a subject made to the register's answer for
//! one day.
//!
//! The state before an entry is computed at the position just before it, never carried
//! over from the subject's own entry before that: changes caused by other subjects are
//! reported separately.

use std::sync::Arc;

use jiff::civil::Date;

use super::changes::Comparable;
use super::state;
use minutebook_domain::effective_entries::corrected_position;
use minutebook_domain::entry::Entry;
use minutebook_domain::event::Kind;
use minutebook_domain::ids::{Position, SubjectId};
use minutebook_domain::register::Register;
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::replay_response::Corrected;
use minutebook_wire::proto::{Change, SubjectState};
use minutebook_wire::summary::summary;

/// One entry of a replay.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayStep {
    pub changes: Vec<Change>,
    /// Changes that entries of other subjects made since the step before.
    pub meanwhile: Vec<Change>,
    /// The reason why it changed nothing; empty where it changed something.
    pub unchanged: String,
    /// For a correction, the corrected entry.
    pub corrects: Option<Corrected>,
    pub state: Option<SubjectState>,
}

/// A replay under way: the state of one subject at one position.
pub struct SubjectReplay {
    register: Arc<Register>,
    register_view: RegisterView,
    subject: SubjectId,
    state: Option<SubjectState>,
    comparable: Comparable,
}

impl SubjectReplay {
    /// A replay that begins after a position.
    pub fn new(register: Arc<Register>, as_at: Date, subject: SubjectId, at: Position) -> Self {
        let register_view = RegisterView::new(Arc::clone(&register), as_at, at);
        let state = state::get(&register_view, &subject);
        Self {
            register,
            register_view,
            subject,
            comparable: Comparable::new(state.as_ref()),
            state,
        }
    }

    /// Advances to a later entry of the subject.
    pub fn step(&mut self, entry: &Entry) -> ReplayStep {
        let mut meanwhile = Vec::new();
        let before = entry.position.before();
        if self.register_view.known() < before {
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

    /// Advances to a position and returns the changes.
    fn go_to(&mut self, position: Position) -> Vec<Change> {
        self.register_view = self.register_view.known_by(position);
        let state = state::get(&self.register_view, &self.subject);
        if state == self.state {
            return Vec::new();
        }
        let comparable = Comparable::new(state.as_ref());
        let changes = self.comparable.changes_to(&comparable);
        (self.state, self.comparable) = (state, comparable);
        changes
    }

    fn why_nothing(&self, entry: &Entry) -> String {
        let (day, on) = (self.register_view.as_at(), entry.effective_on());
        if on.first_day() > day {
            return format!("it is in force only from {on}, after {day}, the day of this replay");
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
        let wrong = record.entry(corrected_position(record.history(), correction.target)?)?;
        Some(Corrected {
            position: wrong.position.get(),
            summary: summary(&wrong.event),
        })
    }
}
