//! The course of a proposal: several deciders, conditions, minutes, call-ins, courts,
//! delegations, and several matters decided as one.

use minutebook::domain::admit::Refusal;
use minutebook::domain::ids::{Position, SubjectId};
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::DecisionStanding::{
    self, CalledIn, Fallen, NotAgreed, OutcomeNotKnown, Quashed, Rejected, Stayed, SubjectTo,
};
use minutebook::wire::proto::{ConditionResult, DecisionView, WordEffect};
use serde_json::{Value, json};

use super::approving::*;
use super::votes::{CARRIED, OPEN, awaited, on_day, recorded, standing_on};
use crate::given::{Given, date, event, judged, on_x};

/// The stage without rules, with a proposal to end the collaboration, put to `bodies`.
pub fn put_to(bodies: &[&str]) -> Given {
    let mut proposed = propose("2020-06-01", 1, json!({ "endCollaboration": {} }));
    proposed["matterProposed"]["putToIds"] = json!(bodies);
    recorded(stage(), &[proposed])
}

/// A body's own decision, with id `BODY-DAY`.
pub fn decides(on: &str, body: &str, outcome: &str) -> Value {
    let payload = json!({ "decisionId": format!("{body}-{on}"), "title": "It",
        "proposalId": id(1), "outcome": format!("OUTCOME_{outcome}") });
    by(body, "", on_x(on, "decisionMade", payload))
}

pub fn subject_to(mut decision: Value, conditions: Value) -> Value {
    decision["decisionMade"]["subjectTo"] = conditions;
    decision
}

pub fn settles(on: &str, decision: &str, condition: &str, result: &str) -> Value {
    let payload = json!({ "proposalId": id(1), "decisionId": decision,
        "conditionId": condition, "result": format!("CONDITION_RESULT_{result}") });
    on_x(on, "conditionSettled", payload)
}

pub fn call_in(on: &str, decision: &str, id: &str) -> Value {
    let payload = json!({ "decisionId": decision, "callInId": id, "boardId": "panel",
        "grounds": "No options" });
    on_x(on, "decisionCalledIn", payload)
}

pub fn call_in_settled(on: &str, id: &str, outcome: &str) -> Value {
    let payload = json!({ "callInId": id, "outcome": format!("CALL_IN_OUTCOME_{outcome}"),
        "reason": "Heard" });
    on_x(on, "callInSettled", payload)
}

pub fn challenge(on: &str, decision: &str) -> Value {
    let payload = json!({ "challengeId": "claim", "decisionId": decision,
        "court": "High Court", "reference": "CO/1/2020", "grounds": "No consultation" });
    on_x(on, "decisionChallenged", payload)
}

pub fn step(on: &str, step: &str) -> Value {
    let payload = json!({ "challengeId": "claim", "step": format!("CHALLENGE_STEP_{step}"),
        "reference": "[2020] EWHC 1" });
    on_x(on, "challengeStepTaken", payload)
}

/// The end of the collaboration, to which all agree, under the first proposal.
pub fn end(on: &str) -> Value {
    resting(
        1,
        on_x(
            on,
            "collaborationEnded",
            json!({ "cause": "END_CAUSE_AGREEMENT",
                "agreedByIds": ["a-pcc", "a-cc", "b-pcc", "b-cc"] }),
        ),
    )
}

pub fn view(given: &Given, day: &str) -> RegisterView {
    let register = std::sync::Arc::new(given.register.clone());
    RegisterView::new(
        register,
        day.parse().expect("a day"),
        Position::new(u64::MAX),
    )
}

/// A decision in the log on a day.
pub fn decided(given: &Given, day: &str, id: &str) -> DecisionView {
    let lines = views::decisions::list(&view(given, day), None, false);
    let found = lines.into_iter().find(|line| line.decision_id == id);
    found.expect("the decision")
}

pub fn effects(given: &Given, day: &str) -> Vec<WordEffect> {
    let id = id(1).parse().expect("an id");
    let proposal = views::proposal::get(&view(given, day), id).expect("the proposal");
    proposal.words.iter().map(|word| word.effect()).collect()
}

pub fn breaches(given: &Given, day: &str) -> Vec<String> {
    let x: SubjectId = "collaborations/x".parse().expect("an id");
    let lines = views::breaches::list(&view(given, day), Some(&x));
    let missing = lines.into_iter().flat_map(|line| line.missing);
    missing.map(|fault| fault.reason).collect()
}

pub const CLOSED: &[&str] = &["PROPOSAL_CLOSED"];

