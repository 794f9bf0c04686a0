//! Duties that were not done are listed until an entry says what became of them. The
//! lines for a chair, and the mark of what was voided.

use std::sync::Arc;

use minutebook::domain::ids::Position;
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::views::attention::Asker;
use minutebook::wire::proto::{AttentionKind, AttentionView, Awaited, DeadlineKind, DeadlineView};
use serde_json::{Value, json};

use crate::decisions::approving::{
    by, decision, id, named, propose, request, ruled, stage, virement, virements, vote,
};
use crate::given::{Given, bodies, collaboration, date, event, on_x};

fn view(given: &Given, day: &str) -> RegisterView {
    let register = Arc::new(given.register.clone());
    RegisterView::new(register, day.parse().unwrap(), Position::new(u64::MAX))
}

fn due(given: &Given, day: &str) -> Vec<DeadlineView> {
    views::deadlines::list(&view(given, day), None, false)
}

/// The ids of the deadlines of a kind that were missed by a day.
fn missed(given: &Given, day: &str, kind: DeadlineKind) -> Vec<String> {
    let lines = due(given, day).into_iter();
    let missed = lines.filter(|line| line.missed && line.kind() == kind);
    missed.map(|line| line.item_id).collect()
}

fn attention(given: &Given, day: &str, asker: &Asker) -> Vec<AttentionView> {
    let view = view(given, day);
    let until = views::attention::looks_ahead_until(&view, asker);
    views::attention::list(&view, asker, until)
}

/// The lines of a kind: subject, item and whom they await.
fn lines(given: &Given, day: &str, kind: AttentionKind) -> Vec<(String, String, Vec<String>)> {
    attention(given, day, &Asker::default())
        .into_iter()
        .filter(|line| line.kind() == kind)
        .map(|line| {
            let awaited = line.awaited.iter().map(who).collect();
            (line.subject, line.item_id, awaited)
        })
        .collect()
}

fn who(awaited: &Awaited) -> String {
    let who = awaited.who.as_ref();
    let body = who.and_then(|who| who.body.as_ref());
    let board = awaited.board.as_ref().map(|board| board.board_id.clone());
    body.map(|body| body.body_id.clone())
        .or(board)
        .unwrap_or_default()
}

fn alliance() -> Given {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "b-pcc", "c-pcc"]));
    Given::recorded(&events)
}

fn notice(body: &str, on: &str) -> Value {
    let payload = json!({ "noticeId": body, "bodyId": body, "capacity": "NOTICE_CAPACITY_PARTY",
        "takesEffectOn": date(on) });
    on_x("2019-04-01", "noticeGiven", payload)
}

fn withdrew(body: &str, on: &str) -> Value {
    let payload = json!({ "bodyId": body, "noticeId": body });
    on_x(on, "partyWithdrew", payload)
}

#[test]
fn a_notice_past_its_day_is_listed_until_the_body_is_gone() {
    let mut given = alliance();
    given.record(&[notice("b-pcc", "2020-03-31"), notice("c-pcc", "2020-03-31")]);
    given.record(&[withdrew("c-pcc", "2020-03-31")]);
    let late = |given: &Given, day| missed(given, day, DeadlineKind::Notice);
    assert_eq!(late(&given, "2020-03-31"), [""; 0]);
    assert_eq!(late(&given, "2020-04-01"), ["b-pcc"]);
    let line = due(&given, "2020-04-01").remove(0);
    assert_eq!(
        line.what,
        "notice of The b-pcc took effect, and nothing is recorded after it"
    );
    assert_eq!(line.awaited.iter().map(who).collect::<Vec<_>>(), ["b-pcc"]);
    assert_eq!(line.since_on.unwrap().year, 2019);
    // Recorded late, it is as if it had been in time.
    let mut gone = given.clone();
    gone.record(&[withdrew("b-pcc", "2020-03-31")]);
    assert_eq!(late(&gone, "2020-04-01"), [""; 0]);
    let revoked = json!({ "noticeId": "b-pcc" });
    given.record(&[on_x("2020-03-01", "noticeRevoked", revoked)]);
    assert_eq!(late(&given, "2020-04-01"), [""; 0]);
}

