//! Acts in two clicks: to vote, to record the decision of a board, and to sign.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use futures::future::BoxFuture;
use http::StatusCode;
use maud::html;
use tonic::Status;

use super::Web;
use super::asked::PageAsked;
use super::forms::{FormTask, done_at};
use super::posted::{FormStep, PostedForm, SentBoxes};
use super::recording::RecordAnswer;
use super::refusal::refused;
use minutebook_form::{FormFault, FormKind, RECORDED_BY, SPEAKER, Speaker, TypedNode};
use minutebook_grpc::wire::proto::{
    ApprovalView, GetCollaborationRequest, GetProposalRequest, InstrumentView, MatterKind,
    ProposalView,
};
use minutebook_page::act::ActSheet;
use minutebook_page::{proposal, spoken, who};

type Pages = State<Arc<Web>>;

pub async fn vote(State(web): Pages, Path(id): Path<String>, asked: PageAsked) -> Response {
    on_proposal(&web, Act::Vote, id, asked, drawn()).await
}

pub async fn vote_sent(State(web): Pages, Path(id): Path<String>, form: PostedForm) -> Response {
    on_proposal(&web, Act::Vote, id, form.asked, form.sent).await
}

pub async fn decide(State(web): Pages, Path(id): Path<String>, asked: PageAsked) -> Response {
    on_proposal(&web, Act::Decide, id, asked, drawn()).await
}

pub async fn decide_sent(State(web): Pages, Path(id): Path<String>, form: PostedForm) -> Response {
    on_proposal(&web, Act::Decide, id, form.asked, form.sent).await
}

pub async fn sign(
    State(web): Pages,
    Path((kind, id, instrument)): Path<(String, String, String)>,
    asked: PageAsked,
) -> Response {
    on_instrument(&web, format!("{kind}/{id}"), instrument, asked, drawn()).await
}

pub async fn sign_sent(
    State(web): Pages,
    Path((kind, id, instrument)): Path<(String, String, String)>,
    form: PostedForm,
) -> Response {
    let subject = format!("{kind}/{id}");
    on_instrument(&web, subject, instrument, form.asked, form.sent).await
}

/// Nothing was sent: the page is drawn.
fn drawn() -> SentBoxes {
    SentBoxes {
        step: FormStep::Redraw,
        ..SentBoxes::default()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Vote,
    Decide,
}

/// The answers to choose from: as an address has them, as events have them, and in words.
const CHOICES: [(&str, &str, &str); 3] = [
    ("for", "VOTE_CHOICE_APPROVE", "agrees to"),
    ("against", "VOTE_CHOICE_REJECT", "does not agree to"),
    ("abstain", "VOTE_CHOICE_ABSTAIN", "abstains from voting on"),
];

fn on_proposal(
    web: &Web,
    act: Act,
    proposal_id: String,
    asked: PageAsked,
    sent: SentBoxes,
) -> BoxFuture<'_, Response> {
    Box::pin(async move {
        let request = GetProposalRequest {
            proposal_id,
            ..GetProposalRequest::default()
        };
        let view = match web.known(request, &asked.caller).await {
            Ok(Some(answer)) => answer.proposal.unwrap_or_default(),
            Ok(None) => {
                let status = Status::not_found("There is no such proposal");
                return refused(web, &asked, &status);
            }
            Err(status) => return refused(web, &asked, &status),
        };
        match act {
            Act::Vote => voting(web, view, asked, sent).await,
            Act::Decide => deciding(web, view, asked, sent).await,
        }
    })
}

async fn voting(web: &Web, view: ProposalView, asked: PageAsked, mut sent: SentBoxes) -> Response {
    let approval = view.approval.clone().unwrap_or_default();
    let choice = asked.text("choice").into_owned();
    let found = CHOICES.iter().find(|(name, ..)| *name == choice);
    let (choice, value, verb) = *found.unwrap_or(&CHOICES[0]);
    let reader = web.reader(&asked).await;
    let mut speakers = reader.speakers(&approval.awaited);
    speakers.retain(|speaker| !speaker.is_board());
    let Some(kind) = FormKind::named("vote_cast") else {
        return refused(web, &asked, &Status::not_found("There are no votes"));
    };
    of_proposal(&mut sent.typed, kind, &approval);
    set(&mut sent.typed, "vote_cast.choice", value);
    speak(&mut sent.typed, kind, &speakers);
    let by = match speakers.as_slice() {
        [one] => one.name.clone(),
        _ => "the one that you choose".to_owned(),
    };
    // Where the register awaits nobody for whom the reader speaks, any voter can be named.
    let shown: &[&str] = match speakers.is_empty() {
        true => &[
            "vote_cast.voter",
            "vote_cast.board_id",
            "vote_cast.conflict_declared",
            RECORDED_BY,
        ],
        false => &["vote_cast.conflict_declared", RECORDED_BY],
    };
    let links = asked.address.links();
    let path = asked.address.path.clone();
    let ways = html! {
        p.note {
            "Instead: "
            @for (index, (name, _, other)) in CHOICES.iter().filter(|(name, ..)| *name != choice).enumerate() {
                @if index > 0 { " · " }
                a href=(links.to_with(&path, &[("choice", name)])) { (by) " " (other) " it" }
            }
        }
    };
    let act = ActTask {
        over: "Vote",
        title: approval.title.clone(),
        sentence: format!("{} {verb} “{}”.", spoken::capital(&by), approval.title),
        ways,
        shown,
        speakers,
        reasoning: html! { (proposal::outcome(&view, &approval)) (proposal::need(&view, links)) },
    };
    act.answer(web, kind, asked, sent).await
}