#[test]
fn a_matter_put_to_several_is_carried_by_all_and_rejected_by_one() {
    let given = put_to(&["a-pcc", "b-pcc"]);
    assert_eq!(awaited(&given, "2020-06-01"), ["a-pcc", "b-pcc"]);
    judged(
        &given,
        &[(
            "another",
            decides("2020-06-02", "a-cc", "APPROVED"),
            &["NOT_PUT_TO"],
        )],
    );
    let one = recorded(given, &[decides("2020-06-02", "a-pcc", "APPROVED")]);
    assert_eq!(standing_on(&one, "2020-06-02"), OPEN);
    assert_eq!(awaited(&one, "2020-06-02"), ["b-pcc"]);
    judged(&one, &[("too early", end("2020-06-03"), &["NOT_CARRIED"])]);
    let both = recorded(one.clone(), &[decides("2020-06-03", "b-pcc", "APPROVED")]);
    assert_eq!(standing_on(&both, "2020-06-02"), OPEN);
    assert_eq!(standing_on(&both, "2020-06-03"), CARRIED);
    judged(&both, &[("then", end("2020-06-03"), &[])]);
    let lost = recorded(one.clone(), &[decides("2020-06-03", "b-pcc", "REJECTED")]);
    assert_eq!(standing_on(&lost, "2020-06-03"), Rejected);
    // While it is open, a later decision of the same body replaces the earlier one.
    let changed = recorded(one, &[decides("2020-06-03", "a-pcc", "REJECTED")]);
    assert_eq!(standing_on(&changed, "2020-06-03"), Rejected);
}

#[test]
fn a_board_that_belongs_to_a_body_decides_for_it() {
    let mut given = put_to(&["a-pcc", "council"]);
    let cabinet = json!({ "name": "Cabinet", "powers": ["BOARD_POWER_DECIDES"],
        "ownerBodyId": "council", "members": [{ "description": "Councillors" }] });
    given.record(&[event("boards/cabinet", "2013", "boardConstituted", cabinet)]);
    let mut by_cabinet = decides("2020-06-02", "council", "APPROVED");
    by_cabinet["decisionMade"]["boardId"] = "cabinet".into();
    let mut by_board = by_cabinet.clone();
    by_board["decisionMade"]["boardId"] = "board".into();
    judged(&given, &[("not its own", by_board, &["NOT_PUT_TO"])]);
    let given = recorded(
        given,
        &[by_cabinet, decides("2020-06-03", "a-pcc", "APPROVED")],
    );
    assert_eq!(standing_on(&given, "2020-06-03"), CARRIED);
}

#[test]
fn under_a_rule_the_bodies_it_was_put_to_agree_besides() {
    let rules = [virements("any", json!({}), named(&["a-pcc"]))];
    let mut asked = request("2020-06-01", 1, virement("100"));
    asked["virementRequested"]["putToIds"] = json!(["council"]);
    let given = recorded(ruled(&rules), &[asked, vote("2020-06-02", 1, "+a-pcc")]);
    assert_eq!(awaited(&given, "2020-06-02"), ["council"]);
    judged(
        &given,
        &[("neither", vote("2020-06-03", 1, "+fire"), &["NOT_ENTITLED"])],
    );
    let given = recorded(given, &[vote("2020-06-03", 1, "+council")]);
    assert_eq!(standing_on(&given, "2020-06-03"), CARRIED);
}

#[test]
fn without_a_rule_others_of_equal_standing_agree_or_object_after_the_first() {
    let given = recorded(put_to(&[]), &[decides("2020-06-02", "a-pcc", "APPROVED")]);
    judged(
        &given,
        &[
            (
                "the same body",
                decides("2020-06-03", "a-pcc", "REJECTED"),
                CLOSED,
            ),
            (
                "no party",
                decides("2020-06-03", "council", "REJECTED"),
                CLOSED,
            ),
            ("a vote", vote("2020-06-03", 1, "-b-pcc"), CLOSED),
        ],
    );
    let agreed = recorded(given.clone(), &[decides("2020-06-03", "b-pcc", "APPROVED")]);
    assert_eq!(standing_on(&agreed, "2020-06-03"), CARRIED);
    assert_eq!(
        effects(&agreed, "2020-06-03"),
        [WordEffect::Counts, WordEffect::Agreement]
    );
    let opposed = recorded(given, &[decides("2020-06-04", "b-pcc", "REJECTED")]);
    assert_eq!(standing_on(&opposed, "2020-06-03"), CARRIED);
    assert_eq!(standing_on(&opposed, "2020-06-04"), NotAgreed);
    let line = on_day(&opposed, "2020-06-05");
    assert_eq!(line.interruption, "b-pcc rejected it");
    assert_eq!(line.interrupted_on.map(|day| day.day), Some(4));
    judged(
        &opposed,
        &[
            ("before it", end("2020-06-03"), &[]),
            ("after it", end("2020-06-05"), &["APPROVAL_ENDED"]),
        ],
    );
    let settled = recorded(opposed, &[decides("2020-06-06", "b-pcc", "APPROVED")]);
    assert_eq!(standing_on(&settled, "2020-06-06"), CARRIED);
    judged(
        &settled,
        &[
            ("meanwhile", end("2020-06-05"), &["APPROVAL_ENDED"]),
            ("again", end("2020-06-06"), &[]),
        ],
    );
}

