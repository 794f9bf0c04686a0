//! The views, as verbs of the command line.

use clap::{Args, Subcommand};

use super::contributions::OneTable;
use super::subject_name::Wanted;
use crate::dates;
use crate::id::{self, ProposalName};
use minutebook_grpc::wire::proto::Date;

/// The subject that a view is about.
#[derive(Clone, Debug, Args)]
pub struct OneSubject {
    /// Only of this subject: its id (bch, bodies/…, boards/…, collaborations/…), name or alias
    #[arg(value_name = "SUBJECT", value_parser = id::parse_subject_or_name)]
    subject: Option<String>,

    /// The same
    #[arg(
        long = "subject",
        hide = true,
        value_name = "SUBJECT",
        conflicts_with = "subject"
    )]
    #[arg(value_parser = id::parse_subject_or_name)]
    named: Option<String>,
}

impl OneSubject {
    /// The subject; empty for all.
    pub fn or_all(&self) -> String {
        let given = self.subject.as_ref().or(self.named.as_ref());
        given.cloned().unwrap_or_default()
    }

    fn given_mut(&mut self) -> Option<&mut String> {
        self.subject.as_mut().or(self.named.as_mut())
    }
}

#[derive(Clone, Debug, Subcommand)]
pub enum View {
    /// The register of collaborations: their form, lead, parties, services and instruments
    #[command(after_help = "Example:\n  \
        minutebook show collaborations --party bodies/leics-pcc --as-at 2016")]
    Collaborations {
        /// Only those this body is party to
        #[arg(long, value_name = "BODY", value_parser = id::parse_body_or_name)]
        party: Option<String>,
        /// Also those that have ended
        #[arg(long, alias = "ended")]
        all: bool,
    },
    /// One collaboration in full: parties, services, instruments with signatures and versions,
    /// boards, notices, dependencies, and entries that are not yet in force
    #[command(after_help = "Example:\n  minutebook show collaboration bch --as-at 2018-03")]
    Collaboration {
        /// The collaboration, such as bch or collaborations/bch
        #[arg(value_name = "ID", value_parser = id::parse_collaboration_or_name)]
        id: String,
    },
    /// The bodies: policing bodies, chief officers, fire authorities, councils and others
    #[command(after_help = "Example:\n  minutebook show bodies --all --format csv")]
    Bodies {
        /// Also those that others have succeeded
        #[arg(long, alias = "succeeded")]
        all: bool,
    },
    /// One body: everything it is party to, leads and pays, and documents that await its signature
    #[command(after_help = "Example:\n  minutebook show body leics-pcc --as-at 2020-10-01")]
    Body {
        /// The body, such as leics-pcc or bodies/leics-pcc
        #[arg(value_name = "ID", value_parser = id::parse_body_or_name)]
        id: String,
    },
    /// The boards, with their powers and chairs
    #[command(after_help = "Example:\n  minutebook show boards --collaboration bch")]
    Boards {
        /// Only those that serve this collaboration
        #[arg(long, value_name = "ID", value_parser = id::parse_collaboration_or_name)]
        collaboration: Option<String>,
    },
    /// One board: its seats, quorum, voting rule, meetings
    #[command(after_help = "Example:\n  minutebook show board bch-summit")]
    Board {
        /// The board, such as bch-summit or boards/bch-summit
        #[arg(value_name = "ID", value_parser = id::parse_board_or_name)]
        id: String,
    },
    /// One meeting of a board: attendance, papers, and its decisions, votes and actions in the
    /// order of the agenda
    #[command(after_help = "Example:\n  minutebook show meeting bch-summit 2018-03 --format csv")]
    Meeting {
        /// The board, such as bch-summit or boards/bch-summit
        #[arg(value_name = "BOARD", value_parser = id::parse_board)]
        board: String,
        /// The meeting, by the id under which it was called or held
        #[arg(value_name = "MEETING")]
        meeting: String,
    },
    /// The decision log, oldest first, with open matters, who must decide them, and for how long
    #[command(after_help = "Examples:\n  minutebook show decisions --pending\n  \
        minutebook show decisions bch --as-at 2018-03-14 --format csv")]
    Decisions {
        #[command(flatten)]
        subject: OneSubject,
        /// Only matters that await decision
        #[arg(long)]
        pending: bool,
        /// Also what is settled [the default]
        #[arg(long, hide = true, conflicts_with = "pending")]
        all: bool,
    },
    /// Who pays what for which service in a financial year: as printed, by formula, beside the
    /// year before, invoiced and paid
    #[command(after_help = "Examples:\n  \
        minutebook show contributions east-midlands --year 2020/21 --format csv\n  \
        minutebook show contributions east-midlands --year 2020/21 --table shares")]
    Contributions {
        /// The collaboration
        #[arg(value_name = "ID", value_parser = id::parse_collaboration_or_name)]
        id: String,
        /// The financial year, such as 2020/21, or 2020-01/2020-12
        #[arg(long, value_parser = dates::parse_year)]
        year: String,
        /// Only this table [default: all; in CSV, bodies]
        #[arg(long, value_enum, value_name = "TABLE")]
        table: Option<OneTable>,
    },
    /// Budgets as they are now, by line and year: original, changes, virements, revised,
    /// spent, forecast, outturn and what is left
    #[command(after_help = "Examples:\n  minutebook show budget bch\n  \
        minutebook show budget bch --year 2017/18\n  \
        minutebook show budget bodies/leics-pcc --format csv")]
    Budget {
        /// The subject: a collaboration, or bodies/…, boards/…, collaborations/…
        #[arg(value_name = "SUBJECT", value_parser = id::parse_subject_or_name)]
        subject: String,
        /// Which budget, where the subject has several [default: the main one]
        #[arg(long, value_name = "ID")]
        budget: Option<String>,
        /// Only this financial year, such as 2020/21, 2020-01/2020-12 or "all years": every column
        /// of it
        #[arg(long, value_parser = dates::parse_year)]
        year: Option<String>,
        /// Only lines of this service
        #[arg(long, value_name = "ID")]
        service: Option<String>,
    },
    /// Deadlines: notices, reviews, expiries, actions, meetings; soonest first
    #[command(after_help = "Examples:\n  minutebook show deadlines bch --all\n  \
        minutebook show deadlines --until 2026-12-31")]
    Deadlines {
        #[command(flatten)]
        subject: OneSubject,
        /// Also those that were kept or passed by themselves (a day that passed without
        /// what was due is always listed)
        #[arg(long, alias = "past")]
        all: bool,
        /// Only up to this day
        #[arg(long, value_name = "DATE", value_parser = dates::parse_date)]
        until: Option<Date>,
    },
    /// For a chair: what awaits decision and whose, what is overdue or falls due
    /// before the next meeting, breaches, running notices, signatures and confirmations that
    /// are missing
    #[command(
        after_help = "Examples:\n  minutebook show attention --board bch-summit\n  \
        minutebook show attention --body leics-pcc --until 2026-12-31 --format csv"
    )]
    Attention {
        /// Only what concerns this board, and the collaborations that it serves
        #[arg(long, value_name = "ID", value_parser = id::parse_board_or_name)]
        board: Option<String>,
        /// Only what concerns this body
        #[arg(long, value_name = "ID", value_parser = id::parse_body_or_name)]
        body: Option<String>,
        /// How far to look ahead [default: the board's next meeting, or else 30 days]
        #[arg(long, value_name = "DATE", value_parser = dates::parse_date)]
        until: Option<Date>,
    },
    /// Recommendations, actions and commissioned reviews that are open, oldest first
    #[command(after_help = "Example:\n  minutebook show recommendations --all")]
    Recommendations {
        #[command(flatten)]
        subject: OneSubject,
        /// Also those that are closed
        #[arg(long, alias = "closed")]
        all: bool,
    },
    /// Where it is written: the facts in effect, each with its documents and notes
    #[command(after_help = "Example:\n  minutebook show sources bch")]
    Sources {
        #[command(flatten)]
        subject: OneSubject,
        /// Only facts for which no document is named
        #[arg(long)]
        without: bool,
    },
    /// Benefits and savings: expected beside measured or realised
    #[command(after_help = "Example:\n  minutebook show benefits bch")]
    Benefits {
        #[command(flatten)]
        subject: OneSubject,
    },
    /// Proposals: the standing of each, who is awaited and since when, and the next meeting
    /// of the board that decides
    #[command(
        after_help = "Examples:\n  minutebook show approvals --outstanding\n  \
        minutebook show approvals bch --as-at 2018-03-14\n  \
        minutebook show approvals --outstanding --body leics-pcc --format csv"
    )]
    Approvals {
        #[command(flatten)]
        subject: OneSubject,
        /// Only proposals that still await decision
        #[arg(long)]
        outstanding: bool,
        /// Also what is settled [the default]
        #[arg(long, hide = true, conflicts_with = "outstanding")]
        all: bool,
        /// Only proposals that await this body: its own vote, or that of its seat on a board
        #[arg(long, value_name = "ID", value_parser = id::parse_body_or_name)]
        body: Option<String>,
    },
    /// One proposal in full: the rule that applies, who must agree, who has and who is
    /// awaited, every vote and decision, and the acts that used the approval
    #[command(after_help = "Examples:\n  \
        minutebook show proposal 0193aaaa-0000-7000-8000-000000000001\n  \
        minutebook show proposal 42 --as-at 2020-07-15")]
    Proposal {
        /// The proposal, or the position of an entry that proposes it, votes on it, decides
        /// it or uses it
        #[arg(value_name = "ID|ENTRY", value_parser = id::parse_proposal)]
        name: ProposalName,
    },
    /// Virements and disposals of underspends: the amounts approved, made and left, and the
    /// bodies that confirmed their part
    #[command(
        after_help = "Examples:\n  minutebook show virements east-midlands\n  \
        minutebook show virements --as-known-at '#42' --format csv"
    )]
    Virements {
        #[command(flatten)]
        subject: OneSubject,
    },
    /// Settlements: who pays whom how much, what is paid, written off, left and overdue
    #[command(after_help = "Examples:\n  minutebook show settlements x\n  \
        minutebook show settlements --body leics-pcc --format csv")]
    Settlements {
        #[command(flatten)]
        subject: OneSubject,
        /// Only settlements under which this body pays or is paid
        #[arg(long, value_name = "ID", value_parser = id::parse_body_or_name)]
        body: Option<String>,
    },
    /// Mandates: which callers may record what, for whom, from when to when
    #[command(after_help = "Examples:\n  minutebook show mandates --all\n  \
        minutebook show mandates bodies/leics-pcc --as-at 2027-01-01")]
    Mandates {
        #[command(flatten)]
        subject: OneSubject,
        /// Also those that begin later, and those that are over
        #[arg(long)]
        all: bool,
    },
    /// Acts without their prior approval: the rule, the missing approval, who recorded the
    /// act, and approvals that came too late
    #[command(after_help = "Examples:\n  minutebook show breaches\n  \
        minutebook show breaches bch --as-known-at 2020-10-01 --format csv")]
    Breaches {
        #[command(flatten)]
        subject: OneSubject,
    },
    /// Notices to leave or to stop leading, when each takes effect, and the reason for that day
    #[command(after_help = "Examples:\n  minutebook show notices\n  \
        minutebook show notices bch --all --as-at 2016")]
    Notices {
        #[command(flatten)]
        subject: OneSubject,
        /// Also those that have taken effect or were revoked
        #[arg(long)]
        all: bool,
    },
    /// Checks of a finance officer: heads overdrawn, contributions that do not meet the budget,
    /// formulas that do not total, late virements, missing outturns, old forecasts
    #[command(after_help = "Examples:\n  minutebook show checks bch\n  \
        minutebook show checks --year 2017/18 --months 6")]
    Checks {
        #[command(flatten)]
        subject: OneSubject,
        /// Only this financial year, such as 2020/21, or 2020-01/2020-12
        #[arg(long, value_parser = dates::parse_year)]
        year: Option<String>,
        /// The months after the end of a year in which its outturn is due [default: 3]
        #[arg(long, value_name = "MONTHS", value_parser = clap::value_parser!(i32).range(1..1_200))]
        months: Option<i32>,
    },
    /// Where documents contradict themselves or one another: totals that do not add up
    #[command(after_help = "Example:\n  minutebook show differences east-midlands")]
    Differences {
        #[command(flatten)]
        subject: OneSubject,
    },
}