async fn deciding(
    web: &Web,
    view: ProposalView,
    asked: PageAsked,
    mut sent: SentBoxes,
) -> Response {
    let approval = view.approval.clone().unwrap_or_default();
    let rejects = asked.text("outcome") == "other";
    let is_virement = approval.matter_kind() == MatterKind::MakeVirement;
    let name = match is_virement && !rejects {
        true => "virement_approved",
        false => "decision_made",
    };
    let Some(kind) = FormKind::named(name) else {
        return refused(web, &asked, &Status::not_found("There are no decisions"));
    };
    let reader = web.reader(&asked).await;
    let awaited = reader.speakers(&approval.awaited);
    let mut boards: Vec<Speaker> = Vec::new();
    for speaker in awaited
        .iter()
        .filter(|speaker| !speaker.board_id.is_empty())
    {
        if boards
            .iter()
            .all(|board| board.board_id != speaker.board_id)
        {
            let name = speaker.name.rsplit(", on ").next().unwrap_or_default();
            boards.push(Speaker {
                board_id: speaker.board_id.clone(),
                name: name.to_owned(),
                ..Speaker::default()
            });
        }
    }
    let board = approval.board.clone().filter(|_| boards.is_empty());
    boards.extend(board.map(|board| Speaker {
        board_id: board.board_id,
        name: board.name,
        ..Speaker::default()
    }));
    of_proposal(&mut sent.typed, kind, &approval);
    set(&mut sent.typed, &format!("{name}.title"), &approval.title);
    speak(&mut sent.typed, kind, &boards);
    let by = match boards.as_slice() {
        [one] => one.name.clone(),
        _ => "the board that you choose".to_owned(),
    };
    let (shown, sentence): (&[&str], String) = match name {
        "virement_approved" => (
            &[
                "effective_on",
                "virement_approved.amount_pence",
                "virement_approved.conditions",
                RECORDED_BY,
            ],
            format!("{} approved “{}”.", spoken::capital(&by), approval.title),
        ),
        _ => (
            &[
                "effective_on",
                "decision_made.outcome",
                "decision_made.reasons",
                RECORDED_BY,
            ],
            format!("{} decided on “{}”.", spoken::capital(&by), approval.title),
        ),
    };
    let links = asked.address.links();
    let path = asked.address.path.clone();
    let ways = html! {
        @if is_virement && !rejects {
            p.note {
                "If it was not approved, or put off: "
                a href=(links.to_with(&path, &[("outcome", "other")])) { "record another decision" }
            }
        }
    };
    let act = ActTask {
        over: "Decision of a board",
        title: approval.title.clone(),
        sentence,
        ways,
        shown,
        speakers: boards,
        reasoning: html! { (proposal::outcome(&view, &approval)) (proposal::need(&view, links)) },
    };
    act.answer(web, kind, asked, sent).await
}

fn on_instrument(
    web: &Web,
    subject: String,
    instrument_id: String,
    asked: PageAsked,
    sent: SentBoxes,
) -> BoxFuture<'_, Response> {
    Box::pin(async move {
        let id = subject.strip_prefix("collaborations/").unwrap_or_default();
        let request = GetCollaborationRequest {
            collaboration_id: id.to_owned(),
            ..GetCollaborationRequest::default()
        };
        let found = match web.known(request, &asked.caller).await {
            Ok(answer) => answer.and_then(|answer| answer.collaboration),
            Err(status) => return refused(web, &asked, &status),
        };
        let instruments = found.map(|view| view.instruments).unwrap_or_default();
        let mut instruments = instruments.into_iter();
        match instruments.find(|one| one.instrument_id == instrument_id) {
            Some(instrument) => signing(web, subject, instrument, asked, sent).await,
            None => {
                let status = Status::not_found("There is no such agreement to sign");
                refused(web, &asked, &status)
            }
        }
    })
}

