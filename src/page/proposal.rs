//! A proposal: what is asked, whether it may be done, why, and what was done with it.

use maud::{Markup, html};

use crate::address::{Address, Links};
use crate::frame::{PageSection, WebPage};
use crate::marks::{Mark, mark};
use crate::picture::{self, steps};
use crate::reader::PageReader;
use crate::{act, report, spoken, who};
use minutebook_present::answer::Answer;
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{
    ApprovalView, Date, DecisionStanding, GetProposalResponse, NeedState, NeedView, ProposalView,
    VoteChoice, WordEffect, WordView,
};

/// The facts that the heading and the outcome say already.
const IN_HEADING: &[&str] = &[
    "proposal",
    "id",
    "subject",
    "kind",
    "standing",
    "settled on",
    "rule",
    "rule says",
    "rule set",
    "approved",
    "made",
    "left",
    "days",
];

/// The page of a reader, with buttons for what that reader may do.
pub fn page(answer: &GetProposalResponse, reader: &PageReader, address: &Address) -> WebPage {
    let links = address.links();
    let Some(view) = &answer.proposal else {
        return WebPage::new(PageSection::Proposals, "Proposal");
    };
    let approval = view.approval.clone().unwrap_or_default();
    // The reasons are the tree above, and the facts about the decision are its heading.
    let tables = answer.report().without(&["reasoning", "needs"], IN_HEADING);
    WebPage::of_data(PageSection::Proposals, &approval.title)
        .over(html! {
            p {
                (spoken::capital(&approval.matter_kind().label()))
                " · "
                a href=(links.subject(&approval.subject)) { (approval.subject_name) }
            }
        })
        .lede(outcome(view, &approval))
        .body(html! {
            (act::of_proposal(view, reader, links))
            (need(view, links))
            (used(view))
            (report::body(&tables, links))
        })
}

/// Its standing, in a sentence or two beside a bar of its colour.
pub fn outcome(view: &ProposalView, approval: &ApprovalView) -> Markup {
    let (class, sentence) = standing(view, approval);
    let rest = match approval.standing() {
        DecisionStanding::Approved if view.approved_pence > 0 => Some(left(view)),
        DecisionStanding::Pending => Some(format!(
            "It has waited {}.",
            spoken::count(approval.age_days as usize, "day", "days")
        )),
        _ => None,
    };
    html! {
        div class=(class) {
            p { (sentence) }
            @if let Some(rest) = rest { p { (rest) } }
        }
    }
}

fn standing(view: &ProposalView, approval: &ApprovalView) -> (&'static str, String) {
    let on = match &approval.settled_on {
        Some(day) => format!(" on {}", spoken::date(day)),
        None => String::new(),
    };
    let asked = approval.amount_pence;
    let approved = view.approved_pence;
    match approval.standing() {
        DecisionStanding::Approved if approved > 0 && approved != asked && asked > 0 => (
            "outcome yes",
            format!(
                "Approved{on}, for {} of the {} asked.",
                spoken::pounds(approved),
                spoken::pounds(asked)
            ),
        ),
        DecisionStanding::Approved if approved > 0 => (
            "outcome yes",
            format!("Approved{on}, for {}.", spoken::pounds(approved)),
        ),
        DecisionStanding::Approved
        | DecisionStanding::Noted
        | DecisionStanding::Supported
        | DecisionStanding::SubjectTo => (
            "outcome yes",
            format!("{}{on}.", spoken::capital(&approval.standing().label())),
        ),
        DecisionStanding::Pending => {
            let waits = approval.awaited.len();
            let all = waits + approval.agreed.len();
            (
                "outcome waits",
                format!(
                    "It waits for {} of {}.",
                    spoken::number_in_words(waits),
                    spoken::number_in_words(all)
                ),
            )
        }
        other => (
            "outcome no",
            format!("{}{on}.", spoken::capital(&other.label())),
        ),
    }
}

fn left(view: &ProposalView) -> String {
    match (view.made_pence, view.left_pence) {
        (0, _) => "Nothing has been moved yet.".to_owned(),
        (made, 0) => format!(
            "All {} has been moved. Nothing is left.",
            spoken::pounds(made)
        ),
        (made, left) => format!(
            "{} has been moved. {} is left.",
            spoken::pounds(made),
            spoken::pounds(left)
        ),
    }
}

/// The reasons: the sentences, and the tree of who must agree with everybody's word.
pub fn need(view: &ProposalView, links: Links<'_>) -> Markup {
    html! {
        section {
            h2 #why { "Why it has this standing" }
            (rule(view))
            @if let Some(need) = &view.need {
                ul.tree { (branch(need, &view.words, links)) }
            }
            @if !view.reasoning.is_empty() {
                details {
                    summary { "The reasons in the words of the register" }
                    @for sentence in &view.reasoning { p { (sentence) } }
                }
            }
        }
    }
}

/// The rule that applies, and since when.
fn rule(view: &ProposalView) -> Markup {
    let rule = view
        .approval
        .as_ref()
        .and_then(|approval| approval.rule.as_ref());
    html! {
        @if let Some(rule) = rule {
            p {
                @if rule.title.is_empty() { (spoken::capital(&rule.regime().label())) }
                @else { "The first rule that fits applies: " strong { "“" (rule.title) "”" } }
                @if let Some(on) = &rule.in_force_on { ", in force since " (spoken::date(on)) }
                "."
            }
        }
    }
}