#[test]
fn a_term_that_ran_out_is_listed_until_an_entry_says_how_it_went_on() {
    let mut given = alliance();
    let drafted = json!({ "instrumentId": "m", "title": "MoU", "partyIds": ["a-pcc"],
        "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING",
        "terms": { "expiresOn": date("2016-03-31"), "reviewOn": date("2015-06-01") } });
    given.record(&[on_x("2014", "instrumentDrafted", drafted)]);
    given.record(&[on_x(
        "2014",
        "agreementSigned",
        json!({ "instrumentId": "m", "bodyId": "a-pcc" }),
    )]);
    assert_eq!(missed(&given, "2015-06-02", DeadlineKind::Review), ["m"]);
    let expired = |given: &Given| missed(given, "2016-04-01", DeadlineKind::Expiry);
    assert_eq!(missed(&given, "2016-03-31", DeadlineKind::Expiry), [""; 0]);
    assert_eq!(expired(&given), ["m"]);
    let mut ended = given.clone();
    ended.record(&[on_x(
        "2016-03-31",
        "instrumentEnded",
        json!({ "instrumentId": "m", "cause": "END_CAUSE_AGREEMENT" }),
    )]);
    assert_eq!(expired(&ended), [""; 0]);
    let over = json!({ "cause": "END_CAUSE_EXPIRY" });
    given.record(&[on_x("2016-04-01", "collaborationEnded", over)]);
    assert_eq!(expired(&given), [""; 0], "it ended with all of it");
}

fn part(body: &str) -> Value {
    json!({ "destination": "DISPOSAL_DESTINATION_BODY_RESERVES", "bodyId": body, "amountPence": "10" })
}

#[test]
fn a_disposal_is_listed_until_each_body_has_confirmed_its_part() {
    let mut given = stage();
    given.record(&[on_x(
        "2021-05-01",
        "outturnReported",
        json!({ "figures": { "financialYear": "2020/21",
            "lines": [{ "serviceId": "dogs", "amountPence": "1000" }] } }),
    )]);
    given.record(&[on_x(
        "2021-06-01",
        "underspendDisposed",
        json!({ "disposalId": "d", "disposal": { "financialYear": "2020/21",
            "parts": [part("a-pcc"), part("b-pcc")] } }),
    )]);
    let confirmed = |body: &str| {
        on_x(
            "2021-06-10",
            "disposalConfirmed",
            json!({ "disposalId": "d", "bodyId": body, "amountPence": "10" }),
        )
    };
    let awaited = |given: &Given, day| lines(given, day, AttentionKind::Unconfirmed);
    let x = "collaborations/x".to_owned();
    let of = |bodies: &[&str]| {
        let bodies = bodies.iter().map(ToString::to_string).collect();
        vec![(x.clone(), "d".to_owned(), bodies)]
    };
    assert_eq!(awaited(&given, "2021-06-02"), of(&["a-pcc", "b-pcc"]));
    assert_eq!(
        missed(&given, "2021-06-02", DeadlineKind::Confirmation),
        ["d"]
    );
    given.record(&[confirmed("a-pcc")]);
    assert_eq!(awaited(&given, "2021-06-10"), of(&["b-pcc"]));
    given.record(&[confirmed("b-pcc")]);
    assert_eq!(awaited(&given, "2021-06-10"), []);
    assert_eq!(awaited(&given, "2021-06-09"), of(&["a-pcc", "b-pcc"]));
}

fn called(on: &str, meets_on: &str) -> Value {
    let payload = json!({ "agenda": "It", "meetsOn": date(meets_on) });
    event("boards/board", on, "meetingCalled", payload)
}

#[test]
fn a_meeting_past_its_day_and_a_matter_it_left_open_are_listed() {
    let mut given = stage();
    let mut matter = propose("2020-05-01", 1, json!({ "other": "It" }));
    matter["matterProposed"]["boardId"] = "board".into();
    given.record(&[matter, called("2020-05-01", "2020-06-01")]);
    let of = |given: &Given, day, kind| missed(given, day, kind);
    let on_day = "2020-06-01";
    assert_eq!(of(&given, on_day, DeadlineKind::Meeting), [""; 0]);
    assert_eq!(of(&given, on_day, DeadlineKind::Decision), [""; 0]);
    let after = "2020-06-02";
    assert_eq!(of(&given, after, DeadlineKind::Meeting), ["2020-06-01"]);
    assert_eq!(of(&given, after, DeadlineKind::Decision), [id(1)]);
    let open = attention(&given, after, &Asker::default()).remove(0);
    assert_eq!(open.kind(), AttentionKind::AwaitsDecision);
    assert!(
        open.what.contains("a meeting of the board was due since"),
        "{}",
        open.what
    );
    // A decision of the board on that day says that it met, and settles the matter.
    given.record(&[decision("2020-06-01", 1, "APPROVED")]);
    assert_eq!(of(&given, after, DeadlineKind::Meeting), [""; 0]);
    assert_eq!(of(&given, after, DeadlineKind::Decision), [""; 0]);
}

