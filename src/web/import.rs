//! A spreadsheet that is brought in: read, judged as a whole, and then recorded.
//!
//! The ids of the requests come from the content, so that a spreadsheet that is brought in
//! twice, or by two clicks, is recorded once.

use std::sync::Arc;

use axum::extract::{FromRequest as _, FromRequestParts as _, Multipart, Request, State};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::future::BoxFuture;
use http::StatusCode;
use tonic::Status;

use super::Web;
use super::answers::{document, of_caller};
use super::asked::PageAsked;
use super::posted::{FormToken, OwnPage, from_elsewhere, is_of_session, not_of_session};
use super::refusal::refused;
use minutebook_domain::caller::Caller;
use minutebook_form::{FormNames, SummaryLine, words};
use minutebook_grpc::status::placed_faults;
use minutebook_grpc::wire::proto::record_service_server::RecordService as _;
use minutebook_grpc::wire::proto::{ExplainRequest, FindSubjectsRequest};
use minutebook_page::form::FormSheet;
use minutebook_page::import::{self as page, ImportLine, ImportSheet};
use minutebook_workbook::import::{
    ReadWorkbook, collaborations_named, read_workbook, subjects_named,
};
use minutebook_workbook::{NameDirectory, WorkbookFile};

type Pages = State<Arc<Web>>;

/// The largest spreadsheet that a page takes; the command line takes larger ones.
const FILE_BYTES_MAX: usize = 2 << 20;

/// The most bytes of a request with a spreadsheet: it is carried in letters once.
pub const BYTES_MAX: usize = 4 << 20;

/// The most events that the register explains together.
const EXPLAINED_MAX: usize = 100;

pub async fn blank(State(web): Pages, asked: PageAsked) -> Response {
    ask(&web, &asked, &[], "", StatusCode::OK).await
}

pub async fn sent(State(web): Pages, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(asked) = PageAsked::from_request_parts(&mut parts, &web).await;
    if !parts.extensions.get::<OwnPage>().is_some_and(|own| own.0) {
        return refused(&web, &asked, &from_elsewhere());
    }
    let token = parts.extensions.get::<FormToken>().cloned();
    let upload = match Upload::read(Request::from_parts(parts, body)).await {
        Ok(upload) => upload,
        Err(sentence) => return again(&web, &asked, &sentence, "").await,
    };
    if !is_of_session(token.as_ref(), &upload.csrf) {
        return refused(&web, &asked, &not_of_session());
    }
    answer(&web, asked, upload).await
}

/// The boxes of the form of a spreadsheet.
#[derive(Debug, Default)]
struct Upload {
    csrf: String,
    name: String,
    bytes: Vec<u8>,
    recorded_by: String,
    records: bool,
}

impl Upload {
    async fn read(request: Request) -> Result<Self, String> {
        let unreadable = || {
            "The spreadsheet could not be read whole: it has more than 2 MiB, or the connection \
             broke off."
                .to_owned()
        };
        let multipart = Multipart::from_request(request, &()).await;
        let mut multipart = multipart.map_err(|_| unreadable())?;
        let mut upload = Self::default();
        while let Some(field) = multipart.next_field().await.map_err(|_| unreadable())? {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let bytes = field.bytes().await.map_err(|_| unreadable())?;
            let text = || String::from_utf8_lossy(&bytes).into_owned();
            match name.as_str() {
                "file" => {
                    upload.name = file_name.unwrap_or_default();
                    upload.bytes = bytes.to_vec();
                }
                "content" => {
                    upload.bytes = STANDARD.decode(&bytes).map_err(|_| unreadable())?;
                }
                "name" => upload.name = text(),
                "csrf" => upload.csrf = text(),
                "recorded_by" => upload.recorded_by = text().trim().to_owned(),
                "step" => upload.records = text() == "record",
                _ => {}
            }
        }
        match upload.bytes.len() {
            0 => Err("Choose a spreadsheet.".to_owned()),
            length if length > FILE_BYTES_MAX => Err(
                "The spreadsheet has more than 2 MiB. Leave out what is not to be recorded, or \
                 split it."
                    .to_owned(),
            ),
            _ => Ok(upload),
        }
    }
}

