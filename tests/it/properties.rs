//! Properties of every history: random events are offered to admission, and the
//! admitted ones are folded in every possible way.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use minutebook::domain::entry::Entry;
use minutebook::domain::ids::{Position, SubjectId};
use minutebook::domain::register::Register;
use minutebook::domain::register_view::RegisterView;
use minutebook::wire::entry;
use minutebook::wire::json;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::given::{self, Given, bodies, collaboration, event, on_x};

/// A day between 2013 and 2026, sometimes only a month or a year.
pub fn dates() -> impl Strategy<Value = String> {
    (0..4_900_i64, 0..10_u8).prop_map(|(days, precision)| {
        let day = date(2013, 1, 1).checked_add(days.days()).unwrap();
        match precision {
            0 => day.strftime("%Y").to_string(),
            1 => day.strftime("%Y-%m").to_string(),
            _ => day.to_string(),
        }
    })
}

fn happenings() -> impl Strategy<Value = Value> {
    let body = || {
        select(vec![
            "a-pcc", "a-cc", "b-pcc", "b-cc", "c-pcc", "council", "late-pcc",
        ])
    };
    let id = || select(vec!["one", "two", "three"]);
    let x = |kind: &'static str, payload: BoxedStrategy<Value>| {
        (dates(), payload)
            .prop_map(move |(on, payload)| on_x(&on, kind, payload))
            .boxed()
    };
    let joined = x(
        "partyJoined",
        body().prop_map(|b| json!({ "bodyId": b })).boxed(),
    );
    let withdrew = x(
        "partyWithdrew",
        body()
            .prop_map(|b| json!({ "bodyId": b, "reason": "Left" }))
            .boxed(),
    );
    let lead = x(
        "leadAppointed",
        body().prop_map(|b| json!({ "bodyId": b })).boxed(),
    );
    let service = x(
        "serviceAdded",
        (id(), proptest::option::of(body()))
            .prop_map(
                |(id, lead)| json!({ "serviceId": id, "name": id, "leadId": lead.unwrap_or("") }),
            )
            .boxed(),
    );
    let units = x(
        "serviceUnitsChanged",
        (id(), id(), any::<bool>())
            .prop_map(|(service, unit, adds)| {
                let list = if adds { "added" } else { "removed" };
                json!({ "serviceId": service, list: [unit] })
            })
            .boxed(),
    );
    let transfer = x(
        "serviceLeadTransferred",
        (id(), body(), body())
            .prop_filter("another", |(_, from, to)| from != to)
            .prop_map(|(id, from, to)| json!({ "serviceId": id, "fromId": from, "toId": to }))
            .boxed(),
    );
    let removed = x(
        "serviceRemoved",
        id().prop_map(|id| json!({ "serviceId": id })).boxed(),
    );
    let drafted = x(
        "instrumentDrafted",
        (id(), prop::bool::ANY)
            .prop_map(|(id, named)| {
                let parties = if named {
                    json!(["a-pcc", "b-pcc"])
                } else {
                    json!([])
                };
                json!({ "instrumentId": id, "title": id, "partyIds": parties,
                        "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING" })
            })
            .boxed(),
    );
    let signed = x(
        "agreementSigned",
        (id(), body())
            .prop_map(|(id, b)| json!({ "instrumentId": id, "bodyId": b }))
            .boxed(),
    );
    let notice = x(
        "noticeGiven",
        (id(), body(), dates())
            .prop_filter("a full day", |(_, _, on)| on.len() == 10)
            .prop_map(|(id, b, on)| {
                json!({ "noticeId": id, "bodyId": b, "capacity": "NOTICE_CAPACITY_PARTY",
                        "takesEffectOn": given::date(&on) })
            })
            .boxed(),
    );
    let revoked = x(
        "noticeRevoked",
        id().prop_map(|id| json!({ "noticeId": id })).boxed(),
    );
    let budget = x(
        "budgetApproved",
        (id(), 1..1000_i64)
            .prop_map(|(id, amount)| {
                json!({ "figures": { "financialYear": "2020/21",
                    "lines": [{ "serviceId": id, "amountPence": amount.to_string() }] } })
            })
            .boxed(),
    );
    let formula = x(
        "fundingFormulaSet",
        (body(), body(), 1..1_000_000_u32)
            .prop_filter("two", |(one, other, _)| one != other)
            .prop_map(|(one, other, ppm)| {
                json!({ "financialYear": "2020/21", "basis": "NRE", "shares": [
                    { "bodyId": one, "sharePpm": ppm },
                    { "bodyId": other, "sharePpm": 1_000_000 - ppm }] })
            })
            .boxed(),
    );
    let invoice = x(
        "contributionInvoiced",
        (id(), body(), 1..1000_i64, dates())
            .prop_map(|(id, body, amount, due)| {
                json!({ "invoiceId": id, "bodyId": body, "financialYear": "2020/21",
                        "amountPence": amount.to_string(), "dueOn": given::date(&due) })
            })
            .boxed(),
    );
    let paid = x(
        "contributionPaid",
        (id(), body(), 1..1000_i64, proptest::option::of(id()))
            .prop_map(|(id, body, amount, invoice)| {
                json!({ "paymentId": id, "bodyId": body, "financialYear": "2020/21",
                        "amountPence": amount.to_string(), "invoiceId": invoice.unwrap_or("") })
            })
            .boxed(),
    );
    let action = x(
        "actionAgreed",
        id().prop_map(|id| json!({ "actionId": id, "what": "Do it" }))
            .boxed(),
    );
    let closed = x(
        "actionClosed",
        id().prop_map(|id| json!({ "actionId": id, "outcome": "Done" }))
            .boxed(),
    );
    let proposed = x(
        "matterProposed",
        (1..4_u8)
            .prop_map(|n| {
                json!({ "proposalId": format!("01930000-0000-7000-8000-00000000000{n}"),
                        "title": "A matter", "matter": { "other": "Something" } })
            })
            .boxed(),
    );
    let seat = (dates(), body(), any::<bool>())
        .prop_map(|(on, body, joins)| {
            let payload = if joins {
                json!({ "joined": [{ "bodyId": body }] })
            } else {
                json!({ "left": [{ "bodyId": body }] })
            };
            event("boards/board", &on, "boardMembershipChanged", payload)
        })
        .boxed();
    prop_oneof![
        4 => joined, 2 => withdrew, 2 => lead, 3 => service, 2 => units, 2 => transfer,
        1 => removed, 3 => drafted, 4 => signed, 2 => notice, 1 => revoked, 2 => budget,
        2 => action, 1 => closed, 2 => proposed, 2 => seat, 1 => formula, 2 => invoice,
        2 => paid,
    ]
}

