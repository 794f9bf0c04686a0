//! Pages of lists (AIP-158).
//!
//! A token holds the position and the day of the first page, the offset of the
//! next one, a fingerprint of the question, and one of the log. So all pages of a
//! list answer from the same register, however much is recorded meanwhile, and a
//! token sent with another question, or to another log, is refused. A page ends
//! before its lines take more bytes than a client accepts, so it may have fewer
//! lines than were asked for.

use std::cell::OnceCell;

use jiff::civil::Date;
use prost::Message;
use sha2::{Digest, Sha256};
use tonic::Status;

use super::log_fingerprint::{FINGERPRINT_BYTES, Fingerprint, LogIdentity};
use super::query::answered_from;
use super::status;
use crate::wire::as_of::{AsOf, Known};
use crate::wire::proto::AnsweredFrom;
use minutebook_domain::ids::Position;
use minutebook_domain::work;
use minutebook_kernel::projection::PinnedView;

/// Lines on a page when the request does not say how many.
const SIZE_DEFAULT: usize = 100;

/// The most lines on a page; a larger `page_size` means this.
const SIZE_MAX: usize = 1_000;

/// The most candidates that one page examines.
const EXAMINED_MAX: usize = 1_000;

/// The most bytes that the lines of a page take; a single line may take more. It leaves
/// room for the rest of an answer of the default size.
const BYTES_MAX: usize = 3 << 20;

/// The bytes of a line beside its content: its field number and its length.
const LINE_PREFIX_BYTES: usize = 6;

/// The first byte of a token. Another layout needs another number.
const FORMAT: u8 = 3;

/// Format, position, log, year, month, day, question, offset, checksum.
const TOKEN_BYTES: usize = 1 + 8 + FINGERPRINT_BYTES + 2 + 1 + 1 + 8 + 4 + CHECKSUM_BYTES;

/// The bytes of a hash of the rest: a token that was damaged would cut a list short.
const CHECKSUM_BYTES: usize = 4;

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let hash = Sha256::new_with_prefix("minutebook page token").chain_update(bytes);
    let mut checksum = [0; CHECKSUM_BYTES];
    checksum.copy_from_slice(&hash.finalize()[..CHECKSUM_BYTES]);
    checksum
}

/// A hash of everything that must be the same for every page.
type QuestionHash = [u8; 8];

/// The page that a request asks for.
#[derive(Debug)]
pub struct PageRequest {
    /// For every page but the first, the day and position come from the token.
    pub as_of: AsOf,
    offset: usize,
    size: usize,
    question: QuestionHash,
    /// The log of the first page, up to the position of that page.
    log: Option<(Position, Fingerprint)>,
}

impl PageRequest {
    /// Reads `page_size` and `page_token`. `question` is the request without
    /// them: everything that must be the same for every page.
    pub fn read(
        method: &str,
        question: &impl Message,
        as_of: AsOf,
        page_size: i32,
        page_token: &str,
    ) -> Result<Self, Status> {
        let size = match usize::try_from(page_size) {
            Ok(0) => SIZE_DEFAULT,
            Ok(size) => size.min(SIZE_MAX),
            Err(_) => {
                return Err(status::invalid_field(
                    "page_size",
                    format!("{page_size} is negative: give 1 to {SIZE_MAX}, or leave it out"),
                ));
            }
        };
        let mut page = Self {
            as_of,
            offset: 0,
            size,
            question: hash_question(method, question),
            log: None,
        };
        if !page_token.is_empty() {
            let token = Token::read(page_token).ok_or_else(|| {
                status::page_token_mismatch(
                    "this is not a token of this server: send next_page_token unchanged, or \
                     leave it out",
                )
            })?;
            if token.question != page.question {
                return Err(status::page_token_mismatch(
                    "this token belongs to another question: send it with the arguments of the \
                     first page, or leave it out",
                ));
            }
            page.as_of.as_at = Some(token.as_at.into());
            page.as_of.known = Known::Position(token.position);
            page.offset = token.offset as usize;
            page.log = Some((token.position, token.log));
        }
        Ok(page)
    }

    /// The lines that it asks for: where they begin, and how many.
    pub fn range(&self) -> [u8; 2 * size_of::<usize>()] {
        let mut range = [0; 2 * size_of::<usize>()];
        let (begin, size) = range.split_at_mut(size_of::<usize>());
        begin.copy_from_slice(&self.offset.to_be_bytes());
        size.copy_from_slice(&self.size.to_be_bytes());
        range
    }

    pub const fn is_first(&self) -> bool {
        self.offset == 0
    }

