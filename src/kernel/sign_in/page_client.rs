//! The client as which the pages sign people in at an issuer.

use std::fmt;

/// A client of the kind "web application". With a secret it is confidential; without one
/// it is public, and PKCE alone guards the code.
#[derive(Clone, PartialEq, Eq)]
pub struct PageClient {
    pub id: String,
    pub secret: Option<String>,
}

/// Without the secret.
impl fmt::Debug for PageClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageClient")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
