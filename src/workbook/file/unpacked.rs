//! The parts of a packed workbook, unpacked once against a limit.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::WorkbookError;

/// The most bytes of all parts together.
pub const BYTES_MAX: u64 = 128 << 20;

/// The most parts.
const PARTS_MAX: usize = 2_000;

/// The most texts that a workbook may say it shares: a reader makes room for them first.
const SHARED_TEXTS_MAX: u64 = 1_000_000;

/// The kind of a packed workbook.
#[derive(Debug, PartialEq, Eq)]
pub enum UnpackedParts {
    Xlsx,
    Ods {
        /// The part with the cells.
        content: Vec<u8>,
    },
}

/// Unpacks every part, as the sizes that a file states may be wrong.
pub fn check(bytes: &[u8]) -> Result<UnpackedParts, WorkbookError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(WorkbookError::damaged)?;
    if archive.len() > PARTS_MAX {
        return Err(WorkbookError::Bomb);
    }
    let mut left = BYTES_MAX;
    let (mut is_xlsx, mut ods_content) = (false, None);
    for index in 0..archive.len() {
        let part = archive.by_index(index);
        let part = part.map_err(|_| WorkbookError::OldOrProtected)?;
        let name = part.name().map_err(WorkbookError::damaged)?;
        let name = name.to_ascii_lowercase();
        let mut unpacked = Vec::new();
        let mut limited = part.take(left + 1);
        let read = limited.read_to_end(&mut unpacked);
        read.map_err(WorkbookError::damaged)?;
        left = left
            .checked_sub(unpacked.len() as u64)
            .ok_or(WorkbookError::Bomb)?;
        if name.ends_with(".xml") || name.ends_with(".rels") {
            refuse_hostile_xml(&unpacked)?;
        }
        is_xlsx |= name == "xl/workbook.xml";
        if name == "content.xml" {
            ods_content = Some(unpacked);
        }
    }
    match (is_xlsx, ods_content) {
        (true, _) => Ok(UnpackedParts::Xlsx),
        (false, Some(content)) => Ok(UnpackedParts::Ods { content }),
        (false, None) => Err(WorkbookError::Unknown),
    }
}

/// The count of shared texts is room made before they are read. Other encodings would hide
/// it, and no spreadsheet program writes them; nor entities of a document type.
fn refuse_hostile_xml(part: &[u8]) -> Result<(), WorkbookError> {
    let is_utf_16 = part.starts_with(&[0xff, 0xfe]) || part.starts_with(&[0xfe, 0xff]);
    if is_utf_16 || part.contains(&0) {
        return Err(WorkbookError::damaged("a part is not in UTF-8"));
    }
    if find(part, b"<!DOCTYPE").is_some() {
        return Err(WorkbookError::damaged("a part has a document type"));
    }
    let mut rest = part;
    while let Some(at) = find(rest, b"niqueCount") {
        rest = &rest[at + b"niqueCount".len()..];
        let digits = rest
            .iter()
            .skip_while(|byte| {
                matches!(
                    byte,
                    b'=' | b'"' | b'\'' | b' ' | b'+' | b'\t' | b'\n' | b'\r'
                )
            })
            .take_while(|byte| byte.is_ascii_digit());
        let count = digits.fold(0_u64, |count, digit| {
            count
                .saturating_mul(10)
                .saturating_add(u64::from(digit - b'0'))
        });
        if count > SHARED_TEXTS_MAX {
            return Err(WorkbookError::Bomb);
        }
    }
    Ok(())
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}
