//! The book of the councils: what its papers say comes back, on both axes of time.

use serde_json::Value;

use super::{json, server_with};
use crate::program::{Serving, councils};

const ENDING: &str = "017eb294-c000-72c3-a56c-926e275711a7";
const NOTICE: &str = "0163c817-e800-7591-9840-561ed6da2a9d";
const LEGAL_SERVICE: &str = "0146c605-b000-7628-809e-82a1e8089cd4";
const NEXT_PHASE: &str = "0169d632-1400-7902-aeb3-b400f388efbc";
const STRATFORD: &str = "0152e23a-0800-7ade-9ef1-6fa388471010";
const NORTH_DORSET_JOINS: &str = "0148c901-a000-75e0-ac4d-7bfc4e70cc8c";

fn ids<'a>(list: &'a Value, way: &[&str]) -> Vec<&'a str> {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let id = |item: &'a Value| way.iter().fold(item, |value, name| &value[name]).as_str();
    items.iter().filter_map(id).collect()
}

fn named<'a>(list: &'a Value, name: &str, id: &str) -> &'a Value {
    let mut items = list.as_array().expect("a list").iter();
    let found = items.find(|item| item[name] == id);
    found.unwrap_or_else(|| panic!("no {name} {id} in {list}"))
}

fn decision(serving: &Serving, id: &str, day: &str) -> Value {
    let decisions = json(serving, &["show", "decisions", "--as-at", day]);
    named(&decisions["decisions"], "decisionId", id).clone()
}

fn proposal(serving: &Serving, id: &str, day: &str) -> Value {
    json(serving, &["show", "proposal", id, "--as-at", day])["proposal"].clone()
}

fn standing(proposal: &Value) -> &str {
    proposal["approval"]["standing"]
        .as_str()
        .unwrap_or_default()
}

#[test]
fn nine_councils_are_followed_by_two() {
    let (serving, _dir) = server_with(&[councils()]);
    let county = json(&serving, &["show", "body", "dorset-county-council"]);
    assert_eq!(
        ids(&county["body"]["successors"], &["bodyId"]),
        ["dorset-council", "bcp-council"]
    );
    let bcp = json(&serving, &["show", "body", "bcp-council"]);
    let mut before = ids(&bcp["body"]["predecessors"], &["bodyId"]);
    before.sort_unstable();
    assert_eq!(
        before,
        [
            "bournemouth-borough-council",
            "christchurch-borough-council",
            "dorset-county-council",
            "poole-borough-council",
        ]
    );
    let health = |day| {
        let view = json(
            &serving,
            &[
                "show",
                "collaboration",
                "public-health-dorset",
                "--as-at",
                day,
            ],
        );
        view["collaboration"].clone()
    };
    assert_eq!(
        ids(&health("2019-03-31")["parties"], &["body", "bodyId"]),
        [
            "bournemouth-borough-council",
            "dorset-county-council",
            "poole-borough-council"
        ]
    );
    let after = health("2019-04-01");
    assert_eq!(
        ids(&after["parties"], &["body", "bodyId"]),
        ["bcp-council", "dorset-council"]
    );
    assert_eq!(after["services"][0]["lead"]["bodyId"], "dorset-council");
    // The second body of a divided council has no part where the order gives it none.
    let waste = json(
        &serving,
        &[
            "show",
            "collaboration",
            "dorset-waste-partnership",
            "--as-at",
            "2019-04-02",
        ],
    );
    assert_eq!(waste["collaboration"]["summary"]["endedOn"]["year"], 2019);
}

#[test]
fn merged_seats_are_one_and_the_board_goes_on() {
    let (serving, _dir) = server_with(&[councils()]);
    let board = |day| {
        let view = json(
            &serving,
            &["show", "board", "joint-public-health-board", "--as-at", day],
        );
        view["board"].clone()
    };
    let before = board("2019-03-31");
    assert_eq!(before["quorum"], 3);
    assert_eq!(before["groupQuorums"].as_array().map(Vec::len), Some(3));
    let after = board("2026-01-01");
    assert_eq!(
        (&after["quorum"], &after["mergedSeats"]),
        (&2.into(), &"MERGED_SEATS_ONE".into())
    );
    let holders = ids(&after["seats"], &["heldBy", "body", "bodyId"]);
    let held = |body| holders.iter().filter(|holder| **holder == body).count();
    assert_eq!((held("bcp-council"), held("dorset-council")), (4, 2));
    let cancelled = named(&after["meetings"], "meetingId", "2023-06-12");
    assert_eq!(cancelled["standing"], "MEETING_STANDING_CANCELLED");
}

#[test]
fn a_council_is_the_fire_authority_until_a_commissioner_is() {
    let (serving, _dir) = server_with(&[councils()]);
    let fire = |body: &str| {
        let view = json(&serving, &["show", "body", body]);
        named(
            &view["body"]["capacities"],
            "kind",
            "BODY_KIND_FIRE_AUTHORITY",
        )
        .clone()
    };
    assert!(fire("oxfordshire-county-council")["untilOn"].is_null());
    let ended = fire("northamptonshire-county-council");
    assert_eq!(
        (&ended["untilOn"]["year"], &ended["takenBy"]),
        (&2019.into(), &"SI 2018/1072".into())
    );
    assert_eq!(fire("northamptonshire-pcc")["sinceOn"]["year"], 2019);
}

