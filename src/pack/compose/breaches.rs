//! Acts without their prior approval: a record, and no alarm.

use minutebook_page::spoken;
use minutebook_paper::section::{Section, Span};
use minutebook_present::answer::Answer;
use minutebook_wire::proto::BreachView;

use super::{PackComposer, in_brackets, new_page};

impl PackComposer<'_> {
    pub fn breaches(&self) -> Option<Section> {
        let mut section = new_page("Done without prior approval");
        let mut is_empty = true;
        for subject in self.subjects() {
            let Some(answer) = self.get(&self.plan().breaches(&subject)) else {
                continue;
            };
            if !answer.breaches.is_empty() {
                is_empty = false;
                section.report(&answer.report());
            }
        }
        (!is_empty).then_some(section)
    }

    /// A line for each, for the first page.
    pub fn breach_lines(&self) -> Vec<Vec<Span>> {
        let subjects = self.subjects();
        let answers = subjects
            .iter()
            .filter_map(|subject| self.get(&self.plan().breaches(subject)));
        answers
            .flat_map(|answer| &answer.breaches)
            .map(|breach| self.breach_line(breach))
            .collect()
    }

    fn breach_line(&self, breach: &BreachView) -> Vec<Span> {
        let act = breach.act.clone().unwrap_or_default();
        let on = act.on.as_ref();
        let on = on.map_or_else(String::new, |day| format!("{}, ", spoken::date(day)));
        let amount = match act.amount_pence {
            Some(pence) => minutebook_present::cell::money(pence, &act.currency).to_string(),
            None => "amount not stated".to_owned(),
        };
        let what = self.names.in_sentence(&act.what);
        let mut spans = vec![
            Span::strong("Without prior approval: "),
            Span::plain(format!("{on}{what}, {amount}")),
        ];
        spans.extend(in_brackets(act.position));
        spans
    }
}
