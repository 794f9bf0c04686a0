//! A paper with everything in it, made by hand, for the tests of both writers.

use minutebook_present::cell::Cell;
use minutebook_present::reports::virements;
use minutebook_present::sheet::Sheet;
use minutebook_wire::proto::{
    BodyRef, BudgetHead, Date, DecisionStanding, Permanence, VirementSideView, VirementView,
};

use crate::drawing::{Drawing, DrawnShape, DrawnText, Ink, ShapeStyle, TextAnchor};
use crate::entry_links::EntryLinks;
use crate::paper::{Paper, SubjectLine};
use crate::paper_table::PaperTable;
use crate::reasoning::{ReasoningMark, ReasoningStep};
use crate::section::{Block, Paragraph, Section, Span};

/// Texts that would steer, break or vanish where they are not expected.
pub const HOSTILE: [&str; 7] = [
    "<script>alert(1)</script> & \"quotes\" ' ]]>",
    "=HYPERLINK(\"http://evil.example\";\"pay\")",
    "left\u{202e}thgir\u{2066} and\0 NUL \u{1b}[31m",
    "東京都 Ελλάδα Кириллица \u{1f600} \u{e000}\u{ffff}",
    "_x0041_ \u{feff}\u{200b}hidden",
    "Łódź, Ynys Môn, Ḷḷandaf, \u{1ebf}, e\u{301}",
    "+44 20 7946 0000",
];

/// Two hundred characters without a space.
pub fn long_word() -> String {
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
        .repeat(4)
        .chars()
        .take(200)
        .collect()
}

pub fn day(year: i32, month: i32, day: i32) -> Date {
    Date { year, month, day }
}

fn side(name: &str, head: &str, pence: i64) -> VirementSideView {
    VirementSideView {
        head: Some(BudgetHead {
            head: head.into(),
            ..BudgetHead::default()
        }),
        service_name: name.into(),
        amount_pence: Some(pence),
        ..VirementSideView::default()
    }
}

/// Messages as the register answers them.
pub fn virement_views() -> Vec<VirementView> {
    let view = |position, title: &str, requested, approved, made| VirementView {
        subject: "collaborations/three-shires".into(),
        subject_name: "Fictional Three Shires".into(),
        proposal_id: format!("0193aaaa-0000-7000-8000-{position:012}"),
        title: title.into(),
        standing: DecisionStanding::Approved.into(),
        financial_year: "2024/25".into(),
        sources: vec![side("Forensics", "Staff", requested)],
        targets: vec![side("Dogs", "Kennels", requested)],
        permanence: Permanence::OneOff.into(),
        requested_pence: requested,
        approved_pence: approved,
        made_pence: made,
        left_pence: approved - made,
        on: Some(day(2024, 6, 17)),
        position,
        ..VirementView::default()
    };
    vec![
        view(
            29,
            "Kennels from the laboratory budget",
            6_000_000,
            5_000_000,
            5_000_000,
        ),
        view(
            60,
            "Two posts from forensics to dogs, for good",
            10_000_000,
            0,
            0,
        ),
        view(61, "Printing", 123_456, 123_456, 100),
    ]
}

/// Amounts by body, some with pence, a date, and the entry.
pub fn contributions() -> Sheet {
    let mut sheet = Sheet::new("contributions", "Contributions, 2024/25")
        .columns([
            ("body_id", "Body"),
            ("service", "Service"),
            ("amount", "Amount"),
            ("share", "Share"),
            ("paid_on", "Paid on"),
            ("position", "Entry"),
        ])
        .when_empty("None are recorded.");
    let body = |id: &str| Cell::named(id, format!("Fictional {id} Police and Crime Commissioner"));
    for (id, pence, ppm, on, position) in [
        ("Eastvale", 123_456_789, 268_200, day(2024, 6, 17), 12_u64),
        ("Westmoor", 98_000_000, 212_900, day(2024, 6, 0), 13),
        ("Northshire", -1_050, 0, day(2024, 0, 0), 14),
    ] {
        sheet.row(vec![
            body(id),
            "Serious and organised crime".into(),
            Cell::Pence(pence),
            Cell::Ppm(ppm),
            Cell::On(on),
            position.into(),
        ]);
    }
    sheet.note("Two printed totals differ by £1 or £2.");
    sheet
}

