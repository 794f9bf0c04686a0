//! A register in which something is withheld from every caller but one, for tests. Whatever
//! is withheld has the word `CANARY`.

use serde_json::{Value, json};

use crate::given::{bodies, collaboration, event, on_x};

/// The proposal that is protected.
pub const PROPOSAL: &str = "0190a000-0000-7000-8000-00000000c0de";

/// An event with a protective marking.
pub fn marked(mut event: Value, marking: &str) -> Value {
    event["marking"] = json!(format!("PROTECTIVE_MARKING_{marking}"));
    event
}

pub fn sensitive(event: Value) -> Value {
    marked(event, "OFFICIAL_SENSITIVE")
}

pub fn drafted(id: &str, title: &str) -> Value {
    on_x(
        "2014",
        "instrumentDrafted",
        json!({ "instrumentId": id, "title": title, "partyIds": ["a-pcc", "b-pcc"],
                "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING" }),
    )
}

pub fn signed(id: &str, body: &str, office: &str) -> Value {
    on_x(
        "2014-02-01",
        "agreementSigned",
        json!({ "instrumentId": id, "bodyId": body, "office": office }),
    )
}

pub fn proposed(title: &str) -> Value {
    on_x(
        "2014-03-01",
        "matterProposed",
        json!({ "proposalId": PROPOSAL, "title": title, "matter": { "other": title },
                "putToIds": ["a-pcc", "b-pcc"] }),
    )
}

pub fn vote(note: &str) -> Value {
    let mut vote = on_x(
        "2014-03-02",
        "voteCast",
        json!({ "proposalId": PROPOSAL, "voter": { "bodyId": "b-pcc" },
                "choice": "VOTE_CHOICE_APPROVE" }),
    );
    vote["note"] = json!(note);
    vote
}

pub fn risk(id: &str, what: &str) -> Value {
    on_x(
        "2014-04-01",
        "riskRaised",
        json!({ "riskId": id, "what": what }),
    )
}

/// The events of the register, in the order in which they are recorded.
pub fn story() -> Vec<Value> {
    let mut events = bodies();
    events.extend([
        collaboration(&["a-pcc", "b-pcc"]),
        event(
            "collaborations/hidden",
            "2013",
            "collaborationEstablished",
            json!({ "name": "The CANARY programme", "kind": "COLLABORATION_KIND_PROGRAMME",
                    "partyIds": ["b-pcc", "c-pcc"] }),
        ),
        event(
            "boards/joint",
            "2013",
            "boardConstituted",
            json!({ "name": "The joint board", "powers": ["BOARD_POWER_DECIDES"],
                    "collaborationIds": ["x"],
                    "members": [{ "bodyId": "a-pcc" }, { "bodyId": "b-pcc" }] }),
        ),
        event(
            "boards/hidden",
            "2013",
            "boardConstituted",
            json!({ "name": "The CANARY board", "powers": ["BOARD_POWER_DECIDES"],
                    "collaborationIds": ["hidden"],
                    "members": [{ "bodyId": "b-pcc" }, { "bodyId": "c-pcc" }] }),
        ),
        event(
            "boards/joint",
            "2014-01-01",
            "meetingCalled",
            json!({ "meetingId": "m1", "agenda": "The budget" }),
        ),
        sensitive(event(
            "boards/joint",
            "2014-06-01",
            "meetingCalled",
            json!({ "meetingId": "m2", "agenda": "The CANARY matter" }),
        )),
        event(
            "bodies/c-pcc",
            "2014",
            "riskRaised",
            json!({ "riskId": "own", "what": "The CANARY of another body" }),
        ),
        drafted("open", "The open agreement"),
        signed("open", "a-pcc", "Commissioner"),
        sensitive(drafted("secret", "The CANARY agreement")),
        signed("secret", "b-pcc", "Signatory CANARY"),
        sensitive(proposed("The CANARY proposal")),
        vote("CANARY: agreed in private"),
        marked(risk("official", "An official risk"), "OFFICIAL"),
        risk("open", "An open risk"),
        risk("marked-later", "A CANARY that was public by mistake"),
    ]);
    let wrong = events.len();
    events.push(sensitive(on_x(
        "2014-05-01",
        "entryCorrected",
        json!({ "position": wrong.to_string(), "reason": "The CANARY has to be protected",
                "replacement": risk("marked-later", "Still a CANARY") }),
    )));
    events
}
