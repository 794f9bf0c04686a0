//! Books: files of append requests.
//!
//! A file holds books or bare append requests, one or several after another, in
//! proto3 JSON. The whole file is read before anything is sent, so a mistake on the last
//! line does not leave half a book recorded. Lines that begin with `//` are remarks.

mod remarks;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;

use self::remarks::without_remarks;
use super::failure::Failure;
use minutebook_grpc::wire::json::{
    self, JsonError, JsonFault, JsonReader, JsonStep, LineFinder, offset_of,
};
use minutebook_grpc::wire::proto::{AppendRequest, Book};
use minutebook_present::invisible::sanitise_line;
use minutebook_present::table::sanitise_for_terminal;

/// The largest file that is read.
const FILE_BYTES_MAX: u64 = 1 << 30;

/// The most appends one file may hold, as `book.proto` says of a book.
const APPENDS_MAX: usize = 100_000;

/// The appends of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct BookFile {
    /// The file's name, for people.
    pub name: String,
    pub appends: Vec<AppendRequest>,
    /// The line on which each of them begins, counted from one.
    pub lines: Vec<usize>,
}

/// Reads files, in the order given. An error names the faults of all of them.
pub fn read_all(paths: &[PathBuf]) -> Result<Vec<BookFile>, Failure> {
    let mut books = Vec::new();
    let mut failures = Vec::new();
    for path in paths {
        match read(path) {
            Ok(book) => books.push(book),
            Err(failure) => failures.push(failure.to_string()),
        }
    }
    match failures.is_empty() {
        true => Ok(books),
        false => Err(Failure::BadFile(failures.join("\n"))),
    }
}

/// Reads a file; `-` is standard input.
pub fn read(path: &Path) -> Result<BookFile, Failure> {
    let (name, text) = if path == Path::new("-") {
        ("standard input".to_owned(), text_of(io::stdin()))
    } else {
        (
            sanitise_for_terminal(&path.display().to_string()),
            File::open(path).and_then(text_of),
        )
    };
    let text = text.map_err(|error| Failure::BadFile(format!("{name} cannot be read: {error}")))?;
    parse(&name, &text)
}

fn text_of(source: impl Read) -> io::Result<String> {
    let mut text = String::new();
    let read = source.take(FILE_BYTES_MAX + 1).read_to_string(&mut text);
    read.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => io::Error::other("it is not UTF-8: save it as UTF-8"),
        _ => error,
    })?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(io::Error::other("it is larger than 1 GiB"));
    }
    Ok(text)
}

/// The fields that a book has and an append request has not.
const BOOK_FIELDS: [&str; 3] = ["title", "about", "appends"];

/// Reads the text of the file `name`.
pub fn parse(name: &str, text: &str) -> Result<BookFile, Failure> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = &*without_remarks(text);
    let mut reader = JsonReader::new(text);
    let mut appends: Vec<AppendRequest> = Vec::new();
    let mut places = LineFinder::new(text);
    let mut line_of = |value: &RawValue| places.place(offset_of(text, value)).0;
    let mut lines = Vec::new();
    // For each value of the file, the number of appends before it.
    let mut before = Vec::new();
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    loop {
        let from = values.byte_offset();
        let Some(value) = values.next() else { break };
        before.push(appends.len());
        let value = match value {
            Ok(value) => value,
            Err(error) => return Err(bad_file(name, &before, &reader.broken_at(from, &error))),
        };
        let names = json::names_of(value);
        if BOOK_FIELDS
            .iter()
            .any(|field| names.iter().any(|name| name == field))
        {
            let found: Appends<'_> = serde_json::from_str(value.get()).unwrap_or_default();
            lines.extend(found.appends.into_iter().map(&mut line_of));
            appends.extend(reader.message::<Book>(value).appends);
        } else {
            lines.push(line_of(value));
            appends.push(reader.message(value));
        }
        if appends.len() > APPENDS_MAX {
            return Err(Failure::BadFile(format!(
                "{name} holds more than {APPENDS_MAX} appends; split it"
            )));
        }
    }
    if before.is_empty() {
        return Err(Failure::BadFile(format!(
            "{name} is empty: it should hold a book or append requests in proto3 JSON"
        )));
    }
    match reader.finish() {
        Ok(()) => Ok(BookFile {
            name: name.to_owned(),
            appends,
            lines,
        }),
        Err(error) => Err(bad_file(name, &before, &error)),
    }
}

/// The appends of a book, as the text has them.
#[derive(Default, Deserialize)]
struct Appends<'t> {
    #[serde(borrow, default)]
    appends: Vec<&'t RawValue>,
}

/// Every fault of a file, each with its line, its append and its field.
fn bad_file(name: &str, before: &[usize], error: &JsonError) -> Failure {
    let faults: Vec<String> = error
        .faults
        .iter()
        .map(|fault| {
            let place = place(fault, before);
            sanitise_line(&format!("{place}: {}", fault.sentence))
        })
        .collect();
    let count = faults.len() + error.omitted;
    let text = match faults.as_slice() {
        [only] if error.omitted == 0 => format!("{name}, {only}"),
        faults => {
            let more = match error.omitted {
                0 => String::new(),
                more => format!("\n  and {more} more: mend these first"),
            };
            let listed = faults.join("\n  - ");
            format!("{name} has {count} faults, and nothing of it was sent:\n  - {listed}{more}")
        }
    };
    Failure::BadFile(text)
}

