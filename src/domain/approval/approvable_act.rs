//! A topic: what is put up for decision or carried out, in the same terms, so
//! that the one can be held against the other.

use std::collections::BTreeMap;

use crate::domain::date::FinancialYear;
use crate::domain::dossier::{Proposal, ProposalSource};
use crate::domain::event::{
    Disposal, DisposalDestination, Figures, Head, Kind, Matter, MatterKind, Permanence, Place,
    UnderspendBasis, Virement,
};
use crate::domain::ids::{BodyId, BudgetId, InstrumentId, ItemId, ServiceId};
use crate::domain::money::Pence;

/// What is put up, or done.
#[derive(Debug, Clone, Copy)]
pub enum ApprovableAct<'a> {
    /// To sign an instrument; where it is done, who signs.
    SignInstrument(&'a InstrumentId, Option<&'a BodyId>),
    /// To vary an instrument.
    VaryInstrument(&'a InstrumentId),
    /// To admit a party.
    AdmitParty(&'a BodyId),
    /// To withdraw.
    Withdraw(&'a BodyId),
    /// To end the collaboration.
    EndCollaboration,
    /// To add a service.
    AddService(&'a ServiceId),
    /// To remove a service.
    RemoveService(&'a ServiceId),
    /// To change who leads a service, or the whole.
    ChangeLead(Option<&'a ServiceId>, &'a BodyId),
    /// To set a budget; its total, where that is said.
    SetBudget(FinancialYear, Option<&'a BudgetId>, Option<Pence>),
    /// To make a virement.
    MakeVirement(&'a Virement),
    /// To dispose of an underspend.
    DisposeUnderspend(&'a Disposal),
    /// To adopt a set of approval rules.
    AdoptRules(&'a ItemId),
    /// Anything else: no act carries it out.
    Other,
}

/// A part of an amount of money: where it comes from, or where it goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Portion<'a> {
    /// What leaves a head.
    Source(&'a Place),
    /// What arrives at one, or leaves the budget.
    Target(&'a Place),
    /// A part of a disposal.
    Part(DisposalDestination, Option<&'a BodyId>),
}

/// In what an act is not the one that was approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What differs, such as `year`.
    pub what: &'static str,
    /// As approved.
    pub approved: String,
    /// As done.
    pub done: String,
}

impl<'a> ApprovableAct<'a> {
    /// What an event carries out; `None` where it is no act that an approval may
    /// be needed for.
    pub fn of(kind: &'a Kind) -> Option<Self> {
        Some(match kind {
            Kind::AgreementSigned(what) => Self::SignInstrument(&what.instrument, Some(&what.body)),
            Kind::MouUpdated(what) => Self::VaryInstrument(&what.variation.instrument),
            Kind::InstrumentVaried(what) => Self::VaryInstrument(&what.variation.instrument),
            Kind::PartyJoined(what) => Self::AdmitParty(&what.body),
            Kind::PartyWithdrew(what) => Self::Withdraw(&what.body),
            Kind::InstrumentRenewed(what) => Self::VaryInstrument(&what.instrument),
            Kind::InstrumentEnded(what) => Self::VaryInstrument(&what.instrument),
            Kind::CollaborationEnded(_) => Self::EndCollaboration,
            Kind::ServiceAdded(what) => Self::AddService(&what.service),
            Kind::ServiceRemoved(what) => Self::RemoveService(&what.service),
            Kind::ServiceLeadTransferred(what) => Self::ChangeLead(Some(&what.service), &what.to),
            Kind::LeadAppointed(what) => Self::ChangeLead(None, &what.body),
            Kind::BudgetApproved(what) => Self::SetBudget(
                what.figures.year,
                what.budget.as_ref(),
                Some(what.figures.extent()),
            ),
            Kind::VirementMade(what) => Self::MakeVirement(&what.virement),
            Kind::UnderspendDisposed(what) => Self::DisposeUnderspend(&what.disposal),
            Kind::ApprovalRulesAdopted(what) => Self::AdoptRules(&what.rule_set),
            _ => return None,
        })
    }

    /// What a proposal puts up.
    pub fn proposed(proposal: &'a Proposal) -> Self {
        match &proposal.source {
            ProposalSource::Matter(fact) => Self::matter(&fact.matter),
            ProposalSource::Virement(fact) => Self::MakeVirement(&fact.virement),
        }
    }

    /// What a matter is about.
    pub fn matter(matter: &'a Matter) -> Self {
        match matter {
            Matter::SignInstrument(id) => Self::SignInstrument(id, None),
            Matter::VaryInstrument(id) => Self::VaryInstrument(id),
            Matter::AdmitParty(id) => Self::AdmitParty(id),
            Matter::Withdraw(id) => Self::Withdraw(id),
            Matter::EndCollaboration => Self::EndCollaboration,
            Matter::AddService(id) => Self::AddService(id),
            Matter::RemoveService(id) => Self::RemoveService(id),
            Matter::ChangeLead { service, to } => Self::ChangeLead(service.as_ref(), to),
            Matter::SetBudget {
                year,
                budget,
                total,
            } => Self::SetBudget(*year, budget.as_ref(), *total),
            Matter::MakeVirement(virement) => Self::MakeVirement(virement),
            Matter::DisposeUnderspend(disposal) => Self::DisposeUnderspend(disposal),
            Matter::AdoptRules(id) => Self::AdoptRules(id),
            Matter::Other(_) => Self::Other,
        }
    }

    /// Its kind.
    pub const fn kind(&self) -> MatterKind {
        match self {
            Self::SignInstrument(..) => MatterKind::SignInstrument,
            Self::VaryInstrument(_) => MatterKind::VaryInstrument,
            Self::AdmitParty(_) => MatterKind::AdmitParty,
            Self::Withdraw(_) => MatterKind::Withdraw,
            Self::EndCollaboration => MatterKind::EndCollaboration,
            Self::AddService(_) => MatterKind::AddService,
            Self::RemoveService(_) => MatterKind::RemoveService,
            Self::ChangeLead(..) => MatterKind::ChangeLead,
            Self::SetBudget(..) => MatterKind::SetBudget,
            Self::MakeVirement(_) => MatterKind::MakeVirement,
            Self::DisposeUnderspend(_) => MatterKind::DisposeUnderspend,
            Self::AdoptRules(_) => MatterKind::AdoptRules,
            Self::Other => MatterKind::Other,
        }
    }

    /// The year it is about, where it is about one.
    pub const fn year(&self) -> Option<FinancialYear> {
        match self {
            Self::SetBudget(year, ..) => Some(*year),
            Self::MakeVirement(virement) => Some(virement.year),
            Self::DisposeUnderspend(disposal) => Some(disposal.year),
            _ => None,
        }
    }

    /// The one service it concerns, where it concerns one.
    pub fn service(&self) -> Option<&'a ServiceId> {
        match self {
            Self::RemoveService(id) => Some(id),
            Self::ChangeLead(service, _) => *service,
            Self::DisposeUnderspend(disposal) => disposal.service.as_ref(),
            Self::MakeVirement(virement) => {
                let mut heads = virement.sources.iter().map(|side| match &side.place {
                    Place::Head(head) => head.service.as_ref(),
                    Place::ReturnedTo(_) => None,
                });
                let first = heads.next()??;
                heads.all(|service| service == Some(first)).then_some(first)
            }
            _ => None,
        }
    }

    /// What underspend it rests on.
    pub const fn basis(&self) -> Option<UnderspendBasis> {
        match self {
            Self::MakeVirement(virement) => virement.basis,
            _ => None,
        }
    }

    /// Whether it is drawn from an approval in parts, by amount.
    pub const fn is_drawn(&self) -> bool {
        matches!(self, Self::MakeVirement(_) | Self::DisposeUnderspend(_))
    }

    /// The amount that is moved; `None` where none is stated, or nothing moves.
    pub fn amount(&self) -> Option<Pence> {
        match self {
            Self::MakeVirement(virement) => virement.amount(),
            Self::DisposeUnderspend(disposal) => {
                Some(disposal.parts.iter().map(|part| part.amount).sum())
            }
            Self::SetBudget(_, _, total) => *total,
            _ => None,
        }
    }

    /// The amounts by portion, where each is stated.
    pub fn portions(&self) -> BTreeMap<Portion<'a>, Pence> {
        let mut portions = BTreeMap::new();
        let mut add = |portion, amount: Option<Pence>| {
            *portions.entry(portion).or_default() += amount.unwrap_or_default();
        };
        match self {
            Self::MakeVirement(virement) => {
                for side in &virement.sources {
                    add(Portion::Source(&side.place), side.amount);
                }
                for side in &virement.targets {
                    add(Portion::Target(&side.place), side.amount);
                }
            }
            Self::DisposeUnderspend(disposal) => {
                for part in &disposal.parts {
                    let portion = Portion::Part(part.destination, part.body.as_ref());
                    add(portion, Some(part.amount));
                }
            }
            _ => {}
        }
        portions
    }

    /// In what an act differs from this, which was approved; amounts aside.
    pub fn difference(&self, done: &Self) -> Option<Difference> {
        if self.kind() != done.kind() {
            return differs("kind", kind_label(self.kind()), kind_label(done.kind()));
        }
        match (self, done) {
            (Self::SignInstrument(a, _), Self::SignInstrument(b, _))
            | (Self::VaryInstrument(a), Self::VaryInstrument(b)) => differs("instrument", a, b),
            (Self::AdmitParty(a), Self::AdmitParty(b)) | (Self::Withdraw(a), Self::Withdraw(b)) => {
                differs("body", a, b)
            }
            (Self::AddService(a), Self::AddService(b))
            | (Self::RemoveService(a), Self::RemoveService(b)) => differs("service", a, b),
            (Self::ChangeLead(service, to), Self::ChangeLead(of, lead)) => {
                differs("service", whole(*service), whole(*of))
                    .or_else(|| differs("lead", to, lead))
            }
            (Self::SetBudget(year, budget, _), Self::SetBudget(of, which, _)) => {
                let main = |id: &Option<&BudgetId>| {
                    id.map_or_else(|| "the main budget".to_owned(), ToString::to_string)
                };
                differs("year", year, of).or_else(|| differs("budget", main(budget), main(which)))
            }
            (Self::MakeVirement(approved), Self::MakeVirement(made)) => {
                differs("year", approved.year, made.year)
                    .or_else(|| differs("basis", basis(approved.basis), basis(made.basis)))
                    .or_else(|| {
                        let (approved, made) = (approved.permanence, made.permanence);
                        differs("permanence", permanence(approved), permanence(made))
                    })
                    .or_else(|| self.head_beyond(done))
            }
            (Self::DisposeUnderspend(approved), Self::DisposeUnderspend(made)) => {
                differs("year", approved.year, made.year)
                    .or_else(|| {
                        let (approved, made) = (&approved.service, &made.service);
                        differs("service", whole(approved.as_ref()), whole(made.as_ref()))
                    })
                    .or_else(|| self.head_beyond(done))
            }
            (Self::AdoptRules(a), Self::AdoptRules(b)) => differs("rule set", a, b),
            _ => None,
        }
    }

    /// A head, body or destination of the act that the approval does not name.
    fn head_beyond(&self, done: &Self) -> Option<Difference> {
        let approved = self.portions();
        let (beyond, _) = done
            .portions()
            .into_iter()
            .find(|(portion, _)| !approved.contains_key(portion))?;
        let what = match &beyond {
            Portion::Source(_) | Portion::Target(_) => "head",
            Portion::Part(..) => "destination",
        };
        let mut named: Vec<String> = approved
            .keys()
            .filter(|portion| std::mem::discriminant(*portion) == std::mem::discriminant(&beyond))
            .map(ToString::to_string)
            .collect();
        named.dedup();
        Some(Difference {
            what,
            approved: named.join(", "),
            done: beyond.to_string(),
        })
    }
}

fn differs(what: &'static str, approved: impl ToString, done: impl ToString) -> Option<Difference> {
    let (approved, done) = (approved.to_string(), done.to_string());
    (approved != done).then_some(Difference {
        what,
        approved,
        done,
    })
}

fn whole(service: Option<&ServiceId>) -> String {
    service.map_or_else(|| "the whole".to_owned(), ToString::to_string)
}

const fn basis(basis: Option<UnderspendBasis>) -> &'static str {
    match basis {
        None => "no underspend",
        Some(UnderspendBasis::Actual) => "an actual underspend",
        Some(UnderspendBasis::Projected) => "a projected underspend",
    }
}

const fn permanence(permanence: Option<Permanence>) -> &'static str {
    match permanence {
        None => "not said",
        Some(Permanence::OneOff) => "one-off",
        Some(Permanence::Permanent) => "permanent",
    }
}

/// A kind of matter, as a verb.
pub const fn kind_label(kind: MatterKind) -> &'static str {
    match kind {
        MatterKind::SignInstrument => "sign an instrument",
        MatterKind::VaryInstrument => "vary an instrument",
        MatterKind::AdmitParty => "admit a party",
        MatterKind::Withdraw => "withdraw",
        MatterKind::EndCollaboration => "end the collaboration",
        MatterKind::AddService => "add a service",
        MatterKind::RemoveService => "remove a service",
        MatterKind::ChangeLead => "change the lead",
        MatterKind::SetBudget => "set a budget",
        MatterKind::MakeVirement => "make a virement",
        MatterKind::DisposeUnderspend => "dispose of an underspend",
        MatterKind::AdoptRules => "adopt approval rules",
        MatterKind::Other => "something else",
    }
}

impl std::fmt::Display for Portion<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Source(place) => write!(f, "from {place}"),
            Self::Target(place) => write!(f, "to {place}"),
            Self::Part(destination, body) => {
                f.write_str(match destination {
                    DisposalDestination::BodyReserves => "to reserves",
                    DisposalDestination::RegionalReserve => "to a regional reserve",
                    DisposalDestination::CarriedForward => "carried forward",
                })?;
                body.map_or(Ok(()), |body| write!(f, " of {body}"))
            }
        }
    }
}

impl Virement {
    /// The amount that leaves, which is the one that arrives; `None` where it is
    /// not stated.
    pub fn amount(&self) -> Option<Pence> {
        self.sources.iter().map(|side| side.amount).sum()
    }

    /// The heads that money leaves.
    pub fn heads_from(&self) -> impl Iterator<Item = &Head> {
        self.sources.iter().filter_map(|side| match &side.place {
            Place::Head(head) => Some(head),
            Place::ReturnedTo(_) => None,
        })
    }
}

impl Figures {
    /// How large they are: the largest of what the cost lines, the contributions
    /// and the totals as printed come to, with nothing set against it. So neither
    /// income nor a table left out makes a budget a smaller one to approve.
    pub fn extent(&self) -> Pence {
        let above_nought = |amounts: &mut dyn Iterator<Item = Pence>| -> Pence {
            amounts.filter(|amount| *amount > Pence::ZERO).sum()
        };
        let lines = above_nought(&mut self.lines.iter().map(|line| line.amount));
        let cells = above_nought(&mut self.contributions.iter().map(|cell| cell.amount));
        let printed = self.stated.iter().map(|total| total.amount).max();
        lines.max(cells).max(printed.unwrap_or_default())
    }
}

/// A head, as it is written in a sentence.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Head(head) => write!(f, "{head}"),
            Self::ReturnedTo(body) => write!(f, "{body} (returned)"),
        }
    }
}

impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use crate::domain::event::FundType;
        match (&self.service, &self.head) {
            (Some(service), Some(head)) => write!(f, "{service}/{head}")?,
            (Some(service), None) => write!(f, "{service}")?,
            (None, Some(head)) => write!(f, "{head}")?,
            (None, None) => f.write_str("the whole")?,
        }
        match self.fund {
            FundType::Revenue => Ok(()),
            FundType::Capital => f.write_str(" (capital)"),
        }
    }
}
