//! Whose decision carries a matter that names its board, and who may call a decision in.

use serde_json::{Value, json};

use super::course::*;
use crate::given::{Given, event, judged};

fn council_board(id: &str, body: &str) -> Value {
    let payload = json!({ "name": id, "powers": ["BOARD_POWER_DECIDES", "BOARD_POWER_OVERSEES"],
        "ownerBodyId": body });
    event(
        &format!("boards/{id}"),
        "2010-05-01",
        "boardConstituted",
        payload,
    )
}

fn before(board: &str) -> Given {
    let more = json!({ "boardId": board });
    with(
        stage(),
        &[
            council_board("bram-osc", "bram"),
            proposed("2020-02-03", 1, depot(), more),
        ],
    )
}

/// Under a delegation that is known from a minute only.
fn in_words(mut decision: Value) -> Value {
    decision["authority"] = json!({ "delegation": "Minute 14 of 3 May 2019" });
    decision
}

#[test]
fn no_other_voice_decides_what_is_before_a_board() {
    let refused = &["NOT_PUT_TO"][..];
    let on = "2020-02-05";
    let by_board = |board: &str, outcome: &str| decides(on, board, outcome, json!({}));
    let given = before("ash-cab");
    judged(
        &given,
        &[
            ("the cabinet", by_board("ash-cab", "APPROVED"), &[]),
            ("another body's", by_board("bram-cab", "APPROVED"), refused),
            ("against", by_board("bram-cab", "REJECTED"), refused),
            (
                "its own council",
                by_board("ash-council", "APPROVED"),
                refused,
            ),
            ("the joint committee", by_board("jc", "REJECTED"), refused),
            (
                "an office of another",
                officer(on, "bram", "Head of Waste", "APPROVED", json!({})),
                refused,
            ),
            (
                "an office that cites a minute",
                in_words(officer(on, "bram", "Head of Waste", "APPROVED", json!({}))),
                &[],
            ),
            (
                "a board that cites a minute",
                in_words(by_board("jc", "APPROVED")),
                &[],
            ),
            (
                "the body itself",
                officer(on, "ash", "", "APPROVED", json!({})),
                &[],
            ),
            (
                "put off by another",
                by_board("ash-council", "DEFERRED"),
                &[],
            ),
            (
                "recommended by another",
                by_board("ash-council", "SUPPORTED"),
                &[],
            ),
        ],
    );
    let text = super::refusal(&given, &by_board("bram-cab", "APPROVED"));
    assert!(text.contains("put to boards/ash-cab, and not to"), "{text}");
    assert!(text.contains("subject_to"), "{text}");
    // Sent back after a call-in, it awaits the cabinet, and nobody else.
    let events = [
        by_board("ash-cab", "APPROVED"),
        call_in("2020-02-10", "ash-cab-2020-02-05"),
        call_in_settled("2020-02-25", "BACK_TO_DECIDER"),
    ];
    let given = with(given, &events);
    let again = |board: &str| decides("2020-02-28", board, "APPROVED", json!({}));
    judged(
        &given,
        &[
            ("another body's", again("bram-cab"), refused),
            ("its own council", again("ash-council"), refused),
            ("the cabinet", again("ash-cab"), &[]),
        ],
    );
    // A matter that the board leaves to another, or makes subject to it, is decided by that.
    let left = with(before("ash-cab"), &[by_board("ash-cab", "SUPPORTED")]);
    let depends = json!({ "subjectTo": [{ "conditionId": "c", "what": "Bramley agrees",
        "decidedByBoardId": "bram-cab" }] });
    let asked = with(
        before("ash-cab"),
        &[decides(on, "ash-cab", "APPROVED", depends)],
    );
    let bram = |outcome: &str| decides("2020-02-28", "bram-cab", outcome, json!({}));
    judged(&left, &[("then", by_board("ash-council", "APPROVED"), &[])]);
    judged(
        &asked,
        &[
            ("the other", bram("APPROVED"), &[]),
            ("refuses", bram("REJECTED"), &[]),
            ("a third", again("ash-council"), refused),
        ],
    );
    // A matter that names no board is for any of them.
    let free = with(stage(), &[proposed("2020-02-03", 1, depot(), json!({}))]);
    judged(&free, &[("any", by_board("bram-cab", "APPROVED"), &[])]);
}

fn called(decision: &str, board: &str) -> Value {
    let mut event = call_in("2020-02-10", decision);
    event["decisionCalledIn"]["boardId"] = board.into();
    event
}

#[test]
fn the_scrutiny_of_the_deciding_authority_calls_in() {
    let outside = &["CALLED_IN_FROM_OUTSIDE"][..];
    let cabinet = with(
        before("ash-cab"),
        &[decides("2020-02-05", "ash-cab", "APPROVED", json!({}))],
    );
    let d = "ash-cab-2020-02-05";
    let office = |body: &str| by(body, "Chair of Scrutiny", called(d, ""));
    judged(
        &cabinet,
        &[
            ("its own", called(d, "ash-osc"), &[]),
            ("its council", called(d, "ash-council"), &[]),
            ("another's", called(d, "bram-osc"), outside),
            ("its chair", office("ash"), &[]),
            ("another's chair", office("bram"), outside),
        ],
    );
    let text = super::refusal(&cabinet, &called(d, "bram-osc"));
    assert!(
        text.contains("is one of ash, and boards/bram-osc"),
        "{text}"
    );
    // A joint committee has two authorities.
    let unanimous = json!({ "tally": { "unanimous": true } });
    let joint = with(
        before("jc"),
        &[decides("2020-02-05", "jc", "APPROVED", unanimous)],
    );
    let d = "jc-2020-02-05";
    judged(
        &joint,
        &[
            ("of one", called(d, "ash-osc"), &[]),
            ("of the other", called(d, "bram-osc"), &[]),
        ],
    );
    // An officer decides for the cabinet that has delegated the matter.
    let made = json!({ "delegationId": "scheme", "fromBoardId": "ash-cab", "what": "Depots",
        "to": { "bodyId": "ash", "office": "Head of Waste" } });
    let mut decides = officer("2020-02-05", "ash", "Head of Waste", "APPROVED", json!({}));
    decides["authority"] = json!({ "delegationOnRecord": { "delegationId": "scheme" } });
    let given = with(
        before("ash-cab"),
        &[on("2020-01-10", "delegationMade", made), decides],
    );
    let d = "ash-2020-02-05";
    judged(
        &given,
        &[
            ("scrutiny", called(d, "ash-osc"), &[]),
            ("the giver", called(d, "ash-cab"), &["CALLED_IN_BY_DECIDER"]),
            ("another's", called(d, "bram-osc"), outside),
        ],
    );
}
