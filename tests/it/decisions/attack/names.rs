//! Attacks with names that only look different: an office, a head, a seat, a unit or an
//! alias that is written in another way stays the same one.

use minutebook::wire::request;

use super::*;
use crate::given::append;

/// Other ways to write "Chief Finance Officer" that readers take for the same name.
const OTHER_FORMS: &[&str] = &[
    "chief FINANCE officer",
    "Chief Finance Officer ",
    " Chief Finance Officer",
    "Chief  Finance Officer",
    "Chief\u{A0}Finance Officer",
    "Chief\u{2003}Finance\u{202F}Officer",
    "Chief Finance O\u{FB03}cer",
    "Ｃｈｉｅｆ Ｆｉｎａｎｃｅ Ｏｆｆｉｃｅｒ",
    "Ch\u{131}ef Finance Officer",
    "Chi\u{307}ef Finance Officer",
    "𝐂hief Finance Officer",
    "Chief Finance ℴfficer",
];

/// Pairs that readers take for the same name.
const PAIRS: &[(&str, &str)] = &[
    ("Café supplies", "Cafe\u{301} supplies"),
    ("Chief's fund", "Chief\u{2019}s fund"),
    ("\"Blue\" lights", "\u{201C}Blue\u{201D} lights"),
    ("Fuel - vans", "Fuel \u{2013} vans"),
    ("Fuel - vans", "Fuel \u{2014} vans"),
    ("Straße", "STRASSE"),
    ("Unit 4", "Unit ４"),
    ("Unit ²", "Unit 2"),
    ("Å fund", "A\u{30A} fund"),
    ("ŵyl", "W\u{302}YL"),
    ("Lab 1", "Lab １"),
    ("Lab 10", "Lab 𝟏𝟎"),
    ("Lab 0", "Lab \u{1FBF0}"),
    ("King's lab", "King\u{2BC}s lab"),
    ("King's lab", "King\u{2BB}s lab"),
    ("Fuel - vans", "Fuel \u{2500} vans"),
    ("Fuel | vans", "Fuel \u{2223} vans"),
    ("Fuel | vans", "Fuel \u{2502} vans"),
];

#[test]
fn the_proposers_office_does_not_approve_under_another_form_of_its_name() {
    let rule = virements("any", json!({}), officer(None));
    for form in OTHER_FORMS {
        let mut given = ruled(std::slice::from_ref(&rule));
        let proposed = request("2020-06-01", 1, virement("100"));
        given.record(&[by("a-pcc", form, proposed)]);
        let faults = given.faults(&[approve("2020-06-02", 1)]);
        let reasons: Vec<&str> = faults.iter().map(|(_, reason)| *reason).collect();
        assert_eq!(reasons, ["OWN_PROPOSAL"], "{form:?}");
    }
}

#[test]
fn the_delegated_office_approves_under_any_form_of_its_name() {
    for form in OTHER_FORMS {
        let mut given = by_officer();
        given.record(&[request("2020-06-01", 1, virement("100"))]);
        admitted(&given, by("a-pcc", form, approve("2020-06-02", 1)));
    }
}

#[test]
fn another_form_of_a_head_does_not_split_its_running_total() {
    let rules = [
        virements(
            "small",
            json!({ "runningTotalUpToPence": "1000" }),
            officer(None),
        ),
        virements("large", json!({}), every_party()),
    ];
    for (one, other) in PAIRS {
        let taken = |name: &str| from(head("dogs", name), head("vans", "Fuel"), "800");
        let mut given = ruled(&rules);
        for (n, name) in [(1, one), (2, other)] {
            given.record(&[request("2020-06-01", n, taken(name))]);
            given.record(&[approve("2020-06-02", n)]);
        }
        given.record(&[make("2020-06-03", 1, "v", taken(one))]);
        refused(&given, make("2020-06-04", 2, "w", taken(other)));
    }
}

#[test]
fn an_act_names_the_approved_head_in_any_form() {
    for (one, other) in PAIRS {
        let taken = |name: &str| from(head("dogs", name), head("vans", "Fuel"), "800");
        let mut given = by_officer();
        given.record(&[request("2020-06-01", 1, taken(one))]);
        given.record(&[approve("2020-06-02", 1)]);
        admitted(&given, make("2020-06-03", 1, "v", taken(other)));
    }
}

