//! The pages of the demo's provider: a button for each office.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::DemoOffice;

/// A page with a button for each office. What it was asked goes back with the choice.
pub fn offices(action: &str, fields: &[(&str, &str)], offices: &[DemoOffice]) -> Response {
    let fields: String = fields
        .iter()
        .map(|(name, value)| match *name {
            "user_code" => format!(
                "<p><label>Code <input name=\"user_code\" value=\"{}\"></label></p>\n",
                escaped(value)
            ),
            name => format!(
                "<input type=\"hidden\" name=\"{}\" value=\"{}\">\n",
                escaped(name),
                escaped(value)
            ),
        })
        .collect();
    let buttons: String = offices
        .iter()
        .map(|office| {
            format!(
                "<p><button name=\"office\" value=\"{}\">{}</button></p>\n",
                escaped(office.login),
                escaped(office.name)
            )
        })
        .collect();
    page(
        StatusCode::OK,
        &format!(
            "<p>This is a demonstration: no office here exists, and nobody asks for a password.</p>\n\
             <form method=\"post\" action=\"{action}\">\n{fields}{buttons}</form>"
        ),
    )
}

pub fn sentence(status: StatusCode, sentence: &str) -> Response {
    page(status, &format!("<p>{}</p>", escaped(sentence)))
}

fn page(status: StatusCode, content: &str) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
    ];
    let text = format!(
        "<!doctype html>\n<html lang=\"en\"><title>Who are you?</title>\n<h1>Who are you?</h1>\n\
         {content}\n</html>\n"
    );
    (status, headers, text).into_response()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_asked_is_markup() {
        assert_eq!(escaped("<a b=\"'&"), "&lt;a b=&quot;&#39;&amp;");
    }
}
