//! Checks of what is on record twice.

use std::collections::BTreeMap;

use super::Subject;
use crate::names;
use minutebook_domain::event::VirementMade;
use minutebook_domain::fact::Fact;
use minutebook_wire::proto::{CheckKind, CheckView};
use minutebook_wire::reply;

impl Subject<'_> {
    pub(super) fn twice(&self) -> Vec<CheckView> {
        let mut twice = self.virements();
        twice.extend(self.payments());
        twice.extend(self.settlements());
        twice
    }

    /// Payments of one body of one day and one amount, for the same: one of them may have
    /// been recorded again.
    fn payments(&self) -> Vec<CheckView> {
        let mut alike = BTreeMap::new();
        for paid in self.dossier.payments.values() {
            let of = (&paid.body, paid.year, paid.on(), paid.amount);
            let why = (&paid.invoice, &paid.service, paid.reference.as_str());
            alike.entry((of, why)).or_insert_with(Vec::new).push(paid);
        }
        let twice = alike.into_values().filter(|paid| paid.len() > 1);
        let checks = twice.map(|paid| {
            let body = names::body(self.register_view, &paid[0].body);
            let ids: Vec<&str> = paid.iter().map(|paid| paid.payment.as_str()).collect();
            let what = format!(
                "{}: payments {} of {} are of the same amount, for the same",
                body.name,
                ids.join(" and "),
                paid[0].on()
            );
            CheckView {
                body: Some(body),
                amount_pence: Some(reply::pence(paid[0].amount)),
                since_on: Some(reply::date(paid[0].on())),
                positions: paid.iter().map(|paid| paid.position().get()).collect(),
                ..self.line(CheckKind::PaidTwice, paid[0].year, what)
            }
        });
        checks.collect()
    }

    fn settlements(&self) -> Vec<CheckView> {
        let mut checks = Vec::new();
        for settlement in self.dossier.settlements.values() {
            let mut alike = BTreeMap::new();
            for paid in settlement.paid.values() {
                let of = (paid.on(), paid.amount);
                alike.entry(of).or_insert_with(Vec::new).push(paid);
            }
            for paid in alike.into_values().filter(|paid| paid.len() > 1) {
                let ids: Vec<&str> = paid.iter().map(|paid| paid.payment.as_str()).collect();
                let what = format!(
                    "settlement {}: payments {} of {} are of the same amount",
                    settlement.agreed.id,
                    ids.join(" and "),
                    paid[0].on()
                );
                let year = self.dossier.year_of(paid[0].day());
                checks.push(CheckView {
                    body: settlement
                        .agreed
                        .payer
                        .as_ref()
                        .map(|payer| names::body(self.register_view, payer)),
                    amount_pence: Some(reply::pence(paid[0].amount)),
                    since_on: Some(reply::date(paid[0].on())),
                    positions: paid.iter().map(|paid| paid.position().get()).collect(),
                    ..self.line(CheckKind::PaidTwice, year, what)
                });
            }
        }
        checks
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
