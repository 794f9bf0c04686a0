//! The boxes of a form.
//!
//! Each question has its label, its help and its faults beside its box, and they are named
//! to those who do not see them. Nothing here needs a script: lists grow by a button that
//! draws the form again, with everything that was typed.

use maud::{Markup, html};

use minutebook_form::{AnswerBox, BoxSize, FormBranch, FormChoice, FormPart};

/// Answers from which on a list to choose from is folded.
const RADIOS_MAX: usize = 8;

/// The id of the box of a name on the page.
pub fn id_of(name: &str) -> String {
    let mut id = String::from("q-");
    id.extend(
        name.chars()
            .map(|c| match c.is_ascii_alphanumeric() || c == '_' {
                true => c,
                false => '-',
            }),
    );
    id
}

/// Questions, one below the other. Where every question may be left out, nothing says so
/// of each.
pub fn parts(parts: &[FormPart], marks_optional: bool) -> Markup {
    html! { @for one in parts { (part(one, marks_optional, "")) } }
}

/// One question. `outer` names it where it has no words of its own: the row of a list.
pub fn part(part: &FormPart, marks_optional: bool, outer: &str) -> Markup {
    let asked = Asked {
        part,
        id: id_of(&part.name),
        outer,
        marks_optional,
    };
    match &part.answer {
        AnswerBox::Line { text, list, size } => asked.line(text, list, *size),
        AnswerBox::Paragraph { text } => asked.field(&html! {
            textarea id=(asked.id) name=(part.name) rows="4" aria-describedby=[asked.described()]
                aria-invalid=[asked.invalid()] { (text) }
        }),
        AnswerBox::Tick { is_ticked } => html! {
            div.field .wrong[asked.is_wrong()] {
                (asked.faults())
                div.choice {
                    input type="checkbox" id=(asked.id) name=(part.name) value="yes" checked[*is_ticked]
                        aria-describedby=[asked.described()];
                    label for=(asked.id) { (asked.label()) }
                }
                (asked.hint())
            }
        },
        AnswerBox::Choices {
            choices,
            are_several: false,
        } if choices.len() > RADIOS_MAX => asked.select(choices),
        AnswerBox::Choices {
            choices,
            are_several,
        } => asked.fieldset(&html! {
            @for choice in choices { (asked.choice(choice, *are_several)) }
        }),
        AnswerBox::Group { parts, more } => asked.fieldset(&group(parts, more)),
        AnswerBox::Rows { rows } => asked.rows(rows),
        AnswerBox::Branches { branches } => asked.branches(branches),
    }
}

fn group(main: &[FormPart], more: &[FormPart]) -> Markup {
    html! {
        div.together {
            (parts(main, true))
            @if !more.is_empty() {
                details.more open[more.iter().any(FormPart::is_used)] {
                    summary { "More" }
                    (parts(more, false))
                }
            }
        }
    }
}

/// A question that is being drawn.
struct Asked<'a> {
    part: &'a FormPart,
    id: String,
    outer: &'a str,
    marks_optional: bool,
}

