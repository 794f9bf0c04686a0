//! The parts of a year's budget that are more than one line: services, heads with income,
//! defined heads with their parts, expenditure and income, revenue and capital.

use std::collections::BTreeSet;

use super::amounts;
use super::printed::line_set;
use super::reports::Reports;
use minutebook_domain::budget::YearBudget;
use minutebook_domain::event::{FundType, Head, LineScope, LineType};
use minutebook_domain::ids::SubjectId;
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::BudgetGroup;

pub(super) fn groups(
    register_view: &RegisterView,
    id: &SubjectId,
    budget: &YearBudget<'_>,
    reports: &Reports<'_>,
    heads: &[Head],
) -> Vec<BudgetGroup> {
    let mut groups = Vec::new();
    for lines in line_scopes(heads) {
        groups.push(BudgetGroup {
            lines: Some(line_set(register_view, id, &lines)),
            amounts: Some(amounts::of_lines(budget, reports, &lines)),
            ..BudgetGroup::default()
        });
    }
    for defined in budget.heads.iter() {
        let within = heads
            .iter()
            .filter(|head| budget.heads.is_within(head, &defined.id));
        // The cost and the income of one head have their net already.
        let names: BTreeSet<String> = within.map(|head| head.whole_name()).collect();
        if names.len() < 2 {
            continue;
        }
        groups.push(BudgetGroup {
            head_id: defined.id.to_string(),
            head_name: defined.name.to_string(),
            amounts: Some(amounts::of_group(budget, reports, &defined.id)),
            ..BudgetGroup::default()
        });
    }
    groups
}

/// The sets of lines that are worth a total: those of several lines, and not all of them.
fn line_scopes(heads: &[Head]) -> Vec<LineScope> {
    let mut scopes: Vec<LineScope> = Vec::new();
    let mut add = |lines: LineScope| {
        let count = heads.iter().filter(|head| lines.covers(head)).count();
        if count > 1 && !scopes.contains(&lines) {
            scopes.push(lines);
        }
    };
    let all = LineScope {
        service: None,
        head: None,
        fund: None,
        kind: None,
    };
    // A head of cost and income has a net; a service, the sum of its heads.
    for head in heads {
        if head.head.is_some() {
            add(LineScope {
                service: head.service.clone(),
                head: head.head.clone(),
                fund: Some(head.fund),
                kind: None,
            });
        }
        if head.service.is_some() {
            add(LineScope {
                service: head.service.clone(),
                fund: Some(head.fund),
                ..all.clone()
            });
        }
    }
    let kinds: BTreeSet<LineType> = heads.iter().map(Head::kind).collect();
    let funds: BTreeSet<FundType> = heads.iter().map(|head| head.fund).collect();
    if kinds.len() > 1 {
        for kind in kinds {
            add(LineScope {
                kind: Some(kind),
                ..all.clone()
            });
        }
    }
    if funds.len() > 1 {
        for fund in funds {
            add(LineScope {
                fund: Some(fund),
                ..all.clone()
            });
        }
    }
    scopes
}