/// Admitted histories, and the events that were offered.
pub fn histories() -> impl Strategy<Value = (Given, Vec<Value>)> {
    proptest::collection::vec(happenings(), 1..60).prop_map(|offered| {
        let mut events = bodies();
        events.push(collaboration(&["a-pcc", "a-cc", "b-pcc", "b-cc"]));
        events.push(event(
            "boards/board",
            "2013",
            "boardConstituted",
            json!({ "name": "The board", "powers": ["BOARD_POWER_DECIDES"] }),
        ));
        let mut given = Given::recorded(&events);
        for event in offered {
            if let Ok(admission) = given.judge(std::slice::from_ref(&event)) {
                given.register = admission.register;
                given.entries.extend(admission.entries);
                events.push(event);
            }
        }
        (given, events)
    })
}

/// A register folded from entries with new positions.
pub fn folded<'a>(entries: impl IntoIterator<Item = &'a Arc<Entry>>) -> Register {
    let mut register = Register::default();
    for entry in entries {
        let mut entry = Entry::clone(entry);
        entry.position = register.tail().next();
        entry.revision = register.revision(&entry.event.subject).next();
        register.apply(Arc::new(entry));
    }
    register
}

/// The days on which the view may change: those of the entries, the day before
/// each, and one far ahead.
fn days(entries: &[Arc<Entry>]) -> BTreeSet<Date> {
    let mut days = BTreeSet::from([date(2100, 1, 1)]);
    for entry in entries {
        let day = entry.effective_on().first_day();
        days.extend([day, day.yesterday().unwrap()]);
    }
    days
}

/// Everything that a view shows, without positions.
fn visible(register: &Register, day: Date, known: Position) -> Vec<(SubjectId, String)> {
    RegisterView::new(Arc::new(register.clone()), day, known)
        .subjects()
        .map(|(id, subject)| {
            let printed = format!("{subject:?}");
            let mut parts = printed.split("Position(");
            let mut without = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                without.push_str(part.split_once(')').map_or(part, |(_, rest)| rest));
            }
            (id.clone(), without)
        })
        .collect()
}

const ALL: Position = Position::new(u64::MAX);

