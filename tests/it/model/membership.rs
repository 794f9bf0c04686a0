//! Who is party and who leads, against a naive model: each day is played from the first,
//! successions before everything else. It shares no code with the register.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use minutebook::domain::ids::Position;
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::given::{Given, event, on_x};

const BODIES: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

#[derive(Debug, Clone)]
enum Action {
    Join(&'static str),
    Leave(&'static str),
    Lead(&'static str),
    Follow {
        body: &'static str,
        heirs: Vec<&'static str>,
        /// Those that follow it in the collaboration, if others do.
        here: Option<&'static str>,
        /// Whether only its place in the collaboration passes.
        goes_on: bool,
    },
    /// By index into the kept facts.
    Void(usize),
}

#[derive(Debug, Clone)]
struct Kept {
    on: Date,
    position: u64,
    action: Action,
}

fn day(days: i64) -> Date {
    date(2020, 1, 1).checked_add(days.days()).expect("a day")
}

fn actions() -> impl Strategy<Value = Action> {
    let body = || select(BODIES.to_vec());
    let follow = (
        body(),
        body(),
        proptest::option::of(body()),
        proptest::option::of(body()),
        any::<bool>(),
    )
        .prop_filter_map("another body", |(old, heir, also, here, goes_on)| {
            let mut heirs = vec![heir];
            heirs.extend(also.filter(|also| *also != heir));
            let others = heirs.iter().chain(&here);
            let differs = others.into_iter().all(|other| *other != old);
            differs.then_some(Action::Follow {
                body: old,
                heirs,
                here,
                goes_on,
            })
        });
    prop_oneof![
        4 => body().prop_map(Action::Join),
        3 => body().prop_map(Action::Leave),
        2 => body().prop_map(Action::Lead),
        4 => follow,
        2 => (0..20_usize).prop_map(Action::Void),
    ]
}

/// The action as an event; `None` if it refers to nothing.
fn as_event(kept: &[Kept], on: Date, action: &Action) -> Option<Value> {
    let on = on.to_string();
    Some(match action {
        Action::Join(body) => on_x(&on, "partyJoined", json!({ "bodyId": body })),
        Action::Leave(body) => on_x(
            &on,
            "partyWithdrew",
            json!({ "bodyId": body, "reason": "r" }),
        ),
        Action::Lead(body) => on_x(&on, "leadAppointed", json!({ "bodyId": body })),
        Action::Follow {
            body,
            heirs,
            here,
            goes_on,
        } => {
            let mut payload = json!({ "successorId": heirs[0], "alsoSuccessorIds": heirs[1..] });
            if let Some(here) = here {
                payload["parts"] =
                    json!([{ "subject": "collaborations/x", "successorIds": [here] }]);
            }
            if *goes_on {
                payload["scope"] = json!({ "subjects": ["collaborations/x"] });
            }
            event(&format!("bodies/{body}"), &on, "bodySucceeded", payload)
        }
        Action::Void(index) => {
            let target = &kept[index.checked_rem(kept.len())?];
            let subject = match &target.action {
                Action::Follow { body, .. } => format!("bodies/{body}"),
                Action::Void(_) => return None,
                Action::Join(_) | Action::Leave(_) | Action::Lead(_) => "collaborations/x".into(),
            };
            let position = target.position.to_string();
            event(
                &subject,
                "",
                "entryCorrected",
                json!({ "position": position, "reason": "r" }),
            )
        }
    })
}

/// The parties and the lead at the end of a day, as known at a position.
fn played(
    kept: &[Kept],
    until: Date,
    known: u64,
) -> (BTreeSet<&'static str>, Option<&'static str>) {
    let known: Vec<&Kept> = kept.iter().filter(|fact| fact.position <= known).collect();
    let mut void = BTreeSet::new();
    for fact in &known {
        if let Action::Void(index) = fact.action {
            let before = kept
                .iter()
                .filter(|other| other.position < fact.position)
                .count();
            void.insert(kept[index % before].position);
        }
    }
    let effective = || known.iter().filter(|fact| !void.contains(&fact.position));
    let mut parties = BTreeSet::from(["a", "b"]);
    let mut lead: Option<&'static str> = None;
    // Those that were followed so far. An entry that names one of them later means those in
    // its place.
    let mut heirs_of: HeirsOf = BTreeMap::new();
    // Those of them that are no more.
    let mut ended = BTreeSet::new();
    let mut today = day(0);
    while today <= until {
        for fact in effective().filter(|fact| fact.on == today) {
            if let Action::Follow {
                body,
                heirs,
                here,
                goes_on,
            } = &fact.action
            {
                let heirs = here.map_or_else(|| heirs.clone(), |here| vec![here]);
                let is_party = parties.remove(body);
                if is_party {
                    parties.extend(heirs.iter().copied());
                }
                if !goes_on {
                    ended.insert(*body);
                }
                let order = (fact.on, fact.position);
                heirs_of.entry(body).or_default().push((order, heirs));
            }
        }
        for fact in effective().filter(|fact| fact.on == today) {
            match fact.action {
                Action::Join(body) if ended.contains(body) => {
                    parties.extend(in_place_of(&heirs_of, body, None));
                }
                Action::Join(body) => {
                    parties.insert(body);
                }
                Action::Leave(body) => {
                    parties.remove(body);
                }
                Action::Lead(body) => lead = Some(body),
                Action::Follow { .. } | Action::Void(_) => {}
            }
        }
        today = today.tomorrow().expect("a day");
    }
    let leads = lead.map_or_else(Vec::new, |lead| in_place_of(&heirs_of, lead, None));
    let leads: BTreeSet<&str> = leads
        .into_iter()
        .filter(|lead| parties.contains(lead))
        .collect();
    // Which of several heirs leads is to be settled.
    let sole = leads.first().copied().filter(|_| leads.len() == 1);
    (parties, sole)
}

/// A day, and the position of an entry dated on it.
type Order = (Date, u64);

/// For each body, those that followed it in the collaboration, oldest first.
type HeirsOf = BTreeMap<&'static str, Vec<(Order, Vec<&'static str>)>>;

/// The body itself, or the last of its heirs: each took over later than the one before.
fn in_place_of(heirs_of: &HeirsOf, body: &'static str, since: Option<Order>) -> Vec<&'static str> {
    let mut followed = heirs_of.get(body).into_iter().flatten();
    match followed.find(|(order, _)| Some(*order) > since) {
        None => vec![body],
        Some((order, heirs)) => heirs
            .iter()
            .flat_map(|heir| in_place_of(heirs_of, heir, Some(*order)))
            .collect(),
    }
}

fn shown(given: &Given, as_at: Date, known: u64) -> (BTreeSet<String>, Option<String>) {
    let register = Arc::new(given.register.clone());
    let view = RegisterView::new(register, as_at, Position::new(known));
    let view = views::collaboration::get(&view, &"x".parse().expect("an id")).expect("x");
    let id = |body: Option<minutebook::wire::proto::BodyRef>| body.map(|body| body.body_id);
    let parties = view
        .parties
        .into_iter()
        .filter_map(|party| id(party.body))
        .collect();
    (parties, id(view.summary.expect("its line").lead))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: super::cases(),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn parties_and_leads_pass_on_as_in_a_naive_model(
        steps in proptest::collection::vec((1..30_i64, actions()), 1..24),
        moments in proptest::collection::vec((0..35_i64, 0..40_u64), 4),
    ) {
        let mut given = Given::default();
        for body in BODIES {
            let payload = json!({ "name": format!("Council {body}"), "kind": "BODY_KIND_COUNCIL" });
            given.record(&[event(&format!("bodies/{body}"), "2000", "bodyRegistered", payload)]);
        }
        given.record(&[on_x(
            "2020-01-01",
            "collaborationEstablished",
            json!({ "name": "X", "kind": "COLLABORATION_KIND_OTHER", "partyIds": ["a", "b"] }),
        )]);
        let mut kept: Vec<Kept> = Vec::new();
        for (days, action) in steps {
            let on = day(days);
            let Some(event) = as_event(&kept, on, &action) else { continue };
            if given.judge(std::slice::from_ref(&event)).is_ok() {
                given.record(&[event]);
                let position = given.register.tail().get();
                kept.push(Kept { on, position, action });
            }
        }
        for (days, known) in moments {
            let known = 8 + known;
            let (parties, lead) = played(&kept, day(days), known);
            let parties: BTreeSet<String> = parties.into_iter().map(str::to_owned).collect();
            let found = shown(&given, day(days), known);
            prop_assert_eq!(found, (parties, lead.map(str::to_owned)), "{:#?} on {} at {}", kept, day(days), known);
        }
    }
}
