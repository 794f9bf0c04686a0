//! Entries that are older than the collaboration that they are about, and agreements that
//! have force from before it: the views of the days before its first day.

use minutebook::views;
use minutebook::views::attention::{Asker, list as attention};
use minutebook::wire::proto::{AttentionKind, AttentionView, DecisionStanding, Standing};
use serde_json::json;

use super::{at, body, drafted, established, signed, view};
use crate::given::{Given, bodies, date, event, on_x};

const PROPOSAL: &str = "0193f000-0000-7000-8000-0000000030a0";

/// An alliance from April 2018. Its agreement was proposed in February, and one of two
/// commissioners decided, and one chief constable signed, in March.
fn before_april() -> Given {
    let mut given = Given::recorded(&bodies());
    let parties = ["a-pcc", "b-pcc", "a-cc", "b-cc"];
    given.record(&[established(&parties, "2018-04-01")]);
    let terms = json!({ "commencesOn": date("2018-04-01"),
        "provisions": [{ "kind": "PROVISION_KIND_FORCE", "forces": ["a", "b"] }] });
    given.record(&[drafted(
        "dogs",
        "2018-02-01",
        "SECTION_22A_AGREEMENT",
        terms,
    )]);
    let mut proposed = on_x(
        "2018-02-20",
        "matterProposed",
        json!({ "proposalId": PROPOSAL, "title": "Sign it", "putToIds": ["a-pcc", "b-pcc"],
            "matter": { "signInstrumentId": "dogs" } }),
    );
    proposed["actedBy"] = json!({ "bodyId": "a-cc" });
    let mut decided = on_x(
        "2018-03-05",
        "decisionMade",
        json!({ "decisionId": "dn4", "title": "DN 4", "outcome": "OUTCOME_APPROVED",
            "proposalId": PROPOSAL }),
    );
    decided["actedBy"] = json!({ "bodyId": "a-pcc" });
    given.record(&[proposed]);
    given.record(&[decided]);
    given.record(&[signed("dogs", "2018-03-10", "a-cc")]);
    given
}

fn lines(given: &Given, day: &str, asker: &Asker) -> Vec<AttentionView> {
    attention(&at(given, day), asker, day.parse().unwrap())
}

#[test]
fn the_weeks_before_it_begins_are_shown_as_any_other_day() {
    let given = before_april();
    let march = at(&given, "2018-03-31");
    let proposal = views::proposal::get(&march, PROPOSAL.parse().unwrap()).expect("it was made");
    let approval = proposal.approval.unwrap();
    assert_eq!(approval.standing(), DecisionStanding::Pending);
    assert_eq!(approval.subject_name, "X");
    let awaited = approval.awaited[0].who.as_ref().unwrap();
    assert_eq!(awaited.body.as_ref().unwrap().body_id, "b-pcc");
    let decisions = views::decisions::list(&march, None, false);
    assert!(decisions.iter().any(|line| line.decision_id == "dn4"));
    let found = lines(&given, "2018-03-31", &Asker::default());
    let kinds: Vec<AttentionKind> = found.iter().map(AttentionView::kind).collect();
    assert_eq!(
        kinds,
        [
            AttentionKind::AwaitsDecision,
            AttentionKind::AwaitsSignature
        ]
    );
    assert_eq!(found[1].awaited.len(), 3);
    let asker = Asker {
        body: Some("b-pcc".parse().unwrap()),
        ..Asker::default()
    };
    assert_eq!(lines(&given, "2018-03-31", &asker).len(), 2);
    // Nothing was known on the day before the first of them.
    let x = "x".parse().unwrap();
    assert!(views::collaboration::get(&at(&given, "2018-01-31"), &x).is_none());
    assert!(lines(&given, "2018-01-31", &Asker::default()).is_empty());
    let early = at(&given, "2018-02-19");
    assert!(views::proposal::get(&early, PROPOSAL.parse().unwrap()).is_none());
}

#[test]
fn a_body_shows_what_it_has_signed_that_begins_later() {
    let given = before_april();
    let march = at(&given, "2018-03-31");
    let chief = views::body::get(&march, &"a-cc".parse().unwrap()).unwrap();
    assert!(chief.party_to.is_empty());
    let signed = &chief.signed_instruments[0];
    assert_eq!(signed.standing(), Standing::AwaitingSignature);
    assert_eq!(signed.begins_on.unwrap().month, 4);
    let other = views::body::get(&march, &"b-cc".parse().unwrap()).unwrap();
    assert_eq!(other.awaited_signatures[0].instrument_id, "dogs");
    let april = at(&given, "2018-04-01");
    let chief = views::body::get(&april, &"a-cc".parse().unwrap()).unwrap();
    assert!(chief.signed_instruments[0].begins_on.is_none());
}

