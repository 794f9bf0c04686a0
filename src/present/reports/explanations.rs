//! Explanations, for people and for programs.

use super::{acts, faults, needs, rules};
use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::Sheet;
use minutebook_wire::proto::explanation::Finding;
use minutebook_wire::proto::{ExplainResponse, Explanation};

/// The explanation of one request.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedAppend {
    /// The file it was read from.
    pub file: String,
    /// Which request of that file, from 1.
    pub number: usize,
    pub request_id: String,
    /// `None` where the request is recorded already.
    pub answer: Option<ExplainResponse>,
}

/// The number of events that would be refused, in a sentence, if any would.
pub fn refusals(explained: &[ExplainedAppend]) -> Option<String> {
    let refused = each(explained)
        .filter(|(_, explanation)| !explanation.would_be_taken)
        .count();
    let all = each(explained).count();
    match (refused, all) {
        (0, _) => None,
        (1, 1) => Some("The event would be refused.".to_owned()),
        (1, _) => Some(format!("1 of {all} events would be refused.")),
        _ => Some(format!("{refused} of {all} events would be refused.")),
    }
}

fn each(explained: &[ExplainedAppend]) -> impl Iterator<Item = (&ExplainedAppend, &Explanation)> {
    explained.iter().flat_map(|append| {
        let answers = append.answer.iter();
        let explanations = answers.flat_map(|answer: &ExplainResponse| &answer.explanations);
        explanations.map(move |explanation| (append, explanation))
    })
}

/// Whether an explanation says more than that the event would be admitted.
fn is_worth_showing(explanation: &Explanation) -> bool {
    explanation.rule.is_some()
        || !explanation.would_be_taken
        || !explanation.findings.is_empty()
        || !explanation.warnings.is_empty()
}

/// How many there were, and how many were left out. `on` ends the sentence that nothing was
/// recorded.
pub fn in_all(explained: &[ExplainedAppend], all: bool, on: &str) -> String {
    let count = each(explained).count();
    let shown = each(explained).filter(|(_, explanation)| is_worth_showing(explanation));
    let others = count - shown.count();
    let already = explained
        .iter()
        .filter(|append| append.answer.is_none())
        .count();
    let mut sentences = Vec::new();
    match others {
        0 => {}
        _ if all => {}
        1 => sentences.push("1 event is not shown: no approval rule covers it.".to_owned()),
        _ => sentences.push(format!(
            "{others} events are not shown: no approval rule covers them."
        )),
    }
    match already {
        0 => {}
        1 => sentences.push("1 append is recorded already, and is not explained.".to_owned()),
        _ => sentences.push(format!(
            "{already} appends are recorded already, and are not explained."
        )),
    }
    if count > 0 && refusals(explained).is_none() {
        sentences.push("Everything would be taken.".to_owned());
    } else if count > 0 && explained.len() > 1 {
        sentences.push("Appends that depend on a refused one were judged without it.".to_owned());
    }
    sentences.push(format!("Nothing was recorded{on}."));
    sentences.join("\n")
}

/// People read each event as facts; programs get a row for each.
pub fn report(explained: &[ExplainedAppend], all: bool) -> Report {
    let mut list = Sheet::new("explanations", "").columns([
        ("file", ""),
        ("append", ""),
        ("request_id", ""),
        ("event_index", ""),
        ("subject", ""),
        ("what", ""),
        ("would_be_taken", ""),
    ]);
    rules::columns(&mut list);
    for key in [
        "proposal_id",
        "standing",
        "need_state",
        "agreed",
        "against",
        "awaited",
        "left",
        "rests_on_unknown_day",
        "finding_reasons",
        "findings",
        "warnings",
    ] {
        list.column(key, "");
    }
    let mut parts = Vec::new();
    for (append, explanation) in each(explained) {
        list.in_currency(&explanation.currency);
        list.row(row(append, explanation));
        if all || is_worth_showing(explanation) {
            parts.push(facts(explanation).headed(heading(explained, append, explanation)));
        }
    }
    Report::Parts { list, parts }
}

