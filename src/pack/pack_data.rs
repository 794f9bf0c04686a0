//! A pack as JSON, for programs: the plan, each question with its answer, and the seal.
//!
//! The same pack always gives the same text. Of a text, only what is a whole pack is read,
//! and nothing is left over.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minutebook_domain::date::PartialDate;
use minutebook_paper::entry_links::EntryLinks;
use minutebook_wire::proto::Date;
use minutebook_wire::reply;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answers::PackAnswers;
use crate::pack::Pack;
use crate::plan::PackPlan;
use crate::question::PackQuestion;
use crate::seal::{PackSeal, QuotedEntry};

/// The form of the data.
pub const FORMAT: &str = "minutebook-pack@1";

/// The version of this program. Another may lay out the same pack otherwise.
pub const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// Why a text is not a pack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackDataError {
    #[error("it is not the data of a pack: {0}")]
    NoPack(String),
    #[error(
        "the data has the form \"{0}\", and this version reads \"{FORMAT}\": check it with a later one"
    )]
    OtherFormat(String),
    #[error("{field} cannot be read")]
    Field { field: String },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PackJson {
    format: String,
    program: String,
    board_id: String,
    meeting_id: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    since: Option<String>,
    in_force_on: String,
    position: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    register: Option<String>,
    answers: Vec<AnswerJson>,
    checkpoint: String,
    verifier_key: String,
    witness_keys: Vec<String>,
    entries: Vec<EntryJson>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AnswerJson {
    method: String,
    request: Value,
    /// Null where the register has no such thing.
    answer: Option<Value>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EntryJson {
    position: u64,
    record: String,
    leaf_hash: String,
    proof: Vec<String>,
}

/// The version of the program that wrote the data, if the text says one.
pub fn program_of(text: &str) -> Option<String> {
    let value: Value = serde_json::from_str(text).ok()?;
    value.get("program")?.as_str().map(str::to_owned)
}

/// The text, on one line.
pub fn write(pack: &Pack) -> String {
    let plan = &pack.plan;
    let data = PackJson {
        format: FORMAT.to_owned(),
        program: PROGRAM.to_owned(),
        board_id: plan.board_id.clone(),
        meeting_id: plan.meeting_id.clone(),
        since: plan.since.as_ref().map(iso),
        in_force_on: iso(&plan.in_force_on),
        position: plan.position,
        register: pack.register.as_ref().map(|links| links.base().to_owned()),
        answers: pack
            .answers
            .all()
            .iter()
            .map(|one| AnswerJson {
                method: one.question.method().to_owned(),
                request: one.question.to_json(),
                answer: one.answer.as_ref().map(|answer| answer.to_json()),
            })
            .collect(),
        checkpoint: pack.seal.checkpoint.clone(),
        verifier_key: pack.seal.verifier_key.clone(),
        witness_keys: pack.seal.witness_keys.clone(),
        entries: pack.seal.quotes.iter().map(entry_json).collect(),
    };
    // Nothing in it fails to be written to memory.
    serde_json::to_string(&data).unwrap_or_default()
}

/// Reads what [`write()`] wrote.
pub fn read(text: &str) -> Result<Pack, PackDataError> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| PackDataError::NoPack(error.to_string()))?;
    match value.get("format").and_then(Value::as_str) {
        Some(FORMAT) => {}
        Some(other) => return Err(PackDataError::OtherFormat(other.to_owned())),
        None => return Err(PackDataError::NoPack("it says no format".to_owned())),
    }
    let data: PackJson =
        serde_json::from_value(value).map_err(|error| PackDataError::NoPack(error.to_string()))?;
    let register = data.register.as_deref().map(EntryLinks::new).transpose();
    let mut answers = PackAnswers::default();
    for (index, one) in data.answers.into_iter().enumerate() {
        let field = |part: &str| wrong(format!("answer {} ({}): {part}", index + 1, one.method));
        let question =
            PackQuestion::of_json(&one.method, one.request).ok_or_else(|| field("the request"))?;
        let read = |answer| {
            question
                .answer_of_json(answer)
                .ok_or_else(|| field("the answer"))
        };
        let answer = one.answer.map(read).transpose()?;
        answers.add(question, answer);
    }
    let quotes: Result<Vec<QuotedEntry>, PackDataError> =
        data.entries.into_iter().map(quoted).collect();
    Ok(Pack {
        plan: PackPlan {
            board_id: data.board_id,
            meeting_id: data.meeting_id,
            since: data.since.as_deref().map(day).transpose()?,
            in_force_on: day(&data.in_force_on)?,
            position: data.position,
        },
        answers,
        seal: PackSeal {
            checkpoint: data.checkpoint,
            verifier_key: data.verifier_key,
            witness_keys: data.witness_keys,
            quotes: in_order(quotes?)?,
        },
        register: register.map_err(|_| wrong("register".to_owned()))?,
    })
}

fn entry_json(quote: &QuotedEntry) -> EntryJson {
    EntryJson {
        position: quote.position,
        record: STANDARD.encode(&quote.record),
        leaf_hash: STANDARD.encode(&quote.leaf_hash),
        proof: quote
            .proof
            .iter()
            .map(|hash| STANDARD.encode(hash))
            .collect(),
    }
}

fn quoted(entry: EntryJson) -> Result<QuotedEntry, PackDataError> {
    let position = entry.position;
    let decoded = |text: &str| {
        let bytes = STANDARD.decode(text);
        bytes.map_err(|_| wrong(format!("the bytes of entry {position}")))
    };
    let proof: Result<Vec<Vec<u8>>, PackDataError> =
        entry.proof.iter().map(|hash| decoded(hash)).collect();
    Ok(QuotedEntry {
        position,
        record: decoded(&entry.record)?,
        leaf_hash: decoded(&entry.leaf_hash)?,
        proof: proof?,
    })
}

/// The entries, each once and in order, so that one can be found by its position.
fn in_order(quotes: Vec<QuotedEntry>) -> Result<Vec<QuotedEntry>, PackDataError> {
    match quotes.is_sorted_by(|one, next| one.position < next.position) {
        true => Ok(quotes),
        false => Err(wrong("the order of the entries".to_owned())),
    }
}

fn wrong(field: String) -> PackDataError {
    PackDataError::Field { field }
}

fn iso(day: &Date) -> String {
    minutebook_page::moment::iso(day)
}

fn day(text: &str) -> Result<Date, PackDataError> {
    let read: Result<PartialDate, _> = text.parse();
    read.map(reply::date)
        .map_err(|_| wrong(format!("the day \"{text}\"")))
}
