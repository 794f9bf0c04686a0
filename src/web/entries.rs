//! The pages of the log: its history, each entry with its proof, and what changed between
//! two days.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use futures::StreamExt;
use http::header::CONTENT_DISPOSITION;
use http::{HeaderValue, StatusCode};
use tonic::Status;

use super::Web;
use super::answers::{document, of_caller, plain};
use super::asked::PageAsked;
use super::format::PageFormat;
use super::refusal::{refused, unreadable};
use minutebook_grpc::wire::proto::audit_service_server::AuditService;
use minutebook_grpc::wire::proto::{
    DiffRequest, EntryFilter, FindSubjectsRequest, GetInclusionProofRequest,
    GetInclusionProofResponse, Moment, ReadDirection, ReadHistoryRequest, ReadHistoryResponse,
    moment,
};
use minutebook_grpc::wire::reply;
use minutebook_kernel::audit::merkle::Hash;
use minutebook_kernel::audit::proof_file::proof_file;
use minutebook_page::dates::read_date;
use minutebook_page::frame::WebPage;
use minutebook_page::{changes, entry, history, search};
use minutebook_present::json;

type Pages = State<Arc<Web>>;

/// The entries on a page of the history.
const ENTRIES: u64 = 100;

pub async fn history(State(web): Pages, asked: PageAsked) -> Response {
    if !asked.faults.is_empty() {
        return unreadable(&web, &asked);
    }
    let until = asked.text("until").parse().unwrap_or(0);
    let subjects = asked.address.parameter("subject").map(str::to_owned);
    let request = ReadHistoryRequest {
        filter: Some(EntryFilter {
            subjects: subjects.into_iter().collect(),
            kinds: Vec::new(),
        }),
        direction: ReadDirection::Backward.into(),
        from_position: until,
        to_position: 0,
        limit: ENTRIES + 1,
    };
    match read(&web, &asked, request).await {
        Ok(mut entries) => {
            let older = (entries.len() as u64 > ENTRIES).then(|| entries.pop());
            let older = older.flatten().map(|older| position(&older));
            let page = history::page(&entries, older, &asked.address);
            whole(&web, &asked, &page)
        }
        Err(status) => refused(&web, &asked, &status),
    }
}

pub async fn one(State(web): Pages, Path(position): Path<String>, asked: PageAsked) -> Response {
    match one_entry(&web, &asked, &position).await {
        Ok(answer) if asked.format == PageFormat::Html => {
            let tail = web.register.tail().get();
            let seal = web.checkpoint(&asked).await;
            let key = seal.map(|seal| seal.verifier_key).unwrap_or_default();
            let page = entry::page(&answer, tail, &key, &asked.address);
            whole(&web, &asked, &page)
        }
        Ok(answer) => plain(StatusCode::OK, "application/json", json::render(&answer)),
        Err(status) => refused(&web, &asked, &status),
    }
}

/// The entry of a position that is written in an address.
pub async fn one_entry(
    web: &Web,
    asked: &PageAsked,
    text: &str,
) -> Result<ReadHistoryResponse, Status> {
    let position = position_of(text)?;
    let request = ReadHistoryRequest {
        filter: None,
        direction: ReadDirection::Forward.into(),
        from_position: position,
        to_position: position,
        limit: 1,
    };
    let found = read(web, asked, request).await?.into_iter().next();
    found.ok_or_else(|| Status::not_found(format!("no entry has the position {position}")))
}

/// The proof of an entry: as JSON for the page, else as the file that tools check.
pub async fn proof(State(web): Pages, Path(position): Path<String>, asked: PageAsked) -> Response {
    let answer = match proof_of(&web, &asked, &position).await {
        Ok(answer) => answer,
        Err(status) => return refused(&web, &asked, &status),
    };
    if asked.format == PageFormat::Json {
        return plain(StatusCode::OK, "application/json", json::render(&answer));
    }
    let hashes = answer.hashes.iter().map(|hash| hash.as_slice().try_into());
    let hashes: Vec<Hash> = hashes.flatten().map(Hash::from_bytes).collect();
    let file = proof_file(answer.leaf_index, &hashes, &answer.checkpoint);
    let mut response = plain(StatusCode::OK, "text/plain; charset=utf-8", file);
    let name = format!(
        "attachment; filename=\"entry-{}.tlog-proof\"",
        answer.leaf_index + 1
    );
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    response
}

