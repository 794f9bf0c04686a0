//! The views, as verbs of the command line.

use clap::Subcommand;

use crate::cli::dates;
use crate::cli::id::{self, ProposalName};

#[derive(Debug, Subcommand)]
pub enum View {
    /// The register of collaborations: their form, lead, parties, services and instruments
    #[command(after_help = "Example:\n  \
        minutebook show collaborations --party bodies/leics-pcc --as-at 2016")]
    Collaborations {
        /// Only those this body is party to
        #[arg(long, value_name = "BODY", value_parser = id::parse_body)]
        party: Option<String>,
        /// Also those that have ended
        #[arg(long)]
        ended: bool,
    },
    /// One collaboration in full: parties, services, instruments with signatures and versions,
    /// boards, notices, dependencies, and entries that are not yet in force
    #[command(after_help = "Example:\n  minutebook show collaboration bch --as-at 2018-03")]
    Collaboration {
        /// The collaboration, such as bch or collaborations/bch
        #[arg(value_name = "ID", value_parser = id::parse_collaboration)]
        id: String,
    },
    /// The bodies: policing bodies, chief officers, fire authorities, councils and others
    #[command(after_help = "Example:\n  minutebook show bodies --succeeded --format csv")]
    Bodies {
        /// Also those that others have succeeded
        #[arg(long)]
        succeeded: bool,
    },
    /// One body: everything it is party to, leads and pays, and documents that await its signature
    #[command(after_help = "Example:\n  minutebook show body leics-pcc --as-at 2020-10-01")]
    Body {
        /// The body, such as leics-pcc or bodies/leics-pcc
        #[arg(value_name = "ID", value_parser = id::parse_body)]
        id: String,
    },
    /// The boards, with their powers and chairs
    #[command(after_help = "Example:\n  minutebook show boards --collaboration bch")]
    Boards {
        /// Only those that serve this collaboration
        #[arg(long, value_name = "ID", value_parser = id::parse_collaboration)]
        collaboration: Option<String>,
    },
    /// One board: its seats, quorum, voting rule, meetings
    #[command(after_help = "Example:\n  minutebook show board bch-summit")]
    Board {
        /// The board, such as bch-summit or boards/bch-summit
        #[arg(value_name = "ID", value_parser = id::parse_board)]
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
        minutebook show decisions --subject bch --as-at 2018-03-14 --format csv")]
    Decisions {
        /// Only of this subject: bodies/…, boards/… or collaborations/…
        #[arg(long, value_parser = id::parse_subject)]
        subject: Option<String>,
        /// Only matters that await decision
        #[arg(long)]
        pending: bool,
    },
    /// Who pays what for which service in a financial year, with printed totals
    #[command(after_help = "Example:\n  \
        minutebook show contributions east-midlands --year 2020/21 --format csv")]
    Contributions {
        /// The collaboration
        #[arg(value_name = "ID", value_parser = id::parse_collaboration)]
        id: String,
        /// The financial year, such as 2020/21
        #[arg(long, value_parser = dates::parse_year)]
        year: String,
    },
    /// Budgets by line and year, with printed totals, forecasts and outturns
    #[command(after_help = "Examples:\n  minutebook show budget bch\n  \
        minutebook show budget bodies/leics-pcc --format csv")]
    Budget {
        /// The subject: a collaboration, or bodies/…, boards/…, collaborations/…
        #[arg(value_name = "SUBJECT", value_parser = id::parse_subject)]
        subject: String,
        /// Which budget, where the subject has several [default: the main one]
        #[arg(long, value_name = "ID")]
        budget: Option<String>,
    },
    /// Deadlines: notices, reviews, expiries, actions, meetings; soonest first
    #[command(after_help = "Example:\n  minutebook show deadlines --subject bch --past")]
    Deadlines {
        /// Only of this subject: bodies/…, boards/… or collaborations/…
        #[arg(long, value_parser = id::parse_subject)]
        subject: Option<String>,
        /// Also past deadlines (overdue actions, recommendations and reviews are always
        /// listed)
        #[arg(long)]
        past: bool,
    },
    /// Recommendations, actions and commissioned reviews that are open, oldest first
    #[command(after_help = "Example:\n  minutebook show recommendations --closed")]
    Recommendations {
        /// Only of this subject: bodies/…, boards/… or collaborations/…
        #[arg(long, value_parser = id::parse_subject)]
        subject: Option<String>,
        /// Also those that are closed
        #[arg(long)]
        closed: bool,
    },
    /// Where it is written: the facts in effect, each with its documents and notes
    #[command(after_help = "Example:\n  minutebook show sources --subject bch")]
    Sources {
        /// Only about this subject: bodies/…, boards/… or collaborations/…
        #[arg(long, value_parser = id::parse_subject)]
        subject: Option<String>,
        /// Only facts for which no document is named
        #[arg(long)]
        without: bool,
    },
    /// Benefits and savings: expected beside measured or realised
    #[command(after_help = "Example:\n  minutebook show benefits --subject bch")]
    Benefits {
        /// Only of this subject: bodies/…, boards/… or collaborations/…
        #[arg(long, value_parser = id::parse_subject)]
        subject: Option<String>,
    },
    /// Proposals: the standing of each, who is awaited and since when, and the next meeting
    /// of the board that decides
    #[command(
        after_help = "Examples:\n  minutebook show approvals --outstanding\n  \
        minutebook show approvals bch --as-at 2018-03-14\n  \
        minutebook show approvals --outstanding --body leics-pcc --format csv"
    )]
    Approvals {
        /// Only of this subject: a collaboration, or bodies/…, boards/…, collaborations/…
        #[arg(value_name = "SUBJECT", value_parser = id::parse_subject)]
        subject: Option<String>,
        /// Only proposals that still await decision
        #[arg(long)]
        outstanding: bool,
        /// Only proposals that await this body: its own vote, or that of its seat on a board
        #[arg(long, value_name = "ID", value_parser = id::parse_body)]
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
        /// Only of this subject: a collaboration, or bodies/…, boards/…, collaborations/…
        #[arg(value_name = "SUBJECT", value_parser = id::parse_subject)]
        subject: Option<String>,
    },
    /// Acts without their prior approval: the rule, the missing approval, who recorded the
    /// act, and approvals that came too late
    #[command(after_help = "Examples:\n  minutebook show breaches\n  \
        minutebook show breaches bch --as-known-at 2020-10-01 --format csv")]
    Breaches {
        /// Only of this subject: a collaboration, or bodies/…, boards/…, collaborations/…
        #[arg(value_name = "SUBJECT", value_parser = id::parse_subject)]
        subject: Option<String>,
    },
    /// Notices to leave or to stop leading, when each takes effect, and the reason for that day
    #[command(after_help = "Examples:\n  minutebook show notices\n  \
        minutebook show notices bch --all --as-at 2016")]
    Notices {
        /// Only of this collaboration
        #[arg(value_name = "SUBJECT", value_parser = id::parse_subject)]
        subject: Option<String>,
        /// Also those that have taken effect or were revoked
        #[arg(long)]
        all: bool,
    },
    /// Where documents contradict themselves or one another: totals that do not add up
    #[command(after_help = "Example:\n  minutebook show differences --subject east-midlands")]
    Differences {
        /// Only of this subject: bodies/…, boards/… or collaborations/…
        #[arg(long, value_parser = id::parse_subject)]
        subject: Option<String>,
    },
}