fn row(append: &ExplainedAppend, explanation: &Explanation) -> Vec<Cell> {
    let mut row = vec![
        (&append.file).into(),
        Cell::Number(i64::try_from(append.number).unwrap_or(i64::MAX)),
        (&append.request_id).into(),
        explanation.event_index.into(),
        (&explanation.subject).into(),
        (&explanation.what).into(),
        Cell::Yes(explanation.would_be_taken),
    ];
    row.extend(rules::cells(&explanation.rule));
    let need = explanation.need.clone().unwrap_or_default();
    let reasons: Vec<&str> = explanation
        .findings
        .iter()
        .map(|finding| finding.reason.as_str())
        .collect();
    row.extend([
        (&explanation.proposal_id).into(),
        Cell::label(explanation.standing()),
        Cell::label(need.state()),
    ]);
    row.extend(needs::everyone(&need));
    row.extend([
        Cell::known(explanation.left_pence),
        Cell::Yes(explanation.rests_on_unknown_day),
        reasons.join("; ").into(),
        findings(&explanation.findings, "; "),
        faults::in_words(&explanation.warnings, "; "),
    ]);
    row
}

/// The event, with its file and its append where there are several.
fn heading(all: &[ExplainedAppend], append: &ExplainedAppend, explanation: &Explanation) -> String {
    let mut place = Vec::new();
    if all.iter().any(|other| other.file != append.file) {
        place.push(append.file.clone());
    }
    if all.len() > 1 {
        place.push(format!("append {}", append.number));
    }
    place.push(format!("event {}", explanation.event_index + 1));
    format!(
        "{}, {}: {}",
        place.join(", "),
        explanation.subject,
        explanation.what
    )
}

fn facts(explanation: &Explanation) -> Sheet {
    let mut facts = Sheet::facts("explanation");
    let verdict = match explanation.would_be_taken {
        true => "taken",
        false => "refused",
    };
    facts.fact("would be", verdict);
    match explanation.rule {
        Some(_) => rules::facts(&mut facts, &explanation.rule),
        None => {
            facts.fact("rule", "none covers such an event");
        }
    }
    facts.fact("proposal", proposal(explanation));
    if let Some(need) = &explanation.need {
        facts.fact("who must agree", needs::in_lines(need));
    }
    facts
        .in_currency(&explanation.currency)
        .fact("left", Cell::known(explanation.left_pence))
        .fact("note", unknown_day(explanation))
        .fact("why not", findings(&explanation.findings, "\n"))
        .fact("warnings", faults::in_words(&explanation.warnings, "\n"));
    facts
}

fn unknown_day(explanation: &Explanation) -> Cell {
    match explanation.rests_on_unknown_day {
        true => acts::UNKNOWN_DAY.into(),
        false => Cell::Empty,
    }
}

fn proposal(explanation: &Explanation) -> Cell {
    let standing = Cell::label(explanation.standing()).for_people();
    match (explanation.proposal_id.as_str(), standing.as_str()) {
        ("", _) => Cell::Empty,
        (id, "") => id.into(),
        (id, standing) => format!("{id} ({standing})").into(),
    }
}