/// 300 rows of 8 columns, with sentences.
pub fn stress() -> Sheet {
    heads(300)
}

/// Rows of 8 columns, with sentences.
pub fn heads(rows: i64) -> Sheet {
    let mut sheet = Sheet::new("stress", "Every head of the budget").columns([
        ("head", "Head"),
        ("service", "Service"),
        ("original", "Original"),
        ("moved", "Moved"),
        ("revised", "Revised"),
        ("spent", "Spent"),
        ("why", "Explanation"),
        ("position", "Entry"),
    ]);
    for row in 0..rows {
        let why = "The post was filled later than expected. "
            .repeat(usize::try_from(row % 4).unwrap_or_default());
        sheet.row(vec![
            format!("Head {row}").into(),
            "Forensics and laboratories".into(),
            Cell::Pence(90_000_000 + row * 100),
            Cell::Pence(-9_000_000),
            Cell::Pence(81_000_000 + row * 100),
            Cell::Pence(81_000_000),
            why.into(),
            Cell::Number(row + 1),
        ]);
    }
    sheet
}

/// Every hostile text as heading, title, cell and note, and one as long as a page.
pub fn hostile() -> Sheet {
    let mut sheet = Sheet::new("hostile", HOSTILE[0]);
    sheet.column("a", HOSTILE[1]).column("b", HOSTILE[3]);
    sheet.column("c", "");
    for text in HOSTILE {
        sheet.row(vec![text.into(), long_word().into(), Cell::Empty]);
        sheet.note(text);
    }
    let lines: Vec<String> = (0..120)
        .map(|line| format!("Line {line} of many."))
        .collect();
    sheet.row(vec![
        "Taller than a page".into(),
        lines.join("\n").into(),
        "x".into(),
    ]);
    sheet
}

/// More figures side by side than a page is wide.
pub fn too_wide() -> Sheet {
    let mut sheet = Sheet::new("wide", "Twenty services");
    sheet.column("body", "Body");
    for column in 0..20 {
        sheet.column(format!("s{column}"), format!("Service {column}"));
    }
    for body in ["Eastvale", "Westmoor"] {
        let mut cells = vec![Cell::from(body)];
        cells.extend((0..20).map(|column| Cell::Pence(612_932_800 + column)));
        sheet.row(cells);
    }
    sheet
}

pub fn facts() -> Sheet {
    let mut sheet = Sheet::facts("summary").headed("The proposal");
    sheet
        .fact("proposal", "Kennels from the laboratory budget")
        .fact("amount", Cell::Pence(6_000_000))
        .fact("asked on", &Some(day(2024, 5, 20)))
        .fact(
            "asked by",
            &Some(BodyRef {
                body_id: "eastvale-pcc".into(),
                name: "Fictional Eastvale PCC".into(),
            }),
        )
        .fact("entry", 29_u64);
    sheet
}

fn drawing() -> Drawing {
    let mut drawing = Drawing::new(
        680.0,
        120.0,
        "Forensics gave £90,000, of which Dogs received £50,000 and Training £40,000.",
    );
    let style = ShapeStyle {
        fill: Some(Ink(0x6f, 0x9f, 0xcb)),
        outline: Some(Ink::BLACK),
    };
    drawing
        .shape(DrawnShape::Rectangle {
            x: 160.0,
            y: 10.0,
            width: 400.0,
            height: 22.0,
            style,
        })
        .shape(DrawnShape::Polygon {
            points: vec![(160.0, 60.0), (360.0, 50.0), (360.0, 80.0), (160.0, 82.0)],
            style,
        })
        .shape(DrawnShape::Line {
            from: (160.0, 0.0),
            to: (160.0, 110.0),
            width: 1.0,
            ink: Ink::SOFT,
        });
    for (y, text) in [(26.0, "Forensics: Staff"), (72.0, "Dogs: Kennels")] {
        drawing.shape(DrawnShape::Text(DrawnText {
            at: (152.0, y),
            text: text.into(),
            size: 13.0,
            anchor: TextAnchor::End,
            is_strong: false,
            ink: Ink::BLACK,
        }));
    }
    drawing
}

