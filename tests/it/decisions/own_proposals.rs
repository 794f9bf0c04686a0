//! Nobody agrees alone to their own proposal: who is refused for it, and who is not.

use minutebook::wire::proto::DecisionStanding::SubjectTo;
use serde_json::{Value, json};

use super::approving::*;
use super::course::decides;
use super::votes::{CARRIED, OPEN, recorded, standing_on};
use crate::given::{Given, judged};

const OFFICER: &str = "Chief Finance Officer";

/// A matter of the officer of a-pcc, which the board and a-pcc must agree to.
fn of_the_officer() -> Given {
    let both = json!({ "allOf": { "of": [board("MAJORITY"), named(&["a-pcc"])] } });
    let given = ruled(&[about(&["OTHER"], "r", json!({}), both)]);
    let matter = propose("2020-06-01", 1, json!({ "other": "A matter" }));
    recorded(given, &[by("a-pcc", OFFICER, matter)])
}

/// The board's approval, subject to b-pcc.
fn board_subject_to_b() -> Value {
    let mut event = decision("2020-06-02", 1, "APPROVED");
    event["decisionMade"]["subjectTo"] =
        json!([{ "conditionId": "b", "what": "B agrees", "decidedById": "b-pcc" }]);
    event
}

#[test]
fn a_board_whose_minutes_name_nobody_agrees_beside_the_proposer() {
    let minuted = [
        json!({}),
        json!({ "tally": { "votesFor": 3, "votesAgainst": 1 } }),
        json!({ "tally": { "unanimous": true } }),
    ];
    for more in minuted {
        let mut resolved = decision("2020-06-02", 1, "APPROVED");
        let fields = resolved["decisionMade"].as_object_mut().expect("fields");
        fields.extend(more.as_object().expect("fields").clone());
        let given = recorded(of_the_officer(), &[resolved]);
        let own = by("a-pcc", OFFICER, decides("2020-06-03", "a-pcc", "APPROVED"));
        let given = recorded(given, &[own]);
        assert_eq!(standing_on(&given, "2020-06-03"), CARRIED, "{more}");
    }
}

#[test]
fn who_meets_a_condition_is_not_refused_for_the_proposal_of_another() {
    // All votes of the board after its decision, which awaits b-pcc, count for nothing.
    let against = ["-a-pcc", "-b-pcc", "-a-cc", "-b-cc"];
    let mut events = vec![board_subject_to_b()];
    events.extend(against.map(|with| on_board("2020-06-03", 1, with)));
    events.push(decides("2020-06-04", "a-pcc", "APPROVED"));
    let given = recorded(of_the_officer(), &events);
    assert_eq!(standing_on(&given, "2020-06-04"), SubjectTo);
    let given = recorded(given, &[decides("2020-06-05", "b-pcc", "APPROVED")]);
    assert_eq!(standing_on(&given, "2020-06-05"), CARRIED);
}

#[test]
fn where_only_the_proposer_voted_for_it_the_matter_stays_open() {
    let mut only = on_board("2020-06-02", 1, "+a-pcc");
    only["voteCast"]["seatOnly"] = true.into();
    let abstain = ["0b-pcc", "0a-cc"].map(|with| on_board("2020-06-02", 1, with));
    let mut events = vec![only];
    events.extend(abstain);
    let given = recorded(of_the_officer(), &events);
    let mut resolved = decision("2020-06-02", 1, "APPROVED");
    resolved["decisionMade"]["decisionId"] = "d".into();
    let plain = recorded(given.clone(), &[resolved]);
    judged(
        &plain,
        &[(
            "the proposer",
            decides("2020-06-04", "a-pcc", "APPROVED"),
            &["OWN_PROPOSAL"],
        )],
    );
    let given = recorded(given, &[board_subject_to_b()]);
    let given = recorded(given, &[decides("2020-06-04", "a-pcc", "APPROVED")]);
    // It is another that meets the condition.
    let given = recorded(given, &[decides("2020-06-05", "b-pcc", "APPROVED")]);
    assert_eq!(standing_on(&given, "2020-06-05"), OPEN);
}