#[test]
fn a_conditional_approval_counts_once_its_conditions_are_met() {
    let conditions = json!([
        { "conditionId": "money", "what": "The grant is awarded", "dueOn": date("2020-07") },
        { "conditionId": "b", "what": "B agrees", "decidedById": "b-pcc" },
    ]);
    let approves = decides("2020-06-02", "a-pcc", "APPROVED");
    let given = recorded(
        put_to(&["a-pcc", "b-pcc"]),
        &[subject_to(approves, conditions)],
    );
    assert_eq!(
        standing_on(&given, "2020-06-02"),
        OPEN,
        "B is awaited anyway"
    );
    let given = recorded(given, &[decides("2020-06-05", "b-pcc", "APPROVED")]);
    assert_eq!(standing_on(&given, "2020-06-05"), SubjectTo);
    let line = on_day(&given, "2020-08-01");
    let [money] = &line.conditions[..] else {
        panic!("{:?}", line.conditions)
    };
    assert!(money.past_due && money.condition_id == "money");
    judged(
        &given,
        &[
            ("before", end("2020-06-06"), &["NOT_CARRIED"]),
            (
                "of nothing",
                settles("2020-06-06", "a-pcc-2020-06-02", "x", "MET"),
                &["UNKNOWN_ITEM"],
            ),
            (
                "of another",
                settles("2020-06-06", "d", "money", "MET"),
                &["UNKNOWN_ITEM"],
            ),
        ],
    );
    for result in ["MET", "WAIVED"] {
        let met = settles("2020-06-10", "a-pcc-2020-06-02", "money", result);
        let given = recorded(given.clone(), std::slice::from_ref(&met));
        assert_eq!(standing_on(&given, "2020-06-09"), SubjectTo);
        assert_eq!(standing_on(&given, "2020-06-10"), CARRIED);
        let mut again = met.clone();
        again["effectiveOn"] = date("2020-06-12");
        judged(
            &given,
            &[
                ("before", end("2020-06-09"), &["DECIDED_LATER"]),
                ("from then", end("2020-06-10"), &[]),
                ("twice", again, &["ITEM_CLOSED"]),
            ],
        );
    }
    let unmet = settles("2020-06-10", "a-pcc-2020-06-02", "money", "NOT_MET");
    let given = recorded(given, &[unmet]);
    assert_eq!(standing_on(&given, "2020-06-10"), OPEN);
    assert_eq!(awaited(&given, "2020-06-10"), ["a-pcc"]);
    let decision = decided(&given, "2020-06-10", "a-pcc-2020-06-02");
    assert_eq!(decision.standing(), Fallen);
    assert_eq!(decision.subject_to[0].result(), ConditionResult::NotMet);
    // It may decide again.
    let given = recorded(given, &[decides("2020-06-11", "a-pcc", "APPROVED")]);
    assert_eq!(standing_on(&given, "2020-06-11"), CARRIED);
}

#[test]
fn an_approval_subject_to_another_body_falls_with_its_rejection() {
    let on_b = json!([{ "conditionId": "b", "what": "B approves", "decidedById": "b-pcc" }]);
    let approves = subject_to(decides("2020-06-02", "a-pcc", "APPROVED"), on_b);
    let given = recorded(put_to(&[]), &[approves]);
    assert_eq!(standing_on(&given, "2020-06-02"), SubjectTo);
    assert_eq!(awaited(&given, "2020-06-02"), ["b-pcc"]);
    let refused = recorded(given.clone(), &[decides("2020-06-03", "b-pcc", "REJECTED")]);
    assert_eq!(standing_on(&refused, "2020-06-03"), Rejected);
    assert_eq!(
        decided(&refused, "2020-06-03", "a-pcc-2020-06-02").standing(),
        Fallen
    );
    let on_a = json!([{ "conditionId": "a", "what": "A approves", "decidedById": "a-pcc" }]);
    let mutual = subject_to(decides("2020-06-03", "b-pcc", "APPROVED"), on_a);
    let given = recorded(given, &[mutual]);
    assert_eq!(
        standing_on(&given, "2020-06-03"),
        CARRIED,
        "each waits for the other"
    );
    // The old conditions in words suspend nothing.
    let mut in_words = decides("2020-06-02", "a-pcc", "APPROVED");
    in_words["decisionMade"]["conditions"] = "Only if B approves too".into();
    let given = recorded(put_to(&[]), &[in_words]);
    assert_eq!(standing_on(&given, "2020-06-02"), CARRIED);
    let given = recorded(given, &[decides("2020-06-03", "b-pcc", "REJECTED")]);
    assert_eq!(standing_on(&given, "2020-06-03"), NotAgreed);
}

