//! Virements and disposals: what was approved, what was made of it, what is left.

use super::acts;
use crate::cli::cell::{Cell, decimal_pounds, money};
use crate::cli::dates;
use crate::cli::enum_labels::word;
use crate::cli::sheet::{Report, Sheet};
use crate::wire::proto::disposal_view::PartView;
use crate::wire::proto::{
    ActView, DecisionStanding, DisposalDestination, DisposalView, UnderspendBasis,
    VirementSideView, VirementView,
};

/// What stands at the head of a row that belongs to the one above.
const UNDER: &str = "└ ";

/// Each virement with its moves, each disposal with its parts. Programs get one
/// list of all four, and `kind` says which is which.
pub fn list(virements: &[VirementView], disposals: &[DisposalView]) -> Report {
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
    if virements.is_empty() && disposals.is_empty() {
        moved = moved.when_empty("No virement and no disposal is on record.");
    }
    for it in virements {
        virement(it, &mut moved, &mut list);
    }
    let mut disposed = Sheet::new("disposals", "Disposals of underspends").columns([
        ("what", "Disposal"),
        ("year", "Year"),
        ("amount", "Amount"),
        ("on", "On"),
        ("confirmed", "Confirmed"),
        ("position", "Entry"),
    ]);
    for it in disposals {
        disposal(it, &mut disposed, &mut list);
    }
    Report::Parts {
        list,
        parts: vec![moved, disposed],
    }
}

const FIELDS: [&str; 28] = [
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
];

fn rows_for_programs() -> Sheet {
    FIELDS
        .iter()
        .fold(Sheet::new("virements", ""), |mut sheet, key| {
            sheet.column(*key, "");
            sheet
        })
}

/// Adds a row to the list for programs: what is not named is empty.
fn add(list: &mut Sheet, named: Vec<(&str, Cell)>) {
    debug_assert!(named.iter().all(|(key, _)| FIELDS.contains(key)));
    let of = |key: &&str| {
        let mut cells = named.iter().filter(|(name, _)| name == key);
        cells.next().map_or(Cell::Empty, |(_, cell)| cell.clone())
    };
    list.row(FIELDS.iter().map(of).collect());
}

fn virement(it: &VirementView, moved: &mut Sheet, list: &mut Sheet) {
    let carried = it.standing() == DecisionStanding::Approved;
    let of_approval = |pence| match carried {
        true => Cell::Pence(pence),
        false => Cell::Empty,
    };
    moved.row(vec![
        title(it),
        sides(&it.sources),
        sides(&it.targets),
        Cell::amount(it.requested_pence),
        of_approval(it.approved_pence),
        made(it),
        of_approval(it.left_pence),
        it.position.into(),
    ]);
    let whole = match it.proposal_id.as_str() {
        "" => it.made.first().map_or("", |made| made.item_id.as_str()),
        id => id,
    };
    add(
        list,
        vec![
            ("kind", "virement".into()),
            ("subject", (&it.subject).into()),
            ("subject_name", (&it.subject_name).into()),
            ("id", whole.into()),
            ("proposal_id", (&it.proposal_id).into()),
            ("what", (&it.title).into()),
            ("financial_year", (&it.financial_year).into()),
            ("standing", word(it.standing())),
            ("basis", word(it.basis())),
            ("permanence", word(it.permanence())),
            ("covers_projected", Cell::Yes(it.covers_projected)),
            ("sources", sides(&it.sources)),
            ("targets", sides(&it.targets)),
            ("on", (&it.on).into()),
            ("approved_on", (&it.approved_on).into()),
            ("requested", Cell::amount(it.requested_pence)),
            ("approved", of_approval(it.approved_pence)),
            ("made", made(it)),
            ("left", of_approval(it.left_pence)),
            ("position", it.position.into()),
        ],
    );
    for act in &it.made {
        moved.row(vec![
            format!("{UNDER}{}", done(act)).into(),
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
            ("subject", (&it.subject).into()),
            ("subject_name", (&it.subject_name).into()),
            ("part_of", whole.into()),
            ("proposal_id", (&it.proposal_id).into()),
            ("financial_year", (&it.financial_year).into()),
        ]);
        add(list, row);
    }
}

fn of_act(kind: &'static str, act: &ActView) -> Vec<(&'static str, Cell)> {
    vec![
        ("kind", kind.into()),
        ("id", (&act.item_id).into()),
        ("what", (&act.what).into()),
        ("on", (&act.on).into()),
        ("amount", acts::amount(act)),
        ("reversed_on", (&act.reversed_on).into()),
        ("is_breach", Cell::Yes(act.is_breach)),
        ("position", act.position.into()),
    ]
}

/// What it is called, whose it is, what it rests on, and whether it was allowed.
fn title(it: &VirementView) -> Cell {
    let mut lines = vec![match it.title.as_str() {
        "" => "Made without a request".to_owned(),
        title => title.to_owned(),
    }];
    let basis = match it.basis() {
        UnderspendBasis::Unspecified => String::new(),
        UnderspendBasis::Actual => "on an actual underspend".to_owned(),
        UnderspendBasis::Projected => "on a projected underspend".to_owned(),
    };
    let terms = [
        it.subject_name.clone(),
        it.financial_year.clone(),
        word(it.permanence()).for_people(),
        basis,
    ];
    lines.push(joined(&terms));
    lines.push(standing(it));
    lines.retain(|line| !line.is_empty());
    lines.join("\n").into()
}

