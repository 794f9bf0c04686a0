//! The issuers that the register trusts, and how to read their tokens.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::Algorithm;
use serde::Deserialize;

use super::page_client::PageClient;
use super::provider_http::{ProviderHttp, is_safe};
use crate::durable_file;
use minutebook_domain::text::Name;

/// The most bytes of a file of settings, or of certificates.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// The most issuers.
const ISSUERS_MAX: usize = 100;

/// How long after a token with an unknown key the next such token leads to a request.
const FETCH_PAUSE: Duration = Duration::from_secs(30);

/// Asked for at a sign-in where the settings name nothing else: an identity, and a token
/// by which the command line signs in again by itself.
const SCOPES: [&str; 2] = ["openid", "offline_access"];

/// Settings that cannot be used: where, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct SettingsError {
    /// A file and a field of it, or an option.
    pub place: String,
    pub problem: String,
}

impl SettingsError {
    fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            problem: problem.into(),
        }
    }
}

/// The trusted issuers, at least one.
#[derive(Debug, Clone)]
pub struct SignInSettings {
    pub issuers: Vec<Arc<IssuerSettings>>,
    /// How long after a token with an unknown key the next such token leads to a request to
    /// the issuer. Default: 30 s.
    pub fetch_pause: Duration,
}

/// One trusted issuer.
#[derive(Debug, Clone)]
pub struct IssuerSettings {
    /// Its URL, exactly as tokens name it.
    pub issuer: String,
    /// The names of this register in tokens; one of them must be in each.
    pub audiences: Vec<String>,
    pub algorithms: Vec<Algorithm>,
    /// The claim with the groups of a person or a system.
    pub groups_claim: ClaimName,
    /// The claim with the roles in this application.
    pub roles_claim: ClaimName,
    /// The claims with the id of the client; the first that a token has counts.
    pub client_claims: Vec<ClaimName>,
    /// The public client as which the command line signs people in.
    pub login_client_id: Option<String>,
    /// The client as which the pages sign people in; without one, nobody signs in there.
    pub page_client: Option<PageClient>,
    /// The scopes that both ask for.
    pub scopes: Vec<String>,
    /// The resource (RFC 8707) that both ask for, where the provider wants one.
    pub resource: Option<String>,
    /// Where the keys are, for a provider that publishes no discovery document.
    pub jwks_uri: Option<String>,
    /// Asks the provider.
    pub http: ProviderHttp,
}

/// The name of a claim: a name of the token, or a path into it, as in
/// `realm_access.roles`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimName(String);

impl ClaimName {
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The clients at one issuer, where there is no file of settings.
#[derive(Debug, Clone, Copy, Default)]
pub struct SignInClients<'a> {
    /// That of the command line.
    pub login: Option<&'a str>,
    /// That of the pages.
    pub page: Option<&'a str>,
    pub page_secret_file: Option<&'a Path>,
}

/// The file, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsFile {
    issuers: Vec<IssuerEntry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerEntry {
    issuer: String,
    audiences: Vec<String>,
    #[serde(default)]
    algorithms: Option<Vec<String>>,
    #[serde(default)]
    groups_claim: Option<String>,
    #[serde(default)]
    roles_claim: Option<String>,
    #[serde(default)]
    client_claim: Option<String>,
    #[serde(default)]
    login_client_id: Option<String>,
    #[serde(default)]
    page_client_id: Option<String>,
    #[serde(default)]
    page_client_secret_file: Option<String>,
    #[serde(default)]
    scopes: Option<Vec<String>>,
    #[serde(default)]
    resource: Option<String>,
    #[serde(default)]
    ca: Option<String>,
    #[serde(default)]
    jwks_uri: Option<String>,
}

impl SignInSettings {
    /// One issuer, with what is usual for the rest.
    pub fn one(
        issuer: &str,
        audience: &str,
        clients: SignInClients<'_>,
    ) -> Result<Self, SettingsError> {
        let secret_file = clients
            .page_secret_file
            .map(|file| file.display().to_string());
        let entry = IssuerEntry {
            issuer: issuer.to_owned(),
            audiences: vec![audience.to_owned()],
            login_client_id: clients.login.map(str::to_owned),
            page_client_id: clients.page.map(str::to_owned),
            page_client_secret_file: secret_file,
            ..IssuerEntry::default()
        };
        let place = |field: &str| match field {
            "audiences" => "--audience".to_owned(),
            "login_client_id" => "--login-client".to_owned(),
            "page_client_id" => "--page-client".to_owned(),
            "page_client_secret_file" => "--page-client-secret".to_owned(),
            _ => "--issuer".to_owned(),
        };
        let issuer = entry.read(Path::new("."), &place)?;
        Ok(Self::of(vec![Arc::new(issuer)]))
    }

