//! The answer of a provider that a browser brings at the end of a sign-in.

/// The answer that a browser must bring.
#[derive(Debug, Clone)]
pub struct ExpectedAnswer {
    pub state: String,
    pub issuer: String,
    /// Whether the answer must name the issuer.
    pub names_issuer: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub enum BrowserAnswer {
    Code(String),
    /// The provider, or the person, says no.
    Refused(String),
    /// Nothing that belongs to this sign-in.
    Nothing,
}

/// The one value of a parameter. One that is there twice could be read in two ways.
pub fn parameter(query: &str, name: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    let value = values.next().map(|(_, value)| value.into_owned());
    value.filter(|_| values.next().is_none())
}

impl BrowserAnswer {
    /// Reads the query of the address that the browser was sent to.
    pub fn read(query: &str, expected: &ExpectedAnswer) -> Self {
        let value = |name: &str| parameter(query, name);
        if value("state").as_ref() != Some(&expected.state) {
            return Self::Nothing;
        }
        // The answer of another provider must not be taken to this one (RFC 9207).
        match value("iss") {
            Some(issuer) if issuer != expected.issuer => {
                return Self::Refused(format!("the answer is of {issuer}"));
            }
            None if expected.names_issuer => {
                return Self::Refused("the answer does not name the provider".to_owned());
            }
            Some(_) | None => {}
        }
        if let Some(error) = value("error") {
            let description = value("error_description");
            let description = description.map(|text| format!(" ({text})"));
            return Self::Refused(error + &description.unwrap_or_default());
        }
        match value("code") {
            Some(code) => Self::Code(code),
            None => Self::Refused("the answer has no code".to_owned()),
        }
    }
}
