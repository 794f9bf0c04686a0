//! Books: files of append requests.
//!
//! A file holds books or bare append requests, one or several after another, in
//! proto3 JSON. The whole file is read before anything is sent, so a mistake on the last
//! line does not leave half a book recorded.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use prost::Name;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::failure::Failure;
use crate::wire::json;
use crate::wire::proto::{AppendRequest, Book};

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
}

/// Reads files, in the order given.
pub fn read_all(paths: &[PathBuf]) -> Result<Vec<BookFile>, Failure> {
    paths.iter().map(|path| read(path)).collect()
}

/// Reads a file; `-` is standard input.
pub fn read(path: &Path) -> Result<BookFile, Failure> {
    let (name, text) = if path == Path::new("-") {
        ("standard input".to_owned(), text_of(io::stdin()))
    } else {
        (
            path.display().to_string(),
            File::open(path).and_then(text_of),
        )
    };
    let text = text.map_err(|error| Failure::BadFile(format!("{name} cannot be read: {error}")))?;
    parse(&name, &text)
}

fn text_of(source: impl Read) -> io::Result<String> {
    let mut text = String::new();
    source.take(FILE_BYTES_MAX + 1).read_to_string(&mut text)?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(io::Error::other("it is larger than 1 GiB"));
    }
    Ok(text)
}

/// The fields that distinguish a book from an append request, in any order.
#[derive(Deserialize)]
#[serde(expecting = "a book or an append request")]
struct Shape {
    title: Option<IgnoredAny>,
    about: Option<IgnoredAny>,
    appends: Option<IgnoredAny>,
}

/// Reads the text of the file `name`.
pub fn parse(name: &str, text: &str) -> Result<BookFile, Failure> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut appends = Vec::new();
    let mut shapes = serde_json::Deserializer::from_str(text).into_iter::<Shape>();
    let mut from = 0;
    while let Some(shape) = shapes.next() {
        let shape = shape.map_err(|error| fault(name, "", &error))?;
        let to = shapes.byte_offset();
        let is_book = shape.title.is_some() || shape.about.is_some() || shape.appends.is_some();
        let (before, value) = (&text[..from], &text[from..to]);
        if is_book {
            let book: Book = message(name, before, value)?;
            appends.extend(book.appends);
        } else {
            appends.push(message(name, before, value)?);
        }
        if appends.len() > APPENDS_MAX {
            return Err(Failure::BadFile(format!(
                "{name} holds more than {APPENDS_MAX} appends; split it"
            )));
        }
        from = to;
    }
    if from == 0 {
        return Err(Failure::BadFile(format!(
            "{name} is empty: it should hold a book or append requests in proto3 JSON"
        )));
    }
    Ok(BookFile {
        name: name.to_owned(),
        appends,
    })
}

fn message<M: Name + Default>(name: &str, before: &str, value: &str) -> Result<M, Failure> {
    json::from_str(value).map_err(|error| fault(name, before, &error))
}

/// The fault with its place in the file; `error` counts from the end of `before`.
fn fault(name: &str, before: &str, error: &serde_json::Error) -> Failure {
    let line = before.matches('\n').count() + error.line();
    let column = match error.line() {
        1 => error.column() + before.len() - before.rfind('\n').map_or(0, |at| at + 1),
        _ => error.column(),
    };
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let what = text.strip_suffix(&place).unwrap_or(&text);
    Failure::BadFile(format!("{name}, line {line}, column {column}: {what}"))
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
    fn a_fault_is_named_by_line_and_column() {
        assert!(
            sentence("{\n \"titel\": 1}").starts_with("f.json, line 2, column 8: unknown field")
        );
        let third = format!("{APPEND}\n{APPEND}\n  {{\"requestId\": 5}}");
        assert!(
            sentence(&third).starts_with("f.json, line 3, column "),
            "{}",
            sentence(&third)
        );
        let behind = format!("{APPEND} {{\"x\": 5}}");
        let place = format!(
            "f.json, line 1, column {}:",
            behind.find("\"x\"").unwrap() + 3
        );
        assert!(
            sentence(&behind).starts_with(&place),
            "{}",
            sentence(&behind)
        );
        assert!(sentence("[1]").contains("expected a book or an append request"));
        assert!(sentence("{\"appends\": [").starts_with("f.json, line 1"));
        assert!(sentence(" \n").contains("is empty"));
    }

    #[test]
    fn a_file_that_is_not_there_is_a_bad_file() {
        let failure = read(Path::new("/nowhere/at/all.json")).unwrap_err();
        assert_eq!(failure.exit_code(), 4);
    }
}
