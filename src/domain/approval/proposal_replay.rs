//! The walk of a proposal through its words, in order: the first that settles it
//! ends it, and what comes after is late.

use std::sync::Arc;

use jiff::civil::Date;

use super::opinion::{Allowance, Opinion};
use super::proposal_status::{
    ApprovedExtent, ExternalDecider, ProposalStatus, Resolution, Settlement,
};
use super::regime::{ApprovalCase, Regime, Ruling, regime};
use super::requirement_status::{RequirementQuery, RequirementState, RequirementStatus, evaluate};
use super::subject_lookup::successor_on;
use crate::domain::date::PartialDate;
use crate::domain::dossier::Proposal;
use crate::domain::entry::Entry;
use crate::domain::event::{DecisionMade, Outcome, ProposalWithdrawn};
use crate::domain::fact::{EffectiveOrder, Fact};
use crate::domain::ids::{BodyId, Position};
use crate::domain::instrument::last_day;

/// One thing that happens to a proposal.
#[derive(Clone, Copy)]
enum ProposalEvent<'a> {
    Word(Opinion<'a>),
    Decides(&'a Fact<DecisionMade>),
    Answers(&'a BodyId, bool, &'a Arc<Entry>),
    Withdraws(&'a Fact<ProposalWithdrawn>),
}

/// What is known of a proposal half-way.
struct ReplayState<'a> {
    since: PartialDate,
    outside: Vec<ExternalDecider<'a>>,
    /// Where no rule applies: the decision inside that approved it.
    agreed_inside: Option<Allowances>,
    put_off_by: Option<&'a Fact<DecisionMade>>,
    withdrawn: Option<&'a Fact<ProposalWithdrawn>>,
    end: Option<(
        Resolution,
        Settlement,
        Regime,
        Option<RequirementStatus>,
        ApprovedExtent,
    )>,
    confirmed: Option<PartialDate>,
}

/// What governs, and where the rule stands, if there is one.
type Evaluation = (Regime, Option<RequirementStatus>);

type Allowances = Vec<Option<Allowance>>;

/// A proposal being walked through.
pub(super) struct ProposalReplay<'a> {
    case: ApprovalCase<'a>,
    proposal: &'a Proposal,
    words: Vec<Opinion<'a>>,
    late: Vec<Opinion<'a>>,
    state: ReplayState<'a>,
}

impl<'a> ProposalReplay<'a> {
    /// A proposal on which nothing has been said yet.
    pub fn new(case: ApprovalCase<'a>, proposal: &'a Proposal) -> Self {
        Self {
            case,
            proposal,
            words: Vec::new(),
            late: Vec::new(),
            state: ReplayState {
                since: proposal.on(),
                outside: proposal.decider().map(asked).into_iter().collect(),
                agreed_inside: None,
                put_off_by: None,
                withdrawn: None,
                end: None,
                confirmed: None,
            },
        }
    }

