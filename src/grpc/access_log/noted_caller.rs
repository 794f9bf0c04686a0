//! A caller, as the access log names it.

use std::fmt::Write as _;

use crate::domain::caller::{Caller, KnownCaller};

/// A call for which nobody is signed in.
pub const NOBODY: &str = "nobody signed in";

/// The most principals that a line names. A person may be in hundreds of groups.
const PRINCIPALS_MAX: usize = 5;

/// The pseudonym, and what the issuer vouches for: no name of a person, and no token.
pub fn named(caller: &Caller) -> String {
    match caller {
        Caller::Known(known) => named_known(known),
        Caller::Local | Caller::Public | Caller::Store => NOBODY.to_owned(),
    }
}

/// `066d453f734c970e81e9f730bc97de82: group finance of https://login.example.gov.uk`
fn named_known(known: &KnownCaller) -> String {
    let mut text = known.pseudonym.to_string();
    for (index, principal) in known.principals.iter().take(PRINCIPALS_MAX).enumerate() {
        let separator = if index == 0 { ":" } else { "," };
        let _ = write!(text, "{separator} {principal}");
    }
    if let Some(more) = known.principals.len().checked_sub(PRINCIPALS_MAX)
        && more > 0
    {
        let _ = write!(text, " and {more} more");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::caller::{Principal, PrincipalKind, Pseudonym};

    #[test]
    fn a_caller_is_a_pseudonym_and_the_first_few_principals() {
        let group = |number: usize| {
            Principal::new("https://a", PrincipalKind::Group, &format!("g{number}")).unwrap()
        };
        let known = KnownCaller {
            principals: (0..7).map(group).collect(),
            pseudonym: Pseudonym([0xab; 16]),
        };
        let text = named(&Caller::Known(Arc::new(known)));
        let hex = "ab".repeat(16);
        let begin = format!("{hex}: group g0 of https://a, group g1 of https://a, ");
        assert!(text.starts_with(&begin), "{text}");
        assert!(text.ends_with("group g4 of https://a and 2 more"), "{text}");
        assert_eq!(named(&Caller::Local), NOBODY);
    }
}
