//! The fields that a sheet may have, in its header block or as columns of its table.
//!
//! One table has their labels, for the reader and for templates alike.

use crate::grid::on_one_line;

/// The kinds of sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SheetKind {
    Budget,
    Contributions,
    Formula,
    Virements,
    Votes,
    Signatures,
    Decisions,
}

impl SheetKind {
    pub const ALL: [Self; 7] = [
        Self::Budget,
        Self::Contributions,
        Self::Formula,
        Self::Virements,
        Self::Votes,
        Self::Signatures,
        Self::Decisions,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::Contributions => "contributions",
            Self::Formula => "formula",
            Self::Virements => "virements",
            Self::Votes => "votes",
            Self::Signatures => "signatures",
            Self::Decisions => "decisions",
        }
    }

    pub fn named(text: &str) -> Option<Self> {
        let text = on_one_line(text).to_lowercase();
        let mut kinds = Self::ALL.into_iter();
        kinds.find(|kind| kind.name() == text || kind.name().trim_end_matches('s') == text)
    }

    /// All names, for a sentence.
    pub fn listed() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

macro_rules! sheet_fields {
    ($($name:ident: $label:literal $(or $also:literal)*, $hint:literal;)*) => {
        /// A field of a sheet.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum SheetField {
            $($name,)*
        }

        impl SheetField {
            #[cfg(test)]
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The label that templates have.
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$name => $label,)*
                }
            }

            /// Advice on its value, for a person.
            pub const fn hint(self) -> &'static str {
                match self {
                    $(Self::$name => $hint,)*
                }
            }

            /// The field with a label, in capitals or not, with or without a colon.
            pub fn labelled(text: &str) -> Option<Self> {
                let text = on_one_line(text).to_lowercase();
                match text.trim_end_matches([':', ' ', '*']) {
                    $($label $(| $also)* => Some(Self::$name),)*
                    other => match other {
                        $(_ if other.eq_ignore_ascii_case($label) => Some(Self::$name),)*
                        _ => None,
                    },
                }
            }
        }
    };
}

sheet_fields! {
    What: "What" or "kind of sheet", "The kind of sheet.";
    Collaboration: "Collaboration", "Its name or id.";
    Subject: "Subject", "A collaboration, body or board by its id, such as bodies/kent-pcc.";
    Year: "Financial year" or "year", "Such as 2024/25.";
    InForceFrom: "In force from" or "date" or "effective from" or "on" or "day",
        "The day from which it holds: 1 October 2024, 1/10/2024 (day first), October 2024 or 2024. \
         Write \"about\", \"by\" or \"from\" before a day that is not known.";
    DecidedOn: "Decided on", "The day on which it was decided, where that differs.";
    Title: "Title", "In one line.";
    BudgetId: "Budget id", "Only where the subject has several budgets for a year.";
    Unit: "Unit" or "units", "The unit of the amounts: £, £'000, £m or pence.";
    Source: "Source document" or "source" or "document", "The title of the document that states it.";
    Place: "Page" or "place" or "paragraph" or "table", "The place in the document, such as Annex A or page 4.";
    Link: "Link" or "uri" or "url", "The address of the document.";
    Note: "Note" or "notes" or "remark", "A remark for readers.";
    RecordedBy: "Recorded by", "The office that records, never a person's name.";
    Service: "Service", "Its name or id.";
    Head: "Head" or "budget head" or "cost head", "A head of the budget, such as Staff.";
    Fund: "Fund" or "revenue or capital", "Revenue or capital.";
    IncomeOrCost: "Income or cost" or "type", "Expenditure or income. Income is written as a positive amount.";
    Body: "Body" or "party", "Its name or id.";
    Office: "Office", "An office, such as Chief Finance Officer, never a person's name.";
    Amount: "Amount" or "amount (£)", "In pounds, such as 30,000 or £30,000.00.";
    Share: "Share" or "share (%)" or "%", "As a percentage, such as 27.3%.";
    Basis: "Basis", "The basis of the shares, such as net revenue expenditure.";
    SharesAre: "Shares are", "Exact, rounded or incomplete.";
    Step: "Step", "Requested or made.";
    Reference: "Reference" or "ref", "Rows with the same reference are one virement.";
    FromService: "From service", "The service that gives, by its name or id.";
    FromHead: "From head", "The head that gives.";
    ToService: "To service", "The service that gains, by its name or id.";
    ToHead: "To head", "The head that gains.";
    ReturnedTo: "Returned to", "The body that money is returned to, in place of a head.";
    Underspend: "Underspend", "Actual or projected, where it uses an underspend.";
    Permanence: "Permanence", "One off or permanent.";
    Reason: "Reason" or "reasons", "In words.";
    Board: "Board", "Its name or id.";
    Meeting: "Meeting", "The id of the meeting, often its date such as 2024-06-17.";
    Proposal: "Proposal", "Its title or id.";
    NoApproval: "Done without approval, because" or "done without approval",
        "Only for an act without the approval that it needed: it then shows as a breach for ever.";
    Voter: "Voter" or "body that votes", "The body that votes, by its name or id.";
    Choice: "Vote" or "choice", "For, against or abstain.";
    Conflict: "Interest declared" or "conflict of interest", "A conflict of interest, in words. The vote then counts neither way.";
    SeatOnly: "Seat only", "Yes, if it is not the agreement of the body itself.";
    Instrument: "Instrument" or "agreement", "Its title or id.";
    Outcome: "Outcome" or "decision", "Approved, rejected, noted, supported or deferred.";
    DecidedBy: "Decided by", "The body that decided, by its name or id, where no board did.";
    Conditions: "Conditions", "Conditions or a time limit, in words.";
    Present: "Present", "The number of members present.";
    VotesFor: "Votes for" or "for", "A number.";
    VotesAgainst: "Votes against" or "against", "A number.";
    Abstentions: "Abstentions" or "abstained", "A number.";
    Unanimous: "Unanimous", "Yes, if the minutes say so.";
    AllowsProjected: "Covers a projected underspend" or "allows projected", "Yes or no.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_of_one_field() {
        for field in SheetField::ALL {
            assert_eq!(SheetField::labelled(field.label()), Some(*field));
            let capitals = format!(" {}: ", field.label().to_uppercase());
            assert_eq!(SheetField::labelled(&capitals), Some(*field), "{capitals}");
        }
        assert_eq!(SheetField::labelled("nothing"), None);
        assert_eq!(
            SheetKind::named("Contribution"),
            Some(SheetKind::Contributions)
        );
    }
}