/// The entries without those of a month or year that are recorded after another entry of
/// a later day within it: a recorder in time would have known the order.
fn without_vague_order(entries: &[Arc<Entry>]) -> Vec<Arc<Entry>> {
    let is_vague = |(index, entry): (usize, &Arc<Entry>)| {
        let on = entry.effective_on();
        let mut before = entries[..index].iter();
        before.any(|other| {
            let other_on = other.effective_on();
            other.event.subject == entry.event.subject
                && on.first_day() < other_on.first_day()
                && other_on.first_day() <= on.last_day()
        })
    };
    let kept = entries.iter().enumerate().filter(|each| !is_vague(*each));
    kept.map(|(_, entry)| Arc::clone(entry)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Boot and live are the same: entries decoded from the stored bytes fold to the
    /// register that admission left.
    #[test]
    fn replay_equals_live((given, events) in histories()) {
        let mut replayed = Register::default();
        for (admitted, event) in given.entries.iter().zip(&events) {
            let envelope = entry::EntryEnvelope::of(admitted);
            let bytes = entry::encode(&envelope, &json::from_value(event.clone()).unwrap());
            let stored = entry::decode(&bytes).unwrap();
            prop_assert_eq!(&stored, &**admitted);
            replayed.apply(Arc::new(stored));
        }
        prop_assert_eq!(format!("{replayed:?}"), format!("{:?}", given.register));
    }

    /// The division into requests affects only receipts.
    #[test]
    fn batch_boundaries_do_not_matter(
        (given, events) in histories(),
        cuts in proptest::collection::vec(1..20_usize, 1..80),
    ) {
        let mut batched = Given::default();
        let mut rest = &events[..];
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (batch, later) = rest.split_at((*cut).min(rest.len()));
            batched.record(batch);
            rest = later;
        }
        for day in days(&given.entries) {
            prop_assert_eq!(visible(&batched.register, day, ALL), visible(&given.register, day, ALL));
        }
    }

    /// An entry recorded late gives the same view of every day as if it had been
    /// recorded in time.
    #[test]
    fn late_is_the_same_as_in_time((given, _) in histories()) {
        let entries = without_vague_order(&given.entries);
        let register = folded(&entries);
        let mut in_time = entries.clone();
        in_time.sort_by_key(|entry| entry.effective_on().first_day());
        let in_time = folded(&in_time);
        for day in days(&entries) {
            prop_assert_eq!(visible(&register, day, ALL), visible(&in_time, day, ALL));
        }
    }

    /// The view as known then equals that of a register with no later entries.
    #[test]
    fn as_known_at_equals_the_fold_of_the_known_entries((given, _) in histories(), cut in 0..60_usize) {
        let known = cut.min(given.entries.len());
        let prefix = folded(&given.entries[..known]);
        let known = Position::new(known as u64);
        for day in days(&given.entries) {
            prop_assert_eq!(visible(&given.register, day, known), visible(&prefix, day, ALL));
        }
    }

    /// A corrected entry has no effect, is still in the history, and applies as long as
    /// the correction is not known; a replacement applies as if it had been recorded
    /// first; and a correction that is corrected has no effect itself.
    #[test]
    fn a_correction_is_as_if_it_had_been_right_at_once(
        (given, events) in histories(),
        chosen in any::<prop::sample::Index>(),
        other in dates(),
    ) {
        let index = chosen.index(given.entries.len());
        let wrong = &given.entries[index];
        let before = given.register.tail();
        let correct = |position: Position, replacement: Value| {
            let payload = json!({ "position": position.get().to_string(), "reason": "Wrong",
                               "replacement": replacement });
            event(&wrong.event.subject.to_string(), "", "entryCorrected", payload)
        };

        let mut voided = given.clone();
        if voided.judge(&[correct(wrong.position, Value::Null)]).is_ok() {
            voided.record(&[correct(wrong.position, Value::Null)]);
            let without = folded(given.entries.iter().filter(|e| e.position != wrong.position));
            for day in days(&given.entries) {
                prop_assert_eq!(visible(&voided.register, day, ALL), visible(&without, day, ALL));
                prop_assert_eq!(visible(&voided.register, day, before), visible(&given.register, day, ALL));
            }
            let record = voided.register.record(&wrong.event.subject).unwrap();
            prop_assert!(record.entry(wrong.position).is_some(), "still in the history");
            let correction = voided.register.tail();
            voided.record(&[correct(correction, Value::Null)]);
            for day in days(&given.entries) {
                prop_assert_eq!(visible(&voided.register, day, ALL), visible(&given.register, day, ALL));
            }
        }

        let mut right = events[index].clone();
        right["effectiveOn"] = given::date(&other);
        let mut replaced = given.clone();
        if replaced.judge(&[correct(wrong.position, right.clone())]).is_ok() {
            replaced.record(&[correct(wrong.position, right.clone())]);
            let mut entries = given.entries.clone();
            let mut entry = Entry::clone(wrong);
            entry.event.effective_on = Some(other.parse().unwrap());
            entries[index] = Arc::new(entry);
            let at_once = folded(&entries);
            for day in days(&entries) {
                prop_assert_eq!(visible(&replaced.register, day, ALL), visible(&at_once, day, ALL));
            }
        }
    }
}
