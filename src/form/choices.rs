//! Answers to choose between.

use minutebook_wire::published::comment_of_value;
use prost_reflect::{EnumDescriptor, FieldDescriptor};

use crate::read::is_real;
use crate::shape::FieldShape;
use crate::typed::TypedNode;
use crate::view::FormChoice;
use crate::words;

/// Whether an alternative is offered: a correction does not replace by a correction, and no
/// request replaces the key.
pub fn is_offered(group: &str, field: &FieldDescriptor) -> bool {
    let is_within_another = !group.is_empty();
    !(is_within_another && field.name() == "entry_corrected")
        && field.name() != "checkpoint_key_replaced"
}

/// Whether the questions of an alternative are few, so that they are shown before it is
/// chosen.
pub fn is_simple(shape: &FieldShape) -> bool {
    let FieldShape::Group(kind) = shape else {
        return true;
    };
    const FEW: usize = 4;
    kind.fields().len() <= FEW
        && kind.oneofs().filter(is_real).count() == 0
        && kind.fields().all(|field| {
            !field.is_list() && !matches!(FieldShape::of(&field), FieldShape::Group(_))
        })
}

/// The values of an enumeration as answers. "Not stated" is one, where it may be.
pub fn choices(values: &EnumDescriptor, own: &TypedNode, is_required: bool) -> Vec<FormChoice> {
    let texts: Vec<&str> = own.texts().iter().map(|text| text.trim()).collect();
    let mut choices = Vec::new();
    for value in values.values() {
        let comment = comment_of_value(&value);
        let is_zero = value.number() == 0;
        if is_zero && is_required {
            continue;
        }
        let label = match is_zero {
            true => "Not stated".to_owned(),
            false => words::capital(&words::value_in_words(values, value.name())),
        };
        let is_empty_word = ["Unspecified", "Not used", "Not stated"]
            .iter()
            .any(|word| comment.starts_with(word));
        let hint = match is_empty_word {
            true => String::new(),
            false => words::hint(&label, comment),
        };
        let value_text = match is_zero {
            true => String::new(),
            false => value.name().to_owned(),
        };
        let is_chosen = match is_zero {
            true => texts.iter().all(|text| text.is_empty()),
            false => texts.contains(&value.name()),
        };
        choices.push(FormChoice {
            value: value_text,
            label,
            hint,
            is_chosen,
        });
    }
    choices
}