#[test]
fn a_casting_vote_and_a_unanimous_one_count_as_minuted() {
    let (serving, _dir) = server_with(&[councils()]);
    let purbeck = decision(&serving, "purbeck-2017-01", "2017-02-01");
    assert_eq!(purbeck["standing"], "DECISION_STANDING_REJECTED");
    let tally = &purbeck["tally"];
    assert_eq!(
        [
            &tally["votesFor"],
            &tally["votesAgainst"],
            &tally["abstentions"]
        ],
        [&Value::from(11), &11.into(), &1.into()]
    );
    assert_eq!(tally["castingVote"]["choice"], "VOTE_CHOICE_REJECT");
    let west = decision(&serving, "west-dorset-admits", "2014-11-01");
    assert_eq!(
        west["tally"]["notGiven"],
        serde_json::json!(["TALLY_FIGURE_FOR"])
    );
    assert_eq!(west["onIs"], "DATE_IS_ABOUT");
    let north = decision(&serving, "north-dorset-2017-01", "2017-02-01");
    assert_eq!(north["tally"]["unanimous"], true);
    let meeting = json(
        &serving,
        &[
            "show",
            "meeting",
            "purbeck-district-council-full-council",
            "2017-01-31",
        ],
    );
    assert_eq!(
        ids(&meeting["meeting"]["lines"], &["itemId"]),
        ["purbeck-2017-01"]
    );
    assert_eq!(
        meeting["meeting"]["meeting"]["minutesApprovedAtId"],
        "2017-02-21"
    );
}

#[test]
fn the_minutes_of_a_joint_committee_come_back() {
    let (serving, _dir) = server_with(&[councils()]);
    let view = json(
        &serving,
        &[
            "show",
            "meeting",
            "joint-shared-services-committee",
            "2022-02-01",
        ],
    );
    let meeting = &view["meeting"];
    assert_eq!(
        (&meeting["memberCount"], &meeting["presentCount"]),
        (&6.into(), &4.into())
    );
    let attended = &meeting["meeting"]["attendance"];
    let substitute = named(attended, "attendance", "ATTENDANCE_KIND_SUBSTITUTE");
    assert_eq!(substitute["substitute"]["office"], "Substitute member");
    assert_eq!(
        ids(&meeting["lines"], &["itemId"]),
        ["committee-recommends"]
    );
    let may = json(
        &serving,
        &[
            "show",
            "meeting",
            "joint-shared-services-committee",
            "2022-05-23",
        ],
    );
    assert_eq!(
        may["meeting"]["meeting"]["presidedAs"],
        "PRESIDING_AS_VICE_CHAIR"
    );
}

#[test]
fn what_each_council_decides_is_carried_by_the_last_of_them() {
    let (serving, _dir) = server_with(&[councils()]);
    for (id, before, after) in [
        (ENDING, "2022-02-07", "2022-02-08"),
        (NORTH_DORSET_JOINS, "2014-10-31", "2014-11-30"),
    ] {
        assert_eq!(
            standing(&proposal(&serving, id, before)),
            "DECISION_STANDING_PENDING",
            "{id}"
        );
        assert_eq!(
            standing(&proposal(&serving, id, after)),
            "DECISION_STANDING_APPROVED",
            "{id}"
        );
    }
}

#[test]
fn a_conditional_approval_waits_for_its_condition() {
    let (serving, _dir) = server_with(&[councils()]);
    let conditional = "DECISION_STANDING_SUBJECT_TO";
    for (id, before, after) in [
        (NOTICE, "2018-07-15", "2018-07-16"),
        (LEGAL_SERVICE, "2014-09-30", "2014-10-31"),
    ] {
        assert_eq!(
            standing(&proposal(&serving, id, before)),
            conditional,
            "{id}"
        );
        assert_eq!(
            standing(&proposal(&serving, id, after)),
            "DECISION_STANDING_APPROVED",
            "{id}"
        );
    }
    // The council's own decision met the condition of its executive, and both count.
    for id in ["executive-in-principle", "council-gives-notice"] {
        let shown = decision(&serving, id, "2018-07-16");
        assert_eq!(shown["standing"], "DECISION_STANDING_APPROVED", "{id}");
    }
    let waits = proposal(&serving, NOTICE, "2018-07-15");
    let awaited = ids(&waits["approval"]["awaited"], &["board", "boardId"]);
    assert_eq!(awaited, ["cherwell-council"]);
    // No paper says that Oxfordshire agreed: seven years later it is still awaited.
    assert_eq!(
        standing(&proposal(&serving, NEXT_PHASE, "2026-01-01")),
        conditional
    );
    let unknown = proposal(&serving, STRATFORD, "2026-01-01");
    assert_eq!(standing(&unknown), "DECISION_STANDING_OUTCOME_NOT_KNOWN");
}

