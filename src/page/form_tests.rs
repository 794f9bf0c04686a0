//! The form of every kind of event, as it is drawn.

use std::collections::BTreeSet;

use maud::Markup;

use crate::address::Address;
use crate::form::{FormSheet, page};
use crate::form_check::FormCheck;
use crate::form_confirm::{self, Confirmation};
use minutebook_form::NamedThing;
use minutebook_form::{FormDrawing, FormFault, FormKind, FormNames, FormView, Noun, TypedNode};

/// A name that would do harm where it is not escaped.
const HOSTILE: &str = "<script>alert(1)</script>\"'&";

fn names() -> FormNames {
    let mut names = FormNames::default();
    names.add(Noun::Body, [NamedThing::new("kent", HOSTILE, &[])]);
    names
}

fn view(kind: FormKind, typed: &TypedNode, faults: &[FormFault], add: &str) -> FormView {
    FormDrawing {
        names: &names(),
        typed,
        faults,
        add,
        asks_recorder: true,
    }
    .form(kind)
}

fn drawn(view: &FormView) -> String {
    let address = Address {
        path: format!("/record/{}", view.kind.name()),
        ..Address::default()
    };
    let page = page(view, &FormSheet::default(), &address);
    format!("{}{}", page.lede.into_string(), page.body.into_string())
}

/// The values of an attribute, in their order.
fn values<'t>(text: &'t str, attribute: &str) -> Vec<&'t str> {
    let start = format!(" {attribute}=\"");
    let rests = text.split(start.as_str()).skip(1);
    rests.filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_box_of_every_form_is_named_once() {
    for kind in FormKind::all() {
        let text = drawn(&view(kind, &TypedNode::default(), &[], ""));
        let ids = values(&text, "id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(
            ids.len(),
            unique.len(),
            "{}: an id is there twice",
            kind.name()
        );
        let labelled: BTreeSet<&str> = values(&text, "for").into_iter().collect();
        for id in values(&text, "aria-describedby") {
            assert!(
                id.split(' ').all(|id| unique.contains(id)),
                "{}: {id}",
                kind.name()
            );
        }
        for tag in [
            "<input type=\"text\"",
            "<input type=\"radio\"",
            "<input type=\"checkbox\"",
            "<select",
            "<textarea",
        ] {
            for rest in text.split(tag).skip(1) {
                let id = values(rest, "id")[0];
                assert!(labelled.contains(id), "{}: no label for {id}", kind.name());
            }
        }
        for legend in text.split("<legend").skip(1) {
            let words = legend.split_once('>').unwrap().1;
            assert!(
                !words.starts_with("</legend>"),
                "{}: an empty legend",
                kind.name()
            );
        }
        assert!(
            text.len() < 150_000,
            "{}: {} bytes",
            kind.name(),
            text.len()
        );
        assert!(!text.contains("class=\"\""), "{}", kind.name());
        assert!(!text.contains("Required"), "{}", kind.name());
    }
}

#[test]
fn a_fault_is_beside_its_box_and_above_with_the_same_words() {
    let kind = FormKind::named("virement_made").unwrap();
    let typed = TypedNode::from_pairs([
        ("virement_made.virement.sources[0].head.head", HOSTILE),
        ("virement_made.virement.sources[0].amount_pence", "much"),
    ]);
    let fault = |field: &str, sentence: &str| FormFault {
        field: field.to_owned(),
        sentence: sentence.to_owned(),
    };
    let faults = [
        fault(
            "virement_made.virement.sources[0].amount_pence",
            "Write digits.",
        ),
        fault("virement_made.virement.targets", "Say where it goes."),
        fault("events", "No box has this."),
    ];
    let text = drawn(&view(
        kind,
        &typed,
        &faults,
        "virement_made.virement.sources",
    ));
    let amount = "q-virement_made-virement-sources-0--amount_pence";
    assert!(
        text.contains(&format!("<a href=\"#{amount}\">Write digits.</a>")),
        "{text}"
    );
    assert!(
        text.contains(&format!("id=\"{amount}-fault\">Write digits.")),
        "{text}"
    );
    assert!(
        text.contains("href=\"#q-virement_made-virement-targets\">Say where"),
        "{text}"
    );
    assert!(text.contains("<li>No box has this.</li>"), "{text}");
    assert!(text.contains("value=\"much\""));
    assert!(
        text.contains("virement_made.virement.sources[1].amount_pence"),
        "another row"
    );
    assert!(!text.contains("<script"), "{text}");
    assert!(text.contains("&lt;script&gt;alert(1)"), "{text}");
}

#[test]
fn a_confirmation_says_every_answer_and_carries_it() {
    let kind = FormKind::named("vote_cast").unwrap();
    let typed = TypedNode::from_pairs([
        ("subject", "bch"),
        ("vote_cast.choice", "VOTE_CHOICE_REJECT"),
        ("vote_cast.voter.body_id", HOSTILE),
    ]);
    let view = view(kind, &typed, &[], "");
    let page = Confirmation {
        view: &view,
        sentence: "Kent voted.",
        sheet: &FormSheet {
            request_id: "r-1".to_owned(),
            csrf: "token".to_owned(),
            check: Markup::default(),
            caution: String::new(),
        },
        pairs: &typed.pairs(),
    };
    let text = page.page(&Address::default()).body.into_string();
    for part in [
        "name=\"request_id\" value=\"r-1\"",
        "name=\"csrf\" value=\"token\"",
        "name=\"vote_cast.choice\" value=\"VOTE_CHOICE_REJECT\"",
        "<dd>Reject</dd>",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("<script"), "{text}");
}

#[test]
fn a_check_says_whether_it_would_be_recorded() {
    let check = |is_judged, faults: &[&str]| {
        let faults = faults.iter().map(|sentence| minutebook_form::SummaryLine {
            name: String::new(),
            sentence: (*sentence).to_owned(),
        });
        let check = FormCheck {
            is_judged,
            faults: faults.collect(),
            ..FormCheck::default()
        };
        let address = Address::default();
        check.markup(&names(), address.links()).into_string()
    };
    assert!(check(true, &[]).contains("It would be recorded."));
    let refused = check(true, &["Nothing is left."]);
    assert!(refused.contains("It would be refused."));
    assert!(refused.contains("Nothing is left."));
    assert!(check(false, &["Fill it in."]).contains("Answer these first"));
}

#[test]
fn an_unknown_outcome_is_asked_for_again_under_the_same_request() {
    let sheet = FormSheet {
        request_id: "r-1".to_owned(),
        ..FormSheet::default()
    };
    let pairs = [("subject".to_owned(), "bch".to_owned())];
    let page = form_confirm::unknown(&sheet, &pairs, &Address::default());
    assert!(
        page.title.starts_with("We do not know yet"),
        "{}",
        page.title
    );
    let text = page.body.into_string();
    for part in [
        "name=\"request_id\" value=\"r-1\"",
        "name=\"subject\" value=\"bch\"",
        "value=\"record\">Look again</button>",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    // Other answers under one request are another request.
    let page = form_confirm::recorded_before(&sheet, &pairs, &Address::default());
    let text = page.body.into_string();
    assert!(!text.contains("r-1"), "{text}");
    assert!(text.contains("name=\"subject\" value=\"bch\""), "{text}");
}
