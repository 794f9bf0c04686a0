//! Reading for majorities, quorums by group, interests and tallies.

use crate::fields::{
    FromWire, ITEMS_MAX, choice, choice_or, choices, count, date, list, message, name, no_repeats,
    optional, optional_choice, reads, remark, required_text,
};
use crate::proto;
use crate::violation::MessageReader;
use minutebook_domain::date::PartialDate;
use minutebook_domain::event::{
    CastingVoteGiven, DISPENSATION_YEARS_MAX, Dispensation, GroupQuorum, Majority, MajorityOf,
    Tally, TallyFigure, VoteChoice,
};

/// The largest number in a fraction.
const FRACTION_MAX: u32 = 1_000;

reads! {
    Interest {
        description: required_text(description),
        kind: choice(kind),
        course: choice(course),
        dispensation: optional(dispensation),
    }
}

impl FromWire for Majority {
    type Wire = proto::Majority;

    fn read(r: &mut MessageReader, m: &proto::Majority) -> Option<Self> {
        let of = choice_or(r, "of", &m.of, MajorityOf::Voting);
        let mut is_fraction = true;
        for (field, number) in [("numerator", m.numerator), ("denominator", m.denominator)] {
            if number == 0 || number > FRACTION_MAX {
                r.fault_in(
                    field,
                    "a fraction is of two numbers from 1 to 1,000, such as 2 and 3 for two thirds",
                );
                is_fraction = false;
            }
        }
        let is_all = m.numerator == m.denominator && m.more_than;
        if is_fraction && (m.numerator > m.denominator || is_all) {
            r.fault_in(
                "numerator",
                "no vote is more than the whole: give a smaller numerator, or leave more_than out",
            );
            is_fraction = false;
        }
        is_fraction.then_some(Self {
            numerator: m.numerator,
            denominator: m.denominator,
            more_than: m.more_than,
            of: of?,
        })
    }
}

impl FromWire for GroupQuorum {
    type Wire = proto::GroupQuorum;

    fn read(r: &mut MessageReader, m: &proto::GroupQuorum) -> Option<Self> {
        let group = name(r, "group", &m.group);
        let members = count(r, "members", &m.members)?;
        if members.is_none() {
            r.fault_in("members", "say how many of the group must take part");
        }
        Some(Self {
            group: group?,
            members: members?,
        })
    }
}

/// Refuses a group that is named twice.
pub(super) fn group_quorums(
    r: &mut MessageReader,
    field: &str,
    v: &[proto::GroupQuorum],
) -> Option<Vec<GroupQuorum>> {
    let quorums = list(r, field, v, ITEMS_MAX);
    let key = |quorum: &GroupQuorum| quorum.group.folded().to_ascii_lowercase();
    no_repeats(r, field, quorums, key, "this group")
}

impl FromWire for Dispensation {
    type Wire = proto::Dispensation;

    fn read(r: &mut MessageReader, m: &proto::Dispensation) -> Option<Self> {
        let granted_on = date(r, "granted_on", &m.granted_on);
        let expires_on = date(r, "expires_on", &m.expires_on);
        let ground = optional_choice(r, "ground", &m.ground);
        let reference = remark(r, "reference", &m.reference);
        let (granted_on, expires_on) = (granted_on?, expires_on?);
        if let Some((granted_on, expires_on)) = granted_on.zip(expires_on)
            && !lasts_four_years_at_most(granted_on, expires_on)
        {
            r.fault_in(
                "expires_on",
                format!(
                    "a dispensation lasts from the day it is granted for at most four years \
                     (Localism Act 2011 s.33(3)); from {granted_on} to {expires_on} is not: check \
                     the dates"
                ),
            );
            return None;
        }
        Some(Self {
            granted_on,
            expires_on,
            ground: ground?,
            reference: reference?,
        })
    }
}

fn lasts_four_years_at_most(granted_on: PartialDate, expires_on: PartialDate) -> bool {
    let last = granted_on.last_day();
    let span = jiff::Span::new().years(DISPENSATION_YEARS_MAX);
    let latest = last.checked_add(span).unwrap_or(last);
    expires_on.last_day() >= granted_on.first_day() && expires_on.first_day() <= latest
}

/// Requires that an interest fits the vote: a member who left or stayed without a vote
/// has none.
pub(super) fn check_interest(r: &mut MessageReader, m: &proto::VoteCast) {
    let Some(interest) = &m.interest else { return };
    if !m.conflict_declared.is_empty() {
        r.fault_in(
            "interest",
            "an interest is declared once: keep interest, and leave conflict_declared out",
        );
    }
    let voted = interest.course == proto::InterestCourse::Voted as i32;
    let is_stated = interest.course != proto::InterestCourse::Unspecified as i32;
    if is_stated && !voted && m.choice != proto::VoteChoice::Abstain as i32 {
        r.fault_in(
            "choice",
            "a member who left the room or stayed without a vote has none: choose \
             VOTE_CHOICE_ABSTAIN, or make interest.course INTEREST_COURSE_VOTED",
        );
    }
}