fn answer(web: &Web, asked: PageAsked, upload: Upload) -> BoxFuture<'_, Response> {
    Box::pin(async move {
        match read(web, &asked, &upload).await {
            Ok((workbook, names)) if upload.records => {
                let sheet = record(web, &asked, &upload, workbook, &names).await;
                let is_whole = sheet.lines.iter().all(|line| line.position > 0);
                let code = match is_whole {
                    true => StatusCode::OK,
                    false => StatusCode::CONFLICT,
                };
                document(web, &asked, None, &page::done(&sheet, &asked.address), code)
            }
            Ok((workbook, names)) => {
                let sheet = judged(web, &asked, &upload, workbook, &names).await;
                let is_taken = sheet.lines.iter().all(|line| line.faults.is_empty());
                let code = match is_taken {
                    true => StatusCode::OK,
                    false => StatusCode::CONFLICT,
                };
                let form = form(&asked);
                let page = page::check(&sheet, &form, &asked.address);
                document(web, &asked, None, &page, code)
            }
            Err(Unread::Faults(sentences)) => {
                let lines: Vec<SummaryLine> = sentences.into_iter().map(line).collect();
                let by = &upload.recorded_by;
                ask(web, &asked, &lines, by, StatusCode::BAD_REQUEST).await
            }
            Err(Unread::Refused(status)) => refused(web, &asked, &status),
        }
    })
}

enum Unread {
    /// Each at its cell.
    Faults(Vec<String>),
    Refused(Status),
}

async fn read(
    web: &Web,
    asked: &PageAsked,
    upload: &Upload,
) -> Result<(ReadWorkbook, FormNames), Unread> {
    let workbook = WorkbookFile::read(&upload.bytes, &upload.name)
        .map_err(|error| Unread::Faults(vec![words::sentence(&error.to_string())]))?;
    let directory = directory(web, &workbook, &asked.caller).await;
    let directory = directory.map_err(Unread::Refused)?;
    let names = FormNames::of(&directory, "");
    let mut read = read_workbook(&workbook, &directory, &upload.recorded_by).map_err(|faults| {
        let sentences = faults
            .iter()
            .map(|fault| format!("{}: {}", fault.cell, words::sentence(&fault.sentence)));
        Unread::Faults(sentences.collect())
    })?;
    let is_known = matches!(asked.caller, Caller::Known(_));
    let unnamed = |placed: &&minutebook_workbook::import::PlacedRequest| {
        placed.request.recorded_by.is_empty()
    };
    if let Some(placed) = read.requests.iter().find(unnamed).filter(|_| !is_known) {
        return Err(Unread::Faults(vec![format!(
            "{}: Nothing says which office records it: say so below, or in a line \"Recorded by\".",
            placed.cell
        )]));
    }
    if is_known {
        // The mandate names the recorder.
        for placed in &mut read.requests {
            placed.request.recorded_by.clear();
        }
    }
    Ok((read, names))
}

async fn directory(
    web: &Web,
    workbook: &WorkbookFile,
    caller: &Caller,
) -> Result<NameDirectory, Status> {
    let mut directory = web.directory(caller, true).await?;
    let mut subjects = subjects_named(workbook);
    for text in collaborations_named(workbook) {
        let request = FindSubjectsRequest {
            text,
            ..FindSubjectsRequest::default()
        };
        let found = web.ask(request, caller).await?;
        for found in found.subjects {
            if found.subject.starts_with("collaborations/") {
                if !found.alias.is_empty() {
                    directory.add_alias(&found.subject, &found.alias);
                }
                subjects.push(found.subject);
            }
        }
    }
    subjects.sort();
    subjects.dedup();
    for subject in subjects {
        web.add_within(&mut directory, &subject, caller).await?;
    }
    Ok(directory)
}

fn sheet_of(upload: &Upload, workbook: &ReadWorkbook) -> ImportSheet {
    let lines = workbook.requests.iter().map(|placed| ImportLine {
        cell: placed.cell.clone(),
        line: placed.line.clone(),
        ..ImportLine::default()
    });
    ImportSheet {
        name: upload.name.clone(),
        lines: lines.collect(),
        remarks: workbook.remarks.iter().map(ToString::to_string).collect(),
        content: STANDARD.encode(&upload.bytes),
        recorded_by: upload.recorded_by.clone(),
    }
}

