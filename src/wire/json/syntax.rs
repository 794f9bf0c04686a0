//! Texts that are not JSON: where they break, in plain words.

use std::cell::RefCell;
use std::fmt::{self, Formatter};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Error;

use super::fault::JsonStep;

/// The fault in plain words, without its place.
pub(super) fn sentence(error: &Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = text.strip_suffix(&place).unwrap_or(&text);
    let plain = match text {
        "EOF while parsing a list" => "the text ends inside a list: `]` is missing",
        "EOF while parsing an object" => "the text ends inside an object: `}` is missing",
        "EOF while parsing a string" => "the text ends inside a quoted text: `\"` is missing",
        "EOF while parsing a value" => "the text ends where a value belongs",
        "expected `:`" => "a colon is missing between a name and its value",
        "expected `,` or `]`" => "a comma or the end of the list, `]`, is missing before this",
        "expected `,` or `}`" => "a comma or the end of the object, `}`, is missing before this",
        "expected ident" => {
            "this is no value; only true, false and null are written without quotes"
        }
        "expected value" => {
            "this is no value; write an object, a list, a number, true, false, null, or a text \
             in quotation marks"
        }
        "invalid escape" => "there is no such escape; write a backslash itself as \\\\",
        "unexpected end of hex escape" | "lone leading surrogate in hex escape" => {
            "half a character is escaped here; write the character itself"
        }
        "invalid number" => "this is no number; write digits, without zeros in front, such as 12",
        "key must be a string" => "a name must be in quotation marks",
        "trailing comma" => "nothing follows this comma; take it away",
        "trailing characters" => "the value is complete before this; take away what follows",
        "recursion limit exceeded" => "objects and lists are nested too deep",
        text if text.starts_with("control character") => {
            "a line break or another control character is inside a quoted text; write \\n, or \
             close the quotation mark"
        }
        _ => "this is not JSON",
    };
    plain.to_owned()
}

/// The way to the place where `text` breaks.
pub(super) fn steps(text: &str) -> Vec<JsonStep> {
    let steps = RefCell::new(Vec::new());
    let mut json = serde_json::Deserializer::from_str(text);
    match (Locator { steps: &steps }).deserialize(&mut json) {
        Ok(()) => Vec::new(),
        Err(_) => steps.into_inner(),
    }
}

/// Reads any value, and keeps the way to the one that is being read.
#[derive(Clone, Copy)]
struct Locator<'s> {
    steps: &'s RefCell<Vec<JsonStep>>,
}

impl Locator<'_> {
    fn enter(self, step: JsonStep) {
        self.steps.borrow_mut().push(step);
    }

    /// Not called where reading breaks, so the steps to that place stay.
    fn leave(self) {
        self.steps.borrow_mut().pop();
    }
}

impl<'de> DeserializeSeed<'de> for Locator<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Locator<'_> {
    type Value = ();

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        for index in 0.. {
            self.enter(JsonStep::Index(index));
            let item = items.next_element_seed(self)?;
            self.leave();
            if item.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(name) = entries.next_key()? {
            self.enter(JsonStep::Name(name));
            entries.next_value_seed(self)?;
            self.leave();
        }
        Ok(())
    }
}