impl FromWire for CastingVoteGiven {
    type Wire = proto::CastingVoteGiven;

    fn read(r: &mut MessageReader, m: &proto::CastingVoteGiven) -> Option<Self> {
        let by = message(r, "by", &m.by);
        let choice = choice(r, "choice", &m.choice)?;
        if choice == VoteChoice::Abstain {
            r.fault_in(
                "choice",
                "a casting vote decides: choose VOTE_CHOICE_APPROVE or VOTE_CHOICE_REJECT",
            );
            return None;
        }
        Some(Self { by: by?, choice })
    }
}

impl FromWire for Tally {
    type Wire = proto::Tally;

    fn read(r: &mut MessageReader, m: &proto::Tally) -> Option<Self> {
        let before = r.fault_count();
        let casting_vote = optional(r, "casting_vote", &m.casting_vote);
        let votes = [m.votes_for, m.votes_against, m.abstentions];
        let votes: u64 = votes.into_iter().map(u64::from).sum();
        let not_given: Option<Vec<TallyFigure>> = choices(r, "not_given", &m.not_given);
        let not_given = not_given.unwrap_or_default();
        let figures = [
            (TallyFigure::For, "votes_for", m.votes_for),
            (TallyFigure::Against, "votes_against", m.votes_against),
            (TallyFigure::Abstentions, "abstentions", m.abstentions),
        ];
        for (figure, field, number) in figures {
            if number > 0 && not_given.contains(&figure) {
                r.fault_in(
                    field,
                    "not_given says that the minutes do not give this number: leave one of the \
                     two out",
                );
            }
        }
        if not_given.len() == figures.len() {
            r.fault_in(
                "not_given",
                "where the minutes give none of the numbers there is no tally: leave it out, or \
                 say unanimous without not_given",
            );
        } else if votes == 0 && not_given.is_empty() && !m.unanimous && m.casting_vote.is_none() {
            r.fault_in(
                "votes_for",
                "say how the vote went: the numbers for, against and abstaining (in not_given, \
                 those that the minutes leave out), or unanimous",
            );
        }
        if m.present > 0 && votes > u64::from(m.present) {
            r.fault_in(
                "present",
                format!(
                    "{votes} votes and abstentions are more than the {} present: check the numbers",
                    m.present
                ),
            );
        }
        if m.unanimous && m.votes_for > 0 && m.votes_against > 0 {
            r.fault_in(
                "unanimous",
                "a vote with some for and some against is not unanimous: leave it out, or check \
                 the numbers",
            );
        }
        let is_open =
            not_given.contains(&TallyFigure::For) || not_given.contains(&TallyFigure::Against);
        let is_level = (is_open || m.votes_for == m.votes_against) && !m.unanimous;
        if m.casting_vote.is_some() && !is_level {
            r.fault_in(
                "casting_vote",
                "a casting vote decides only where as many votes are for as against; count the \
                 vote of the person presiding as a member with the others",
            );
        }
        if r.fault_count() > before {
            return None;
        }
        let given = |figure, number| (!not_given.contains(&figure)).then_some(number);
        Some(Self {
            present: (m.present > 0).then_some(m.present),
            votes_for: given(TallyFigure::For, m.votes_for),
            votes_against: given(TallyFigure::Against, m.votes_against),
            abstentions: given(TallyFigure::Abstentions, m.abstentions),
            unanimous: m.unanimous,
            casting_vote: casting_vote?,
        })
    }
}

/// The tally of an approval.
pub(super) fn approval_tally(
    r: &mut MessageReader,
    field: &str,
    v: &Option<proto::Tally>,
) -> Option<Option<Tally>> {
    let tally: Option<Option<Tally>> = optional(r, field, v);
    tally.map(|tally| tally.map(Tally::of_approval))
}

/// The tally of a rejection.
pub(super) fn rejection_tally(
    r: &mut MessageReader,
    field: &str,
    v: &Option<proto::Tally>,
) -> Option<Option<Tally>> {
    let tally: Option<Option<Tally>> = optional(r, field, v);
    tally.map(|tally| tally.map(Tally::of_rejection))
}

/// Requires that only a board's decision has a tally.
pub(super) fn check_tally(r: &mut MessageReader, tally: Option<&proto::Tally>, board_id: &str) {
    if tally.is_some() && board_id.is_empty() {
        r.fault_in(
            "tally",
            "a tally is the result of a board's vote: name the board in board_id, or leave it out",
        );
    }
}