#[test]
fn nobody_takes_two_seats_under_two_forms_of_one_name() {
    let described = |name: &str| json!({ "description": name });
    let office = |name: &str| json!({ "bodyId": "a-pcc", "office": name });
    for (one, other) in PAIRS {
        for seat in [described, office] {
            let joins = |name: &str| {
                let joined = json!({ "joined": [seat(name)] });
                event("boards/board", "2014", "boardMembershipChanged", joined)
            };
            let mut given = stage();
            given.record(&[joins(one)]);
            let faults = given.faults(&[joins(other)]);
            let reasons: Vec<&str> = faults.iter().map(|(_, reason)| *reason).collect();
            assert_eq!(reasons, ["ALREADY_A_MEMBER"], "{one:?} and {other:?}");
            let left = json!({ "left": [seat(other)] });
            admitted(
                &given,
                event("boards/board", "2015", "boardMembershipChanged", left),
            );
            let both = json!({ "joined": [seat(one), seat(other)] });
            let both = event("boards/board", "2014", "boardMembershipChanged", both);
            assert!(request::append_command(&append(1, &[both])).is_err());
        }
    }
}

#[test]
fn an_office_votes_once_from_its_seat_whatever_its_form() {
    let mut given = stage();
    let joined = json!({ "joined": [{ "description": "Fire authority's chair" }] });
    let joins = event("boards/board", "2014", "boardMembershipChanged", joined);
    given.record(&[joins]);
    given.record(&[adopt(
        "2020-01-01",
        "rules",
        &[virements("any", json!({}), board("MAJORITY"))],
    )]);
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    let vote = |form: &str| {
        let mut vote = on_board("2020-06-02", 1, "+a-pcc");
        vote["voteCast"]["voter"] = json!({ "office": form });
        vote
    };
    admitted(&given, vote("FIRE  authority\u{2019}s chair "));
    let mut other = vote("Fire authoritys chair");
    other["voteCast"]["voter"] = json!({ "office": "Fire authoritys chair" });
    refused(&given, other);
}

#[test]
fn units_and_aliases_and_identifiers_are_known_in_any_form() {
    for (one, other) in PAIRS {
        let mut given = stage();
        let units = |field: &str, name: &str| {
            let payload = json!({ "serviceId": "dogs", field: [name] });
            on_x("2014", "serviceUnitsChanged", payload)
        };
        let alias = |name: &str| on_x("2014", "aliasAdded", json!({ "alias": name }));
        let identifier = |name: &str| {
            let identifier = json!({ "scheme": "ONS", "value": name });
            let payload = json!({ "identifier": identifier });
            event("bodies/a-pcc", "2014", "identifierAdded", payload)
        };
        given.record(&[units("added", one), alias(one), identifier(one)]);
        judged(
            &given,
            &[
                ("unit", units("added", other), &["UNIT_EXISTS"]),
                ("removal", units("removed", other), &[]),
                ("alias", alias(other), &["ALREADY_SO"]),
                ("identifier", identifier(other), &["ALREADY_SO"]),
            ],
        );
        given.record(&[units("removed", other)]);
        judged(
            &given,
            &[("gone", units("removed", one), &["UNKNOWN_UNIT"])],
        );
    }
}

#[test]
fn names_stay_as_they_were_written() {
    for form in OTHER_FORMS {
        let mut given = by_officer();
        let proposed = request("2020-06-01", 1, virement("100"));
        given.record(&[by("a-pcc", form, proposed)]);
        let entry = given.entries.last().expect("an entry");
        let office = entry.event.acted_by.as_ref().and_then(|by| by.office());
        assert_eq!(office.map(|office| office.as_str()), Some(*form));
    }
}

#[test]
fn the_form_of_a_proposers_office_is_corrected_after_a_vote_and_the_office_is_not() {
    let mut given = by_officer();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    let position = tail(&given);
    given.record(&[approve("2020-06-02", 1)]);
    let replacement = |office: &str| {
        let request = by("b-cc", office, request("2020-06-01", 1, virement("100")));
        correct(position, Some(request))
    };
    admitted(&given, replacement("HEAD of\u{A0}Dogs"));
    refused(&given, replacement("Head of Vans"));
}