    /// Requires that the earlier pages were answered from this log.
    pub async fn require_same_log(&self, log: &LogIdentity) -> Result<(), Status> {
        match self.log {
            Some((position, fingerprint)) => log.require(position, fingerprint).await,
            None => Ok(()),
        }
    }

    /// The page, over the view that it is answered from.
    pub const fn on<'a>(&'a self, view: &'a PinnedView, log: &'a LogIdentity) -> Page<'a> {
        Page {
            view,
            log,
            request: self,
            failed: OnceCell::new(),
        }
    }
}

fn hash_question(method: &str, question: &impl Message) -> QuestionHash {
    let mut digest = Sha256::new_with_prefix(method);
    digest.update([0]);
    digest.update(question.encode_to_vec());
    let mut hash = QuestionHash::default();
    hash.copy_from_slice(&digest.finalize()[..8]);
    hash
}

/// One page of a list, and the view that it is answered from.
pub struct Page<'a> {
    pub view: &'a PinnedView,
    log: &'a LogIdentity,
    request: &'a PageRequest,
    /// Why the token of the next page could not be made.
    failed: OnceCell<Status>,
}

impl Page<'_> {
    /// The answer, unless it has no token that leads on.
    pub fn complete<T>(self, answer: T) -> Result<T, Status> {
        match self.failed.into_inner() {
            Some(status) => Err(status),
            None => Ok(answer),
        }
    }

    pub fn answered_from(&self) -> Option<AnsweredFrom> {
        answered_from(self.view)
    }

    /// The lines of this page, and the token of the next; empty on the last page.
    pub fn cut<T: Message>(&self, lines: Vec<T>) -> (Vec<T>, String) {
        let (lines, _, token) = self.cut_two(lines, Vec::<T>::new());
        (lines, token)
    }

    /// The lines of this page of two lists, one after the other.
    pub fn cut_two<A: Message, B: Message>(
        &self,
        first: Vec<A>,
        second: Vec<B>,
    ) -> (Vec<A>, Vec<B>, String) {
        let (first, second, _, token) = self.cut_three(first, second, Vec::<A>::new());
        (first, second, token)
    }

    /// The lines of this page of three lists, one after the other.
    pub fn cut_three<A: Message, B: Message, C: Message>(
        &self,
        first: Vec<A>,
        second: Vec<B>,
        third: Vec<C>,
    ) -> (Vec<A>, Vec<B>, Vec<C>, String) {
        let PageRequest { offset, size, .. } = *self.request;
        let count = first.len() + second.len() + third.len();
        let (in_first, in_two) = (first.len(), first.len() + second.len());
        let mut room = PageRoom::new(size, BYTES_MAX);
        let first = first.into_iter().skip(offset);
        let first: Vec<A> = first.take_while(|line| room.take(line)).collect();
        let second = second.into_iter().skip(offset.saturating_sub(in_first));
        let second: Vec<B> = second.take_while(|line| room.take(line)).collect();
        let third = third.into_iter().skip(offset.saturating_sub(in_two));
        let third: Vec<C> = third.take_while(|line| room.take(line)).collect();
        let taken = first.len() + second.len() + third.len();
        let token = self.token_at(offset.saturating_add(taken), count);
        (first, second, third, token)
    }

    /// The lines of this page, computed from candidates that are expensive to
    /// examine and may have no line. The page ends early once its lines take
    /// `bytes_max`, it has examined [`EXAMINED_MAX`] candidates, or the work for it is
    /// half of what a call may do.
    pub fn scan<C, T: Message>(
        &self,
        candidates: &[C],
        bytes_max: usize,
        examine: impl Fn(&C) -> Option<T>,
    ) -> (Vec<T>, String) {
        let PageRequest { offset, size, .. } = *self.request;
        let mut room = PageRoom::new(size, BYTES_MAX);
        let (mut lines, mut examined) = (Vec::new(), 0);
        for candidate in candidates.iter().skip(offset) {
            if room.lines == 0 || room.bytes >= bytes_max || examined >= EXAMINED_MAX {
                break;
            }
            // A page has at least one candidate, or paging would never end.
            if examined > 0 && work::should_finish() {
                break;
            }
            if let Some(line) = examine(candidate) {
                if !room.take(&line) {
                    break;
                }
                lines.push(line);
            }
            examined += 1;
        }
        let offset = offset.saturating_add(examined);
        (lines, self.token_at(offset, candidates.len()))
    }

    /// The token of the page that begins at `offset`; empty if the list of `count`
    /// lines ends before that.
    fn token_at(&self, offset: usize, count: usize) -> String {
        let next = match u32::try_from(offset) {
            Ok(next) if offset < count => next,
            Ok(_) | Err(_) => return String::new(),
        };
        let position = self.view.known();
        let log = match self.request.log {
            Some((_, log)) => Ok(log),
            None => self
                .log
                .fingerprint(position)
                .map(Option::unwrap_or_default),
        };
        match log {
            Ok(log) => Token {
                position,
                log,
                as_at: self.view.as_at(),
                question: self.request.question,
                offset: next,
            }
            .encode(),
            Err(error) => {
                self.failed.get_or_init(|| status::tree_error(&error));
                String::new()
            }
        }
    }
}