#[test]
fn a_decision_is_suspended_while_it_is_called_in() {
    let (serving, _dir) = server_with(&[councils()]);
    let on = |day| decision(&serving, "transfer-of-services", day);
    assert_eq!(on("2018-10-01")["standing"], "DECISION_STANDING_CALLED_IN");
    let settled = on("2018-11-07");
    assert_eq!(settled["standing"], "DECISION_STANDING_APPROVED");
    assert_eq!(settled["callIns"][0]["outcome"], "CALL_IN_OUTCOME_STANDS");
}

#[test]
fn a_claim_in_court_is_shown_with_the_decision() {
    let (serving, _dir) = server_with(&[councils()]);
    let laid = decision(&serving, "orders-laid", "2018-12-31");
    let claim = &laid["challenges"][0];
    assert_eq!(claim["reference"], "CO/2005/2018");
    assert_eq!(
        ids(&claim["steps"], &["step"]),
        ["CHALLENGE_STEP_PERMISSION_GRANTED", "CHALLENGE_STEP_UPHELD"]
    );
    assert_eq!(laid["standing"], "DECISION_STANDING_APPROVED");
}

#[test]
fn the_chairs_of_a_committee_stay_in_its_view() {
    let (serving, _dir) = server_with(&[councils()]);
    let board = json(
        &serving,
        &[
            "show",
            "board",
            "dorset-waste-joint-committee",
            "--as-at",
            "2018-07-01",
        ],
    );
    let terms = board["board"]["termsOfOffice"].as_array().expect("terms");
    let chairs = terms
        .iter()
        .filter(|term| term["place"] == "BOARD_PLACE_CHAIR");
    let chairs: Vec<_> = chairs
        .map(|term| {
            (
                &term["sinceOn"]["year"],
                &term["untilOn"]["year"],
                &term["isPast"],
            )
        })
        .collect();
    let (past, null) = (Value::from(true), Value::Null);
    assert_eq!(
        chairs,
        [
            (&2016.into(), &2017.into(), &past),
            (&2017.into(), &2018.into(), &past),
            (&2018.into(), &2019.into(), &null),
        ]
    );
}

#[test]
fn a_council_accedes_and_an_agreement_is_retrospective() {
    let (serving, _dir) = server_with(&[councils()]);
    let partnership = json(
        &serving,
        &[
            "show",
            "collaboration",
            "dorset-councils-partnership",
            "--as-at",
            "2016-01-01",
        ],
    );
    let joint = named(
        &partnership["collaboration"]["instruments"],
        "instrumentId",
        "joint-staffing",
    );
    let accession = &joint["accessions"][0];
    assert_eq!(accession["body"]["bodyId"], "north-dorset-district-council");
    assert_eq!(accession["accededOnIs"], "DATE_IS_ABOUT");
    assert_eq!(accession["agreedBy"].as_array().map(Vec::len), Some(2));
    // In force on a day before it was signed, as known now.
    let health = json(
        &serving,
        &[
            "show",
            "collaboration",
            "public-health-dorset",
            "--as-at",
            "2021-04-15",
        ],
    );
    let renewed = named(
        &health["collaboration"]["instruments"],
        "instrumentId",
        "renewed-agreement",
    );
    assert_eq!(renewed["standing"], "STANDING_IN_FORCE");
    assert_eq!(renewed["isRetrospective"], true);
}

#[test]
fn ends_by_notice_name_their_notices_and_reach_down() {
    let (serving, _dir) = server_with(&[councils()]);
    let running = json(&serving, &["show", "notices", "--as-at", "2022-03-31"]);
    assert_eq!(
        ids(&running["notices"], &["noticeId"]),
        ["cherwell-2022", "oxfordshire-2022"]
    );
    let ended = json(
        &serving,
        &[
            "show",
            "collaboration",
            "cherwell-oxfordshire",
            "--as-at",
            "2022-09-01",
        ],
    );
    let ended = &ended["collaboration"];
    assert_eq!(
        ended["endNoticeIds"],
        serde_json::json!(["cherwell-2022", "oxfordshire-2022"])
    );
    let agreement = named(&ended["instruments"], "instrumentId", "section-113");
    assert_eq!(agreement["endedWithCollaboration"], true);
    // The collaboration that followed Cherwell's other one has the new council as party.
    let separation = json(
        &serving,
        &["show", "collaboration", "cherwell-snc-collaboration"],
    );
    assert_eq!(
        ids(&separation["collaboration"]["parties"], &["body", "bodyId"]),
        ["cherwell-district-council", "west-northamptonshire-council"]
    );
}

#[test]
fn every_entry_names_its_document() {
    let text = std::fs::read_to_string(councils()).expect("the book");
    let book: Value = serde_json::from_str(&text).expect("JSON");
    for append in book["appends"].as_array().expect("appends") {
        for event in append["events"].as_array().expect("events") {
            let sources = event["sources"].as_array().map_or(0, Vec::len);
            assert!(sources > 0, "{event}");
        }
    }
}