#[test]
fn a_collaboration_that_begins_later_is_shown_so_and_listed_nowhere() {
    let given = before_april();
    let march = at(&given, "2018-03-31");
    let view = views::collaboration::get(&march, &"x".parse().unwrap()).unwrap();
    let shown = view.clone();
    let summary = shown.summary.unwrap();
    assert_eq!(summary.standing(), Standing::NotYetCommenced);
    assert_eq!(summary.established_on.unwrap().month, 4);
    assert!(shown.parties.is_empty(), "nobody is a party yet");
    assert_eq!(shown.instruments.len(), 1);
    assert!(views::collaborations::list(&march, None, true).is_empty());
    let layout = minutebook::present::table::Layout::plain(200);
    let report = minutebook::present::reports::collaboration::in_full(&view);
    let table = minutebook::present::table::render(&report, layout);
    assert!(table.contains("It has none before it begins."), "{table}");
}

/// A council and a board that exists from July 2022, whose agreement has effect from April.
fn from_april() -> Given {
    let payload = json!({ "name": "The board", "kind": "BODY_KIND_OTHER" });
    let mut given = Given::recorded(&[
        body("a", "COUNCIL"),
        event("bodies/icb", "2022-07-01", "bodyRegistered", payload),
        established(&["a", "icb"], "2022-07-01"),
    ]);
    let terms = json!({ "commencesOn": date("2022-04-01"), "expiresOn": date("2023-03-31") });
    given.record(&[drafted("s75", "2022-12-06", "OTHER", terms)]);
    given.record(&[signed("s75", "2023-01-25", "a")]);
    given.record(&[signed("s75", "2023-01-25", "icb")]);
    given
}

#[test]
fn a_retrospective_agreement_is_shown_from_before_its_collaboration() {
    let given = from_april();
    let x = "x".parse().unwrap();
    let may = views::collaboration::get(&at(&given, "2022-05-01"), &x).expect("x");
    assert_eq!(may.summary.unwrap().standing(), Standing::NotYetCommenced);
    let shown = &may.instruments[0];
    assert_eq!(shown.standing(), Standing::InForce);
    assert!(shown.is_retrospective);
    let later = |body: &str| {
        let mut signatures = shown.signatures.iter();
        let of = signatures.find(|s| s.body.as_ref().unwrap().body_id == body);
        let of = of.unwrap();
        (of.body.clone().unwrap().name, of.exists_from_on)
    };
    let (name, exists_from) = later("icb");
    assert_eq!(name, "The board");
    assert_eq!(exists_from.unwrap().month, 7);
    assert!(later("a").1.is_none());
    // Before it has force, and as known before all had signed, there is nothing to show.
    assert!(views::collaboration::get(&at(&given, "2022-03-31"), &x).is_none());
    let known = given.register.tail().get() - 1;
    let then = view(&given, "2022-05-01", known);
    assert!(views::collaboration::get(&then, &x).is_none());
}

#[test]
fn a_view_that_learns_more_shows_what_it_learned_about_the_days_before() {
    let given = before_april();
    let x = "x".parse().unwrap();
    // As known when only its founding was on record, and then entry by entry.
    let first = view(&given, "2018-03-31", bodies().len() as u64 + 1);
    assert!(views::collaboration::get(&first, &x).is_none());
    let tail = given.register.tail().get();
    for known in bodies().len() as u64 + 2..=tail {
        let next = first.known_by(minutebook::domain::ids::Position::new(known));
        let shown = views::collaboration::get(&next, &x).expect("the agreement is drafted");
        assert_eq!(shown.summary.unwrap().name, "X", "{known}");
    }
}

#[test]
fn a_proposal_about_a_board_may_be_older_than_the_board() {
    let mut given = Given::recorded(&bodies());
    let payload = json!({ "name": "J", "powers": ["BOARD_POWER_DECIDES"],
        "members": [{ "bodyId": "a-pcc" }] });
    given.record(&[event("boards/j", "2018-04-01", "boardConstituted", payload)]);
    let mut proposed = event(
        "boards/j",
        "2018-03-01",
        "matterProposed",
        json!({ "proposalId": PROPOSAL, "title": "Its plan", "matter": { "other": "Plan" },
            "putToIds": ["a-pcc"] }),
    );
    proposed["actedBy"] = json!({ "bodyId": "b-pcc" });
    given.record(&[proposed]);
    let march = at(&given, "2018-03-31");
    let proposal = views::proposal::get(&march, PROPOSAL.parse().unwrap()).expect("it was made");
    assert_eq!(proposal.approval.unwrap().subject_name, "J");
    assert!(
        views::boards::list(&march, None).is_empty(),
        "it does not exist yet"
    );
    let kinds = lines(&given, "2018-03-31", &Asker::default());
    assert_eq!(kinds[0].kind(), AttentionKind::AwaitsDecision);
}
