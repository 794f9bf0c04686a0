//! The actions that a recorder attempts, in the model's own terms.

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// A place in the effective order.
pub type At = (Date, u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    For,
    Against,
    Neither,
}

/// An entry that an action is about: the `k`-th from the end of those about a proposal.
/// The position is filled in when the action is attempted; 0 if there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick {
    pub n: u8,
    pub k: usize,
    pub position: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    None,
    Proposal(u8),
    Breach(Option<u8>),
    Delegation(Pick),
}

/// The result of a board's vote as minuted.
#[derive(Debug, Clone, Copy)]
pub struct ModelTally {
    /// 0 if it is not stated.
    pub present: usize,
    pub for_it: usize,
    pub against: usize,
    pub neither: usize,
    pub unanimous: bool,
    pub casting: Option<Choice>,
}

impl ModelTally {
    pub const fn votes(&self) -> usize {
        self.for_it + self.against + self.neither
    }
}

/// The interest that a voter declares with the vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    Nothing,
    /// A conflict of interest, in the old field.
    Conflict,
    /// Some other interest; the member left.
    Left,
    /// Some other interest; the member stayed without a vote.
    Stayed,
    /// A pecuniary interest, with a dispensation and without.
    Allowed,
    Barred,
}

/// The conditions of an approval, each in words or of another body's decision; and the
/// days after which it is in force.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    pub conditions: &'static [Option<&'static str>],
    pub days: Option<i64>,
}

impl Terms {
    pub const NONE: Self = Self {
        conditions: &[],
        days: None,
    };

    pub fn from(&self, on: Date) -> Option<Date> {
        self.days.map(|days| later(on, days))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConditionEnd {
    Met,
    Waived,
    NotMet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallInEnd {
    Upheld,
    Lapsed,
    Back,
    Council,
    Amended,
    Rescinded,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CourtStep {
    Permission,
    PermissionRefused,
    Stayed,
    StayLifted,
    Upheld,
    Quashed,
    Appealed,
    Withdrawn,
    AppealDismissed,
    AppealAllowed,
}

impl CourtStep {
    pub const fn ends_stay(self) -> bool {
        matches!(
            self,
            Self::PermissionRefused
                | Self::StayLifted
                | Self::Upheld
                | Self::Quashed
                | Self::Withdrawn
                | Self::AppealDismissed
                | Self::AppealAllowed
        )
    }
}

#[derive(Debug, Clone)]
pub enum ModelAction {
    Adopt(u8),
    /// Three bits: a casting vote, one seat of merged bodies, a quorum of 2.
    Orders(u8),
    Request {
        n: u8,
        amount: i64,
        head: u8,
        projected: bool,
        by: &'static str,
        put_to: &'static [&'static str],
        /// The board that is to decide, of those of the council.
        board: Option<&'static str>,
    },
    Vote {
        n: u8,
        by: &'static str,
        board: bool,
        choice: Choice,
        declared: Declared,
        seat_only: bool,
    },
    /// By the board if no body is named.
    Decide {
        n: u8,
        by: Option<&'static str>,
        approves: bool,
        tally: Option<ModelTally>,
        terms: Terms,
    },
    Approve {
        n: u8,
        by: Option<&'static str>,
        amount: Option<i64>,
        projected: bool,
        tally: Option<ModelTally>,
        terms: Terms,
    },
    /// A recommendation; by the board if nobody is named.
    Support {
        n: u8,
        by: Option<&'static str>,
    },
    /// By one board of the council to the other, or to itself.
    SendBack {
        n: u8,
        by: &'static str,
        to: &'static str,
    },
    Withdraw(u8),
    SettleCondition {
        decision: Pick,
        index: usize,
        how: ConditionEnd,
        /// Whether the one settles it that the condition names; otherwise nobody is named.
        by_its_decider: bool,
    },
    CallIn(Pick),
    SettleCallIn {
        call_in: Pick,
        how: CallInEnd,
    },
    Challenge(Pick),
    /// With the day, since the first of all, from which a decision is quashed.
    Step {
        challenge: Pick,
        step: CourtStep,
        from: Option<i64>,
    },
    /// By the board or by a-pcc.
    Delegate {
        board: bool,
        to: &'static str,
        up_to: Option<i64>,
        days: Option<i64>,
        other_kind: bool,
    },
    Revoke(Pick),
    Make {
        amount: i64,
        head: u8,
        projected: bool,
        by: Option<&'static str>,
        authority: Authority,
    },
    /// By index into the virements made; then by position.
    Reverse(u64),
    /// By index into the entries; then by position.
    Void(u64),
}

/// The first and the last day that a date may be.
pub type Span = (Date, Date);

/// How exactly a day is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Day,
    Month,
    Year,
}

impl Known {
    /// The days that a day may be, where only so much of it is known.
    pub fn span(self, on: Date) -> Span {
        match self {
            Self::Day => (on, on),
            Self::Month => (on.first_of_month(), on.last_of_month()),
            Self::Year => (on.first_of_year(), on.last_of_year()),
        }
    }

    /// A date as it is recorded.
    pub fn written(self, on: Date) -> String {
        let full = on.to_string();
        match self {
            Self::Day => full,
            Self::Month => full[..7].to_owned(),
            Self::Year => full[..4].to_owned(),
        }
    }
}

/// The answer to a question about days that may not be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    No,
    Perhaps,
    Yes,
}

/// Whether one date is on or before another.
pub fn by(one: Span, other: Span) -> Sure {
    if one.1 <= other.0 {
        Sure::Yes
    } else if one.0 <= other.1 {
        Sure::Perhaps
    } else {
        Sure::No
    }
}

/// Whether one date is after another.
pub fn after(one: Span, other: Span) -> Sure {
    match by(one, other) {
        Sure::Yes => Sure::No,
        Sure::Perhaps => Sure::Perhaps,
        Sure::No => Sure::Yes,
    }
}

#[derive(Debug, Clone)]
pub struct Fact {
    /// The first day that it may be: that is its place in the order.
    pub on: Date,
    /// The last day that it may be.
    pub last: Date,
    pub position: u64,
    pub action: ModelAction,
}

impl Fact {
    pub const fn at(&self) -> At {
        (self.on, self.position)
    }

    pub const fn span(&self) -> Span {
        (self.on, self.last)
    }
}

pub fn day(days: i64) -> Date {
    later(date(2020, 1, 1), days)
}

pub fn later(on: Date, days: i64) -> Date {
    on.checked_add(days.days()).expect("a day")
}

/// The body for which `by` votes or decides.
pub fn body(by: &'static str) -> &'static str {
    match by {
        "officer" => "a-pcc",
        by if is_of_council(by) => "council",
        by => by,
    }
}

/// Whether it is a board that belongs to the council.
pub fn is_of_council(by: &str) -> bool {
    matches!(by, "cabinet" | "full")
}