#[test]
fn a_matter_of_its_own_awaits_the_body_or_board() {
    let mut given = stage();
    for (n, subject) in [(1, "bodies/a-pcc"), (2, "boards/board")] {
        let mut matter = propose("2020-05-01", n, json!({ "other": "It" }));
        matter["subject"] = subject.into();
        given.record(&[matter]);
    }
    let awaits = lines(&given, "2020-06-01", AttentionKind::AwaitsDecision);
    let awaited: Vec<_> = awaits.iter().map(|(_, _, who)| who.join(", ")).collect();
    assert_eq!(awaited, ["board", "a-pcc"]);
}

#[test]
fn a_meeting_without_a_quorum_passes_over_nothing() {
    let mut given = stage();
    let mut matter = propose("2020-05-01", 1, json!({ "other": "It" }));
    matter["matterProposed"]["boardId"] = "board".into();
    let mut called = called("2020-05-01", "2020-06-01");
    called["meetingCalled"]["meetingId"] = "june".into();
    given.record(&[matter, called]);
    let held = |inquorate: bool| {
        let payload = json!({ "meetingId": "june", "inquorate": inquorate });
        let mut given = given.clone();
        given.record(&[event("boards/board", "2020-06-01", "meetingHeld", payload)]);
        let of = |kind| missed(&given, "2020-06-02", kind);
        (of(DeadlineKind::Meeting), of(DeadlineKind::Decision))
    };
    assert_eq!(held(false), (vec![], vec![id(1)]));
    assert_eq!(held(true), (vec![], vec![]));
    assert_eq!(
        missed(&given, "2020-06-02", DeadlineKind::Meeting),
        ["june"]
    );
}

#[test]
fn a_condition_is_listed_until_it_is_settled() {
    let mut proposed = propose("2020-06-01", 1, json!({ "endCollaboration": {} }));
    proposed["matterProposed"]["putToIds"] = json!(["a-pcc"]);
    let conditions = json!([
        { "conditionId": "money", "what": "The grant is awarded", "dueOn": date("2020-07") },
        { "conditionId": "b", "what": "B agrees", "decidedById": "b-pcc" },
    ]);
    let decided = json!({ "decisionId": "d", "title": "It", "proposalId": id(1),
        "outcome": "OUTCOME_APPROVED", "subjectTo": conditions });
    let mut given = stage();
    given.record(&[
        proposed,
        by("a-pcc", "", on_x("2020-06-02", "decisionMade", decided)),
    ]);
    let x = "collaborations/x".to_owned();
    let line = |id: &str, awaited: &[&str]| {
        let awaited = awaited.iter().map(ToString::to_string).collect();
        (x.clone(), format!("d/{id}"), awaited)
    };
    let of = |given: &Given, day, kind| lines(given, day, kind);
    let (money, b) = (line("money", &[]), line("b", &["b-pcc"]));
    assert_eq!(
        of(&given, "2020-08-01", AttentionKind::AwaitsCondition),
        [money.clone(), b]
    );
    assert_eq!(
        of(&given, "2020-08-01", AttentionKind::AwaitsDecision),
        [],
        "it is decided but for its conditions"
    );
    let listed = attention(&given, "2020-08-01", &Asker::default()).remove(0);
    assert!(
        listed.what.ends_with("(its day has passed)"),
        "{}",
        listed.what
    );
    assert_eq!(listed.age_days, 60);
    let agrees = json!({ "decisionId": "e", "title": "It", "proposalId": id(1),
        "outcome": "OUTCOME_APPROVED" });
    given.record(&[by("b-pcc", "", on_x("2020-06-09", "decisionMade", agrees))]);
    assert_eq!(
        of(&given, "2020-07-01", AttentionKind::AwaitsCondition),
        [money]
    );
}

