//! The names of budget lines, and of the parts of a budget.

use minutebook_wire::proto::{BudgetHead, FundType, LineSet, LineType, ServiceRef};

/// The id and the name of a line: `jps/Dogs`, `JPS: Dogs (income)`.
pub(super) fn head_name(
    service: Option<&ServiceRef>,
    head: &BudgetHead,
    service_name: &str,
) -> (String, String) {
    let id = head.service_id.as_str();
    let name = service.map_or(service_name, |service| service.name.as_str());
    let name = if name.is_empty() { id } else { name };
    let join = |service: &str, between: &str| match (service, head.head.as_str()) {
        ("", head) => head.to_owned(),
        (service, "") => service.to_owned(),
        (service, head) => format!("{service}{between}{head}"),
    };
    let mut marks = String::new();
    if head.fund() == FundType::Capital {
        marks.push_str(" (capital)");
    }
    if head.is_income {
        marks.push_str(" (income)");
    }
    (join(id, "/") + &marks, join(name, ": ") + &marks)
}

/// The id and the name of the total of some lines: `net Fire`, `Fire, net`. Revenue is said
/// where there is capital beside it.
pub(super) fn lines_name(lines: &LineSet, has_capital: bool) -> (String, String) {
    let service = lines.service.clone().unwrap_or_default();
    let service_name = match service.name.as_str() {
        "" => service.service_id.as_str(),
        name => name,
    };
    let fund = match lines.fund() {
        FundType::Capital => "capital",
        FundType::Revenue if has_capital => "revenue",
        FundType::Revenue | FundType::Unspecified => "",
    };
    let kind = match lines.line_type() {
        LineType::Expenditure => "expenditure",
        LineType::Income => "income",
        LineType::Unspecified if lines.head.is_empty() => "",
        LineType::Unspecified => "net",
    };
    let words = |parts: [&str; 4], between: &str| {
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(between)
    };
    let id = words(["total", &service.service_id, &lines.head, ""], " ");
    let id = words([&id, kind, fund, ""], " ");
    let name = words([service_name, &lines.head, kind, fund], ", ");
    let is_part = !service_name.is_empty() && lines.head.is_empty() && kind.is_empty();
    (
        id,
        if is_part {
            format!("{name}, total")
        } else {
            capital(&name)
        },
    )
}

/// With a capital for people.
pub(super) fn capital(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + rest.as_str()
}