#[test]
fn a_decision_is_in_force_from_its_day() {
    let mut later = decides("2020-06-02", "a-pcc", "APPROVED");
    later["decisionMade"]["inForceFromOn"] = date("2020-06-10");
    let mut before = later.clone();
    before["decisionMade"]["inForceFromOn"] = date("2020-05");
    judged(
        &put_to(&[]),
        &[("before it is made", before, &["NOT_LATER"])],
    );
    let given = recorded(put_to(&[]), &[later]);
    assert_eq!(standing_on(&given, "2020-06-09"), SubjectTo);
    assert_eq!(standing_on(&given, "2020-06-10"), CARRIED);
    judged(
        &given,
        &[
            ("before", end("2020-06-09"), &["DECIDED_LATER"]),
            ("from then", end("2020-06-10"), &[]),
        ],
    );
}

#[test]
fn a_decision_after_the_votes_is_their_minute() {
    let rules = [about(
        &["END_COLLABORATION"],
        "end",
        json!({}),
        json!({ "everyParty": {} }),
    )];
    let mut proposed = propose("2020-06-01", 1, json!({ "endCollaboration": {} }));
    proposed["matterProposed"]["boardId"] = "board".into();
    let mut events = vec![proposed];
    let parties = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
    events.extend(parties.map(|body| vote("2020-06-02", 1, &format!("+{body}"))));
    let given = recorded(ruled(&rules), &events);
    assert_eq!(standing_on(&given, "2020-06-02"), CARRIED);
    judged(
        &given,
        &[
            (
                "a contradiction",
                decision("2020-06-03", 1, "REJECTED"),
                &["MINUTE_CONTRADICTS"],
            ),
            (
                "a stranger",
                decides("2020-06-03", "council", "APPROVED"),
                CLOSED,
            ),
            (
                "a party's own",
                decides("2020-06-03", "b-pcc", "APPROVED"),
                &[],
            ),
        ],
    );
    let minute = decision("2020-06-03", 1, "APPROVED");
    let given = recorded(given, std::slice::from_ref(&minute));
    let minuted = "d-1-2020-06-03-approved";
    assert!(decided(&given, "2020-06-03", minuted).minute);
    assert_eq!(
        on_day(&given, "2020-06-03").settled_on.map(|day| day.day),
        Some(2)
    );
    assert_eq!(
        effects(&given, "2020-06-03").last(),
        Some(&WordEffect::Minute)
    );
    let mut again = minute;
    again["decisionMade"]["decisionId"] = "again".into();
    let published = on_x(
        "2020-06-05",
        "decisionPublished",
        json!({ "decisionId": minuted }),
    );
    judged(
        &given,
        &[("twice", again, CLOSED), ("published", published, &[])],
    );
    // Calling in the minute calls in the decision.
    let given = recorded(given, &[call_in("2020-06-04", minuted, "call")]);
    assert_eq!(standing_on(&given, "2020-06-04"), CalledIn);
    let given = recorded(given, &[call_in_settled("2020-06-09", "call", "STANDS")]);
    assert_eq!(standing_on(&given, "2020-06-09"), CARRIED);
}

