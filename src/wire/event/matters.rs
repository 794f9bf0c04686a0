//! Reading and summaries for the matters that are proposed for decision.

use crate::event::disposals::disposal;
use crate::event::virements::virement;
use crate::fields::{FromWire, each, id, name, optional_id, optional_pence, year};
use crate::proto;
use crate::proto::matter::Subject;
use crate::violation::MessageReader;
use minutebook_domain::event::Matter;

/// The most matters that one proposal may decide together.
const TOGETHER_MAX: usize = 20;

/// Several matters decided as one: at least two, and none of them several itself.
fn together(r: &mut MessageReader, m: &proto::matter::Together) -> Option<Vec<Matter>> {
    if m.of.len() < 2 {
        r.fault_in(
            "of",
            "name two matters or more here, or the one matter itself",
        );
        return None;
    }
    each(r, "of", &m.of, TOGETHER_MAX, |r, part| {
        if matches!(part.subject, Some(Subject::Together(_))) {
            r.fault_in("together", "list each of its matters here instead");
            return None;
        }
        Matter::read(r, part)
    })
}

impl FromWire for Matter {
    type Wire = proto::Matter;

    fn read(r: &mut MessageReader, m: &proto::Matter) -> Option<Self> {
        let Some(subject) = &m.subject else {
            r.fault_in(
                "subject",
                "name the matter to decide: exactly one of sign_instrument_id, \
                 admit_body_id, make_virement and so on; if you did, the client is newer than the \
                 server",
            );
            return None;
        };
        match subject {
            Subject::SignInstrumentId(v) => {
                id(r, "sign_instrument_id", v).map(Self::SignInstrument)
            }
            Subject::VaryInstrumentId(v) => {
                id(r, "vary_instrument_id", v).map(Self::VaryInstrument)
            }
            Subject::AdmitBodyId(v) => id(r, "admit_body_id", v).map(Self::AdmitParty),
            Subject::WithdrawBodyId(v) => id(r, "withdraw_body_id", v).map(Self::Withdraw),
            Subject::EndCollaboration(proto::matter::EndCollaboration {}) => {
                Some(Self::EndCollaboration)
            }
            Subject::AddServiceId(v) => id(r, "add_service_id", v).map(Self::AddService),
            Subject::RemoveServiceId(v) => id(r, "remove_service_id", v).map(Self::RemoveService),
            Subject::ChangeLead(v) => r.at("change_lead", |r| {
                let service = optional_id(r, "service_id", &v.service_id);
                let to = id(r, "to_id", &v.to_id);
                Some(Self::ChangeLead {
                    service: service?,
                    to: to?,
                })
            }),
            Subject::SetBudget(v) => r.at("set_budget", |r| {
                let year = year(r, "financial_year", &v.financial_year);
                let budget = optional_id(r, "budget_id", &v.budget_id);
                let total = optional_pence(r, "total_pence", &v.total_pence);
                Some(Self::SetBudget {
                    year: year?,
                    budget: budget?,
                    total: total?,
                })
            }),
            Subject::MakeVirement(v) => r
                .at("make_virement", |r| FromWire::read(r, v))
                .map(Self::MakeVirement),
            Subject::DisposeUnderspend(v) => r
                .at("dispose_underspend", |r| FromWire::read(r, v))
                .map(Self::DisposeUnderspend),
            Subject::AdoptRules(v) => r
                .at("adopt_rules", |r| id(r, "rule_set_id", &v.rule_set_id))
                .map(Self::AdoptRules),
            Subject::Other(v) => name(r, "other", v).map(Self::Other),
            Subject::Together(v) => r.at("together", |r| together(r, v)).map(Self::Together),
        }
    }
}

/// A matter in a few words: `admit kent-pcc`.
pub(super) fn matter_line(matter: &Matter) -> String {
    match matter {
        Matter::SignInstrument(id) => format!("sign the instrument {id}"),
        Matter::VaryInstrument(id) => format!("vary the instrument {id}"),
        Matter::AdmitParty(body) => format!("admit {body}"),
        Matter::Withdraw(body) => format!("let {body} withdraw"),
        Matter::EndCollaboration => "end the collaboration".to_owned(),
        Matter::AddService(id) => format!("add the service {id}"),
        Matter::RemoveService(id) => format!("remove the service {id}"),
        Matter::ChangeLead { service, to } => match service {
            Some(service) => format!("have {to} lead the service {service}"),
            None => format!("have {to} lead"),
        },
        Matter::SetBudget {
            year,
            budget,
            total,
        } => {
            let which = budget
                .as_ref()
                .map(|id| format!(" {id}"))
                .unwrap_or_default();
            let total = total
                .map(|total| format!(", {total} in all"))
                .unwrap_or_default();
            format!("set the budget{which} of {year}{total}")
        }
        Matter::MakeVirement(moved) => format!("virement {}", virement(moved)),
        Matter::DisposeUnderspend(disposed) => {
            format!("dispose of the underspend of {}", disposal(disposed))
        }
        Matter::AdoptRules(id) => format!("adopt the approval rules {id}"),
        Matter::Other(description) => description.to_string(),
        Matter::Together(parts) => {
            let parts: Vec<String> = parts.iter().map(matter_line).collect();
            format!("together: {}", parts.join("; "))
        }
    }
}
