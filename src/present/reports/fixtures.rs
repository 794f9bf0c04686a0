//! Hand-made answers about approvals, for tests of how they are written.

use minutebook_wire::proto::breach_view::LateApproval;
use minutebook_wire::proto::disposal_view::PartView;
use minutebook_wire::proto::rule_set_view::RuleView;
use minutebook_wire::proto::*;
use minutebook_wire::reply;

/// A whole or partial date.
pub fn on(text: &str) -> Option<Date> {
    text.parse().ok().map(reply::date)
}

/// A body by its id; its name is the id in capitals.
pub fn body(id: &str) -> Option<BodyRef> {
    Some(BodyRef {
        body_id: id.into(),
        name: id.to_uppercase(),
    })
}

/// A body that acts, or an office of it.
pub fn actor(id: &str, office: &str) -> Option<ActorRef> {
    Some(ActorRef {
        body: body(id),
        office: office.into(),
    })
}

/// The board of the specimens.
pub fn board() -> Option<BoardRef> {
    Some(BoardRef {
        board_id: "em-board".into(),
        name: "Regional Board".into(),
    })
}

fn awaited(id: &str) -> Awaited {
    Awaited {
        who: actor(id, ""),
        board: None,
        ..Awaited::default()
    }
}

/// The rule that the specimens' virements fall under.
pub fn rule() -> Option<RuleRef> {
    Some(RuleRef {
        regime: Regime::Rule.into(),
        adopted_by: "collaborations/em".into(),
        rule_set_id: "scheme-2019".into(),
        in_force_on: on("2019-04-01"),
        rule_id: "large".into(),
        title: "Virements over £250,000".into(),
        what: "every policing body of the parties, and the board".into(),
    })
}

/// Of something that no rule covers.
pub fn unregulated() -> Option<RuleRef> {
    Some(RuleRef {
        regime: Regime::Unregulated.into(),
        what: "unregulated: no approval rules are in force".into(),
        ..Default::default()
    })
}

/// Two needs: one met, one open.
pub fn need() -> Option<NeedView> {
    let bodies = NeedView {
        what: "every policing body of the parties".into(),
        state: NeedState::Open.into(),
        reasoning: "2 of 3 have agreed".into(),
        agreed: vec![awaited("a-pcc"), awaited("b-pcc")],
        awaited: vec![awaited("c-pcc")],
        ..Default::default()
    };
    let decided = NeedView {
        what: "the board, by a majority, quorum 2".into(),
        state: NeedState::Open.into(),
        reasoning: "1 has voted".into(),
        agreed: vec![Awaited {
            who: actor("a-cc", "Chief Finance Officer"),
            board: board(),
            ..Awaited::default()
        }],
        awaited: vec![Awaited {
            who: None,
            board: board(),
            ..Awaited::default()
        }],
        ..Default::default()
    };
    Some(NeedView {
        what: "all of these".into(),
        state: NeedState::Open.into(),
        reasoning: "two are open".into(),
        parts: vec![bodies, decided],
        ..Default::default()
    })
}

/// A proposal that awaits decision.
pub fn approval() -> ApprovalView {
    ApprovalView {
        subject: "collaborations/em".into(),
        subject_name: "East Midlands".into(),
        proposal_id: "0193aaaa-0000-7000-8000-000000000001".into(),
        title: "Move the underspend on vetting".into(),
        matter_kind: MatterKind::MakeVirement.into(),
        matter: "2020/21: £500,000 from vetting to forensics".into(),
        standing: DecisionStanding::Pending.into(),
        proposed_on: on("2020-05-02"),
        proposed_by: actor("a-cc", "Chief Finance Officer"),
        since_on: on("2020-06"),
        age_days: 44,
        rule: rule(),
        agreed: vec![awaited("a-pcc"), awaited("b-pcc")],
        awaited: vec![
            awaited("c-pcc"),
            Awaited {
                who: None,
                board: board(),
                ..Awaited::default()
            },
        ],
        board: board(),
        next_meeting_on: on("2020-09-01"),
        lapses_on: on("2021-03-31"),
        amount_pence: 50_000_000,
        position: 42,
        ..Default::default()
    }
}