/// The room that is left on a page.
#[derive(Debug)]
struct PageRoom {
    lines: usize,
    bytes: usize,
    bytes_max: usize,
    is_full: bool,
}

impl PageRoom {
    const fn new(lines: usize, bytes_max: usize) -> Self {
        Self {
            lines,
            bytes: 0,
            bytes_max,
            is_full: false,
        }
    }

    /// Takes the room of a line, if it fits. The first one always does; after one that
    /// does not, none does.
    fn take(&mut self, line: &impl Message) -> bool {
        let bytes = self
            .bytes
            .saturating_add(line.encoded_len() + LINE_PREFIX_BYTES);
        let fits = self.lines > 0 && (self.bytes == 0 || bytes <= self.bytes_max);
        self.is_full |= !fits;
        if self.is_full {
            return false;
        }
        self.lines -= 1;
        self.bytes = bytes;
        true
    }
}

#[derive(Debug, PartialEq)]
struct Token {
    position: Position,
    /// The log up to that position.
    log: Fingerprint,
    as_at: Date,
    question: QuestionHash,
    offset: u32,
}

impl Token {
    fn encode(&self) -> String {
        let mut bytes = vec![FORMAT];
        bytes.extend(self.position.get().to_be_bytes());
        bytes.extend(self.log);
        bytes.extend(self.as_at.year().to_be_bytes());
        bytes.extend(self.as_at.month().to_be_bytes());
        bytes.extend(self.as_at.day().to_be_bytes());
        bytes.extend(self.question);
        bytes.extend(self.offset.to_be_bytes());
        bytes.extend(checksum(&bytes));
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn read(text: &str) -> Option<Self> {
        if text.len() != 2 * TOKEN_BYTES || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; TOKEN_BYTES];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        let (bytes, sum) = bytes.split_last_chunk()?;
        if *sum != checksum(bytes) {
            return None;
        }
        let rest = bytes.strip_prefix(&[FORMAT])?;
        let (position, rest) = rest.split_first_chunk()?;
        let (log, rest) = rest.split_first_chunk()?;
        let (year, rest) = rest.split_first_chunk()?;
        let ([month, day], rest) = rest.split_first_chunk()?;
        let (question, rest) = rest.split_first_chunk()?;
        let (offset, _) = rest.split_first_chunk()?;
        let day = i8::from_be_bytes([*day]);
        let month = i8::from_be_bytes([*month]);
        Some(Self {
            position: Position::new(u64::from_be_bytes(*position)),
            log: *log,
            as_at: Date::new(i16::from_be_bytes(*year), month, day).ok()?,
            question: *question,
            offset: u32::from_be_bytes(*offset),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_as_it_was_written() {
        let token = Token {
            position: Position::new(u64::MAX - 1),
            log: *b"sixteen bytes ..",
            as_at: Date::constant(2026, 2, 28),
            question: *b"question",
            offset: 1_000,
        };
        let text = token.encode();
        assert_eq!(Token::read(&text), Some(token));
        for other in [
            "",
            "00",
            &text[1..],
            &text.replacen("03", "02", 1),
            &format!("{}0", &text[..text.len() - 1]),
            &format!("{}1", &text[..text.len() - 1]),
            &"é".repeat(41),
        ] {
            assert_eq!(Token::read(other), None, "{other}");
        }
    }

    #[test]
    fn a_page_ends_before_it_is_too_large_and_has_at_least_one_line() {
        let mut room = PageRoom::new(10, 100);
        let line = |bytes: usize| "x".repeat(bytes);
        assert!(room.take(&line(500)), "the first");
        assert!(!room.take(&line(1)));
        let mut room = PageRoom::new(10, 100);
        assert!(room.take(&line(40)) && room.take(&line(40)));
        assert!(!room.take(&line(40)));
        assert!(!room.take(&line(1)), "a line was left out between two");
        let mut room = PageRoom::new(1, 100);
        assert!(room.take(&line(1)) && !room.take(&line(1)));
    }
}
