//! The recorder of a book, where the mandate of the caller names one.
//!
//! A book says who recorded it. Where somebody has signed in, the register takes the name
//! from the mandate, and refuses another. So the name in the book is left out, and said.

use std::collections::BTreeSet;

use crate::book::BookFile;
use crate::client::Client;
use crate::failure::Failure;
use minutebook_grpc::wire::proto::{WhoAmIRequest, WhoAmIResponse};
use minutebook_present::table::sanitise_for_terminal;

/// The most names in the sentence.
const NAMES_MAX: usize = 3;

/// Leaves out who recorded the books, if the caller has signed in, and says so on standard
/// error where the mandates name somebody else.
pub async fn leave_to_mandate(books: &mut [BookFile], client: &Client) -> Result<(), Failure> {
    let caller = client.caller().who_am_i(WhoAmIRequest {}).await?;
    if let Some(sentence) = left_out(books, &caller.into_inner()) {
        eprintln!("{}", sanitise_for_terminal(&sentence));
    }
    Ok(())
}

/// Leaves the recorder out of the books, and returns what to say of it.
fn left_out(books: &mut [BookFile], caller: &WhoAmIResponse) -> Option<String> {
    if !caller.signed_in {
        return None;
    }
    let mandates = caller.mandates.iter();
    let named: BTreeSet<&str> = mandates.map(|mandate| &*mandate.recorded_as).collect();
    let appends = books.iter_mut().flat_map(|book| &mut book.appends);
    let in_books: BTreeSet<String> = appends
        .map(|append| std::mem::take(&mut append.recorded_by))
        .filter(|name| !name.is_empty() && !named.contains(&**name))
        .collect();
    if in_books.is_empty() || named.is_empty() {
        return None;
    }
    Some(format!(
        "recordedBy is left out ({}): you have signed in, and entries name the office of your \
         mandate ({}).",
        listed(in_books.iter().map(String::as_str)),
        listed(named.into_iter())
    ))
}

fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = names.len().saturating_sub(NAMES_MAX);
    let mut shown: Vec<String> = names.take(NAMES_MAX).map(str::to_owned).collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_grpc::wire::proto::{AppendRequest, MandateView};

    fn books(names: &[&str]) -> Vec<BookFile> {
        let appends = names.iter().map(|name| AppendRequest {
            recorded_by: (*name).to_owned(),
            ..AppendRequest::default()
        });
        vec![BookFile {
            name: "b.json".into(),
            appends: appends.collect(),
            lines: vec![1; names.len()],
        }]
    }

    fn caller(offices: &[&str]) -> WhoAmIResponse {
        let mandates = offices.iter().map(|office| MandateView {
            recorded_as: (*office).to_owned(),
            ..MandateView::default()
        });
        WhoAmIResponse {
            signed_in: true,
            mandates: mandates.collect(),
            ..WhoAmIResponse::default()
        }
    }

    #[test]
    fn the_name_in_a_book_is_left_out_and_said_once() {
        let mut of_others = books(&["Team A", "Team A", "Secretary"]);
        let sentence = left_out(&mut of_others, &caller(&["Secretary"])).unwrap();
        assert!(sentence.contains("(Team A)") && sentence.contains("(Secretary)"));
        let appends = &of_others[0].appends;
        assert!(appends.iter().all(|append| append.recorded_by.is_empty()));
        let mut own = books(&["Secretary"]);
        assert_eq!(left_out(&mut own, &caller(&["Secretary"])), None);
        let mut open = books(&["Team A"]);
        assert_eq!(left_out(&mut open, &WhoAmIResponse::default()), None);
        assert_eq!(open[0].appends[0].recorded_by, "Team A");
    }
}