#[test]
fn a_decision_that_is_called_in_is_suspended_until_that_is_settled() {
    let given = recorded(put_to(&[]), &[decides("2020-06-02", "a-pcc", "APPROVED")]);
    let d = "a-pcc-2020-06-02";
    let mut deferred = decision("2020-06-03", 1, "DEFERRED");
    deferred["decisionMade"]["boardId"] = "panel".into();
    judged(&given, &[("as a deferral", deferred.clone(), CLOSED)]);
    let Err(Refusal::Rules(findings)) = given.judge(&[deferred]) else {
        panic!("it is taken")
    };
    let way_out = findings[0].fault.to_string();
    assert!(way_out.contains("decision_called_in"), "{way_out}");
    let given = recorded(given, &[call_in("2020-06-04", d, "call")]);
    assert_eq!(standing_on(&given, "2020-06-03"), CARRIED);
    assert_eq!(standing_on(&given, "2020-06-04"), CalledIn);
    assert_eq!(decided(&given, "2020-06-04", d).standing(), CalledIn);
    judged(
        &given,
        &[
            ("before", end("2020-06-03"), &[]),
            ("meanwhile", end("2020-06-05"), &["APPROVAL_SUSPENDED"]),
            ("twice", call_in("2020-06-05", d, "more"), &["ALREADY_SO"]),
            (
                "of nothing",
                call_in("2020-06-05", "none", "more"),
                &["UNKNOWN_ITEM"],
            ),
            (
                "settled unknown",
                call_in_settled("2020-06-05", "none", "STANDS"),
                &["UNKNOWN_ITEM"],
            ),
        ],
    );
    for outcome in ["STANDS", "LAPSED"] {
        let given = recorded(
            given.clone(),
            &[call_in_settled("2020-06-10", "call", outcome)],
        );
        assert_eq!(standing_on(&given, "2020-06-09"), CalledIn);
        assert_eq!(standing_on(&given, "2020-06-10"), CARRIED);
        judged(
            &given,
            &[
                ("before", end("2020-06-03"), &[]),
                ("meanwhile", end("2020-06-05"), &["APPROVAL_SUSPENDED"]),
                ("again", end("2020-06-10"), &[]),
                (
                    "twice",
                    call_in_settled("2020-06-11", "call", "STANDS"),
                    &["ITEM_CLOSED"],
                ),
            ],
        );
    }
    for outcome in ["BACK_TO_DECIDER", "AMENDED"] {
        let given = recorded(
            given.clone(),
            &[call_in_settled("2020-06-10", "call", outcome)],
        );
        assert_eq!(standing_on(&given, "2020-06-10"), OPEN, "{outcome}");
        assert_eq!(decided(&given, "2020-06-10", d).standing(), Fallen);
        judged(
            &given,
            &[
                ("before", end("2020-06-03"), &[]),
                ("meanwhile", end("2020-06-05"), &["APPROVAL_SUSPENDED"]),
                ("since", end("2020-06-11"), &["APPROVAL_ENDED"]),
            ],
        );
        let given = recorded(given, &[decides("2020-06-12", "a-pcc", "APPROVED")]);
        assert_eq!(standing_on(&given, "2020-06-12"), CARRIED);
        judged(&given, &[("again", end("2020-06-12"), &[])]);
    }
    let given = recorded(given, &[call_in_settled("2020-06-10", "call", "RESCINDED")]);
    assert_eq!(standing_on(&given, "2020-06-10"), Rejected);
}

#[test]
fn a_boards_decision_is_called_in_with_the_votes_behind_it() {
    let rules = [virements("any", json!({}), board("MAJORITY"))];
    let mut events = vec![request("2020-06-01", 1, virement("100"))];
    events
        .extend(["+a-pcc", "+b-pcc", "+a-cc", "+b-cc"].map(|with| on_board("2020-06-02", 1, with)));
    events.push(decision("2020-06-02", 1, "APPROVED"));
    events.push(call_in("2020-06-04", "d-1-2020-06-02-approved", "call"));
    let given = recorded(ruled(&rules), &events);
    assert_eq!(standing_on(&given, "2020-06-04"), CalledIn);
    judged(
        &given,
        &[(
            "made",
            make("2020-06-05", 1, "v", virement("100")),
            &["APPROVAL_SUSPENDED"],
        )],
    );
    let back = recorded(
        given,
        &[call_in_settled("2020-06-10", "call", "BACK_TO_DECIDER")],
    );
    assert_eq!(standing_on(&back, "2020-06-10"), OPEN);
}