#[test]
fn different_names_stay_different() {
    let differ = [
        ("Pay", "Pays"),
        ("Unit 1", "Unit l"),
        ("Unit 0", "Unit O"),
        ("Modern costs", "Modem costs"),
        ("Pay", "Páy"),
        ("Fuel-vans", "Fuel vans"),
        ("Fuel/vans", "Fuel-vans"),
        ("A.B", "AB"),
    ];
    for (one, other) in differ {
        let alias = |name: &str| on_x("2014", "aliasAdded", json!({ "alias": name }));
        let mut given = stage();
        given.record(&[alias(one)]);
        admitted(&given, alias(other));
    }
}

#[test]
fn names_that_hide_what_they_say_are_refused_by_field() {
    let hidden = [
        ("\u{200B}", "nothing in it is visible"),
        ("\u{2800}\u{2800}", "nothing in it is visible"),
        ("\u{3164}", "nothing in it is visible"),
        ("\u{200B}\u{2060} \u{FEFF}", "nothing in it is visible"),
        ("Chief\u{200B} Finance Officer", "U+200B is invisible"),
        ("Chief\u{AD} Finance Officer", "U+00AD is invisible"),
        ("Chief\u{200D} Finance Officer", "U+200D is invisible"),
        ("Chief\u{34F} Finance Officer", "U+034F is invisible"),
        ("Chief\u{FE0F} Finance Officer", "U+FE0F is invisible"),
        ("Chief\u{E0041} Finance Officer", "U+E0041 is invisible"),
        ("Chief\u{3164} Finance Officer", "U+3164 is invisible"),
        ("Chief\u{2800}Finance Officer", "U+2800 is invisible"),
        (
            "\u{202E}reciffO ecnaniF feihC",
            "U+202E changes the direction",
        ),
        (
            "Chief \u{2066}Finance\u{2069} Officer",
            "U+2066 changes the direction",
        ),
        (
            "Chief Finance Officer\u{200F}",
            "U+200F changes the direction",
        ),
        ("Chief Finance Officer\u{E000}", "U+E000 is not a character"),
        ("Chief Finance Officer\u{378}", "U+0378 is not a character"),
        (
            "\u{421}hief Finance Officer",
            "(U+0421) looks like a letter",
        ),
        (
            "Chief Fin\u{430}nce Officer",
            "(U+0430) looks like a letter",
        ),
        (
            "Chief Finance \u{39F}fficer",
            "(U+039F) looks like a letter",
        ),
        (
            "\u{421}\u{43E}\u{440}\u{435}",
            "(U+0421) looks like a letter",
        ),
        (
            "Chief Fin\u{251}nce Officer",
            "(U+0251) is not in everyday use",
        ),
        ("Cafe\u{301}\u{301}", "U+0301 is invisible"),
    ];
    for (name, why) in hidden {
        let alias = on_x("2014", "aliasAdded", json!({ "alias": name }));
        let found = request::append_command(&append(1, &[alias])).expect_err(name);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].field, "events[0].alias_added.alias");
        assert!(found[0].description.contains(why), "{}", found[0]);
    }
}

#[test]
fn names_in_everyday_writing_are_taken() {
    for name in [
        "Heddlu Dyfed-Powys: Prif Gwnstabl",
        "Comisiynydd yr Heddlu a Throseddu, Tŷ’r Cyffredin",
        "Garda Síochána \u{2013} Ard-Oifig",
        "£5m fund (50% \u{201C}shared\u{201D}) \u{2192} vans & dogs \u{2022} №4 ½",
        "Министерство внутренних дел",
        "Ελληνική Αστυνομία",
        "警視庁",
        "Straße 7, Łódź, Århus, Malmö, Čačak",
    ] {
        let alias = on_x("2014", "aliasAdded", json!({ "alias": name }));
        let read = request::append_command(&append(1, &[alias]));
        assert!(read.is_ok(), "{name}: {read:?}");
    }
}

#[test]
fn texts_do_not_reorder_what_readers_see() {
    let mut given = by_officer();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    let mut noted = approve("2020-06-02", 1);
    noted["note"] = "Approved \u{202E}detcejeR".into();
    let found = request::append_command(&append(1, &[noted])).expect_err("a direction");
    assert_eq!(found[0].field, "events[0].note");
    let mut unreasoned = request("2020-06-01", 2, virement("100"));
    unreasoned["virementRequested"]["reason"] = "\u{200B}".into();
    let found = request::append_command(&append(1, &[unreasoned])).expect_err("blank");
    assert_eq!(found[0].field, "events[0].virement_requested.reason");
}
