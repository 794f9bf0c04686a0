//! Pages of lists (AIP-158).
//!
//! A token carries what the first page spoke for (position and day), where the
//! next one begins, and a fingerprint of the question. So every page of a list
//! speaks for the same register, however much is recorded meanwhile, and a token
//! that is sent with another question is refused.

use jiff::civil::Date;
use prost::Message;
use sha2::{Digest, Sha256};
use tonic::Status;

use super::status;
use crate::domain::ids::Position;
use crate::projection::PinnedView;
use crate::wire::as_of::{AsOf, Known};

/// How many lines a page has when the caller does not say.
const SIZE_DEFAULT: usize = 100;

/// How many lines a page has at most; more is taken for this.
const SIZE_MAX: usize = 1_000;

/// How many candidates a page looks at.
const LOOKED_AT_MAX: usize = 1_000;

/// The form of the token.
const FORMAT: u8 = 1;

/// Format, position, year, month, day, fingerprint, offset.
const TOKEN_BYTES: usize = 1 + 8 + 2 + 1 + 1 + 8 + 4;

type Fingerprint = [u8; 8];

/// Which page of which list is wanted.
#[derive(Debug)]
pub struct PageRequest {
    /// What it speaks for.
    pub question: AsOf,
    offset: usize,
    size: usize,
    fingerprint: Fingerprint,
}

impl PageRequest {
    /// The page a request asks for. `content` is the request without its page
    /// size and token: what has to stay the same from page to page.
    pub fn wanted(
        method: &str,
        content: &impl Message,
        question: AsOf,
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
        let mut digest = Sha256::new_with_prefix(method);
        digest.update([0]);
        digest.update(content.encode_to_vec());
        let mut fingerprint = Fingerprint::default();
        fingerprint.copy_from_slice(&digest.finalize()[..8]);
        let mut page = Self {
            question,
            offset: 0,
            size,
            fingerprint,
        };
        if !page_token.is_empty() {
            let token = Token::read(page_token).ok_or_else(|| {
                status::page_token("this is not a token of this server: send next_page_token as it came, or leave it out")
            })?;
            if token.fingerprint != fingerprint {
                return Err(status::page_token(
                    "this token belongs to another question: send it with the arguments of the first page, or leave it out",
                ));
            }
            page.question.as_at = Some(token.as_at.into());
            page.question.known = Known::Position(token.position);
            page.offset = token.offset as usize;
        }
        Ok(page)
    }

    /// Whether it is the first.
    pub const fn is_first(&self) -> bool {
        self.offset == 0
    }

    /// The lines of this page, and the token of the next; empty when there is none.
    pub fn of<T>(&self, vantage: &PinnedView, lines: Vec<T>) -> (Vec<T>, String) {
        let count = lines.len();
        let lines = lines.into_iter().skip(self.offset).take(self.size);
        (lines.collect(), self.next(vantage, count))
    }

    /// The lines of this page, where each is looked for among candidates that may
    /// have none and are dear to look at. The page ends early once it has
    /// `bytes_max` or has looked at enough.
    pub fn sought<C, T: Message>(
        &self,
        vantage: &PinnedView,
        candidates: &[C],
        bytes_max: usize,
        look: impl Fn(&C) -> Option<T>,
    ) -> (Vec<T>, String) {
        let (mut lines, mut bytes, mut looked_at) = (Vec::new(), 0, 0);
        for candidate in candidates.iter().skip(self.offset) {
            if lines.len() >= self.size || bytes >= bytes_max || looked_at >= LOOKED_AT_MAX {
                break;
            }
            looked_at += 1;
            if let Some(line) = look(candidate) {
                bytes += line.encoded_len();
                lines.push(line);
            }
        }
        let offset = self.offset.saturating_add(looked_at);
        (lines, self.next_at(vantage, offset, candidates.len()))
    }

    /// The lines of this page of two lists, one after the other.
    pub fn of_two<A, B>(
        &self,
        vantage: &PinnedView,
        first: Vec<A>,
        second: Vec<B>,
    ) -> (Vec<A>, Vec<B>, String) {
        let next = self.next(vantage, first.len() + second.len());
        let begins = self.offset.saturating_sub(first.len());
        let first: Vec<A> = first
            .into_iter()
            .skip(self.offset)
            .take(self.size)
            .collect();
        let second = second
            .into_iter()
            .skip(begins)
            .take(self.size - first.len());
        let second = second.collect();
        (first, second, next)
    }

    fn next(&self, vantage: &PinnedView, count: usize) -> String {
        self.next_at(vantage, self.offset.saturating_add(self.size), count)
    }

    fn next_at(&self, vantage: &PinnedView, offset: usize, count: usize) -> String {
        match u32::try_from(offset) {
            Ok(next) if offset < count => Token {
                position: vantage.known(),
                as_at: vantage.as_at(),
                fingerprint: self.fingerprint,
                offset: next,
            }
            .written(),
            Ok(_) | Err(_) => String::new(),
        }
    }
}

/// What a token says.
#[derive(Debug, PartialEq)]
struct Token {
    position: Position,
    as_at: Date,
    fingerprint: Fingerprint,
    offset: u32,
}

impl Token {
    fn written(&self) -> String {
        let mut bytes = vec![FORMAT];
        bytes.extend(self.position.get().to_be_bytes());
        bytes.extend(self.as_at.year().to_be_bytes());
        bytes.extend(self.as_at.month().to_be_bytes());
        bytes.extend(self.as_at.day().to_be_bytes());
        bytes.extend(self.fingerprint);
        bytes.extend(self.offset.to_be_bytes());
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
        let rest = bytes.strip_prefix(&[FORMAT])?;
        let (position, rest) = rest.split_first_chunk()?;
        let (year, rest) = rest.split_first_chunk()?;
        let ([month, day], rest) = rest.split_first_chunk()?;
        let (fingerprint, rest) = rest.split_first_chunk()?;
        let (offset, _) = rest.split_first_chunk()?;
        let day = i8::from_be_bytes([*day]);
        let month = i8::from_be_bytes([*month]);
        Some(Self {
            position: Position::new(u64::from_be_bytes(*position)),
            as_at: Date::new(i16::from_be_bytes(*year), month, day).ok()?,
            fingerprint: *fingerprint,
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
            as_at: Date::constant(2026, 2, 28),
            fingerprint: *b"question",
            offset: 1_000,
        };
        let text = token.written();
        assert_eq!(Token::read(&text), Some(token));
        for other in [
            "",
            "00",
            &text[1..],
            &text.replace("01", "02"),
            &"é".repeat(25),
        ] {
            assert_eq!(Token::read(other), None, "{other}");
        }
    }
}