/// The place of a fault: `line 6, column 22, append 1, events[0].effectiveOn`.
fn place(fault: &JsonFault, before: &[usize]) -> String {
    let JsonFault { line, column, .. } = fault;
    let before = before.get(fault.value).copied().unwrap_or_default();
    let (append, steps) = match fault.steps.as_slice() {
        [JsonStep::Name(name), JsonStep::Index(index), rest @ ..] if name == "appends" => {
            (Some(before + index + 1), rest)
        }
        steps @ [JsonStep::Name(name), ..] if !BOOK_FIELDS.contains(&name.as_str()) => {
            (Some(before + 1), steps)
        }
        steps => (None, steps),
    };
    let mut place = format!("line {line}, column {column}");
    if let Some(number) = append {
        place.push_str(&format!(", append {number}"));
    }
    if !steps.is_empty() {
        place.push_str(&format!(", {}", json::path(steps)));
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    const APPEND: &str = r#"{"requestId": "a", "events": [{"subject": "bodies/x"}]}"#;

    fn ids(text: &str) -> Vec<String> {
        let appends = parse("f.json", text).unwrap().appends;
        appends
            .into_iter()
            .map(|append| append.request_id)
            .collect()
    }

    fn sentence(text: &str) -> String {
        let failure = parse("f.json", text).unwrap_err();
        assert_eq!(failure.exit_code(), 4);
        failure.to_string()
    }

    #[test]
    fn a_book_an_append_and_several_of_each() {
        let book = format!(r#"{{"appends": [{APPEND}, {APPEND}], "title": "t"}}"#);
        assert_eq!(ids(&book), ["a", "a"]);
        assert_eq!(ids(APPEND), ["a"]);
        assert_eq!(
            ids(&format!("\u{feff}{APPEND}\n{APPEND}{book}\n\n")).len(),
            4
        );
        assert_eq!(ids(r#"{"title": "an empty book"}"#).len(), 0);
        // The names of the proto are taken as well as those of proto3 JSON.
        assert_eq!(ids(r#"{"request_id": "b"}"#), ["b"]);
    }

    #[test]
    fn each_append_has_the_line_on_which_it_begins() {
        let text = format!(
            "{APPEND}\n\n {APPEND} {{\"title\": \"t\",\n\"appends\": [\n{APPEND},\n{APPEND}]}}\n{APPEND}"
        );
        let book = parse("f.json", &text).unwrap();
        assert_eq!(book.lines, [1, 3, 5, 6, 7]);
        assert_eq!(book.appends.len(), book.lines.len());
    }

    #[test]
    fn a_fault_is_named_by_line_append_and_field() {
        assert_eq!(
            sentence("{\n \"requestld\": 1}"),
            "f.json, line 2, column 2, append 1, requestld: an append request has no field \
             `requestld`; did you mean `requestId`?"
        );
        let third = format!("{APPEND}\n{APPEND}\n  {{\"requestId\": 5}}");
        assert!(
            sentence(&third).starts_with("f.json, line 3, column 17, append 3, requestId: 5 is"),
            "{}",
            sentence(&third)
        );
        let behind = format!("{APPEND} {{\"x\": 5}}");
        let place = format!(
            "f.json, line 1, column {}, append 2, x:",
            behind.find("\"x\"").unwrap() + 1
        );
        assert!(
            sentence(&behind).starts_with(&place),
            "{}",
            sentence(&behind)
        );
        assert!(sentence("[1]").contains("[1] is not an append request"));
        assert!(sentence("{\"appends\": [").starts_with("f.json, line 1"));
        assert!(sentence(" \n").contains("is empty"));
    }

    #[test]
    fn all_faults_of_a_book_are_named_at_once() {
        let bad = r#"{"requestId": "a", "events": [{"effectiveOn": "2018-04-01"}]}"#;
        let book = format!(
            "{APPEND}\n{{\"about\": 1, \"appends\": [{APPEND},\n{bad},\n{{\"x\u{1b}[2J\": 1}}]}}"
        );
        // An escape in a name, as JSON has it.
        let book = book.replace('\u{1b}', "\\u001b");
        let found = sentence(&book);
        let lines: Vec<&str> = found.lines().collect();
        assert_eq!(
            lines,
            [
                "f.json has 3 faults, and nothing of it was sent:",
                "  - line 2, column 11, about: 1 is not a text; write it in quotation marks",
                "  - line 3, column 47, append 3, events[0].effectiveOn: \"2018-04-01\" is not a \
                 date here; write { \"year\": 2018, \"month\": 4, \"day\": 1 }",
                "  - line 4, column 2, append 4, x\u{fffd}[2J: an append request has no field \
                 `x\u{fffd}[2J`; there are `requestId`, `events`, `expectedRevisions`, \
                 `recordedBy` and `validateOnly`",
            ]
        );
        // Where a text breaks, nothing after it can be read.
        let broken = format!("{APPEND}{{\"appends\": [{APPEND}, {{\"events\": [}}]}}");
        assert!(
            sentence(&broken).contains(", append 3, events[0]: this is no value"),
            "{}",
            sentence(&broken)
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_a_bad_file() {
        let failure = read(Path::new("/nowhere/at/all.json")).unwrap_err();
        assert_eq!(failure.exit_code(), 4);
    }
}
