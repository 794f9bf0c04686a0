//! `minutebook new`: a book with one event to fill in, with remarks.
//!
//! The remarks are the comments of the published descriptors, so they cannot drift from
//! the protocol. It asks no server.

mod skeleton;

use clap::Args;
use strsim::jaro_winkler;
use uuid::Uuid;

use super::failure::Failure;
use super::screen::Screen;
use minutebook_grpc::wire::published::event_kinds;

#[derive(Debug, Args)]
pub struct NewEventArgs {
    /// The kind of event, such as virement_requested [default: list them]
    #[arg(value_name = "EVENT")]
    kind: Option<String>,
}

/// How like a name has to be to be offered.
const LIKENESS_MIN: f64 = 0.75;

/// The most names that are offered.
const OFFERED_MAX: usize = 3;

/// Prints the book of an event, or all kinds of event.
pub fn run(args: &NewEventArgs, screen: &mut Screen) -> Result<(), Failure> {
    let kinds = event_kinds();
    let Some(named) = &args.kind else {
        let lines: Vec<String> = kinds
            .iter()
            .map(|kind| format!("{:32} {}", kind.name, kind.about))
            .collect();
        return screen.line(&lines.join("\n"));
    };
    let name = snake_case(named);
    let Some(kind) = kinds.iter().find(|kind| kind.name == name) else {
        let mut near: Vec<(f64, &str)> = kinds
            .iter()
            .map(|kind| (jaro_winkler(&kind.name, &name), kind.name.as_str()))
            .filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
            .collect();
        near.sort_by(|one, other| other.0.total_cmp(&one.0));
        let near: Vec<&str> = near
            .iter()
            .take(OFFERED_MAX)
            .map(|(_, name)| *name)
            .collect();
        let offer = match near.as_slice() {
            [] => String::new(),
            near => format!("; did you mean {}", near.join(" or ")),
        };
        return Err(Failure::Usage(format!(
            "there is no event \"{named}\"{offer}? `minutebook new` lists them"
        )));
    };
    screen.verbatim(&skeleton::book(kind, &|| Uuid::now_v7().to_string()))
}

/// `VirementRequested`, `virementRequested` and `virement-requested` as `virement_requested`.
fn snake_case(text: &str) -> String {
    let mut name = String::new();
    for c in text.trim().chars() {
        if c.is_ascii_uppercase() && !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        match c {
            '-' | ' ' => name.push('_'),
            c => name.push(c.to_ascii_lowercase()),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book;
    use minutebook_grpc::wire::request::append_command;

    #[test]
    fn every_kind_has_a_book_that_is_read() {
        let kinds = event_kinds();
        assert!(kinds.len() > 90, "{}", kinds.len());
        for kind in kinds {
            let text = skeleton::book(kind, &|| Uuid::now_v7().to_string());
            let book = book::parse("new.json", &text);
            let book = book.unwrap_or_else(|error| panic!("{}: {error}\n{text}", kind.name));
            assert_eq!(book.appends.len(), 1);
            assert_eq!(book.appends[0].events.len(), 1);
            let faults = append_command(&book.appends[0]).err().unwrap_or_default();
            let subject = faults
                .iter()
                .find(|fault| fault.field.ends_with(".subject"));
            assert_eq!(subject, None, "{}", kind.name);
            let is_common = [
                "agreement_signed",
                "budget_approved",
                "service_added",
                "virement_made",
                "virement_requested",
                "vote_cast",
            ];
            if is_common.contains(&kind.name.as_str()) {
                assert_eq!(faults, [], "{}", kind.name);
            }
            // Each remark is a line of its own, and every field may be taken up, but for the
            // alternatives of another.
            let taken_up = text.replace("// \"", "\"");
            if let Err(error) = book::parse("new.json", &taken_up) {
                let error = error.to_string();
                let others = error
                    .lines()
                    .filter(|line| !line.contains("exclude each other"));
                let others = others.filter(|line| !line.contains("faults, and nothing"));
                assert_eq!(others.collect::<Vec<_>>(), Vec::<&str>::new(), "{taken_up}");
            }
        }
    }

    #[test]
    fn a_kind_may_be_spelled_as_in_code_and_as_in_json() {
        let kinds = event_kinds();
        for text in [
            "VirementMade",
            "virementMade",
            "virement-made",
            "virement_made",
        ] {
            assert_eq!(snake_case(text), "virement_made");
        }
        assert!(kinds.iter().any(|kind| kind.name == "virement_made"));
        let (mut screen, written) = Screen::for_test();
        let args = |kind: Option<&str>| NewEventArgs {
            kind: kind.map(str::to_owned),
        };
        run(&args(None), &mut screen).unwrap();
        assert!(written.text().contains("agreement_signed"));
        let failure = run(&args(Some("virement")), &mut screen).unwrap_err();
        assert_eq!(failure.exit_code(), 2);
        assert!(failure.to_string().contains("virement_made"), "{failure}");
    }
}
