//! Explanations of events, from what their caller may read.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::wire::proto::{AnsweredFrom, Explanation};
use crate::wire::reply::{day, timestamp};
use minutebook_domain::admit::{Context, EventExplanation, explain, withheld};
use minutebook_domain::caller::Caller;
use minutebook_domain::date::day_of;
use minutebook_domain::entry::{Entry, RecordedCaller};
use minutebook_domain::event::{Event, ProtectiveMarking};
use minutebook_domain::register::Register;
use minutebook_domain::register_view::RegisterView;
use minutebook_kernel::writer::JudgedRequest;
use minutebook_views::explanation;

/// A register, and what of it one caller may read; often they are the same.
#[derive(Clone)]
pub(super) struct Registers {
    pub whole: Arc<Register>,
    pub readable: Arc<Register>,
}

impl Registers {
    /// Explains events on top of the register. Whether they are taken is judged by the whole
    /// of it, and explained by what the caller may read.
    pub(super) fn explanations(
        &self,
        recorded_at: Timestamp,
        events: &[Event],
        caller: &Caller,
    ) -> (AnsweredFrom, Vec<Explanation>) {
        let (readable, today) = (&self.readable, day_of(recorded_at));
        let context = Context::at(recorded_at);
        let (mut explained, after) = explain(readable, events, caller, &context);
        if readable.withholds() {
            let (judged, _) = explain(&self.whole, events, caller, &context);
            for (explained, judged) in explained.iter_mut().zip(&judged) {
                self.judge(explained, judged);
            }
        }
        let answered_from = self.answered_from(today);
        let days = explained
            .iter()
            .map(|explained| explained.entry.effective_on().first_day());
        let latest = days.max().map_or(today, |day| day.max(today));
        let known = after.tail();
        let view = RegisterView::new(Arc::new(after), latest, known);
        (answered_from, explanation::list(&view, &explained))
    }

    /// Where an answer from these registers comes from.
    pub(super) fn answered_from(&self, today: Date) -> AnsweredFrom {
        AnsweredFrom {
            position: self.whole.tail().get(),
            as_at: Some(day(today)),
            known_at: self.whole.recorded_at().map(timestamp),
            withheld: self.readable.withholds(),
        }
    }

    /// The registers after a request of their caller, who reads what they record unless it
    /// is marked higher than their mandate reads.
    pub(super) fn followed_by(self, judged: JudgedRequest) -> Self {
        let whole = Arc::new(judged.register);
        if !self.readable.withholds() {
            return Self {
                readable: Arc::clone(&whole),
                whole,
            };
        }
        let mut readable = self.readable;
        let folded = Arc::make_mut(&mut readable);
        for entry in judged.entries {
            if reads_own(&whole, &entry) {
                folded.apply_partition(entry);
            }
        }
        Self { whole, readable }
    }

    /// Brings the judgement of an explanation into line with that of the whole register.
    fn judge(&self, explained: &mut EventExplanation, judged: &EventExplanation) {
        match (explained.faults.is_empty(), judged.faults.is_empty()) {
            (true, false) => {
                let entry = &judged.entry;
                let fault = withheld(&self.readable, &entry.event, entry.recorded_on);
                explained.faults = vec![(String::new(), fault)];
            }
            (false, true) => explained.faults.clear(),
            (true, true) | (false, false) => {}
        }
    }
}

/// Whether one of the mandates of an entry reads it.
fn reads_own(register: &Register, entry: &Entry) -> bool {
    let RecordedCaller::Mandated(caller) = &entry.caller else {
        return true;
    };
    let Some(mandates) = register.mandates() else {
        return true;
    };
    let record = register.record(&entry.event.subject);
    let marking = record.map_or(ProtectiveMarking::Unmarked, |record| {
        record.markings().of_entry(entry.position)
    });
    let mut used = caller.mandates.iter();
    used.any(|position| {
        let mandate = mandates.granted_at(*position);
        mandate.is_some_and(|mandate| mandate.granted.reads_up_to() >= marking)
    })
}