#[test]
fn until_is_a_last_day_and_a_part_of_a_date_its_end() {
    let mut given = alliance();
    for (id, on) in [("one", "2020-05-31"), ("two", "2020-06-01")] {
        let agreed = json!({ "actionId": id, "what": "Do it", "dueOn": date(on) });
        given.record(&[on_x("2020-05-01", "actionAgreed", agreed)]);
    }
    let until = |day: &str| {
        let view = view(&given, "2020-05-10");
        let until = Some(day.parse().unwrap());
        let lines = views::deadlines::list_until(&view, None, false, until);
        lines
            .into_iter()
            .map(|line| line.item_id)
            .collect::<Vec<_>>()
    };
    assert_eq!(until("2020-05-30"), [""; 0]);
    assert_eq!(until("2020-05-31"), ["one"]);
    assert_eq!(until("2020-06-01"), ["one", "two"]);
}

#[test]
fn a_chair_looks_ahead_to_the_next_meeting_and_sees_what_the_board_serves() {
    let mut given = stage();
    let serves = json!({ "name": "The executive", "powers": ["BOARD_POWER_DECIDES"],
        "collaborationIds": ["x"] });
    given.record(&[event(
        "boards/executive",
        "2013",
        "boardConstituted",
        serves,
    )]);
    let called = json!({ "agenda": "It", "meetsOn": date("2020-09-01") });
    given.record(&[event(
        "boards/executive",
        "2020-05-01",
        "meetingCalled",
        called,
    )]);
    for (id, on, subject) in [
        ("soon", "2020-08-31", "collaborations/x"),
        ("later", "2020-09-02", "collaborations/x"),
        ("elsewhere", "2020-08-31", "bodies/fire"),
    ] {
        let agreed = json!({ "actionId": id, "what": "Do it", "dueOn": date(on),
            "owner": { "bodyId": "a-pcc" } });
        given.record(&[event(subject, "2020-05-01", "actionAgreed", agreed)]);
    }
    let ids = |asker: &Asker| {
        let lines = attention(&given, "2020-06-01", asker).into_iter();
        let due = lines.filter(|line| line.kind() == AttentionKind::FallsDue);
        due.map(|line| line.item_id).collect::<Vec<_>>()
    };
    let executive = Asker {
        board: Some("executive".parse().unwrap()),
        body: None,
    };
    assert_eq!(ids(&executive), ["soon", "2020-09-01"]);
    assert_eq!(ids(&Asker::default()), [""; 0], "not within 30 days");
    let overdue = |body: &str| {
        let asker = Asker {
            board: None,
            body: Some(body.parse().unwrap()),
        };
        attention(&given, "2020-09-10", &asker)
            .into_iter()
            .filter(|line| line.kind() == AttentionKind::Overdue)
            .map(|line| (line.item_id, line.age_days))
            .collect::<Vec<_>>()
    };
    let all = ["elsewhere", "soon", "later"].map(|id| (id.to_owned(), 132));
    assert_eq!(overdue("a-pcc"), all);
    let own = [("elsewhere".to_owned(), 132)];
    assert_eq!(overdue("fire"), own, "it is about itself");
    assert_eq!(overdue("c-pcc"), []);
}

#[test]
fn a_chair_sees_what_awaits_whom_and_what_was_done_without() {
    let mut given = ruled(&[virements("one", json!({}), named(&["a-pcc", "b-pcc"]))]);
    given.record(&[request("2020-02-01", 1, virement("10"))]);
    given.record(&[vote("2020-02-02", 1, "+a-pcc")]);
    let x = "collaborations/x".to_owned();
    assert_eq!(
        lines(&given, "2020-03-02", AttentionKind::AwaitsDecision),
        [(x.clone(), id(1), vec!["b-pcc".to_owned()])]
    );
    let mut breach = on_x(
        "2020-03-01",
        "virementMade",
        json!({ "virementId": "v", "virement": virement("10") }),
    );
    breach["authority"] = json!({ "acknowledgedBreach": { "reason": "In a hurry" } });
    given.record(&[breach]);
    let breaches = lines(&given, "2020-03-02", AttentionKind::Breach);
    assert_eq!(breaches, [(x, String::new(), Vec::new())]);
}