    /// What becomes of it by a place, whatever stands there left out.
    pub fn course(mut self, until: EffectiveOrder) -> ProposalStatus<'a> {
        let last = self.proposal.lapses_on().map(last_day);
        for (place, step) in proposal_events(self.proposal) {
            if place >= until {
                break;
            }
            let settled = self.state.end.is_some();
            let late = settled || last.is_some_and(|last| last < place.0);
            match step {
                ProposalEvent::Word(word) if late => {
                    if !self.apply_confirmation(word) {
                        self.late.push(word);
                    }
                }
                ProposalEvent::Word(word) => {
                    self.words.push(word);
                    self.apply_opinion(word);
                }
                _ if late => {}
                ProposalEvent::Decides(fact) => self.apply_decision(fact),
                ProposalEvent::Answers(decider, approved, entry) => {
                    self.apply_external_answer(place, decider, approved, entry);
                }
                ProposalEvent::Withdraws(fact) => {
                    self.state.withdrawn = Some(fact);
                    let stands = self.evaluate_at(place);
                    self.resolve(Resolution::Withdrawn, place, &fact.source.entry, stands);
                }
            }
        }
        let lapsed = last.filter(|last| *last < until.0 && self.state.end.is_none());
        if let (Some(last), Some(on)) = (lapsed, self.proposal.lapses_on()) {
            let (regime, need) = self.evaluate_at((last, Position::new(u64::MAX)));
            let settled = Settlement {
                place: (last, Position::new(u64::MAX)),
                on,
                by: None,
            };
            let approved = ApprovedExtent::default();
            self.state.end = Some((Resolution::Lapsed, settled, regime, need, approved));
        }
        let (fate, settled, regime, need, approved) = match self.state.end.take() {
            Some((fate, settled, regime, need, approved)) => {
                (fate, Some(settled), regime, need, approved)
            }
            None => {
                let (regime, need) = self.evaluate_at(until);
                (
                    Resolution::Open,
                    None,
                    regime,
                    need,
                    ApprovedExtent::default(),
                )
            }
        };
        let in_time = self.words.len();
        self.words.append(&mut self.late);
        ProposalStatus {
            in_time,
            board: self.proposal.board(),
            resolution: fate,
            settled,
            since: self.state.since,
            regime,
            requirement: need,
            external_deciders: self.state.outside,
            put_off_by: self.state.put_off_by,
            withdrawn: self.state.withdrawn,
            opinions: self.words,
            approved,
            confirmed: self.state.confirmed,
        }
    }

    /// What governs at a place, and where the rule stands with what was said.
    fn evaluate_at(&self, at: EffectiveOrder) -> Evaluation {
        let regime = regime(&self.case, at);
        let need = match &regime {
            Regime::Rule(ruling) => Some(self.need(ruling, at.0)),
            Regime::NotCovered(_) | Regime::Law | Regime::Unregulated => None,
        };
        (regime, need)
    }

    fn need(&self, ruling: &Ruling, day: Date) -> RequirementStatus {
        let question = RequirementQuery {
            case: self.case,
            day,
            opinions: &self.words,
        };
        evaluate(&question, &ruling.rule().requirement)
    }

    /// A vote, or a decision to approve or reject.
    fn apply_opinion(&mut self, word: Opinion<'a>) {
        let decided = word.decision.is_some();
        let stands = self.evaluate_at(word.place);
        match stands.1.as_ref().map(|need| need.state) {
            Some(RequirementState::Met) => self.carry(word.place, word.entry, stands),
            Some(RequirementState::Lost) if decided && !word.approves() => {
                self.resolve(Resolution::Rejected, word.place, word.entry, stands);
            }
            Some(RequirementState::Open | RequirementState::Lost) => {}
            // Votes alone carry nothing where no rule says what they would.
            None if !decided => {}
            None if word.approves() => {
                let inside = self.state.agreed_inside.get_or_insert_default();
                inside.push(word.allows);
                self.carry(word.place, word.entry, stands);
            }
            None => self.resolve(Resolution::Rejected, word.place, word.entry, stands),
        }
    }

    /// Whether a board's own approval puts on record what the votes of all its
    /// members have carried; what it allows then counts.
    fn apply_confirmation(&mut self, word: Opinion<'a>) -> bool {
        let Some((Resolution::Carried, settled, Regime::Rule(ruling), Some(before), _)) =
            &self.state.end
        else {
            return false;
        };
        let carried_by_votes = before.ballots().into_iter().any(|ballot| {
            Some(&ballot.board) == word.board && ballot.decided.is_none() && ballot.taken
        });
        if !(word.closes && word.approves() && carried_by_votes) {
            return false;
        }
        let (ruling, settled) = (ruling.clone(), settled.clone());
        self.words.push(word);
        let need = self.need(&ruling, settled.place.0);
        if need.state != RequirementState::Met {
            self.words.pop();
            return false;
        }
        let allowances = need.counted.iter().map(|word| word.allows).collect();
        let approved = self.approved(&allowances);
        let regime = Regime::Rule(ruling);
        self.state.confirmed = Some(word.entry.effective_on());
        self.state.end = Some((Resolution::Carried, settled, regime, Some(need), approved));
        true
    }

    /// A decision that neither approves nor rejects.
    fn apply_decision(&mut self, fact: &'a Fact<DecisionMade>) {
        let fate = match &fact.outcome {
            Outcome::Approved | Outcome::Rejected => return,
            Outcome::Deferred => {
                self.state.since = fact.on();
                self.state.put_off_by = Some(fact);
                return;
            }
            Outcome::Referred(to) => {
                self.state.since = fact.on();
                self.state.put_off_by = Some(fact);
                // A referral comes on top of whoever was to decide already.
                self.state.outside.retain(|before| before.body != to);
                self.state.outside.push(asked(to));
                return;
            }
            Outcome::Noted => Resolution::Noted,
            Outcome::Supported => Resolution::Supported,
        };
        let stands = self.evaluate_at(fact.effective_order());
        if stands.1.is_none() && !self.awaits_answer() {
            self.resolve(fate, fact.effective_order(), &fact.source.entry, stands);
        }
    }

    fn apply_external_answer(
        &mut self,
        place: EffectiveOrder,
        decider: &'a BodyId,
        approved: bool,
        by: &Arc<Entry>,
    ) {
        let (world, day) = (self.case.lookup, place.0);
        let answers = |asked: &ExternalDecider<'_>| {
            asked.body == decider || successor_on(world, asked.body, day) == *decider
        };
        for asked in self.state.outside.iter_mut().filter(|asked| answers(asked)) {
            asked.approved = approved;
        }
        let stands = self.evaluate_at(place);
        if approved {
            self.carry(place, by, stands);
        } else {
            self.resolve(Resolution::Rejected, place, by, stands);
        }
    }

    fn awaits_answer(&self) -> bool {
        self.state.outside.iter().any(|asked| !asked.approved)
    }

    /// Carries it, where both the rule and the outside decider are satisfied.
    fn carry(&mut self, place: EffectiveOrder, by: &Arc<Entry>, (regime, need): Evaluation) {
        if self.awaits_answer() {
            return;
        }
        let allowances: Allowances = match &need {
            Some(need) if need.state == RequirementState::Met => {
                need.counted.iter().map(|word| word.allows).collect()
            }
            Some(_) => return,
            None => self.state.agreed_inside.clone().unwrap_or_default(),
        };
        let approved = self.approved(&allowances);
        let end = (
            Resolution::Carried,
            settlement(place, by),
            regime,
            need,
            approved,
        );
        self.state.end = Some(end);
    }

    /// What those who agreed allow: the smallest amount of theirs.
    fn approved(&self, allowances: &Allowances) -> ApprovedExtent {
        let asked = self.case.act.amount();
        let said = || allowances.iter().flatten();
        let least = said().filter_map(|allowance| allowance.amount).min();
        ApprovedExtent {
            amount: match (asked, least) {
                (Some(asked), Some(least)) => Some(asked.min(least)),
                (asked, _) => asked,
            },
            covers_projected: said().next().is_some() && said().all(|said| said.projected),
        }
    }

    fn resolve(
        &mut self,
        fate: Resolution,
        place: EffectiveOrder,
        by: &Arc<Entry>,
        (regime, need): Evaluation,
    ) {
        let end = (
            fate,
            settlement(place, by),
            regime,
            need,
            ApprovedExtent::default(),
        );
        self.state.end = Some(end);
    }
}

