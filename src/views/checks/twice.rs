//! Checks of what is on record twice.

use std::collections::BTreeMap;

use super::Subject;
use crate::domain::event::VirementMade;
use crate::domain::fact::Fact;
use crate::wire::proto::{CheckKind, CheckView};
use crate::wire::reply;

impl Subject<'_> {
    pub(super) fn twice(&self) -> Vec<CheckView> {
        self.virements()
    }

    /// Virements of the same day that move the same amounts between the same heads: one of
    /// them may have been recorded again.
    fn virements(&self) -> Vec<CheckView> {
        let made = self.dossier.virements.values();
        let made = made.filter(|made| made.reversed.latest().is_none());
        let mut alike = BTreeMap::<String, Vec<&Fact<VirementMade>>>::new();
        for made in made.map(|made| &made.made) {
            let virement = &made.virement;
            let sides = virement.sources.iter().chain(&virement.targets);
            // A schedule without heads or amounts says too little to be the same as another.
            if virement.amount().is_none() || virement.is_schedule() {
                continue;
            }
            let sides: Vec<String> = sides
                .map(|side| format!("{} {:?}", side.place, side.amount))
                .collect();
            let key = format!("{} {} {}", virement.year, made.on(), sides.join("; "));
            alike.entry(key.to_lowercase()).or_default().push(made);
        }
        let twice = alike.into_values().filter(|made| made.len() > 1);
        let checks = twice.map(|made| {
            let ids: Vec<&str> = made.iter().map(|made| made.id.as_str()).collect();
            let virement = &made[0].virement;
            let what = format!(
                "virements {} of {} move the same amounts between the same heads",
                ids.join(" and "),
                made[0].on()
            );
            CheckView {
                amount_pence: virement.amount().map(reply::pence),
                since_on: Some(reply::date(made[0].on())),
                positions: made.iter().map(|made| made.position().get()).collect(),
                ..self.line(CheckKind::MovedTwice, virement.year, what)
            }
        });
        checks.collect()
    }
}
