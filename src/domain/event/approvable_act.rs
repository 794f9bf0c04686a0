//! The approvable act: the common terms of a proposal and of the event that
//! carries it out, so that the two can be compared.

use std::collections::BTreeMap;

use crate::date::FinancialYear;
use crate::event::{
    Disposal, DisposalDestination, Matter, MatterKind, Permanence, Place, UnderspendBasis, Virement,
};
use crate::ids::{BodyId, BudgetId, InstrumentId, ItemId, ServiceId};
use crate::money::Pence;

/// An event that carries something out, for which prior approval may be needed.
/// The table of kinds marks these events as `act`.
pub trait Act {
    /// What the event carries out.
    fn act(&self) -> ApprovableAct<'_>;
}

/// What a proposal asks for, or what an event carries out.
#[derive(Debug, Clone, Copy)]
pub enum ApprovableAct<'a> {
    /// The instrument; for an event, the body that signs.
    SignInstrument(&'a InstrumentId, Option<&'a BodyId>),
    VaryInstrument(&'a InstrumentId),
    AdmitParty(&'a BodyId),
    Withdraw(&'a BodyId),
    EndCollaboration,
    AddService(&'a ServiceId),
    RemoveService(&'a ServiceId),
    ChangeLead(Option<&'a ServiceId>, &'a BodyId),
    /// The year, the budget (`None` for the main one) and the total, where stated.
    SetBudget(FinancialYear, Option<&'a BudgetId>, Option<Pence>),
    MakeVirement(&'a Virement),
    DisposeUnderspend(&'a Disposal),
    AdoptRules(&'a ItemId),
    /// A matter that no event carries out.
    Other,
    /// Several matters that are decided as one.
    Together(&'a [Matter]),
}

/// A part of an amount of money, by its source or its target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Portion<'a> {
    Source(&'a Place),
    Target(&'a Place),
    Part(DisposalDestination, Option<&'a BodyId>),
}

/// The first difference between an act and its approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The aspect that differs, such as `year`.
    pub aspect: &'static str,
    pub approved: String,
    pub done: String,
}

impl<'a> ApprovableAct<'a> {
    /// The act that a matter asks approval for.
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
            Matter::Together(parts) => Self::Together(parts),
        }
    }

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
            Self::Together(_) => MatterKind::Together,
        }
    }

    /// The single acts of which it consists: itself, or its parts.
    pub fn parts(self) -> Vec<Self> {
        match self {
            Self::Together(parts) => parts.iter().map(Self::matter).collect(),
            single => vec![single],
        }
    }

    /// Whether it is a schedule of virements, which names no heads.
    pub fn is_schedule(&self) -> bool {
        matches!(self, Self::MakeVirement(virement) if virement.is_schedule())
    }

    /// Whether it names where the money goes, and not how much of it to each place.
    pub fn is_split_open(&self) -> bool {
        matches!(self, Self::DisposeUnderspend(disposal) if disposal.is_split_open())
    }

    /// The financial year that it concerns, where it concerns one.
    pub const fn year(&self) -> Option<FinancialYear> {
        match self {
            Self::SetBudget(year, ..) => Some(*year),
            Self::MakeVirement(virement) => Some(virement.year),
            Self::DisposeUnderspend(disposal) => Some(disposal.year),
            _ => None,
        }
    }

    /// The service, where it concerns exactly one.
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

    /// The basis of the underspend it uses, where it uses one.
    pub const fn basis(&self) -> Option<UnderspendBasis> {
        match self {
            Self::MakeVirement(virement) => virement.basis,
            Self::DisposeUnderspend(disposal) => disposal.basis,
            _ => None,
        }
    }

    /// Whether several such acts may share one approval, up to its amount.
    pub const fn is_drawn(&self) -> bool {
        matches!(self, Self::MakeVirement(_) | Self::DisposeUnderspend(_))
    }

    /// The amount that it moves or sets; `None` where none is stated.
    pub fn amount(&self) -> Option<Pence> {
        match self {
            Self::MakeVirement(virement) => virement.amount(),
            Self::DisposeUnderspend(disposal) => disposal.paid_out(),
            Self::SetBudget(_, _, total) => *total,
            _ => None,
        }
    }

    /// The amounts by source and target; zero where an amount is not stated.
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
                    add(portion, part.amount);
                }
            }
            _ => {}
        }
        portions
    }

    /// The difference between `done` and this approved act; amounts are left aside.
    pub fn difference(&self, done: &Self) -> Option<Difference> {
        if self.kind() != done.kind() {
            return differs("kind", self.kind().label(), done.kind().label());
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
            // Any virement of the year may be one of the schedule.
            (Self::MakeVirement(approved), Self::MakeVirement(made)) if approved.is_schedule() => {
                differs("year", approved.year, made.year)
                    .or_else(|| differs("basis", basis(approved.basis), basis(made.basis)))
                    .or_else(|| {
                        let (approved, made) = (approved.permanence?, made.permanence);
                        differs("permanence", permanence(Some(approved)), permanence(made))
                    })
            }
            (Self::MakeVirement(approved), Self::MakeVirement(made)) => {
                differs("year", approved.year, made.year)
                    .or_else(|| differs("basis", basis(approved.basis), basis(made.basis)))
                    .or_else(|| {
                        let (approved, made) = (approved.permanence, made.permanence);
                        differs("permanence", permanence(approved), permanence(made))
                    })
                    .or_else(|| {
                        let (approved, made) = ("the heads named", "a schedule");
                        differs("heads", approved, made).filter(|_| done.is_schedule())
                    })
                    .or_else(|| self.head_beyond(done))
            }
            (Self::DisposeUnderspend(approved), Self::DisposeUnderspend(made)) => {
                differs("year", approved.year, made.year)
                    .or_else(|| {
                        let (approved, made) = (&approved.service, &made.service);
                        differs("service", whole(approved.as_ref()), whole(made.as_ref()))
                    })
                    .or_else(|| {
                        let named = |disposal: &Disposal| match disposal.is_projected() {
                            true => basis(Some(UnderspendBasis::Projected)),
                            false => basis(Some(UnderspendBasis::Actual)),
                        };
                        differs("basis", named(approved), named(made))
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
        let aspect = match &beyond {
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
            aspect,
            approved: named.join(", "),
            done: beyond.to_string(),
        })
    }
}

fn differs(
    aspect: &'static str,
    approved: impl ToString,
    done: impl ToString,
) -> Option<Difference> {
    let (approved, done) = (approved.to_string(), done.to_string());
    (approved != done).then_some(Difference {
        aspect,
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
        None => "not stated",
        Some(Permanence::OneOff) => "one-off",
        Some(Permanence::Permanent) => "permanent",
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