async fn signing(
    web: &Web,
    subject: String,
    instrument: InstrumentView,
    asked: PageAsked,
    mut sent: SentBoxes,
) -> Response {
    let Some(kind) = FormKind::named("agreement_signed") else {
        return refused(web, &asked, &Status::not_found("There are no signatures"));
    };
    set(&mut sent.typed, "subject", &subject);
    set(
        &mut sent.typed,
        "agreement_signed.instrument_id",
        &instrument.instrument_id,
    );
    let by = asked.text("by").into_owned();
    if !by.is_empty() && sent.step == FormStep::Redraw {
        set(&mut sent.typed, "agreement_signed.body_id", &by);
    }
    let missing = instrument
        .signatures
        .iter()
        .filter(|one| one.signed_on.is_none());
    let missing: Vec<String> = missing
        .filter_map(|one| one.body.as_ref())
        .map(|body| who::name(&body.name, &body.body_id).to_owned())
        .collect();
    let reasoning = html! {
        section {
            h2 { "Who has signed" }
            @if missing.is_empty() { p { "All that must sign have signed." } }
            @else { p { "It waits for " (spoken::list(&missing)) "." } }
        }
    };
    let act = ActTask {
        over: "Sign",
        title: instrument.title.clone(),
        sentence: format!("The party that you name signed “{}”.", instrument.title),
        ways: html! {},
        shown: &[
            "agreement_signed.body_id",
            "agreement_signed.office",
            "effective_on",
            RECORDED_BY,
        ],
        speakers: Vec::new(),
        reasoning,
    };
    act.answer(web, kind, asked, sent).await
}

/// An act that is being answered.
struct ActTask<'s> {
    over: &'static str,
    title: String,
    sentence: String,
    ways: maud::Markup,
    shown: &'s [&'s str],
    speakers: Vec<Speaker>,
    reasoning: maud::Markup,
}

impl ActTask<'_> {
    async fn answer(
        self,
        web: &Web,
        kind: FormKind,
        asked: PageAsked,
        sent: SentBoxes,
    ) -> Response {
        let task = match FormTask::new(web, kind, asked.clone(), sent).await {
            Ok(task) => task,
            Err(status) => return refused(web, &asked, &status),
        };
        if task.sent.step == FormStep::Redraw {
            return self.page(&task, &[], StatusCode::OK);
        }
        let request = match task.read() {
            Ok(request) => request,
            Err(faults) => return self.page(&task, &faults, StatusCode::BAD_REQUEST),
        };
        let context = task.context();
        match web.recorded(request, kind, &context).await {
            RecordAnswer::Taken(recorded) => done_at(&recorded),
            RecordAnswer::Refused(faults, code) => self.page(&task, &faults, code),
            RecordAnswer::OtherRecorded => task.other_recorded(),
            RecordAnswer::Unknown => task.unknown(),
        }
    }

    fn page(self, task: &FormTask<'_>, faults: &[FormFault], code: StatusCode) -> Response {
        let page = ActSheet {
            over: self.over,
            title: self.title,
            sentence: self.sentence,
            ways: self.ways,
            view: &task.view(faults),
            shown: self.shown,
            speakers: &self.speakers,
            pairs: task.pairs(),
            sheet: &task.sheet,
            reasoning: self.reasoning,
        };
        task.page(&page.page(&task.asked.address), code)
    }
}

/// Names the proposal and its subject.
fn of_proposal(typed: &mut TypedNode, kind: FormKind, approval: &ApprovalView) {
    set(typed, "subject", &approval.subject);
    let name = format!("{}.proposal_id", kind.name());
    set(typed, &name, &approval.proposal_id);
}

/// Names the one for whom the reader speaks: as chosen, or the only one.
fn speak(typed: &mut TypedNode, kind: FormKind, speakers: &[Speaker]) {
    let chosen = Speaker::from_key(typed.field(SPEAKER).text());
    let of_these = chosen.filter(|chosen| speakers.iter().any(|one| one.key() == chosen.key()));
    let only = match speakers {
        [one] => Some(one.clone()),
        _ => None,
    };
    if let Some(speaker) = of_these.or(only) {
        speaker.write(kind, typed);
    }
}

/// Sets the text of a box that the page does not ask for.
fn set(typed: &mut TypedNode, name: &str, text: &str) {
    if typed.at(name).is_none_or(TypedNode::is_blank) {
        typed.add(name, text);
    }
}