fn joined(texts: &[String]) -> String {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let said: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    said.join(", ")
}

fn standing(it: &VirementView) -> String {
    let mut standing = word(it.standing()).for_people();
    if let Some(day) = &it.approved_on
        && !standing.is_empty()
    {
        standing.push_str(&format!(" {}", dates::date(day)));
    }
    if it.covers_projected {
        standing.push_str(", covers a projected underspend");
    }
    standing
}

/// What was moved. Where a move states no amount, a sum would say too little.
fn made(it: &VirementView) -> Cell {
    let stands = |act: &&ActView| act.reversed_on.is_none();
    let unstated = |act: &ActView| act.amount_pence.is_none();
    match (it.made.iter().filter(stands).any(unstated), it.made_pence) {
        // Nothing moved and nothing allowed is no figure to compare.
        (false, 0) if it.made.is_empty() && it.standing() != DecisionStanding::Approved => {
            Cell::Empty
        }
        (false, pence) => Cell::Pence(pence),
        (true, 0) => Cell::stated(None),
        (true, pence) => Cell::named(
            decimal_pounds(pence),
            format!("{}, and an amount not stated", money(pence)),
        ),
    }
}

/// A move: its id, its day, and what became of it.
fn done(act: &ActView) -> String {
    let on = act.on.as_ref().map(dates::date).unwrap_or_default();
    joined(&[act.item_id.clone(), on, undone(act)])
}

fn undone(act: &ActView) -> String {
    let breach = act.is_breach.then(|| "breach".to_owned());
    let back = act.reversed_on.as_ref();
    let back = back.map(|day| format!("reversed {}", dates::date(day)));
    joined(&[breach.unwrap_or_default(), back.unwrap_or_default()])
}

fn sides(sides: &[VirementSideView]) -> Cell {
    let cells: Vec<Cell> = sides
        .iter()
        .map(|side| {
            let (id, name) = place(side);
            let (figure, amount) = match side.amount_pence {
                Some(pence) => (format!(" {}", decimal_pounds(pence)), money(pence)),
                None => (String::new(), "amount not stated".to_owned()),
            };
            Cell::named(format!("{id}{figure}"), format!("{name}, {amount}"))
        })
        .collect();
    let people: Vec<String> = cells.iter().map(Cell::for_people).collect();
    Cell::named(Cell::List(cells).for_programs(), people.join("\n"))
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
    let fund = match word(head.fund()).for_people().as_str() {
        "" | "revenue" => String::new(),
        fund => format!(" ({fund})"),
    };
    (
        format!("{}{fund}", both(&head.service_id)),
        format!("{}{fund}", both(service)),
    )
}

fn disposal(it: &DisposalView, disposed: &mut Sheet, list: &mut Sheet) {
    let act = it.act.clone().unwrap_or_default();
    let whole = match &it.service {
        Some(service) => Cell::from(service).for_people(),
        None => "the whole".to_owned(),
    };
    disposed.row(vec![
        format!("{}, {whole}\n{}", it.disposal_id, it.subject_name).into(),
        (&it.financial_year).into(),
        acts::amount(&act),
        (&act.on).into(),
        undone(&act).into(),
        act.position.into(),
    ]);
    let mut row = of_act("disposal", &act);
    row.retain(|(key, _)| *key != "id");
    row.extend([
        ("subject", (&it.subject).into()),
        ("subject_name", (&it.subject_name).into()),
        ("id", (&it.disposal_id).into()),
        ("proposal_id", (&it.proposal_id).into()),
        ("financial_year", (&it.financial_year).into()),
        ("service", (&it.service).into()),
    ]);
    add(list, row);
    for part in &it.parts {
        disposed.row(vec![
            format!("{UNDER}{}", destination(part)).into(),
            Cell::Empty,
            Cell::Pence(part.amount_pence),
            Cell::Empty,
            confirmed(part),
            Cell::Empty,
        ]);
        add(
            list,
            vec![
                ("kind", "part".into()),
                ("subject", (&it.subject).into()),
                ("subject_name", (&it.subject_name).into()),
                ("part_of", (&it.disposal_id).into()),
                ("financial_year", (&it.financial_year).into()),
                ("what", word(part.destination())),
                ("body", (&part.body).into()),
                ("amount", Cell::Pence(part.amount_pence)),
                ("confirmed_on", (&part.confirmed_on).into()),
                (
                    "confirmed",
                    match part.confirmed_on {
                        Some(_) => Cell::Pence(part.confirmed_pence),
                        None => Cell::Empty,
                    },
                ),
            ],
        );
    }
}

fn destination(part: &PartView) -> String {
    let body = Cell::from(&part.body).for_people();
    match (part.destination(), body.as_str()) {
        (destination, "") => word(destination).for_people(),
        (DisposalDestination::BodyReserves, body) => format!("reserves of {body}"),
        (destination, body) => format!("{}, {body}", word(destination).for_people()),
    }
}

/// When a body said that it had its part; only a body can.
fn confirmed(part: &PartView) -> Cell {
    match (&part.confirmed_on, &part.body) {
        (Some(day), _) if part.confirmed_pence == part.amount_pence => day.into(),
        (Some(day), _) => {
            format!("{}, for {}", dates::date(day), money(part.confirmed_pence)).into()
        }
        (None, Some(_)) => Cell::named("", "awaited"),
        (None, None) => Cell::Empty,
    }
}
