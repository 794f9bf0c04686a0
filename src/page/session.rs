//! Signing in and out on a page, and the line at the top of every page that says as whom.

use maud::{Markup, html};

use crate::address::Address;
use crate::frame::{PageSection, WebPage};
use crate::spoken;

/// The path at which a browser signs in.
pub const SIGN_IN: &str = "/sign-in";

/// The path at which it signs out.
pub const SIGN_OUT: &str = "/sign-out";

/// Who looks at a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Visitor {
    /// Nobody signs in by a browser here.
    #[default]
    Unasked,
    /// Somebody who may sign in.
    SignedOut,
    SignedIn {
        /// The offices that the mandates of the reader name.
        offices: Vec<String>,
        /// The secret of the session's forms; `None` where no session of a browser signs
        /// the reader in.
        form_secret: Option<String>,
    },
}

impl Visitor {
    /// The line at the top of a page.
    pub fn line(&self, address: &Address) -> Markup {
        html! {
            @match self {
                Self::Unasked => {}
                Self::SignedOut => {
                    p.visitor { a href=(sign_in(address)) { "Sign in" } }
                }
                Self::SignedIn { offices, form_secret } => {
                    div.visitor {
                        a href=(address.links().to("/me")) {
                            @if offices.is_empty() { "Signed in, without a mandate" }
                            @else { "Signed in for " (spoken::list(offices)) }
                        }
                        @if let Some(secret) = form_secret {
                            form action=(SIGN_OUT) method="post" {
                                input type="hidden" name="csrf" value=(secret);
                                button.link type="submit" { "Sign out" }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The address that signs in, and goes on with this one.
pub fn sign_in(address: &Address) -> String {
    sign_in_to(&address.href())
}

/// The address that signs in, and goes on with a path.
pub fn sign_in_to(path: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("back", path);
    format!("{SIGN_IN}?{}", query.finish())
}

/// The choice of a provider: each with the address that leads to it.
pub fn providers(choices: &[(String, String)]) -> WebPage {
    WebPage::new(PageSection::Other, "Where do you sign in?").body(html! {
        ul.choices {
            @for (issuer, href) in choices {
                li { a.button href=(href) { (issuer) } }
            }
        }
    })
}

/// Why somebody is not signed in. `again` begins anew.
pub fn not_signed_in(sentence: &str, again: Option<&str>) -> WebPage {
    WebPage::new(PageSection::Other, "You are not signed in")
        .lede(html! { p { (sentence) } })
        .body(html! {
            @if let Some(again) = again { p { a.button href=(again) { "Sign in again" } } }
        })
}

pub fn signed_out() -> WebPage {
    WebPage::new(PageSection::Other, "You are signed out")
        .lede(html! {
            p { "This browser can no longer record. The provider may still remember you: on a machine of others, sign out there too." }
        })
        .body(html! { p { a.button href=(SIGN_IN) { "Sign in" } } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_goes_on_with_the_page() {
        let address = Address {
            path: "/proposals/29".to_owned(),
            ..Address::default()
        };
        assert_eq!(
            sign_in(&address.with("a", "b c")),
            "/sign-in?back=%2Fproposals%2F29%3Fa%3Db%2Bc"
        );
        let signed_in = Visitor::SignedIn {
            offices: vec!["<b>".to_owned()],
            form_secret: Some("s".to_owned()),
        };
        let line = signed_in.line(&address).into_string();
        assert!(
            line.contains("&lt;b&gt;") && line.contains("value=\"s\""),
            "{line}"
        );
        let without = Visitor::SignedIn {
            offices: Vec::new(),
            form_secret: None,
        };
        assert!(!without.line(&address).into_string().contains("form"));
    }
}