#[test]
fn what_was_voided_leaves_a_mark_where_it_was_shown() {
    let mut given = alliance();
    let agreed = json!({ "riskId": "r", "what": "It" });
    given.record(&[on_x("2020-05-01", "riskRaised", agreed)]);
    let position = given.register.tail();
    let marks = |given: &Given, day: &str| {
        let x = "x".parse().unwrap();
        let voided = views::collaboration::get(&view(given, day), &x)
            .unwrap()
            .voided;
        voided
            .into_iter()
            .map(|mark| (mark.position, mark.voided_by_position, mark.reason))
            .collect::<Vec<_>>()
    };
    assert_eq!(marks(&given, "2020-06-01"), []);
    given.record(&[event(
        "collaborations/x",
        "",
        "entryCorrected",
        json!({ "position": position.get().to_string(), "reason": "Typed twice" }),
    )]);
    let by = given.register.tail().get();
    let mark = (position.get(), by, "Typed twice".to_owned());
    assert_eq!(marks(&given, "2020-06-01"), [mark]);
    assert_eq!(marks(&given, "2020-04-30"), [], "it did not hold yet");
    given.record(&[event(
        "collaborations/x",
        "",
        "entryCorrected",
        json!({ "position": by.to_string(), "reason": "It was right" }),
    )]);
    assert_eq!(marks(&given, "2020-06-01"), [], "it holds again");
}

#[test]
fn a_subject_is_found_by_its_id_its_name_or_an_alias() {
    let mut given = alliance();
    let alias = json!({ "alias": "The Three" });
    given.record(&[on_x("2014", "aliasAdded", alias)]);
    let find = |text: &str, day: &str| {
        let found = views::subjects::find(&view(&given, day), text).into_iter();
        found.map(|one| one.subject).collect::<Vec<_>>()
    };
    for text in [
        "x",
        " X ",
        "collaborations/x",
        "Collaborations/X",
        "the three",
    ] {
        assert_eq!(find(text, "2015-01-01"), ["collaborations/x"], "{text}");
    }
    assert_eq!(
        find("the three", "2013-06-01"),
        [""; 0],
        "not called so yet"
    );
    assert_eq!(find("THE A-PCC", "2015-01-01"), ["bodies/a-pcc"]);
    assert_eq!(find("bodies/x", "2015-01-01"), [""; 0]);
}

#[test]
fn an_underspend_that_nobody_disposed_of_is_left_over_until_somebody_does() {
    let figures = |pence: &str| {
        json!({ "figures": { "financialYear": "2018/19",
            "lines": [{ "head": "All", "amountPence": pence }] } })
    };
    let mut given = alliance();
    given.record(&[on_x("2018-02", "budgetApproved", figures("100000"))]);
    // Inside its year, an outturn is a forecast, and nothing is left over yet.
    given.record(&[on_x("2019-01", "outturnReported", figures("80000"))]);
    let left = |given: &Given, day: &str| {
        let lines = attention(given, day, &Asker::default()).into_iter();
        let lines = lines.filter(|line| line.deadline() == DeadlineKind::Underspend);
        lines.map(|line| line.what).collect::<Vec<_>>()
    };
    assert_eq!(left(&given, "2019-06-01"), [""; 0]);
    given.record(&[on_x("2019-05-01", "outturnReported", figures("70000"))]);
    assert_eq!(left(&given, "2019-04-30"), [""; 0]);
    assert_eq!(
        missed(&given, "2019-06-01", DeadlineKind::Underspend),
        ["2018/19"]
    );
    let what = left(&given, "2019-06-01").join(" ");
    assert!(what.contains("£300") && what.contains("2018/19"), "{what}");
    let disposed = |id: &str, on: &str, pence: &str| {
        let part = json!({ "destination": "DISPOSAL_DESTINATION_BODY_RESERVES",
            "bodyId": "a-pcc", "amountPence": pence });
        let disposal = json!({ "financialYear": "2018/19", "parts": [part] });
        let payload = json!({ "disposalId": id, "disposal": disposal });
        on_x(on, "underspendDisposed", payload)
    };
    given.record(&[disposed("some", "2019-07-01", "20000")]);
    let what = left(&given, "2019-08-01").join(" ");
    assert!(what.contains("£100 is left over"), "{what}");
    let mut returned = given.clone();
    given.record(&[disposed("rest", "2019-09-01", "10000")]);
    assert_eq!(left(&given, "2019-10-01"), [""; 0]);
    assert_eq!(left(&given, "2019-08-01").len(), 1, "it was left over then");
    // A virement that returns the rest to the bodies is the other way.
    let virement = json!({ "financialYear": "2018/19",
        "sources": [{ "head": { "head": "All" }, "amountPence": "10000" }],
        "targets": [{ "returnedToId": "a-pcc", "amountPence": "10000" }] });
    let made = json!({ "virementId": "v", "virement": virement });
    returned.record(&[on_x("2019-03-01", "virementMade", made)]);
    assert_eq!(left(&returned, "2019-08-01"), [""; 0]);
}