#[test]
fn a_decision_is_valid_until_a_court_quashes_it() {
    let d = "a-pcc-2020-06-02";
    let given = recorded(
        put_to(&[]),
        &[
            decides("2020-06-02", "a-pcc", "APPROVED"),
            challenge("2020-06-20", d),
        ],
    );
    assert_eq!(standing_on(&given, "2020-06-21"), CARRIED);
    judged(
        &given,
        &[
            ("valid", end("2020-06-21"), &[]),
            (
                "no stay",
                step("2020-06-21", "STAY_LIFTED"),
                &["UNKNOWN_ITEM"],
            ),
        ],
    );
    let stayed = recorded(given.clone(), &[step("2020-06-22", "STAYED")]);
    assert_eq!(standing_on(&stayed, "2020-06-22"), Stayed);
    judged(
        &stayed,
        &[("stayed", end("2020-06-23"), &["APPROVAL_SUSPENDED"])],
    );
    let lifted = recorded(stayed, &[step("2020-06-25", "STAY_LIFTED")]);
    assert_eq!(standing_on(&lifted, "2020-06-25"), CARRIED);
    // An act that rested on it rests on nothing once it is quashed.
    let done = recorded(lifted, &[end("2020-06-26"), step("2020-09-01", "QUASHED")]);
    assert_eq!(standing_on(&done, "2020-08-31"), CARRIED);
    assert_eq!(breaches(&done, "2020-08-31"), [""; 0]);
    assert_eq!(standing_on(&done, "2020-09-01"), Quashed);
    assert_eq!(decided(&done, "2020-09-01", d).standing(), Quashed);
    assert_eq!(breaches(&done, "2020-09-01"), ["APPROVAL_QUASHED"]);
    let seen = decided(&done, "2020-09-01", d);
    assert_eq!(seen.challenges[0].steps.len(), 3);
    // A higher court upholds it after all.
    let upheld = recorded(done, &[step("2020-12-01", "UPHELD")]);
    assert_eq!(breaches(&upheld, "2020-12-01"), [""; 0]);
    assert_eq!(standing_on(&upheld, "2020-12-01"), CARRIED);
    // A quashing with limited effect.
    let mut from = step("2020-09-01", "QUASHED");
    from["challengeStepTaken"]["quashedFromOn"] = date("2020-08-01");
    let given = recorded(given, &[from]);
    judged(
        &given,
        &[
            ("before", end("2020-07-31"), &[]),
            ("from then", end("2020-08-02"), &["APPROVAL_QUASHED"]),
        ],
    );
    assert_eq!(standing_on(&given, "2020-09-01"), Quashed);
}

#[test]
fn several_matters_are_decided_as_one_and_each_is_carried_out_once() {
    let together = json!({ "together": { "of": [ { "removeServiceId": "dogs" },
        { "changeLead": { "toId": "b-pcc" } }, { "endCollaboration": {} } ] } });
    let rules = [
        about(
            &["REMOVE_SERVICE"],
            "services",
            json!({}),
            named(&["a-pcc"]),
        ),
        about(&["END_COLLABORATION"], "end", json!({}), named(&["b-pcc"])),
    ];
    let given = recorded(ruled(&rules), &[propose("2020-06-01", 1, together)]);
    assert_eq!(awaited(&given, "2020-06-01"), ["a-pcc", "b-pcc"]);
    let votes = [
        vote("2020-06-02", 1, "+a-pcc"),
        vote("2020-06-02", 1, "+b-pcc"),
    ];
    let given = recorded(given, &votes);
    let remove = |id: &str| {
        resting(
            1,
            on_x("2020-06-03", "serviceRemoved", json!({ "serviceId": id })),
        )
    };
    let lead = |on: &str, body: &str| on_x(on, "leadAppointed", json!({ "bodyId": body }));
    judged(
        &given,
        &[
            ("another service", remove("vans"), &["ANOTHER_ACT"]),
            (
                "another lead",
                resting(1, lead("2020-06-03", "b-cc")),
                &["ANOTHER_ACT"],
            ),
        ],
    );
    let done = [
        remove("dogs"),
        resting(1, lead("2020-06-03", "b-pcc")),
        lead("2020-06-04", "a-cc"),
    ];
    let given = recorded(given, &done);
    judged(
        &given,
        &[
            (
                "twice",
                resting(1, lead("2020-06-05", "b-pcc")),
                &["APPROVAL_SPENT"],
            ),
            ("the last", end("2020-06-05"), &[]),
        ],
    );
}

#[test]
fn a_schedule_of_virements_is_approved_as_a_whole() {
    let rules = [virements(
        "large",
        json!({ "amountOverPence": "50" }),
        named(&["a-pcc"]),
    )];
    let schedule = |total: &str| {
        json!({ "financialYear": "2020/21", "totalPence": total,
            "schedule": { "title": "Appendix D" } })
    };
    let asked = |total: &str| {
        let given = recorded(ruled(&rules), &[request("2020-06-01", 1, schedule(total))]);
        recorded(given, &[vote("2020-06-02", 1, "+a-pcc")])
    };
    let given = asked("150");
    assert_eq!(standing_on(&given, "2020-06-02"), CARRIED);
    let mut other_year = virement("10");
    other_year["financialYear"] = "2021/22".into();
    judged(
        &given,
        &[
            (
                "within it",
                make("2020-06-03", 1, "v", virement("100")),
                &[],
            ),
            (
                "beyond its total",
                make("2020-06-03", 1, "v", virement("200")),
                &["OVER_APPROVED"],
            ),
            (
                "another year",
                make("2020-06-03", 1, "v", other_year),
                &["ANOTHER_ACT"],
            ),
        ],
    );
    let given = recorded(given, &[make("2020-06-03", 1, "v", virement("100"))]);
    judged(
        &given,
        &[(
            "the rest",
            make("2020-06-03", 1, "w", virement("60")),
            &["OVER_APPROVED"],
        )],
    );
    // Without a total, any virement of the year may rest on it.
    let given = recorded(asked("0"), &[make("2020-06-03", 1, "v", virement("900"))]);
    judged(
        &given,
        &[("more", make("2020-06-04", 1, "w", virement("900")), &[])],
    );
}