impl Asked<'_> {
    fn is_wrong(&self) -> bool {
        !self.part.faults.is_empty()
    }

    fn invalid(&self) -> Option<&'static str> {
        self.is_wrong().then_some("true")
    }

    /// The ids of the help and of the faults.
    fn described(&self) -> Option<String> {
        let hint = (!self.part.hint.is_empty()).then(|| format!("{}-hint", self.id));
        let fault = self.is_wrong().then(|| format!("{}-fault", self.id));
        let ids: Vec<String> = hint.into_iter().chain(fault).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn label(&self) -> Markup {
        let is_optional = self.marks_optional && !self.part.is_required && self.outer.is_empty();
        html! {
            @if self.part.label.is_empty() { (self.outer) } @else { (self.part.label) }
            @if is_optional { span.soft { " (optional)" } }
        }
    }

    fn hint(&self) -> Markup {
        html! { @if !self.part.hint.is_empty() { span.hint id={ (self.id) "-hint" } { (self.part.hint) } } }
    }

    fn faults(&self) -> Markup {
        html! {
            @if self.is_wrong() {
                span.fault id={ (self.id) "-fault" } {
                    @for (index, fault) in self.part.faults.iter().enumerate() {
                        @if index > 0 { br; }
                        (fault)
                    }
                }
            }
        }
    }

    /// A question with one box.
    fn field(&self, answer: &Markup) -> Markup {
        let is_hidden = self.part.label.is_empty();
        html! {
            div.field .wrong[self.is_wrong()] {
                label class=[is_hidden.then_some("unseen")] for=(self.id) { (self.label()) }
                (self.hint())
                (self.faults())
                (answer)
            }
        }
    }

    fn line(&self, text: &str, list: &str, size: BoxSize) -> Markup {
        let list = (!list.is_empty()).then_some(list);
        let mode = (size == BoxSize::Money).then_some("decimal");
        let input = html! {
            input type="text" id=(self.id) name=(self.part.name) value=(text) list=[list]
                inputmode=[mode] autocomplete="off" aria-describedby=[self.described()]
                aria-invalid=[self.invalid()];
        };
        self.field(&match size {
            BoxSize::Whole => input,
            BoxSize::Short => html! { div.short { (input) } },
            BoxSize::Money => html! { div.short.money { span aria-hidden="true" { "£" } (input) } },
        })
    }

    /// A question with several boxes.
    fn fieldset(&self, answers: &Markup) -> Markup {
        html! {
            fieldset class=[self.is_wrong().then_some("wrong")] id=(self.id) tabindex="-1" aria-describedby=[self.described()] {
                legend class=[self.part.label.is_empty().then_some("unseen")] { (self.label()) }
                (self.hint())
                (self.faults())
                (answers)
            }
        }
    }

    fn choice(&self, choice: &FormChoice, are_several: bool) -> Markup {
        let id = format!("{}-{}", self.id, choice.value.to_lowercase());
        let kind = if are_several { "checkbox" } else { "radio" };
        let hint = (!choice.hint.is_empty()).then(|| format!("{id}-hint"));
        html! {
            div.choice {
                input type=(kind) id=(id) name=(self.part.name) value=(choice.value)
                    checked[choice.is_chosen] aria-describedby=[hint.as_deref()];
                div {
                    label for=(id) { (choice.label) }
                    @if let Some(hint) = &hint { span.hint id=(hint) { (choice.hint) } }
                }
            }
        }
    }

    fn select(&self, choices: &[FormChoice]) -> Markup {
        let has_empty = choices.iter().any(|choice| choice.value.is_empty());
        self.field(&html! {
            select id=(self.id) name=(self.part.name) aria-describedby=[self.described()]
                aria-invalid=[self.invalid()] {
                @if !has_empty { option value="" { "Choose" } }
                @for choice in choices {
                    option value=(choice.value) selected[choice.is_chosen] { (choice.label) }
                }
            }
        })
    }

    /// A list: a row for each item, and a button for another.
    fn rows(&self, rows: &[Vec<FormPart>]) -> Markup {
        let name = match self.part.label.is_empty() {
            true => self.outer,
            false => self.part.label.as_str(),
        };
        self.fieldset(&html! {
            @for (index, row) in rows.iter().enumerate() {
                @let title = format!("{}, {}", name.trim_end_matches('?'), index + 1);
                @match row.as_slice() {
                    [one] if one.label.is_empty() => (part(one, false, &title)),
                    several => {
                        fieldset.row {
                            legend { (title) }
                            @for one in several { (part(one, true, &title)) }
                        }
                    },
                }
            }
            button.small type="submit" name="add" value=(self.part.name) {
                @if rows.is_empty() { "Add one" } @else { "Add another" }
                span.unseen { ": " (name) }
            }
        })
    }

    fn branches(&self, branches: &[FormBranch]) -> Markup {
        let has_more = branches.iter().any(|branch| branch.waits);
        let choices: Vec<FormChoice> = branches
            .iter()
            .map(|branch| branch.choice.clone())
            .collect();
        let show = html! {
            button.small type="submit" name="step" value="show" {
                "Show its questions"
                span.unseen { ": " (self.part.label) }
            }
        };
        if branches.len() > RADIOS_MAX + 8 {
            return html! {
                (self.select(&choices))
                (show)
                @for branch in branches { @for one in &branch.parts { (part(one, true, &branch.choice.label)) } }
            };
        }
        let is_any = choices.iter().any(|choice| choice.is_chosen);
        self.fieldset(&html! {
            @for branch in branches {
                div.branch {
                    (self.choice(&branch.choice, false))
                    @if !branch.parts.is_empty() {
                        div.under { @for one in &branch.parts { (part(one, true, &branch.choice.label)) } }
                    }
                }
            }
            @if !self.part.is_required {
                (self.choice(&FormChoice {
                    value: String::new(),
                    label: "None of these".to_owned(),
                    hint: String::new(),
                    is_chosen: !is_any,
                }, false))
            }
            @if has_more { (show) }
        })
    }
}