    /// Reads a file of settings.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let file = path.display().to_string();
        let text = durable_file::read_up_to(path, FILE_BYTES_MAX)
            .map_err(|error| SettingsError::new(&file, format!("it cannot be read: {error}")))?;
        Self::parse(&text, &file, durable_file::parent(path))
    }

    /// Reads the text of the file of that name; names of other files in it are of `folder`.
    fn parse(text: &[u8], file: &str, folder: &Path) -> Result<Self, SettingsError> {
        let read: SettingsFile = serde_json::from_slice(text).map_err(|error| {
            let way = "write {\"issuers\": [{\"issuer\": URL, \"audiences\": [NAME]}]}; \
                       docs/operations.md lists the fields";
            SettingsError::new(file, format!("{error}: {way}"))
        })?;
        let field = |name: &str| format!("{file}: {name}");
        let count = read.issuers.len();
        if !(1..=ISSUERS_MAX).contains(&count) {
            let problem = format!("it has {count} issuers: name 1 to {ISSUERS_MAX}");
            return Err(SettingsError::new(field("issuers"), problem));
        }
        let mut issuers: Vec<Arc<IssuerSettings>> = Vec::with_capacity(count);
        for (index, entry) in read.issuers.into_iter().enumerate() {
            let place = |name: &str| field(&format!("issuers[{index}].{name}"));
            let issuer = entry.read(folder, &place)?;
            if issuers.iter().any(|other| other.issuer == issuer.issuer) {
                let problem = "it is listed twice: list an issuer once, with all its audiences";
                return Err(SettingsError::new(place("issuer"), problem));
            }
            issuers.push(Arc::new(issuer));
        }
        Ok(Self::of(issuers))
    }

    const fn of(issuers: Vec<Arc<IssuerSettings>>) -> Self {
        Self {
            issuers,
            fetch_pause: FETCH_PAUSE,
        }
    }
}

impl IssuerEntry {
    /// `place` says where a field is written.
    fn read(
        self,
        folder: &Path,
        place: &dyn Fn(&str) -> String,
    ) -> Result<IssuerSettings, SettingsError> {
        let wrong = |field: &str, problem: String| SettingsError::new(place(field), problem);
        let has_parts = self.issuer.contains(['?', '#']);
        if !is_safe(&self.issuer) || has_parts || Name::new(&self.issuer).is_err() {
            return Err(wrong(
                "issuer",
                format!(
                    "\"{}\" is no issuer: write its URL as its tokens name it, at most {} \
                     characters, such as https://login.example.gov.uk; http:// is only for this \
                     machine",
                    self.issuer,
                    Name::LEN_MAX
                ),
            ));
        }
        if self.audiences.is_empty() {
            let problem = "name at least one audience: the name of this register in tokens";
            return Err(wrong("audiences", problem.to_owned()));
        }
        let lists = [
            ("audiences", Some(&self.audiences)),
            ("scopes", self.scopes.as_ref()),
        ];
        let texts = [
            ("groups_claim", &self.groups_claim),
            ("roles_claim", &self.roles_claim),
            ("client_claim", &self.client_claim),
            ("login_client_id", &self.login_client_id),
            ("page_client_id", &self.page_client_id),
            ("resource", &self.resource),
        ];
        let lists = lists.into_iter().flat_map(|(field, list)| {
            let items = list.into_iter().flatten();
            items.map(move |item| (field, item))
        });
        let texts = texts
            .into_iter()
            .filter_map(|(field, text)| Some((field, text.as_ref()?)));
        for (field, text) in lists.chain(texts) {
            Name::new(text).map_err(|error| wrong(field, format!("\"{text}\": {error}")))?;
        }
        let jwks_uri = self.jwks_uri;
        if let Some(url) = jwks_uri.as_ref().filter(|url| !is_safe(url)) {
            let way = "write the https:// address of its key set, or leave the field out";
            return Err(wrong("jwks_uri", format!("\"{url}\": {way}")));
        }
        let algorithms = match self.algorithms {
            None => ALGORITHMS.map(|(_, algorithm)| algorithm).to_vec(),
            Some(names) => {
                let read = names.iter().map(|name| {
                    let known = ALGORITHMS.iter().find(|(known, _)| known == name);
                    known.map(|(_, algorithm)| *algorithm).ok_or_else(|| {
                        let way = "use some of RS256, ES256 and EdDSA, or leave the field out";
                        wrong("algorithms", format!("\"{name}\": {way}"))
                    })
                });
                read.collect::<Result<Vec<_>, _>>()?
            }
        };
        if algorithms.is_empty() {
            let problem = "no algorithm would verify any token: leave the field out";
            return Err(wrong("algorithms", problem.to_owned()));
        }
        let authority = match &self.ca {
            None => None,
            Some(file) => {
                let read = durable_file::read_up_to(&folder.join(file), FILE_BYTES_MAX);
                let read = read.map_err(|error| wrong("ca", format!("\"{file}\": {error}")))?;
                Some(read)
            }
        };
        let http = ProviderHttp::new(authority.as_deref()).map_err(|error| {
            let way = "name a file of certificates in PEM";
            wrong("ca", format!("{error}: {way}"))
        })?;
        let secret = match &self.page_client_secret_file {
            None => None,
            Some(file) => Some(
                secret_in(&folder.join(file))
                    .map_err(|problem| wrong("page_client_secret_file", problem))?,
            ),
        };
        if self.page_client_id.is_none() && secret.is_some() {
            let problem = "there is a secret and no client: name it in page_client_id";
            return Err(wrong("page_client_secret_file", problem.to_owned()));
        }
        let page_client = self.page_client_id.map(|id| PageClient { id, secret });
        let claim = |given: Option<String>, usual: &str| {
            ClaimName::new(given.unwrap_or_else(|| usual.to_owned()))
        };
        Ok(IssuerSettings {
            issuer: self.issuer,
            audiences: self.audiences,
            algorithms,
            groups_claim: claim(self.groups_claim, "groups"),
            roles_claim: claim(self.roles_claim, "roles"),
            client_claims: match self.client_claim {
                Some(name) => vec![ClaimName::new(name)],
                None => vec![ClaimName::new("azp"), ClaimName::new("client_id")],
            },
            login_client_id: self.login_client_id,
            page_client,
            scopes: self
                .scopes
                .unwrap_or_else(|| SCOPES.map(str::to_owned).to_vec()),
            resource: self.resource,
            jwks_uri,
            http,
        })
    }
}