#[test]
fn a_virement_moves_money_to_another_head() {
    let mut same = virement("100");
    same["targets"] = same["sources"].clone();
    judged(
        &stage(),
        &[(
            "same",
            make("2020-06-03", 0, "v", same),
            &["SELF_REFERENCE"],
        )],
    );
}

#[test]
fn a_body_has_approval_rules_for_its_own_acts() {
    let rules = json!([virements(
        "over",
        json!({ "amountOverPence": "50" }),
        named(&["a-pcc"])
    )]);
    let adopted = json!({ "ruleSetId": "regulations", "rules": rules });
    let adopted = event(
        "bodies/a-pcc",
        "2020-01-01",
        "approvalRulesAdopted",
        adopted,
    );
    let given = recorded(stage(), &[adopted]);
    let head =
        |name: &str, amount: &str| json!([{ "head": { "head": name }, "amountPence": amount }]);
    let moved = |on: &str, id: &str, amount: &str| {
        let virement = json!({ "financialYear": "2020/21", "permanence": "PERMANENCE_ONE_OFF",
            "sources": head("Staff", amount), "targets": head("Officers", amount) });
        let payload = json!({ "virementId": id, "virement": virement });
        event("bodies/a-pcc", on, "virementMade", payload)
    };
    judged(
        &given,
        &[
            ("small", moved("2020-06-01", "v", "50"), &[]),
            (
                "large",
                moved("2020-06-01", "v", "51"),
                &["APPROVAL_REQUIRED"],
            ),
            ("before the rules", moved("2019-06-01", "v", "51"), &[]),
        ],
    );
    let given = recorded(given, &[moved("2019-06-01", "v", "51")]);
    let body = views::body::get(&view(&given, "2020-06-01"), &"a-pcc".parse().unwrap());
    assert!(body.unwrap().approval_rules.is_some());
    let (virements, _) = views::virements::list(&view(&given, "2020-06-01"), None);
    let not_covered = &virements[0].made[0].not_covered;
    assert!(
        not_covered.contains("before the first rules (regulations"),
        "{not_covered}"
    );
}

#[test]
fn a_rule_that_nobody_can_meet_has_a_warning() {
    let rules = [
        virements(
            "mayors",
            json!({ "amountOverPence": "50" }),
            json!({
            "everyBodyOfKind": { "kinds": ["BODY_KIND_COMBINED_AUTHORITY"] } }),
        ),
        virements(
            "chiefs",
            json!({}),
            json!({
            "everyBodyOfKind": { "kinds": ["BODY_KIND_CHIEF_OFFICER"] } }),
        ),
    ];
    let given = ruled(&rules);
    let x = views::collaboration::get(&view(&given, "2020-06-01"), &"x".parse().unwrap());
    let rules = x.unwrap().approval_rules.unwrap().rules;
    assert!(rules[0].warning.contains("nobody"), "{:?}", rules[0]);
    assert_eq!(rules[1].warning, "");
    assert_eq!(rules[1].needs, "every chief officer among the parties");
    let given = recorded(
        given,
        &[by("a-pcc", "", request("2020-06-01", 1, virement("10")))],
    );
    assert_eq!(awaited(&given, "2020-06-01"), ["a-cc", "b-cc"]);
}

