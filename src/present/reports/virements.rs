//! Virements and disposals: the amounts approved, made and left.

mod disposals;
mod totals;

use super::acts;
use crate::cell::Cell;
use crate::dates;
use crate::report::Report;
use crate::sheet::Sheet;
use minutebook_wire::proto::{
    ActView, DecisionStanding, DisposalView, UnderspendBasis, VirementSideView, VirementTotal,
    VirementView,
};

/// The mark of a row that belongs to the row above.
const UNDER: &str = "└ ";

/// Each virement with its moves, each disposal with its parts, and running totals. Programs
/// get one list of the first four, with the column `kind`; the totals are in JSON.
pub fn list(
    virements: &[VirementView],
    disposals: &[DisposalView],
    running: &[VirementTotal],
) -> Report {
    let mut list = rows_for_programs();
    let mut moved = Sheet::new("virements", "Virements").with_prose().columns([
        ("what", "Virement"),
        ("sources", "From"),
        ("targets", "To"),
        ("requested", "Asked"),
        ("approved", "Approved"),
        ("made", "Made"),
        ("left", "Left"),
        ("position", "Entry"),
    ]);
    moved
        .yielding_together(["sources", "targets"].map(str::to_owned))
        .yielding(["position", "requested"]);
    if virements.is_empty() && disposals.is_empty() {
        moved = moved.when_empty("No virement and no disposal is on record.");
    }
    for virement in virements {
        add_virement(virement, &mut moved, &mut list);
    }
    let mut disposed = Sheet::new("disposals", "Disposals of underspends").columns([
        ("what", "Disposal"),
        ("year", "Year"),
        ("amount", "Amount"),
        ("on", "On"),
        ("confirmed", "Confirmed"),
        ("position", "Entry"),
    ]);
    for disposal in disposals {
        disposals::add_disposal(disposal, &mut disposed, &mut list);
    }
    Report::Parts {
        list,
        parts: vec![moved, disposed, totals::sheet(running)],
    }
}

const FIELDS: [&str; 35] = [
    "kind",
    "subject",
    "subject_name",
    "id",
    "part_of",
    "proposal_id",
    "what",
    "financial_year",
    "standing",
    "basis",
    "permanence",
    "covers_projected",
    "service",
    "sources",
    "targets",
    "body",
    "on",
    "approved_on",
    "requested",
    "approved",
    "made",
    "left",
    "amount",
    "confirmed_on",
    "confirmed",
    "reversed_on",
    "is_breach",
    "position",
    "net",
    "net_is",
    "gross_underspend",
    "gross_overspend",
    "split_not_given",
    "underspend",
    "over_underspend",
];

fn rows_for_programs() -> Sheet {
    Sheet::new("virements", "").keyed(&FIELDS)
}

fn add_virement(virement: &VirementView, moved: &mut Sheet, list: &mut Sheet) {
    let carried = virement.standing() == DecisionStanding::Approved;
    let if_carried = |pence| match carried {
        true => Cell::Pence(pence),
        false => Cell::Empty,
    };
    moved.in_currency(&virement.currency);
    list.in_currency(&virement.currency);
    moved.row(vec![
        title(virement),
        from(virement),
        sides(&virement.targets),
        Cell::amount(virement.requested_pence),
        if_carried(virement.approved_pence),
        made(virement),
        if_carried(virement.left_pence),
        virement.position.into(),
    ]);
    let whole = match virement.proposal_id.as_str() {
        "" => virement
            .made
            .first()
            .map_or("", |made| made.item_id.as_str()),
        id => id,
    };
    list.row_by_key(&[
        ("kind", "virement".into()),
        ("subject", (&virement.subject).into()),
        ("subject_name", (&virement.subject_name).into()),
        ("id", whole.into()),
        ("proposal_id", (&virement.proposal_id).into()),
        ("what", (&virement.title).into()),
        ("financial_year", (&virement.financial_year).into()),
        ("standing", Cell::label(virement.standing())),
        ("basis", Cell::label(virement.basis())),
        ("permanence", Cell::label(virement.permanence())),
        ("covers_projected", Cell::Yes(virement.covers_projected)),
        ("sources", from(virement)),
        ("targets", sides(&virement.targets)),
        ("on", Cell::dated(&virement.on, virement.on_is())),
        ("approved_on", (&virement.approved_on).into()),
        ("requested", Cell::amount(virement.requested_pence)),
        ("approved", if_carried(virement.approved_pence)),
        ("made", made(virement)),
        ("left", if_carried(virement.left_pence)),
        ("position", virement.position.into()),
    ]);
    for act in &virement.made {
        moved.row(vec![
            format!("{UNDER}{}", a_move(act)).into(),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            acts::amount(act),
            Cell::Empty,
            act.position.into(),
        ]);
        let mut row = of_act("move", act);
        row.extend([
            ("subject", (&virement.subject).into()),
            ("subject_name", (&virement.subject_name).into()),
            ("part_of", whole.into()),
            ("proposal_id", (&virement.proposal_id).into()),
            ("financial_year", (&virement.financial_year).into()),
        ]);
        list.row_by_key(&row);
    }
}

