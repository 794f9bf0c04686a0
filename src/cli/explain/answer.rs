//! Explanations, for people and for programs.

use super::ExplainedAppend;
use crate::cli::cell::{Cell, sanitise_for_terminal};
use crate::cli::enum_labels::word;
use crate::cli::failure::Failure;
use crate::cli::screen::Screen;
use crate::cli::sheet::{Report, Sheet};
use crate::cli::show::{Format, faults, needs, rules};
use crate::wire::proto::explanation::Finding;
use crate::wire::proto::{ExplainResponse, Explanation};

/// Writes what was explained. `on` says on what it was judged, where that is not
/// the register itself.
pub fn write(
    explained: &[ExplainedAppend],
    all: bool,
    format: Format,
    on: &str,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let report = report(explained, all);
    match format {
        Format::Csv => Ok(report.write_csv(screen.sink())?),
        Format::Json => explained.iter().try_for_each(|it| {
            // A line for every request, so that the lines can be counted off.
            let answer = it.answer.clone().unwrap_or_default();
            screen.message_line(&answer)
        }),
        Format::Table => {
            let table = report.table(screen.layout());
            if !table.is_empty() {
                screen.line(&table)?;
            }
            screen.line(&in_all(explained, all, on))
        }
    }
}

/// Says how much would be refused, if anything would.
pub fn refusals(explained: &[ExplainedAppend]) -> Option<String> {
    let refused = each(explained).filter(|(_, it)| !it.would_be_taken).count();
    let all = each(explained).count();
    match (refused, all) {
        (0, _) => None,
        (1, 1) => Some("The event would be refused.".to_owned()),
        (1, _) => Some(format!("1 of {all} events would be refused.")),
        _ => Some(format!("{refused} of {all} events would be refused.")),
    }
}

fn each(explained: &[ExplainedAppend]) -> impl Iterator<Item = (&ExplainedAppend, &Explanation)> {
    explained.iter().flat_map(|it| {
        let answers = it.answer.iter();
        let explanations = answers.flat_map(|answer: &ExplainResponse| &answer.explanations);
        explanations.map(move |explanation| (it, explanation))
    })
}

/// Whether there is anything to say of it but that it would be taken.
fn is_worth_telling(it: &Explanation) -> bool {
    it.rule.is_some() || !it.would_be_taken || !it.findings.is_empty() || !it.warnings.is_empty()
}