/// One that was carried.
pub fn carried() -> ApprovalView {
    ApprovalView {
        title: "Sign the agreement".into(),
        matter_kind: MatterKind::SignInstrument.into(),
        standing: DecisionStanding::Approved.into(),
        settled_on: on("2020-06-30"),
        rule: unregulated(),
        awaited: Vec::new(),
        age_days: 0,
        amount_pence: 0,
        next_meeting_on: None,
        position: 43,
        ..approval()
    }
}

/// A virement that was made, and a breach.
pub fn act() -> ActView {
    ActView {
        what: "2020/21: £500,000 from vetting to forensics".into(),
        matter_kind: MatterKind::MakeVirement.into(),
        on: on("2020-07-15"),
        recorded_on: on("2020-08-01"),
        amount_pence: Some(50_000_000),
        is_breach: true,
        position: 57,
        item_id: "v-1".into(),
        ..Default::default()
    }
}

/// An act that states no amount.
pub fn act_without_amount() -> ActView {
    ActView {
        amount_pence: None,
        item_id: "v-2".into(),
        ..act()
    }
}

/// A word on the proposal, recorded three weeks after it was given.
pub fn late_word() -> WordView {
    WordView {
        by: actor("b-pcc", ""),
        choice: VoteChoice::Approve.into(),
        on: on("2020-06-10"),
        recorded_on: on("2020-07-01"),
        replaced: true,
        too_late: true,
        conflict_declared: "sits on both".into(),
        position: 50,
        ..Default::default()
    }
}

/// The proposal in full.
pub fn proposal() -> ProposalView {
    ProposalView {
        approval: Some(approval()),
        summary: "Vetting spent less than it had.".into(),
        need: need(),
        reasoning: vec![
            "Two of three commissioners agreed.".into(),
            "C-PCC is awaited.".into(),
        ],
        words: vec![
            WordView {
                by: actor("a-cc", "Chief Finance Officer"),
                board: board(),
                choice: VoteChoice::Approve.into(),
                on: on("2020-06"),
                recorded_on: on("2020-06-10"),
                amount_pence: 40_000_000,
                allows_projected: true,
                position: 49,
                ..Default::default()
            },
            late_word(),
        ],
        decisions: vec![DecisionView {
            decision_id: "d-1".into(),
            standing: DecisionStanding::Deferred.into(),
            on: on("2020-06"),
            board: board(),
            reasons: "More figures are wanted.".into(),
            position: 47,
            ..Default::default()
        }],
        approved_pence: 40_000_000,
        made_pence: 30_000_000,
        left_pence: 10_000_000,
        covers_projected: true,
        acts: vec![act()],
        ratifies: Some(act_without_amount()),
        ..Default::default()
    }
}

fn side(service: &str, head: &str, amount: Option<i64>) -> VirementSideView {
    VirementSideView {
        head: Some(BudgetHead {
            service_id: service.into(),
            head: head.into(),
            is_income: false,
            fund: FundType::Capital.into(),
        }),
        service_name: service.to_uppercase(),
        returned_to: None,
        amount_pence: amount,
    }
}

/// Virements: one asked for and made in part, one never asked for and without an
/// amount.
pub fn virements() -> Vec<VirementView> {
    let asked = VirementView {
        currency: String::new(),
        schedule: None,
        schedule_total_pence: 0,
        subject: "collaborations/em".into(),
        subject_name: "East Midlands".into(),
        proposal_id: "0193aaaa-0000-7000-8000-000000000001".into(),
        title: "Move the underspend on vetting".into(),
        standing: DecisionStanding::Approved.into(),
        financial_year: "2020/21".into(),
        sources: vec![side("vetting", "staff", Some(50_000_000))],
        targets: vec![
            side("forensics", "", Some(30_000_000)),
            VirementSideView {
                returned_to: body("a-pcc"),
                amount_pence: Some(20_000_000),
                ..Default::default()
            },
        ],
        basis: UnderspendBasis::Projected.into(),
        permanence: Permanence::OneOff.into(),
        requested_pence: 50_000_000,
        approved_pence: 50_000_000,
        made_pence: 50_000_000,
        left_pence: 0,
        covers_projected: true,
        on: on("2020-05-02"),
        on_is: 0,
        approved_on: on("2020-06-30"),
        made: vec![ActView {
            is_breach: false,
            ..act()
        }],
        position: 42,
    };
    let never_asked = VirementView {
        proposal_id: String::new(),
        title: String::new(),
        standing: DecisionStanding::Unspecified.into(),
        sources: vec![side("vetting", "", None)],
        targets: vec![side("dogs", "", None)],
        requested_pence: 0,
        approved_pence: 0,
        made_pence: 0,
        covers_projected: false,
        approved_on: None,
        made: vec![act_without_amount()],
        position: 58,
        ..asked.clone()
    };
    vec![asked, never_asked]
}