async fn proof_of(
    web: &Web,
    asked: &PageAsked,
    position: &str,
) -> Result<GetInclusionProofResponse, Status> {
    let request = GetInclusionProofRequest {
        position: position_of(position)?,
        tree_size: 0,
    };
    let request = of_caller(request, &asked.caller);
    Ok(web.audit.get_inclusion_proof(request).await?.into_inner())
}

pub async fn changes(State(web): Pages, asked: PageAsked) -> Response {
    let from = asked.text("from").into_owned();
    if from.is_empty() {
        return whole(&web, &asked, &changes::page(None, &asked.address));
    }
    match difference(&web, &asked, &from).await {
        Ok(page) => page,
        Err(status) => refused(&web, &asked, &status),
    }
}

async fn difference(web: &Web, asked: &PageAsked, from: &str) -> Result<Response, Status> {
    let today = reply::day(web.register.today());
    let to = match asked.text("to").as_ref() {
        "" => moment::Moment::Date(today),
        text => day(text)?,
    };
    let of_moment = |moment| {
        Some(Moment {
            moment: Some(moment),
        })
    };
    let request = DiffRequest {
        from: of_moment(day(from)?),
        to: of_moment(to),
        page_size: 1_000,
        ..DiffRequest::default()
    };
    let answer = web.audit.diff(of_caller(request, &asked.caller)).await?;
    let answer = answer.into_inner();
    Ok(match asked.format {
        PageFormat::Html => whole(web, asked, &changes::page(Some(&answer), &asked.address)),
        PageFormat::Csv | PageFormat::Json => {
            plain(StatusCode::OK, "application/json", json::render(&answer))
        }
    })
}

/// A day, or a position as `#42`.
fn day(text: &str) -> Result<moment::Moment, Status> {
    if let Some(position) = text.strip_prefix('#') {
        return Ok(moment::Moment::Position(position_of(position)?));
    }
    let day = read_date(text).map_err(Status::invalid_argument)?;
    Ok(moment::Moment::Date(reply::date(day)))
}

pub async fn search(State(web): Pages, asked: PageAsked) -> Response {
    if asked.text("q").is_empty() && asked.faults.is_empty() {
        return whole(&web, &asked, &search::page(None, &asked.address));
    }
    let request = FindSubjectsRequest {
        text: asked.text("q").into_owned(),
        ..FindSubjectsRequest::default()
    };
    let page = |answer: &_, address: &_| search::page(Some(answer), address);
    web.list(asked, request, page).await
}

fn position_of(text: &str) -> Result<u64, Status> {
    let position = text.parse().ok().filter(|position| *position > 0);
    position.ok_or_else(|| {
        Status::invalid_argument(format!(
            "\"{text}\" is no position: write the number of an entry"
        ))
    })
}

fn position(answer: &ReadHistoryResponse) -> u64 {
    let withheld = answer.withheld.as_ref().map(|withheld| withheld.position);
    let entry = answer.entry.as_ref().map(|entry| entry.position);
    withheld.or(entry).unwrap_or(0)
}

async fn read(
    web: &Web,
    asked: &PageAsked,
    request: ReadHistoryRequest,
) -> Result<Vec<ReadHistoryResponse>, Status> {
    let stream = web
        .audit
        .read_history(of_caller(request, &asked.caller))
        .await?;
    let entries: Vec<_> = stream.into_inner().collect().await;
    entries.into_iter().collect()
}

fn whole(web: &Web, asked: &PageAsked, page: &WebPage) -> Response {
    document(web, asked, None, page, StatusCode::OK)
}