/// Has each line judged, after those before it.
async fn judged(
    web: &Web,
    asked: &PageAsked,
    upload: &Upload,
    workbook: ReadWorkbook,
    names: &FormNames,
) -> ImportSheet {
    let mut sheet = sheet_of(upload, &workbook);
    let mut events = Vec::new();
    let mut line_of = Vec::new();
    for (index, placed) in workbook.requests.iter().enumerate() {
        for event in &placed.request.events {
            events.push(event.clone());
            line_of.push(index);
        }
    }
    // Later ones are judged when they are recorded.
    events.truncate(EXPLAINED_MAX);
    let request = of_caller(ExplainRequest { events }, &asked.caller);
    let explained = match web.record.explain(request).await {
        Ok(answer) => answer.into_inner().explanations,
        Err(status) => {
            for fault in placed_faults(&status) {
                let index = index_of(&fault.place).and_then(|index| line_of.get(index));
                let index = index.copied().unwrap_or_default();
                if let Some(line) = sheet.lines.get_mut(index) {
                    line.faults.push(in_words(&fault.sentence, names));
                }
            }
            return sheet;
        }
    };
    for (explanation, index) in explained.iter().zip(&line_of) {
        let Some(line) = sheet.lines.get_mut(*index) else {
            continue;
        };
        let findings = explanation.findings.iter();
        line.faults
            .extend(findings.map(|finding| in_words(&finding.what, names)));
        if !explanation.would_be_taken && line.faults.is_empty() {
            line.faults.push("It would be refused.".to_owned());
        }
    }
    already_recorded(web, asked, &workbook, &mut sheet).await;
    sheet
}

/// Lines that were brought in before are not judged again: they are in the register.
async fn already_recorded(
    web: &Web,
    asked: &PageAsked,
    workbook: &ReadWorkbook,
    sheet: &mut ImportSheet,
) {
    for (placed, line) in workbook.requests.iter().zip(&mut sheet.lines) {
        if line.faults.is_empty() {
            continue;
        }
        let mut request = placed.request.clone();
        request.validate_only = true;
        let answer = web.record.append(of_caller(request, &asked.caller)).await;
        if let Ok(answer) = answer
            && answer.get_ref().already_recorded
        {
            line.faults.clear();
            line.is_known = true;
            let receipts = answer.get_ref().receipts.first();
            line.position = receipts.map_or(0, |receipt| receipt.position);
        }
    }
}

/// Records each line in order, up to the first that is refused.
async fn record(
    web: &Web,
    asked: &PageAsked,
    upload: &Upload,
    workbook: ReadWorkbook,
    names: &FormNames,
) -> ImportSheet {
    let mut sheet = sheet_of(upload, &workbook);
    for (placed, line) in workbook.requests.into_iter().zip(&mut sheet.lines) {
        let request = of_caller(placed.request, &asked.caller);
        match web.record.append(request).await {
            Ok(answer) => {
                let answer = answer.into_inner();
                let receipt = answer.receipts.first();
                line.position = receipt.map_or(0, |receipt| receipt.position);
                line.is_known = answer.already_recorded;
            }
            Err(status) => {
                let faults = placed_faults(&status);
                let faults = faults.iter().map(|fault| in_words(&fault.sentence, names));
                line.faults.extend(faults);
                break;
            }
        }
    }
    sheet
}

fn in_words(sentence: &str, names: &FormNames) -> String {
    words::sentence(&words::plain_with_names(sentence, names))
}

/// The event of a place: 3 in `events[3].subject`.
fn index_of(place: &str) -> Option<usize> {
    place
        .strip_prefix("events[")?
        .split_once(']')?
        .0
        .parse()
        .ok()
}

fn line(sentence: String) -> SummaryLine {
    SummaryLine {
        name: "file".to_owned(),
        sentence,
    }
}

fn form(asked: &PageAsked) -> FormSheet {
    FormSheet {
        csrf: asked.csrf.clone(),
        ..FormSheet::default()
    }
}

async fn again(web: &Web, asked: &PageAsked, sentence: &str, recorded_by: &str) -> Response {
    let lines = [line(sentence.to_owned())];
    ask(web, asked, &lines, recorded_by, StatusCode::BAD_REQUEST).await
}

fn ask<'a>(
    web: &'a Web,
    asked: &'a PageAsked,
    lines: &'a [SummaryLine],
    recorded_by: &'a str,
    code: StatusCode,
) -> BoxFuture<'a, Response> {
    Box::pin(async move {
        let reader = web.reader(asked).await;
        let sheet = FormSheet {
            caution: reader.caution(),
            ..form(asked)
        };
        let names_recorder = !matches!(asked.caller, Caller::Known(_));
        let page = page::ask(lines, &sheet, names_recorder, recorded_by, &asked.address);
        document(web, asked, None, &page, code)
    })
}
