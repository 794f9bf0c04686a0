//! The claims of a verified token, read as what its issuer vouches for.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::settings::{ClaimName, IssuerSettings};
use super::token::TokenError;
use minutebook_domain::caller::{Principal, PrincipalKind};

/// The most groups and roles of one token.
const PRINCIPALS_MAX: usize = 500;

/// The claim in which Entra ID says which claims it left out because they are too long.
const LEFT_OUT: &str = "_claim_names";

/// The claims of a verified token.
#[derive(Clone)]
pub struct Claims {
    pub subject: String,
    pub expires_at: Timestamp,
    pub all: Map<String, Value>,
}

impl Claims {
    /// A claim by its name, or by a path into the token.
    fn get(&self, name: &ClaimName) -> Option<&Value> {
        if let Some(value) = self.all.get(name.as_str()) {
            return Some(value);
        }
        let mut parts = name.as_str().split('.');
        let first = self.all.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get(part))
    }

    /// The texts of a claim, which may be one text or a list.
    fn texts(&self, name: &ClaimName) -> Vec<&str> {
        match self.get(name) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    fn client<'c>(&'c self, issuer: &'c IssuerSettings) -> Option<&'c str> {
        let names = issuer.client_claims.iter();
        let mut found = names.filter_map(|name| self.get(name)?.as_str());
        found.next()
    }

    /// Whether the token is of a system that signed in by a credential of its own, and no
    /// person is behind it.
    ///
    /// The id of a client is in the token of a person, too: there it says through which
    /// program the person signed in. So the client counts only where the issuer says that
    /// the client is itself the subject: by the same id in both claims, as RFC 9068 has it,
    /// or by `idtyp`, which Entra ID sets to `app` and other issuers can be made to.
    pub fn is_system(&self, issuer: &IssuerSettings) -> bool {
        let Some(client) = self.client(issuer) else {
            return false;
        };
        let says_app = self.all.get("idtyp").and_then(Value::as_str) == Some("app");
        // A public client has no credential, so nothing that it gets is its own.
        let is_login = issuer.login_client_id.as_deref() == Some(client);
        !is_login && (says_app || client == self.subject)
    }

    /// The groups, the roles and, of a system, the client.
    pub fn principals(&self, issuer: &IssuerSettings) -> Result<Vec<Principal>, TokenError> {
        let groups = self.texts(&issuer.groups_claim);
        let left_out = self.all.get(LEFT_OUT).and_then(Value::as_object);
        let lacks = |name: &ClaimName| left_out.is_some_and(|all| all.contains_key(name.as_str()));
        if lacks(&issuer.groups_claim) || lacks(&issuer.roles_claim) {
            return Err(TokenError::GroupsLeftOut);
        }
        let roles = self.texts(&issuer.roles_claim);
        let client = self.client(issuer).filter(|_| self.is_system(issuer));
        let groups = groups.into_iter().map(|name| (PrincipalKind::Group, name));
        let roles = roles.into_iter().map(|name| (PrincipalKind::AppRole, name));
        let client = client.into_iter().map(|id| (PrincipalKind::Client, id));
        let mut principals = Vec::new();
        for (kind, value) in client.chain(roles).chain(groups) {
            // One name that is none must not shut a person out of all other groups.
            match Principal::new(&issuer.issuer, kind, value) {
                Ok(principal) => principals.push(principal),
                Err(error) => {
                    let issuer = &issuer.issuer;
                    tracing::warn!(%issuer, %kind, %error, "a name in a token is left out");
                }
            }
        }
        principals.sort();
        principals.dedup();
        match principals.len() {
            0 => Err(TokenError::NoPrincipal),
            1..=PRINCIPALS_MAX => Ok(principals),
            _ => Err(TokenError::TooManyGroups),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sign_in::settings::{SignInClients, SignInSettings};

    const ISSUER: &str = "https://login.example.gov.uk";

    fn issuer() -> IssuerSettings {
        let settings = {
            let clients = SignInClients {
                login: Some("cli"),
                ..SignInClients::default()
            };
            SignInSettings::one(ISSUER, "register", clients)
        }
        .unwrap();
        settings.issuers[0].as_ref().clone()
    }

    fn claims(all: Value) -> Claims {
        let subject = all["sub"].as_str().unwrap_or("s-1").to_owned();
        let Value::Object(all) = all else {
            panic!("an object");
        };
        Claims {
            subject,
            expires_at: Timestamp::MAX,
            all,
        }
    }

    fn names(all: Value) -> Result<Vec<String>, TokenError> {
        let principals = claims(all).principals(&issuer())?;
        let named = principals
            .iter()
            .map(|p| format!("{} {}", p.kind, p.value.as_str()));
        Ok(named.collect())
    }

    #[test]
    fn groups_and_roles_are_what_a_person_has() {
        let all = json!({ "sub": "s-1", "azp": "cli", "groups": ["b", "a", "a"], "roles": "r" });
        assert_eq!(
            names(all.clone()).unwrap(),
            ["group a", "group b", "role r"]
        );
        assert!(!claims(all).is_system(&issuer()));
    }

    #[test]
    fn the_client_counts_only_where_it_is_the_subject_and_has_a_credential() {
        let client = |all: Value| {
            let all = names(all).unwrap();
            all.iter().any(|name| name.starts_with("client "))
        };
        assert!(client(json!({ "sub": "feeder", "client_id": "feeder" })));
        assert!(client(
            json!({ "sub": "o-1", "azp": "feeder", "idtyp": "app" })
        ));
        for person in [
            json!({ "sub": "s-1", "azp": "feeder", "groups": ["a"] }),
            json!({ "sub": "s-1", "azp": "feeder", "idtyp": "user", "groups": ["a"] }),
            // Somebody has managed to have the id of the public client as a subject.
            json!({ "sub": "cli", "azp": "cli", "groups": ["a"] }),
            json!({ "sub": "s-1", "azp": "cli", "idtyp": "app", "groups": ["a"] }),
        ] {
            assert!(!client(person.clone()), "{person}");
        }
    }

    #[test]
    fn a_claim_may_be_inside_another() {
        let mut settings = issuer();
        settings.roles_claim = ClaimName::new("realm_access.roles");
        settings.groups_claim = ClaimName::new("https://example.gov.uk/groups");
        let all = json!({
            "https://example.gov.uk/groups": ["a"],
            "realm_access": { "roles": ["r"] },
        });
        assert_eq!(claims(all).principals(&settings).unwrap().len(), 2);
    }

    #[test]
    fn names_that_are_none_are_left_out_and_groups_left_out_are_an_error() {
        let long = "x".repeat(201);
        let all = json!({ "groups": ["", " ", "a\u{1b}b", long, 7, "good"] });
        assert_eq!(names(all).unwrap(), ["group good"]);
        assert_eq!(
            names(json!({ "groups": [" "] })),
            Err(TokenError::NoPrincipal)
        );
        assert_eq!(names(json!({ "scope": "x" })), Err(TokenError::NoPrincipal));
        let over = json!({ "_claim_names": { "groups": "src1" }, "roles": ["r"] });
        assert_eq!(names(over), Err(TokenError::GroupsLeftOut));
        let other = json!({ "_claim_names": { "photo": "src1" }, "roles": ["r"] });
        assert_eq!(names(other).unwrap(), ["role r"]);
        let many: Vec<String> = (0..501).map(|number| format!("g{number}")).collect();
        assert_eq!(
            names(json!({ "groups": many })),
            Err(TokenError::TooManyGroups)
        );
    }
}