#[test]
fn an_act_rests_on_a_delegation_of_those_who_would_have_to_agree() {
    let rules = [virements("any", json!({}), board("MAJORITY"))];
    let delegated = |to: Value| {
        let payload = json!({ "delegationId": "scheme", "to": to, "fromBoardId": "board",
            "matterKinds": ["MATTER_KIND_MAKE_VIREMENT"], "upToPence": "100",
            "untilOn": date("2020-12-31"), "legalBasis": "LGA 1972 s.101", "what": "Small ones" });
        on_x("2020-02-01", "delegationMade", payload)
    };
    let officer = json!({ "bodyId": "a-pcc", "office": "Treasurer" });
    let given = recorded(ruled(&rules), &[delegated(officer)]);
    let acts = |on: &str, amount: &str, office: &str| {
        let mut made = by("a-pcc", office, make(on, 0, "v", virement(amount)));
        made["authority"] = json!({ "delegationOnRecord": { "delegationId": "scheme" } });
        made
    };
    let mut unknown = acts("2020-06-01", "100", "Treasurer");
    unknown["authority"]["delegationOnRecord"]["delegationId"] = "none".into();
    judged(
        &given,
        &[
            ("within it", acts("2020-06-01", "100", "Treasurer"), &[]),
            (
                "more",
                acts("2020-06-01", "101", "Treasurer"),
                &["APPROVAL_REQUIRED", "OUTSIDE_DELEGATION"],
            ),
            (
                "another office",
                acts("2020-06-01", "100", "Clerk"),
                &["APPROVAL_REQUIRED", "OUTSIDE_DELEGATION"],
            ),
            (
                "too early",
                acts("2020-01-15", "100", "Treasurer"),
                &["APPROVAL_REQUIRED", "OUTSIDE_DELEGATION"],
            ),
            (
                "too late",
                acts("2021-01-01", "100", "Treasurer"),
                &["APPROVAL_REQUIRED", "OUTSIDE_DELEGATION"],
            ),
            ("unknown", unknown, &["APPROVAL_REQUIRED", "UNKNOWN_ITEM"]),
        ],
    );
    let revoked = json!({ "delegationId": "scheme", "reason": "Reviewed" });
    let given = recorded(given, &[on_x("2020-07-01", "delegationRevoked", revoked)]);
    judged(
        &given,
        &[
            ("before", acts("2020-06-30", "100", "Treasurer"), &[]),
            (
                "since",
                acts("2020-07-01", "100", "Treasurer"),
                &["APPROVAL_REQUIRED", "OUTSIDE_DELEGATION"],
            ),
        ],
    );
    // The law: a policing body and a constable or another policing body.
    let from = |to: Value| {
        let payload = json!({ "delegationId": "other", "to": to });
        event("bodies/a-pcc", "2020-02-01", "delegationMade", payload)
    };
    judged(
        &given,
        &[
            (
                "a constable",
                from(json!({ "bodyId": "a-cc" })),
                &["DELEGATION_BARRED"],
            ),
            (
                "their staff",
                from(json!({ "bodyId": "b-cc", "office": "Director" })),
                &["DELEGATION_BARRED"],
            ),
            (
                "another policing body",
                from(json!({ "bodyId": "b-pcc" })),
                &["DELEGATION_BARRED"],
            ),
            (
                "its own officer",
                from(json!({ "bodyId": "a-pcc", "office": "Treasurer" })),
                &[],
            ),
            ("a council", from(json!({ "bodyId": "council" })), &[]),
            (
                "itself",
                from(json!({ "bodyId": "a-pcc" })),
                &["SELF_REFERENCE"],
            ),
        ],
    );
}

#[test]
fn a_proposal_whose_outcome_no_source_gives_is_closed() {
    let payload = json!({ "proposalId": id(1), "reason": "The minutes are lost" });
    let unknown = on_x("2021-01-01", "outcomeNotKnown", payload);
    let given = recorded(put_to(&[]), std::slice::from_ref(&unknown));
    assert_eq!(standing_on(&given, "2021-01-01"), OutcomeNotKnown);
    let lines = views::decisions::list(&view(&given, "2021-01-01"), None, false);
    assert!(
        lines
            .iter()
            .any(|line| line.reasons == "The minutes are lost")
    );
    judged(
        &given,
        &[
            ("an act", end("2021-01-02"), &["NOT_CARRIED"]),
            (
                "a decision",
                decides("2021-01-02", "a-pcc", "APPROVED"),
                CLOSED,
            ),
            ("twice", unknown, CLOSED),
        ],
    );
    let standing: DecisionStanding = standing_on(&given, "2020-12-31");
    assert_eq!(standing, OPEN);
}

#[test]
fn the_reference_of_an_outside_decision_is_seen() {
    let mut proposed = propose("2020-06-01", 1, json!({ "other": "A claim" }));
    proposed["matterProposed"]["deciderId"] = "council".into();
    let payload = json!({ "proposalId": id(1), "deciderId": "council",
        "outcome": "OUTCOME_REJECTED", "reference": "[2019] EWHC 1967 (Admin)" });
    let answer = on_x("2020-07-29", "externalDecisionReceived", payload);
    let given = recorded(stage(), &[proposed, answer]);
    let lines = views::decisions::list(&view(&given, "2020-07-29"), None, false);
    let found = lines
        .iter()
        .any(|line| line.reference == "[2019] EWHC 1967 (Admin)");
    assert!(found, "{lines:?}");
}
