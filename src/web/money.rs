//! The pages of money: budgets and contributions, of one year and of all years.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use tonic::{Code, Status};

use super::Web;
use super::answers::{document, of_caller, plain};
use super::asked::PageAsked;
use super::format::PageFormat;
use super::refusal::{refused, unreadable};
use minutebook_domain::ids::CollaborationId;
use minutebook_grpc::wire::json;
use minutebook_grpc::wire::proto::{
    CollaborationRef, ContributionsView, GetBudgetRequest, GetContributionsRequest,
};
use minutebook_page::{budget, budget_years, contribution_years, contributions, spoken};
use minutebook_present::csv;
use minutebook_present::report::Report;
use minutebook_present::reports::contributions as contribution_reports;

type Pages = State<Arc<Web>>;

/// Every year of the contributions of a collaboration.
type ContributionYears = (CollaborationRef, Arc<[ContributionsView]>);

pub async fn contributions_of_all_years(
    State(web): Pages,
    Path(id): Path<String>,
    asked: PageAsked,
) -> Response {
    if !asked.faults.is_empty() {
        return unreadable(&web, &asked);
    }
    match web.contributions_by_year(&asked, &id).await {
        Ok(Some((collaboration, years))) => all_years(&web, &asked, &collaboration, &years),
        Ok(None) => {
            let sentence = format!("no collaboration {id} is in the register: check the id");
            refused(&web, &asked, &Status::not_found(sentence))
        }
        Err(status) => refused(&web, &asked, &status),
    }
}

fn all_years(
    web: &Web,
    asked: &PageAsked,
    collaboration: &CollaborationRef,
    years: &[ContributionsView],
) -> Response {
    match asked.format {
        PageFormat::Html => {
            let page = contribution_years::page(collaboration, years, &asked.address);
            document(web, asked, None, &page, StatusCode::OK)
        }
        PageFormat::Json => {
            let years: Vec<_> = years.iter().map(json::to_value).collect();
            let years = serde_json::Value::Array(years).to_string();
            plain(StatusCode::OK, "application/json", years)
        }
        PageFormat::Csv => {
            let years = years.iter().map(contribution_reports::matrix);
            let mut bytes = Vec::new();
            // Writing into memory cannot fail.
            let _ = csv::write(&Report::All(years.collect()), &mut bytes);
            plain(StatusCode::OK, "text/csv; charset=utf-8", bytes)
        }
    }
}

impl Web {
    async fn contributions_by_year(
        &self,
        asked: &PageAsked,
        id: &str,
    ) -> Result<Option<ContributionYears>, Status> {
        let id: CollaborationId = id
            .parse()
            .map_err(|_| Status::not_found(format!("no collaboration has the id \"{id}\"")))?;
        let as_of = asked.address.moment.as_of();
        let register = &self.register;
        register
            .contributions_by_year(&asked.caller, &as_of, id)
            .await
    }
}

pub async fn contributions_of_year(
    State(web): Pages,
    Path((collaboration_id, year)): Path<(String, String)>,
    asked: PageAsked,
) -> Response {
    let others = match asked.format {
        PageFormat::Html => web.contributions_by_year(&asked, &collaboration_id).await,
        PageFormat::Csv | PageFormat::Json => Ok(None),
    };
    let others = others.ok().flatten();
    let others = others.iter().flat_map(|(_, years)| years.iter());
    let years: Vec<String> = others.map(|one| one.financial_year.clone()).collect();
    let request = GetContributionsRequest {
        as_of: Some(asked.address.moment.as_of()),
        collaboration_id,
        financial_year: spoken::year_of_address(&year).unwrap_or(year),
    };
    let page = move |answer: &_, address: &_| contributions::page(answer, &years, address);
    web.item(asked, request, page).await
}

pub async fn whole_budget(
    State(web): Pages,
    Path((kind, id)): Path<(String, String)>,
    asked: PageAsked,
) -> Response {
    let subject = format!("{kind}/{id}");
    let request = budget_request(&asked, subject.clone(), String::new());
    let is_of_people = asked.format == PageFormat::Html && asked.faults.is_empty();
    if is_of_people && request.budget_id.is_empty() {
        let answer = web
            .register
            .item(of_caller(request.clone(), &asked.caller))
            .await;
        let is_none = answer.is_err_and(|status| status.code() == Code::NotFound);
        if is_none && let Some(page) = web.no_main_budget(&asked, &subject).await {
            return page;
        }
    }
    web.item(asked, request, budget::page).await
}

pub async fn budget_of_year(
    State(web): Pages,
    Path((kind, id, year)): Path<(String, String, String)>,
    asked: PageAsked,
) -> Response {
    let year = spoken::year_of_address(&year).unwrap_or(year);
    let request = budget_request(&asked, format!("{kind}/{id}"), year);
    web.item(asked, request, budget::page).await
}

fn budget_request(asked: &PageAsked, subject: String, financial_year: String) -> GetBudgetRequest {
    GetBudgetRequest {
        as_of: Some(asked.address.moment.as_of()),
        subject,
        budget_id: asked.text("budget").into_owned(),
        financial_year,
        service_id: asked.text("service").into_owned(),
    }
}

impl Web {
    /// The page of a subject without a main budget; nothing where there is no such subject.
    async fn no_main_budget(&self, asked: &PageAsked, subject: &str) -> Option<Response> {
        let as_of = asked.address.moment.as_of();
        let id = subject.parse().ok()?;
        let found = self.register.budgets(&asked.caller, &as_of, id).await;
        let (name, others) = found.ok()??;
        let page = budget_years::none(subject, &name, &others, &asked.address);
        Some(document(self, asked, None, &page, StatusCode::OK))
    }
}
