//! The address under which a register shows its entries.

/// Makes the address of an entry.
///
/// # Examples
///
/// ```
/// use minutebook_paper::entry_links::EntryLinks;
///
/// let links = EntryLinks::new("https://register.example/")?;
/// assert_eq!(links.address(35), "https://register.example/entries/35");
/// assert!(EntryLinks::new("javascript:alert(1)").is_err());
/// # Ok::<(), minutebook_paper::entry_links::EntryLinksError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryLinks {
    /// Without the slash at its end.
    base: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryLinksError {
    #[error("the address of the register must begin with https:// or http://, not {0:?}")]
    NoWebAddress(String),
    #[error(
        "the address of the register may hold letters, digits and -._~:/[]% alone, not {0:?}: \
         write other characters as percent codes"
    )]
    Character(char),
    #[error(
        "the address of the register has {0} characters, and {BASE_MAX} are allowed: \
         give the part before /entries/ alone"
    )]
    TooLong(usize),
}

/// The longest address of a register, in bytes. A workbook takes addresses of 2,079
/// characters, the part after this one included.
const BASE_MAX: usize = 1_000;

impl EntryLinks {
    /// Reads the address of a register: the part before `/entries/35`.
    pub fn new(base: &str) -> Result<Self, EntryLinksError> {
        let base = base.trim_end_matches('/');
        let host = base
            .strip_prefix("https://")
            .or_else(|| base.strip_prefix("http://"))
            .filter(|host| !host.is_empty() && !host.starts_with('/'));
        if host.is_none() {
            return Err(EntryLinksError::NoWebAddress(base.to_owned()));
        }
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]%".contains(c);
        if let Some(c) = base.chars().find(|c| !is_allowed(*c)) {
            return Err(EntryLinksError::Character(c));
        }
        if base.len() > BASE_MAX {
            return Err(EntryLinksError::TooLong(base.len()));
        }
        Ok(Self {
            base: base.to_owned(),
        })
    }

    /// The address of the register, without the slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The address of an entry by its position.
    pub fn address(&self, position: u64) -> String {
        format!("{}/entries/{position}", self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_read() {
        for base in [
            "http://localhost:1",
            "https://a.example/b%20c",
            "http://[::1]:80/",
        ] {
            assert!(EntryLinks::new(base).is_ok(), "{base}");
        }
        for base in [
            "",
            "https://",
            "https:///entries",
            "file:///etc/passwd",
            "https://a.example/\" onclick=",
            "https://a.example/\u{202e}",
            "https://a.example?x=1#y",
        ] {
            assert!(EntryLinks::new(base).is_err(), "{base}");
        }
        let long = format!("https://a.example/{}", "a".repeat(BASE_MAX));
        assert_eq!(
            EntryLinks::new(&long),
            Err(EntryLinksError::TooLong(long.len()))
        );
    }
}
