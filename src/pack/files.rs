//! The files of a pack: one composed paper in each format.

use minutebook_paper::attachment::Attachment;
use minutebook_paper::paper::Paper;
use minutebook_paper::{html, pdf, xlsx};
use minutebook_present::csv;

use crate::compose::compose;
use crate::pack::Pack;
use crate::pack_data;
use crate::question::PackQuestion;

/// The formats of a whole pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackFormat {
    Html,
    Pdf,
    /// A workbook. It does not carry the pack inside: keep the file of data beside it.
    Xlsx,
    /// The data alone.
    Json,
}

impl PackFormat {
    pub const ALL: [Self; 4] = [Self::Html, Self::Pdf, Self::Xlsx, Self::Json];

    /// The end of the name of its file.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }
}

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PackFileError {
    #[error(transparent)]
    Pdf(#[from] pdf::PdfError),
    #[error(transparent)]
    Xlsx(#[from] xlsx::PaperXlsxError),
}

/// The bytes of a file.
pub fn write(pack: &Pack, format: PackFormat) -> Result<Vec<u8>, PackFileError> {
    match format {
        PackFormat::Html => Ok(html::write(&paper(pack)).into_bytes()),
        PackFormat::Pdf => Ok(pdf::write(&paper(pack))?),
        PackFormat::Xlsx => Ok(xlsx::write(&compose(pack))?),
        PackFormat::Json => Ok((pack_data::write(pack) + "\n").into_bytes()),
    }
}

/// The paper with the pack inside.
fn paper(pack: &Pack) -> Paper {
    let mut paper = compose(pack);
    paper.attachment = Some(Attachment::new(
        DATA_NAME,
        "The answers of the register that this pack is written from, the entries that it names, \
         and their proofs",
        &pack_data::write(pack),
    ));
    paper
}

/// The name of the data inside a PDF.
pub const DATA_NAME: &str = "pack.json";

/// A table of the pack as a CSV file: the answer to one question, as the command line writes
/// it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackCsv {
    /// Such as `virements-three-shires`.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The answers that are not empty, a file each.
pub fn csv_files(pack: &Pack) -> Vec<PackCsv> {
    let mut files: Vec<PackCsv> = Vec::new();
    for one in pack.answers.all() {
        let Some(report) = one.answer.as_ref().map(|answer| answer.report()) else {
            continue;
        };
        if report.is_empty() {
            continue;
        }
        let mut bytes = Vec::new();
        // Writing to memory does not fail.
        if csv::write(&report, &mut bytes).is_ok() {
            let name = file_name(&one.question);
            files.push(PackCsv { name, bytes });
        }
    }
    files
}

/// The question as the name of a file: letters of ids, digits and hyphens alone.
fn file_name(question: &PackQuestion) -> String {
    let (table, parts): (&str, Vec<&str>) = match question {
        PackQuestion::GetBoard(_) => ("board", vec![]),
        PackQuestion::GetMeeting(_) => ("meeting", vec![]),
        PackQuestion::GetAttention(_) => ("attention", vec![]),
        PackQuestion::Diff(_) => ("changes", vec![]),
        PackQuestion::GetProposal(one) => ("proposal", vec![&one.proposal_id]),
        PackQuestion::GetBudget(one) => ("budget", vec![&one.subject, &one.financial_year]),
        PackQuestion::ListVirements(one) => ("virements", vec![&one.subject]),
        PackQuestion::ListChecks(one) => ("checks", vec![&one.subject]),
        PackQuestion::GetContributions(one) => (
            "contributions",
            vec![&one.collaboration_id, &one.financial_year],
        ),
        PackQuestion::ListBreaches(one) => ("breaches", vec![&one.subject]),
        PackQuestion::ListRecommendations(one) => ("recommendations", vec![&one.subject]),
        PackQuestion::ListNotices(one) => ("notices", vec![&one.subject]),
        PackQuestion::ListDeadlines(one) => ("deadlines", vec![&one.subject]),
        PackQuestion::ListDifferences(one) => ("differences", vec![&one.subject]),
    };
    let mut name = table.to_owned();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        let part = part.strip_prefix("collaborations/").unwrap_or(part);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let plain = part.chars().map(|c| if is_plain(c) { c } else { '-' });
        name.push('-');
        name.extend(plain);
    }
    name
}
