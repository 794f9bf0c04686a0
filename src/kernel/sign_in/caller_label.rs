//! A caller, as the access log names it: made once for each token.

use std::fmt::Write as _;

use minutebook_domain::caller::KnownCaller;

/// The most principals that a line names. A person may be in hundreds of groups.
const PRINCIPALS_MAX: usize = 5;

/// The pseudonym, and what the issuer vouches for: no name of a person, and no token.
///
/// `066d453f734c970e81e9f730bc97de82: group finance of https://login.example.gov.uk`
pub fn caller_label(known: &KnownCaller) -> String {
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
    use super::*;
    use minutebook_domain::caller::{Principal, PrincipalKind, Pseudonym};

    #[test]
    fn a_caller_is_a_pseudonym_and_the_first_few_principals() {
        let group = |number: usize| {
            Principal::new("https://a", PrincipalKind::Group, &format!("g{number}")).unwrap()
        };
        let known = KnownCaller {
            principals: (0..7).map(group).collect(),
            pseudonym: Pseudonym([0xab; 16]),
        };
        let text = caller_label(&known);
        let hex = "ab".repeat(16);
        let begin = format!("{hex}: group g0 of https://a, group g1 of https://a, ");
        assert!(text.starts_with(&begin), "{text}");
        assert!(text.ends_with("group g4 of https://a and 2 more"), "{text}");
    }
}