/// Each finding with its field and its reason code.
fn findings(findings: &[Finding], between: &str) -> Cell {
    let texts: Vec<String> = findings
        .iter()
        .map(|finding| {
            let sentence = faults::coded(&finding.what, &finding.reason);
            match finding.field.as_str() {
                "" => sentence,
                field => format!("{field}: {sentence}"),
            }
        })
        .collect();
    texts.join(between).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::fixtures::{need, rule, unregulated};
    use crate::sheet::Audience;
    use crate::table::{self, Layout};
    use minutebook_wire::proto::{DecisionStanding, FaultView};

    fn taken(index: u32) -> Explanation {
        Explanation {
            event_index: index,
            subject: "bodies/a".into(),
            what: "registered: A (council)".into(),
            would_be_taken: true,
            ..Default::default()
        }
    }

    fn refused() -> Explanation {
        Explanation {
            currency: String::new(),
            event_index: 1,
            subject: "collaborations/em".into(),
            what: "virement v-1 made".into(),
            rule: rule(),
            proposal_id: "0193aaaa-0000-7000-8000-000000000001".into(),
            standing: DecisionStanding::Pending.into(),
            need: need(),
            left_pence: Some(150_000),
            would_be_taken: false,
            rests_on_unknown_day: false,
            findings: vec![Finding {
                field: "authority".into(),
                reason: "NOT_CARRIED".into(),
                what: "The proposal is not carried.".into(),
            }],
            warnings: vec![FaultView {
                reason: "PARTY_MATRIX".into(),
                what: "A chief officer is lacking.".into(),
                ..Default::default()
            }],
        }
    }

    fn request(explanations: Vec<Explanation>) -> ExplainedAppend {
        ExplainedAppend {
            file: "b.json".into(),
            number: 1,
            request_id: "r".into(),
            answer: Some(ExplainResponse {
                explanations,
                ..Default::default()
            }),
        }
    }

    /// One that is recorded already, and one of two events.
    fn requests() -> [ExplainedAppend; 2] {
        let recorded = ExplainedAppend {
            answer: None,
            ..request(Vec::new())
        };
        [recorded, request(vec![taken(0), refused()])]
    }

    fn table(explained: &[ExplainedAppend], all: bool) -> String {
        let table = table::render(&report(explained, all), Layout::plain(200));
        format!("{table}\n{}\n", in_all(explained, all, ""))
    }

    #[test]
    fn a_refusal_has_its_rule_who_is_awaited_the_amount_left_and_the_reason() {
        let explained = [request(vec![taken(0), refused()])];
        let text = table(&explained, false);
        for part in [
            "event 2, collaborations/em: virement v-1 made",
            "would be        refused",
            "Virements over £250,000 (large)",
            "(pending)",
            "└ every policing body of the parties: open. 2 of 3 have agreed",
            "agreed: A-PCC; B-PCC",
            "awaited: C-PCC",
            "awaited: the decision of Regional Board",
            "£1,500",
            "authority: The proposal is not carried. [NOT_CARRIED]",
            "A chief officer is lacking. [PARTY_MATRIX]",
        ] {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
        assert!(!text.contains("bodies/a"), "{text}");
        assert!(
            text.contains("1 event is not shown: no approval rule"),
            "{text}"
        );
        assert!(text.ends_with("Nothing was recorded.\n"), "{text}");
        assert!(table(&explained, true).contains("bodies/a"));
        let sentence = refusals(&explained);
        assert_eq!(sentence.as_deref(), Some("1 of 2 events would be refused."));
    }

    #[test]
    fn an_unregulated_event_says_so() {
        let free = Explanation {
            rule: unregulated(),
            ..taken(0)
        };
        let explained = [request(vec![free])];
        let text = table(&explained, false);
        assert!(
            text.contains("unregulated: no approval rules are in force"),
            "{text}"
        );
        assert!(text.contains("Everything would be taken."), "{text}");
        assert_eq!(refusals(&explained), None);
    }

    #[test]
    fn programs_get_a_row_for_every_event() {
        let explained = requests();
        let rows = report(&explained, false).sheets_for_programs()[0].clone();
        assert_eq!(rows.rows_for(Audience::Programs).count(), 2);
        let table = table(&explained, false);
        assert!(
            table.contains("append 1, event 2, collaborations/em"),
            "{table}"
        );
        assert!(table.contains("1 append is recorded already"), "{table}");
        assert!(!table.contains("b.json"), "the only file: {table}");
    }
}
