//! Forms that browsers post: from a page of this server alone, within limits.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::response::Response;
use tonic::Status;

use super::Web;
use super::asked::PageAsked;
use super::refusal::refused;
use super::sessions::is_same_secret;
use minutebook_form::TypedNode;

/// The most bytes of a form: as many as those of a request.
const BYTES_MAX: usize = 2 << 20;

/// The most boxes of a form.
const PAIRS_MAX: usize = 20_000;

/// In the extensions of a request: whether a page of this server sent it.
#[derive(Debug, Clone, Copy)]
pub struct OwnPage(pub bool);

/// In the extensions of a request that a cookie signs in: the token that each form of the
/// session carries. A page from elsewhere cannot read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormToken(pub String);

/// Boxes that say what to do with a form, and are no questions of it.
const OF_THE_FORM: [&str; 4] = ["csrf", "request_id", "step", "add"];

/// A form that was posted.
#[derive(Debug, Clone)]
pub struct PostedForm {
    pub asked: PageAsked,
    pub sent: SentBoxes,
}

/// The boxes of a posted form.
#[derive(Debug, Clone, Default)]
pub struct SentBoxes {
    pub request_id: String,
    pub step: FormStep,
    /// The list that is to have another row.
    pub add: String,
    /// The texts, with rows counted anew.
    pub typed: TypedNode,
    /// Whether a script asks for the check alone.
    pub is_fragment: bool,
}

/// The step that somebody takes with a form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FormStep {
    /// To see what would be recorded.
    #[default]
    Check,
    /// To draw it again: with another row, with more questions, or to change something.
    Redraw,
    Record,
}

impl SentBoxes {
    fn read<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> Self {
        let mut sent = Self::default();
        let mut typed = TypedNode::default();
        for (name, text) in pairs {
            match name {
                "request_id" => text.clone_into(&mut sent.request_id),
                "step" => {
                    sent.step = match text {
                        "record" => FormStep::Record,
                        "show" | "change" => FormStep::Redraw,
                        _ => FormStep::Check,
                    };
                }
                "add" => {
                    text.clone_into(&mut sent.add);
                    sent.step = FormStep::Redraw;
                }
                "csrf" => {}
                name => typed.add(name, text),
            }
        }
        sent.typed = typed.without_blank_rows();
        sent
    }
}

/// The texts of the address of a form, which fill it in.
pub fn prefilled(asked: &PageAsked, kind: &str) -> TypedNode {
    let mut typed = TypedNode::default();
    for (name, text) in &asked.address.others {
        let first = name.split(['.', '[']).next().unwrap_or_default();
        if OF_THE_FORM.contains(&first) {
            continue;
        }
        // Boxes of the kind may be named without it.
        let is_of_event = first == kind || is_of_every_event(first);
        match is_of_event {
            true => typed.add(name, text),
            false => typed.add(&format!("{kind}.{name}"), text),
        }
    }
    typed.without_blank_rows()
}

fn is_of_every_event(name: &str) -> bool {
    let event =
        minutebook_grpc::wire::proto::descriptors().get_message_by_name("minutebook.v1.Event");
    name == minutebook_form::RECORDED_BY
        || event.is_some_and(|event| event.get_field_by_name(name).is_some())
}

impl FromRequest<Arc<Web>> for PostedForm {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(asked) = PageAsked::from_request_parts(&mut parts, web).await;
        let token = parts.extensions.get::<FormToken>().cloned();
        let is_own = parts.extensions.get::<OwnPage>().is_some_and(|own| own.0);
        if !is_own {
            return Err(refused(web, &asked, &from_elsewhere()));
        }
        let bytes = match to_bytes(body, BYTES_MAX).await {
            Ok(bytes) => bytes,
            Err(_) => return Err(refused(web, &asked, &too_large())),
        };
        let pairs: Vec<(String, String)> = form_urlencoded::parse(&bytes)
            .take(PAIRS_MAX)
            .map(|(name, text)| (name.into_owned(), text.into_owned()))
            .collect();
        let csrf = pairs.iter().find(|(name, _)| name == "csrf");
        let csrf = csrf.map_or("", |(_, text)| text.as_str());
        if !is_of_session(token.as_ref(), csrf) {
            return Err(refused(web, &asked, &not_of_session()));
        }
        let mut sent = SentBoxes::read(pairs.iter().map(|(n, t)| (n.as_str(), t.as_str())));
        sent.is_fragment = parts
            .headers
            .get("x-minutebook-fragment")
            .is_some_and(|wanted| wanted == "check");
        Ok(Self { asked, sent })
    }
}

/// Whether a form was drawn for the session that sends it. Without a session there is
/// nothing that a page from elsewhere could use.
pub fn is_of_session(token: Option<&FormToken>, csrf: &str) -> bool {
    token.is_none_or(|FormToken(token)| !token.is_empty() && is_same_secret(token, csrf))
}

pub fn from_elsewhere() -> Status {
    Status::permission_denied(
        "This form was not sent by a page of this register, so nothing was recorded. Open the form \
         here, and send it again",
    )
}

pub fn not_of_session() -> Status {
    Status::permission_denied(
        "This form was drawn before you signed in, or for somebody else, so nothing was recorded. \
         Open the form again",
    )
}

fn too_large() -> Status {
    Status::invalid_argument("This form has more than 2 MiB. Record it in parts")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boxes_of_a_form_are_told_from_its_questions() {
        let sent = SentBoxes::read(
            [
                ("request_id", "r"),
                ("csrf", "c"),
                ("subject", "bch"),
                ("virement_made.x[3].y", "z"),
                ("add", "virement_made.x"),
            ]
            .into_iter(),
        );
        assert_eq!(
            (sent.request_id.as_str(), sent.step),
            ("r", FormStep::Redraw)
        );
        let names: Vec<String> = sent.typed.pairs().into_iter().map(|pair| pair.0).collect();
        assert_eq!(names, ["subject", "virement_made.x[0].y"]);
    }

    #[test]
    fn a_form_is_of_its_session() {
        let token = FormToken("t".to_owned());
        assert!(is_of_session(None, ""));
        assert!(is_of_session(Some(&token), "t"));
        assert!(!is_of_session(Some(&token), "x"));
        assert!(!is_of_session(Some(&FormToken::default()), ""));
    }
}
