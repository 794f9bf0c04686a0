//! `minutebook audit diff`: what is different between two moments.

use clap::Args;

use super::changes::{lines, wrapped};
use super::subject::resolve_subject;
use crate::cli::cell::{escape_csv_formula, sanitise_for_terminal};
use crate::cli::client::{Client, PAGE_SIZE, every_page};
use crate::cli::dates;
use crate::cli::failure::Failure;
use crate::cli::history::{SubjectParser, Subjects};
use crate::cli::screen::Screen;
use crate::cli::sheet::csv_error;
use crate::cli::show::Format;
use crate::wire::proto::{
    AnsweredFrom, Bringer, Change, DiffRequest, DiffResponse, Moment, SubjectDifference,
    as_of::Known, diff_request,
};

/// `audit diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// Only these: bodies/…, boards/… or collaborations/…; an id alone is looked for
    /// among all three [default: all]
    #[arg(value_name = "SUBJECT", value_parser = SubjectParser)]
    subjects: Vec<Subjects>,

    /// The earlier moment: the day of a meeting (2020-10-01), an instant
    /// (2020-10-01T09:30:00Z) or a position (42; 0 is before the first entry)
    #[arg(long, value_name = "DATE|INSTANT|POSITION", value_parser = dates::parse_moment)]
    from: Moment,

    /// The later moment, likewise [default: now]
    #[arg(long, value_name = "DATE|INSTANT|POSITION", value_parser = dates::parse_moment)]
    to: Option<Moment>,

    /// For two days: both as known then, whatever had been recorded by the end of
    /// each: a position (42), an instant or the end of a day
    #[arg(long, value_name = "POSITION|INSTANT", value_parser = dates::parse_known)]
    as_known_at: Option<Known>,

    /// Also what only says again what another line says, such as how many parties
    /// there are
    #[arg(long)]
    all: bool,

    /// How to write the answer
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Asks for it and writes it.
pub async fn run(args: &DiffArgs, client: &Client, screen: &mut Screen) -> Result<(), Failure> {
    let mut subjects = Vec::new();
    for subject in &args.subjects {
        subjects.push(resolve_subject(client, subject).await?);
    }
    let request = DiffRequest {
        from: Some(args.from),
        to: args.to,
        known: args.as_known_at.map(|known| match known {
            Known::AsKnownAtPosition(it) => diff_request::Known::AsKnownAtPosition(it),
            Known::AsKnownAt(it) => diff_request::Known::AsKnownAt(it),
        }),
        subjects,
        page_size: PAGE_SIZE,
        page_token: String::new(),
    };
    let answer = every_page(async |page_token| {
        let request = DiffRequest {
            page_token,
            ..request.clone()
        };
        Ok(client.audit().diff(request).await?.into_inner())
    })
    .await?;
    match args.format {
        Format::Json => screen.message(&answer),
        Format::Csv => csv(&answer, screen),
        Format::Table => {
            let text = in_words(&answer, args.all, screen);
            screen.text(&text)?;
            screen.flush()
        }
    }
}

/// What there is of, in the order in which it is told.
const PARTS: [(&str, &str); 3] = [
    ("collaborations/", "Collaborations"),
    ("boards/", "Boards"),
    ("bodies/", "Bodies"),
];