/// Who must agree, with everybody's word.
pub fn branch(need: &NeedView, words: &[WordView], links: Links<'_>) -> Markup {
    let state = match need.state() {
        NeedState::Met => Mark::Yes,
        NeedState::Lost => Mark::No,
        NeedState::Open | NeedState::Unspecified => Mark::Waits,
    };
    let on_board = |word: &&WordView| {
        let board = need.agreed.iter().chain(&need.against).chain(&need.awaited);
        let mut boards = board.filter_map(|one| one.board.as_ref());
        need.parts.is_empty()
            && !word.replaced
            && boards.any(|board| word.board.as_ref() == Some(board))
    };
    let words: Vec<&WordView> = words.iter().filter(on_board).collect();
    html! {
        li {
            (mark(state)) strong { (in_names(need)) }
            @if !need.reasoning.is_empty() { ": " (need.reasoning) }
            @if !need.parts.is_empty() {
                ul.tree { @for part in &need.parts { (branch(part, &[], links)) } }
            } @else {
                ul.tree {
                    @if words.is_empty() {
                        @for one in &need.agreed { li { (mark(Mark::Yes)) (who::awaited(one, links)) ": agreed" } }
                        @for one in &need.against { li { (mark(Mark::No)) (who::awaited(one, links)) ": against" } }
                    } @else {
                        @for word in &words { (said(word, links)) }
                    }
                    @for one in &need.awaited { li { (mark(Mark::Waits)) (who::awaited(one, links)) ": awaited" } }
                }
            }
        }
    }
}

/// The need, with the names of boards in the place of their ids.
fn in_names(need: &NeedView) -> String {
    let mut what = need.what.clone();
    let all = need.agreed.iter().chain(&need.against).chain(&need.awaited);
    for board in all.filter_map(|one| one.board.as_ref()) {
        what = what.replace(&format!("boards/{}", board.board_id), &board.name);
    }
    what
}

/// One vote or decision, and whether it counts.
fn said(word: &WordView, links: Links<'_>) -> Markup {
    let counts = word.conflict_declared.is_empty()
        && matches!(
            word.effect(),
            WordEffect::Counts | WordEffect::ByName | WordEffect::Conditional
        );
    let sign = match (word.choice(), counts) {
        (VoteChoice::Abstain | VoteChoice::Unspecified, _) => Mark::Abstained,
        (_, false) => Mark::NotCounted,
        (VoteChoice::Approve, true) => Mark::Yes,
        (VoteChoice::Reject, true) => Mark::No,
    };
    let is_decision = word.by.is_none();
    let choice = match word.choice() {
        VoteChoice::Approve if is_decision => "yes",
        VoteChoice::Reject if is_decision => "no",
        VoteChoice::Approve => "for",
        VoteChoice::Reject => "against",
        VoteChoice::Abstain => "abstained",
        VoteChoice::Unspecified => "no choice is recorded",
    };
    html! {
        li {
            (mark(sign))
            @match (&word.by, &word.board) {
                (Some(by), _) => (who::actor(by, links)),
                (None, Some(board)) => { "Decision of " a href=(links.board(board)) { (board.name) } },
                (None, None) => {},
            }
            ": " (choice)
            @if word.amount_pence > 0 { ", for " (spoken::pounds(word.amount_pence)) }
            @if !word.conflict_declared.is_empty() {
                ", but " strong { "not counted" } ": " (word.conflict_declared)
            } @else if !counts && sign == Mark::NotCounted {
                ", but " strong { "not counted" } ": " (word.effect().label())
            }
            ", " a.entry href=(links.entry(word.position)) { "entry " (word.position) }
        }
    }
}

/// The rest of the amount after each act.
fn used(view: &ProposalView) -> Markup {
    if view.approved_pence <= 0 || view.acts.is_empty() {
        return Markup::default();
    }
    let approval = view.approval.clone().unwrap_or_default();
    let mut left = view.approved_pence;
    let mut taken = vec![steps::Step {
        day: approval
            .settled_on
            .as_ref()
            .map_or_else(String::new, spoken::short_date),
        what: "approved",
        amount: left,
        left,
    }];
    let mut events: Vec<(&Date, u64, &'static str, i64)> = Vec::new();
    for act in &view.acts {
        let amount = act.amount_pence.unwrap_or(0);
        if let Some(on) = &act.on {
            events.push((on, act.position, "moved", -amount));
        }
        if let Some(on) = &act.reversed_on {
            events.push((on, act.position, "undone", amount));
        }
    }
    events.sort_by_key(|(on, position, ..)| (on.year, on.month, on.day, *position));
    for (on, _, what, change) in events {
        left = left.saturating_add(change);
        taken.push(steps::Step {
            day: spoken::short_date(on),
            what,
            amount: change.saturating_abs(),
            left,
        });
    }
    let sentence = match view.left_pence {
        0 => format!(
            "Of {}, nothing is left.",
            spoken::pounds(view.approved_pence)
        ),
        left => format!(
            "Of {}, {} is left.",
            spoken::pounds(view.approved_pence),
            spoken::pounds(left)
        ),
    };
    html! {
        section {
            h2 #used { "What was done with it" }
            (picture::figure(&sentence, &Markup::default(), |width| {
                steps::drawing(&taken, view.approved_pence, width)
            }))
        }
    }
}