/// A disposal of which one body confirmed its part and another did not.
pub fn disposals() -> Vec<DisposalView> {
    let part = |id: &str, confirmed: Option<Date>| PartView {
        destination: DisposalDestination::BodyReserves.into(),
        body: body(id),
        amount_pence: 1_000_000,
        confirmed_on: confirmed,
        confirmed_pence: if confirmed.is_some() { 999_900 } else { 0 },
        ..PartView::default()
    };
    vec![DisposalView {
        subject: "collaborations/em".into(),
        subject_name: "East Midlands".into(),
        disposal_id: "underspend-2019".into(),
        financial_year: "2019/20".into(),
        service: None,
        act: Some(ActView {
            matter_kind: MatterKind::DisposeUnderspend.into(),
            amount_pence: Some(2_500_000),
            is_breach: false,
            item_id: "underspend-2019".into(),
            ..act()
        }),
        proposal_id: String::new(),
        parts: vec![
            part("a-pcc", on("2020-08-10")),
            part("b-pcc", None),
            PartView {
                destination: DisposalDestination::CarriedForward.into(),
                amount_pence: 500_000,
                ..Default::default()
            },
        ],
        ..DisposalView::default()
    }]
}

/// A breach, with an approval that came too late and one recorded too late.
pub fn breach() -> BreachView {
    let late = |recorded_late, title: &str| LateApproval {
        proposal_id: "0193aaaa-0000-7000-8000-000000000001".into(),
        title: title.into(),
        standing: DecisionStanding::Approved.into(),
        decided_on: on(if recorded_late {
            "2020-07-01"
        } else {
            "2020-08-20"
        }),
        recorded_on: on("2020-08-21"),
        recorded_late,
        position: 61,
    };
    BreachView {
        corrected_by_position: 77,
        correction_reason: "It never happened".into(),
        subject: "collaborations/em".into(),
        subject_name: "East Midlands".into(),
        kind: BreachKind::Acknowledged.into(),
        act: Some(act_without_amount()),
        rule: rule(),
        acted_by: actor("a-cc", "Chief Finance Officer"),
        recorded_by: "Regional collaboration team".into(),
        recorded_at: Some(prost_types::Timestamp {
            seconds: 1_596_272_400,
            nanos: 0,
        }),
        reason: "The money was gone before the board met.".into(),
        missing: vec![FaultView {
            reason: "APPROVAL_REQUIRED".into(),
            what: "No approved proposal is cited.".into(),
            ..Default::default()
        }],
        late_approvals: vec![late(false, "Ratify it"), late(true, "Allow it")],
        sources: vec![Source {
            title: "Board minutes".into(),
            place: "item 6".into(),
            ..Default::default()
        }],
    }
}

/// A notice that runs, to a day that was put off.
pub fn notice() -> NoticeView {
    NoticeView {
        notice_id: "n-1".into(),
        body: body("a-pcc"),
        capacity: NoticeCapacity::Party.into(),
        given_on: on("2020-01-01"),
        takes_effect_on: on("2021-03-31"),
        standing: NoticeStanding::Running.into(),
        instrument_id: "s22a".into(),
        reason: "Costs".into(),
        collaboration: Some(CollaborationRef {
            collaboration_id: "em".into(),
            name: "East Midlands".into(),
        }),
        given_for_on: on("2020-12-31"),
        day_set_by: NoticeDay::Extended.into(),
        period_months: 12,
        waived_by: vec![body("b-pcc").unwrap_or_default()],
        days_left: 30,
        position: 12,
        ..Default::default()
    }
}

/// A set of one rule.
pub fn rule_set() -> Option<RuleSetView> {
    Some(RuleSetView {
        adopted_by: "collaborations/em".into(),
        rule_set_id: "scheme-2019".into(),
        in_force_on: on("2019-04-01"),
        document: None,
        rules: vec![RuleView {
            warning: String::new(),
            rule_id: "large".into(),
            title: "Virements over £250,000".into(),
            when: "a virement of more than £250,000".into(),
            needs: "every policing body of the parties".into(),
        }],
        position: 9,
    })
}