impl View {
    /// The names that it has: what each is the name of, and the text, which a lookup may
    /// replace.
    pub fn names_mut(&mut self) -> Vec<(Wanted, &mut String)> {
        let named = |wanted, name: Option<_>| -> Vec<(Wanted, &mut String)> {
            name.map(|name| (wanted, name)).into_iter().collect()
        };
        match self {
            Self::Collaborations { party, .. } => named(Wanted::Body, party.as_mut()),
            Self::Collaboration { id } | Self::Contributions { id, .. } => {
                named(Wanted::Collaboration, Some(id))
            }
            Self::Body { id } => named(Wanted::Body, Some(id)),
            Self::Boards { collaboration } => named(Wanted::Collaboration, collaboration.as_mut()),
            Self::Board { id } | Self::Meeting { board: id, .. } => named(Wanted::Board, Some(id)),
            Self::Budget { subject, .. } => named(Wanted::Subject, Some(subject)),
            Self::Attention { board, body, .. } => {
                let mut names = named(Wanted::Board, board.as_mut());
                names.extend(named(Wanted::Body, body.as_mut()));
                names
            }
            Self::Approvals { subject, body, .. } | Self::Settlements { subject, body } => {
                let mut names = named(Wanted::Subject, subject.given_mut());
                names.extend(named(Wanted::Body, body.as_mut()));
                names
            }
            Self::Decisions { subject, .. }
            | Self::Deadlines { subject, .. }
            | Self::Recommendations { subject, .. }
            | Self::Sources { subject, .. }
            | Self::Benefits { subject }
            | Self::Virements { subject }
            | Self::Breaches { subject }
            | Self::Mandates { subject, .. }
            | Self::Notices { subject, .. }
            | Self::Checks { subject, .. }
            | Self::Differences { subject } => named(Wanted::Subject, subject.given_mut()),
            Self::Bodies { .. } | Self::Proposal { .. } => Vec::new(),
        }
    }

    /// Whether the server takes the name as a filter, and answers an unknown one with an
    /// empty list.
    pub const fn filters_by_name(&self) -> bool {
        matches!(
            self,
            Self::Collaborations { .. }
                | Self::Boards { .. }
                | Self::Approvals { .. }
                | Self::Settlements { .. }
        )
    }
}