const fn asked(body: &BodyId) -> ExternalDecider<'_> {
    ExternalDecider {
        body,
        approved: false,
    }
}

fn settlement(place: EffectiveOrder, by: &Arc<Entry>) -> Settlement {
    Settlement {
        place,
        on: by.effective_on(),
        by: Some(Arc::clone(by)),
    }
}

/// Everything that happened to a proposal, in order.
fn proposal_events(proposal: &Proposal) -> Vec<(EffectiveOrder, ProposalEvent<'_>)> {
    let mut steps: Vec<(EffectiveOrder, ProposalEvent<'_>)> = Vec::new();
    for fact in proposal.votes.iter() {
        steps.push((
            fact.effective_order(),
            ProposalEvent::Word(Opinion::vote(fact)),
        ));
    }
    for fact in proposal.decisions.iter() {
        let step =
            Opinion::decision(fact).map_or(ProposalEvent::Decides(fact), ProposalEvent::Word);
        steps.push((fact.effective_order(), step));
    }
    for fact in proposal.virement_approvals.iter() {
        steps.push((
            fact.effective_order(),
            ProposalEvent::Word(Opinion::virement(fact)),
        ));
    }
    for fact in proposal.external.iter() {
        let step = ProposalEvent::Answers(&fact.decider, fact.approved, &fact.source.entry);
        steps.push((fact.effective_order(), step));
    }
    for fact in proposal.withdrawn.iter() {
        steps.push((fact.effective_order(), ProposalEvent::Withdraws(fact)));
    }
    steps.sort_by_key(|(place, _)| *place);
    steps
}