/// The secret in a file, without the line feed at its end.
fn secret_in(path: &Path) -> Result<String, String> {
    let read = durable_file::read_up_to(path, FILE_BYTES_MAX)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let secret = String::from_utf8_lossy(&read).trim().to_owned();
    match secret.is_empty() {
        false => Ok(secret),
        true => Err(format!("{} has no secret in it", path.display())),
    }
}

/// The algorithms that tokens may be signed with.
const ALGORITHMS: [(&str, Algorithm); 3] = [
    ("RS256", Algorithm::RS256),
    ("ES256", Algorithm::ES256),
    ("EdDSA", Algorithm::EdDSA),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<SignInSettings, SettingsError> {
        SignInSettings::parse(text.as_bytes(), "sign-in.json", Path::new("/nowhere"))
    }

    fn entry(more: &str) -> String {
        format!(
            r#"{{"issuers": [{{"issuer": "https://a.example", "audiences": ["register"] {more} }}]}}"#
        )
    }

    #[test]
    fn two_fields_are_enough() {
        let settings = parse(&entry("")).unwrap();
        let issuer = &settings.issuers[0];
        assert_eq!(issuer.groups_claim.as_str(), "groups");
        assert_eq!(issuer.client_claims.len(), 2);
        assert_eq!(issuer.algorithms.len(), 3);
        assert_eq!(issuer.scopes, SCOPES);
        let one = {
            let clients = SignInClients {
                login: Some("cli"),
                ..SignInClients::default()
            };
            SignInSettings::one("http://127.0.0.1:4444/", "register", clients).unwrap()
        };
        assert_eq!(one.issuers[0].login_client_id.as_deref(), Some("cli"));
    }

    #[test]
    fn an_error_names_the_place_and_the_way_out() {
        for (text, place, way) in [
            ("", "sign-in.json", "docs/operations.md"),
            (
                &entry(r#", "group_claim": "x""#),
                "sign-in.json",
                "unknown field",
            ),
            (r#"{"issuers": []}"#, "sign-in.json: issuers", "1 to 100"),
            (
                &entry(r#", "algorithms": ["HS256"]"#),
                "sign-in.json: issuers[0].algorithms",
                "RS256, ES256 and EdDSA",
            ),
            (
                &entry(r#", "algorithms": []"#),
                "sign-in.json: issuers[0].algorithms",
                "leave the field out",
            ),
            (
                &entry(r#", "jwks_uri": "http://a.example/keys""#),
                "sign-in.json: issuers[0].jwks_uri",
                "https://",
            ),
            (
                &entry(r#", "ca": "ca.pem""#),
                "sign-in.json: issuers[0].ca",
                "ca.pem",
            ),
            (
                &entry(r#", "groups_claim": " ""#),
                "sign-in.json: issuers[0].groups_claim",
                "blank",
            ),
            (
                r#"{"issuers": [{"issuer": "http://a.example", "audiences": ["r"]}]}"#,
                "sign-in.json: issuers[0].issuer",
                "only for this machine",
            ),
            (
                r#"{"issuers": [{"issuer": "https://a.example", "audiences": []}]}"#,
                "sign-in.json: issuers[0].audiences",
                "at least one",
            ),
            (
                r#"{"issuers": [{"issuer": "https://a.example", "audiences": ["r"]},
                                {"issuer": "https://a.example", "audiences": ["s"]}]}"#,
                "sign-in.json: issuers[1].issuer",
                "listed twice",
            ),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.place, place, "{error}");
            assert!(error.problem.contains(way), "{error}");
        }
        let error =
            SignInSettings::one("https://a.example", " ", SignInClients::default()).unwrap_err();
        assert_eq!(error.place, "--audience");
        let error =
            SignInSettings::one("https://a.example?x", "r", SignInClients::default()).unwrap_err();
        assert_eq!(error.place, "--issuer");
    }
}