/// The heads that money comes from, or the schedule that has them.
fn from(virement: &VirementView) -> Cell {
    let Some(schedule) = virement
        .schedule
        .as_ref()
        .filter(|_| virement.sources.is_empty())
    else {
        return sides(&virement.sources);
    };
    let title = match schedule.title.as_str() {
        "" => &schedule.uri,
        title => title,
    };
    format!("as scheduled in {title}").into()
}

fn of_act(kind: &'static str, act: &ActView) -> Vec<(&'static str, Cell)> {
    vec![
        ("kind", kind.into()),
        ("id", (&act.item_id).into()),
        ("what", (&act.what).into()),
        ("on", Cell::dated(&act.on, act.on_is())),
        ("amount", acts::amount(act)),
        ("reversed_on", (&act.reversed_on).into()),
        ("is_breach", Cell::Yes(act.is_breach)),
        ("position", act.position.into()),
    ]
}

/// Its title, subject, year and basis, and its standing.
fn title(virement: &VirementView) -> Cell {
    let mut lines = vec![match virement.title.as_str() {
        "" => "Made without a request".to_owned(),
        title => title.to_owned(),
    }];
    let basis = match virement.basis() {
        UnderspendBasis::Unspecified => String::new(),
        UnderspendBasis::Actual => "on an actual underspend".to_owned(),
        UnderspendBasis::Projected => "on a projected underspend".to_owned(),
    };
    let terms = [
        virement.subject_name.clone(),
        virement.financial_year.clone(),
        Cell::label(virement.permanence()).for_people(),
        basis,
    ];
    lines.push(joined(&terms));
    lines.push(standing(virement));
    lines.retain(|line| !line.is_empty());
    lines.join("\n").into()
}

fn joined(texts: &[String]) -> String {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let present: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    present.join(", ")
}

fn standing(virement: &VirementView) -> String {
    let mut standing = Cell::label(virement.standing()).for_people();
    if let Some(day) = &virement.approved_on
        && !standing.is_empty()
    {
        standing.push_str(&format!(" {}", dates::date(day)));
    }
    if virement.covers_projected {
        standing.push_str(", covers a projected underspend");
    }
    standing
}

/// The amount moved. Where a move states no amount, the sum is too small, and says so.
fn made(virement: &VirementView) -> Cell {
    let is_in_force = |act: &&ActView| act.reversed_on.is_none();
    let unstated = |act: &ActView| act.amount_pence.is_none();
    match (
        virement.made.iter().filter(is_in_force).any(unstated),
        virement.made_pence,
    ) {
        // Nothing moved and nothing allowed is no figure to compare.
        (false, 0)
            if virement.made.is_empty() && virement.standing() != DecisionStanding::Approved =>
        {
            Cell::Empty
        }
        (false, pence) => Cell::Pence(pence),
        (true, 0) => Cell::stated(None),
        (true, pence) => Cell::sentence([Cell::Pence(pence), ", and an amount not stated".into()])
            .with_id(Cell::Pence(pence).for_programs()),
    }
}

/// A move: its id, its day, and whether it is a breach or reversed.
fn a_move(act: &ActView) -> String {
    let on = act.on.as_ref().map(dates::date).unwrap_or_default();
    joined(&[
        act.item_id.clone(),
        on,
        undone(act),
        acts::remarks(act).join("; "),
    ])
}

fn undone(act: &ActView) -> String {
    let breach = act.is_breach.then(|| "breach".to_owned());
    let back = act.reversed_on.as_ref();
    let back = back.map(|day| format!("reversed {}", dates::date(day)));
    joined(&[breach.unwrap_or_default(), back.unwrap_or_default()])
}

fn sides(sides: &[VirementSideView]) -> Cell {
    let mut ids: Vec<String> = Vec::new();
    let mut parts: Vec<Cell> = Vec::new();
    for side in sides {
        let (id, name) = place(side);
        let amount = side.amount_pence.map(Cell::Pence);
        let figure = amount
            .as_ref()
            .map(|amount| format!(" {}", amount.for_programs()));
        ids.push(format!("{id}{}", figure.unwrap_or_default()));
        if !parts.is_empty() {
            parts.push("\n".into());
        }
        let amount = amount.unwrap_or_else(|| "amount not stated".into());
        parts.extend([format!("{name}, ").into(), amount]);
    }
    let ids = Cell::List(ids.into_iter().map(Cell::Text).collect());
    Cell::sentence(parts).with_id(ids.for_programs())
}

/// A head, or the body the money goes back to: for programs and for people.
fn place(side: &VirementSideView) -> (String, String) {
    let Some(head) = &side.head else {
        let body = Cell::from(&side.returned_to);
        return (
            body.for_programs(),
            format!("back to {}", body.for_people()),
        );
    };
    let service = match side.service_name.as_str() {
        "" => &head.service_id,
        name => name,
    };
    let both = |service: &str| match (service, head.head.as_str()) {
        (service, "") => service.to_owned(),
        ("", head) => head.to_owned(),
        (service, head) => format!("{service} / {head}"),
    };
    let fund = match Cell::label(head.fund()).for_people().as_str() {
        "" | "revenue" => String::new(),
        fund => format!(" ({fund})"),
    };
    (
        format!("{}{fund}", both(&head.service_id)),
        format!("{}{fund}", both(service)),
    )
}