fn reasoning() -> Vec<ReasoningStep> {
    let body = |mark, text: &str, position| ReasoningStep::new(mark, text).of_entry(position);
    vec![
        ReasoningStep::new(
            ReasoningMark::Aside,
            "“A permanent virement” does not fit: this one is for one year",
        ),
        ReasoningStep::new(
            ReasoningMark::Met,
            "“Any other virement: the board, by majority”, quorum 3, rules of 2024",
        )
        .of_entry(22)
        .because([
            ReasoningStep::new(
                ReasoningMark::Met,
                "Quorum: 3 of 6 took part, 3 are needed; met exactly",
            ),
            ReasoningStep::new(
                ReasoningMark::Met,
                "Majority: 2 for, 0 against, 1 abstained, 1 not counted",
            )
            .because([
                body(ReasoningMark::Met, "Fictional Eastvale PCC: for", 32),
                body(
                    ReasoningMark::NotMet,
                    "Fictional Northshire Chief Constable: for, not counted, because it leads \
                     the service that gains and has declared so at the beginning of the item",
                    31,
                ),
                body(
                    ReasoningMark::Waiting,
                    "Fictional Westmoor PCC: awaited",
                    33,
                ),
            ]),
        ]),
    ]
}

/// Everything at once.
pub fn paper() -> Paper {
    let made_at = "2024-06-10T09:30:00Z".parse().expect("an instant");
    let mut paper = Paper::new(
        "Pack for the Fictional Three Shires Board",
        "Fictional Three Shires Board, 17 June 2024",
        made_at,
    );
    paper.entry_links = EntryLinks::new("https://register.example").ok();
    paper.subject = vec![
        SubjectLine::new("Board", "Fictional Three Shires Board"),
        SubjectLine::new("Meeting", "17 June 2024"),
        SubjectLine::new("In force", "17 June 2024"),
        SubjectLine::new("Known", "everything recorded up to 10 June 2024"),
        SubjectLine::new("Position", "entry 53"),
    ];
    let mut decide = Section::new("For decision");
    decide.paragraph([
        Span::plain("The board is asked to move "),
        Span::strong("£60,000"),
        Span::plain(" from the laboratory to the kennels ("),
        Span::entry(29),
        Span::plain("). Nothing is left of the amount that was approved in May."),
    ]);
    let mut why = Section::new("Who must agree, and why");
    why.reasoning(reasoning());
    why.blocks.push(Block::Together(vec![
        Block::Paragraph(Paragraph::plain("To be filled in at the meeting.")),
        Block::SpaceToWrite {
            label: "Decision of the board".into(),
            lines: 4,
        },
    ]));
    why.table(PaperTable::new(facts()));
    decide.parts.push(why);
    let mut money = Section::new("Money");
    money.picture(drawing());
    money.report(&virements::list(&virement_views(), &[], &[]));
    money.table(PaperTable::new(contributions()).totalling(["amount", "position"]));
    money.table(PaperTable::new(
        Sheet::new("notices", "Notices").when_empty("No notice runs."),
    ));
    let mut annex = Section::new("Annex: every head");
    annex.blocks.push(Block::PageBreak);
    annex.table(PaperTable::new(stress()).totalling(["original", "moved", "revised", "spent"]));
    let mut odd = Section::new(HOSTILE[3]);
    for text in HOSTILE {
        odd.sentence(text);
    }
    odd.sentence(long_word());
    odd.table(PaperTable::new(hostile()));
    odd.table(PaperTable::new(too_wide()).totalling(["s0"]));
    annex.parts.push(odd);
    paper.sections = vec![decide, money, annex];
    paper
}