fn in_words(answer: &DiffResponse, all: bool, screen: &Screen) -> String {
    let layout = screen.layout();
    let width = usize::from(layout.width);
    let mut lines_of_all = Vec::new();
    for (noun, heading) in PARTS {
        let of_it = answer.differences.iter();
        let of_it: Vec<_> = of_it.filter(|it| it.subject.starts_with(noun)).collect();
        if of_it.is_empty() {
            continue;
        }
        lines_of_all.push(layout.bold(heading));
        for difference in of_it {
            let (name, subject) = (
                sanitise_for_terminal(&difference.subject_name),
                &difference.subject,
            );
            lines_of_all.push(String::new());
            lines_of_all.push(layout.bold(&format!("{name} ({subject})")));
            lines_of_all.extend(lines(&difference.changes, all, 2, width));
            lines_of_all.extend(brought(difference, width));
        }
        lines_of_all.push(String::new());
    }
    if answer.differences.is_empty() {
        lines_of_all.push("Nothing is different.".to_owned());
    }
    let side = |from: &Option<AnsweredFrom>| from.as_ref().map(side).unwrap_or_default();
    lines_of_all.push(format!("From {}", side(&answer.from)));
    lines_of_all.push(format!("to   {}.", side(&answer.to)));
    let knew_nothing = |from: &Option<AnsweredFrom>| from.is_some_and(|it| it.position == 0);
    if knew_nothing(&answer.to) {
        lines_of_all.push(
            "Nothing had been recorded by then. Add --as-known-at to see those days with what \
             was recorded later."
                .to_owned(),
        );
    }
    lines_of_all
        .iter()
        .map(|line| format!("{line}\n"))
        .collect()
}

/// What a side speaks for.
fn side(from: &AnsweredFrom) -> String {
    let day = from.as_at.as_ref().map_or_else(String::new, dates::date);
    match from.position {
        0 => format!("{day}, when nothing was recorded"),
        position => format!("{day}, as known at position {position}"),
    }
}

/// The entries that brought a difference.
fn brought(difference: &SubjectDifference, width: usize) -> Vec<String> {
    let mut found = Vec::new();
    let line = |bringer: &Bringer, whose: &str| {
        let on = bringer
            .effective_on
            .as_ref()
            .map_or_else(String::new, dates::date);
        let came = if bringer.came_into_force {
            ", recorded before and in force since"
        } else {
            ""
        };
        let (position, summary) = (bringer.position, sanitise_for_terminal(&bringer.summary));
        wrapped(
            &format!("entry {position}{whose}, {on}{came}: {summary}"),
            4,
            width,
        )
    };
    for bringer in &difference.entries {
        found.extend(line(bringer, ""));
    }
    for bringer in &difference.other_entries {
        found.extend(line(bringer, &format!(" of {}", bringer.subject)));
    }
    if difference.has_untried_entries {
        found.extend(wrapped(
            "and perhaps more entries of other subjects",
            4,
            width,
        ));
    }
    let heading = if found.is_empty() {
        "No entry brought this: it came with the days."
    } else {
        "Brought by"
    };
    found.insert(0, format!("  {heading}"));
    found
}

const CSV_COLUMNS: [&str; 13] = [
    "subject",
    "subject_name",
    "row",
    "path",
    "what",
    "before",
    "after",
    "repeats",
    "position",
    "entry_subject",
    "effective_on",
    "came_into_force",
    "summary",
];

/// A line for each change, and one for each entry that brought some.
fn csv(answer: &DiffResponse, screen: &mut Screen) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(screen.sink());
    csv.write_record(CSV_COLUMNS).map_err(csv_error)?;
    let yes_or_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    for of in &answer.differences {
        let whose = [of.subject.clone(), of.subject_name.clone()];
        let change = |it: &Change| {
            let [path, what] = [it.path.clone(), it.what.clone()];
            let [before, after] = [it.before.clone(), it.after.clone()];
            let mut cells = vec!["change".into(), path, what, before, after];
            cells.push(yes_or_no(it.repeats));
            cells.resize(11, String::new());
            cells
        };
        let entry = |it: &Bringer| {
            let mut cells = vec!["entry".to_owned()];
            cells.resize(6, String::new());
            let on = it
                .effective_on
                .as_ref()
                .map_or_else(String::new, dates::date);
            let came = yes_or_no(it.came_into_force);
            cells.extend([it.position.to_string(), it.subject.clone(), on, came]);
            cells.push(it.summary.clone());
            cells
        };
        let entries = of.entries.iter().chain(&of.other_entries);
        for cells in of.changes.iter().map(change).chain(entries.map(entry)) {
            let all = whose.iter().cloned().chain(cells);
            csv.write_record(all.map(escape_csv_formula))
                .map_err(csv_error)?;
        }
    }
    csv.flush()?;
    Ok(())
}