/// How many there were, and what was left out.
fn in_all(explained: &[ExplainedAppend], all: bool, on: &str) -> String {
    let count = each(explained).count();
    let told = each(explained).filter(|(_, it)| is_worth_telling(it));
    let others = count - told.count();
    let already = explained.iter().filter(|it| it.answer.is_none()).count();
    let mut sentences = Vec::new();
    match others {
        0 => {}
        _ if all => {}
        1 => sentences.push("1 event is not shown: no approval rule speaks of it.".to_owned()),
        _ => sentences.push(format!(
            "{others} events are not shown: no approval rule speaks of them."
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
        sentences.push("What rests on a refused append was judged without it.".to_owned());
    }
    sentences.push(match on {
        "" => "Nothing was recorded.".to_owned(),
        on => format!("Nothing was recorded: this was judged{on}."),
    });
    sentences.join("\n")
}

/// People are told of one event after the other; programs get a row for each.
fn report(explained: &[ExplainedAppend], all: bool) -> Report {
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
        "finding_reasons",
        "findings",
        "warnings",
    ] {
        list.column(key, "");
    }
    let mut parts = Vec::new();
    for (of, it) in each(explained) {
        list.row(row(of, it));
        if all || is_worth_telling(it) {
            parts.push(facts(it).headed(heading(explained, of, it)));
        }
    }
    Report::Parts { list, parts }
}

fn row(of: &ExplainedAppend, it: &Explanation) -> Vec<Cell> {
    let mut row = vec![
        (&of.file).into(),
        Cell::Number(i64::try_from(of.number).unwrap_or(i64::MAX)),
        (&of.request_id).into(),
        it.event_index.into(),
        (&it.subject).into(),
        (&it.what).into(),
        Cell::Yes(it.would_be_taken),
    ];
    row.extend(rules::cells(&it.rule));
    let need = it.need.clone().unwrap_or_default();
    let reasons: Vec<&str> = it.findings.iter().map(|it| it.reason.as_str()).collect();
    row.extend([
        (&it.proposal_id).into(),
        word(it.standing()),
        word(need.state()),
    ]);
    row.extend(needs::everybody(&need));
    row.extend([
        it.left_pence.map_or(Cell::Empty, Cell::Pence),
        reasons.join("; ").into(),
        findings(&it.findings, "; "),
        faults::in_words(&it.warnings, "; "),
    ]);
    row
}

/// Which event it is, and what it says. The file and the append are named where
/// there are several.
fn heading(all: &[ExplainedAppend], of: &ExplainedAppend, it: &Explanation) -> String {
    let mut place = Vec::new();
    if all.iter().any(|other| other.file != of.file) {
        place.push(of.file.clone());
    }
    if all.len() > 1 {
        place.push(format!("append {}", of.number));
    }
    place.push(format!("event {}", it.event_index + 1));
    sanitise_for_terminal(&format!(
        "{}, {}: {}",
        place.join(", "),
        it.subject,
        it.what
    ))
}

fn facts(it: &Explanation) -> Sheet {
    let mut facts = Sheet::facts("explanation");
    let verdict = match it.would_be_taken {
        true => "taken",
        false => "refused",
    };
    facts.fact("would be", verdict);
    match it.rule {
        Some(_) => rules::facts(&mut facts, &it.rule),
        None => {
            facts.fact("rule", "none speaks of such an event");
        }
    }
    facts.fact("proposal", proposal(it));
    if let Some(need) = &it.need {
        facts.fact("who must agree", needs::in_lines(need));
    }
    facts
        .fact("left", it.left_pence.map_or(Cell::Empty, Cell::Pence))
        .fact("why not", findings(&it.findings, "\n"))
        .fact("mind", faults::in_words(&it.warnings, "\n"));
    facts
}

fn proposal(it: &Explanation) -> Cell {
    let standing = word(it.standing()).for_people();
    match (it.proposal_id.as_str(), standing.as_str()) {
        ("", _) => Cell::Empty,
        (id, "") => id.into(),
        (id, standing) => format!("{id} ({standing})").into(),
    }
}

/// Each with its field and its reason code.
fn findings(findings: &[Finding], between: &str) -> Cell {
    let texts: Vec<String> = findings
        .iter()
        .map(|it| {
            let sentence = faults::coded(&it.what, &it.reason);
            match it.field.as_str() {
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
    use crate::cli::screen::Layout;
    use crate::cli::show::fixtures::{need, rule, unregulated};
    use crate::wire::proto::{DecisionStanding, FaultView};

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
            event_index: 1,
            subject: "collaborations/em".into(),
            what: "virement v-1 made".into(),
            rule: rule(),
            proposal_id: "0193aaaa-0000-7000-8000-000000000001".into(),
            standing: DecisionStanding::Pending.into(),
            need: need(),
            left_pence: Some(150_000),
            would_be_taken: false,
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

    fn written(explained: &[ExplainedAppend], all: bool, format: Format) -> String {
        let (mut screen, written) = Screen::for_test();
        write(explained, all, format, "", &mut screen).unwrap();
        screen.flush().unwrap();
        written.text()
    }

    #[test]
    fn what_would_be_refused_says_the_rule_who_is_awaited_what_is_left_and_why() {
        let explained = [request(vec![taken(0), refused()])];
        let table = report(&explained, false).table(Layout::plain(200));
        for said in [
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
            assert!(table.contains(said), "{said:?} is not in\n{table}");
        }
        let table = written(&explained, false, Format::Table);
        assert!(!table.contains("bodies/a"), "{table}");
        assert!(
            table.contains("1 event is not shown: no approval rule"),
            "{table}"
        );
        assert!(table.ends_with("Nothing was recorded.\n"), "{table}");
        assert!(written(&explained, true, Format::Table).contains("bodies/a"));
        let sentence = refusals(&explained);
        assert_eq!(sentence.as_deref(), Some("1 of 2 events would be refused."));
    }

    #[test]
    fn what_is_unregulated_is_said_outright() {
        let free = Explanation {
            rule: unregulated(),
            ..taken(0)
        };
        let explained = [request(vec![free])];
        let table = written(&explained, false, Format::Table);
        assert!(
            table.contains("unregulated: no approval rules are in force"),
            "{table}"
        );
        assert!(table.contains("Everything would be taken."), "{table}");
        assert_eq!(refusals(&explained), None);
    }

    #[test]
    fn programs_get_every_event_and_a_line_for_every_request() {
        let recorded = ExplainedAppend {
            answer: None,
            ..request(Vec::new())
        };
        let explained = [recorded, request(vec![taken(0), refused()])];
        let csv = written(&explained, false, Format::Csv);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2);
        let json = written(&explained, false, Format::Json);
        let read: Vec<ExplainResponse> = json
            .lines()
            .map(|line| crate::wire::json::from_str(line).unwrap())
            .collect();
        assert_eq!(read[0], ExplainResponse::default());
        assert_eq!(Some(&read[1]), explained[1].answer.as_ref());
        let table = written(&explained, false, Format::Table);
        assert!(
            table.contains("append 1, event 2, collaborations/em"),
            "{table}"
        );
        assert!(table.contains("1 append is recorded already"), "{table}");
        assert!(!table.contains("b.json"), "the only file: {table}");
    }
}
