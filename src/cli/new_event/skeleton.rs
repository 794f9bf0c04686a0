//! The text of a book with one event, from the published descriptors.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use minutebook_grpc::wire::json;
use minutebook_grpc::wire::proto::{AppendRequest, descriptors};
use minutebook_grpc::wire::published::{
    EventKind, comment_of, comment_of_oneof, is_required, is_required_oneof,
};
use minutebook_grpc::wire::request::append_command;

/// The width of remarks.
const WIDTH: usize = 90;

/// How deep messages within messages are written out.
const DEPTH_MAX: usize = 6;

/// Makes a new UUID.
type NewUuid<'n> = &'n dyn Fn() -> String;

/// The text of a book with one event of a kind.
pub fn book(kind: &EventKind, new_uuid: NewUuid<'_>) -> String {
    let mut page = Page {
        text: String::new(),
        subject: subject_of(kind),
        new_uuid,
    };
    let name = &kind.name;
    page.remark(0, &format!("A book with one {name}: {}", kind.about));
    page.remark(
        0,
        "Fill it in, and try it with: minutebook record --dry-run FILE. Lines that begin with // \
         are remarks, which \"record\" leaves out. To use a field that is a remark, take the // \
         before its name away.",
    );
    page.line(0, "{");
    page.line(1, "\"title\": \"A book with one event\",");
    page.line(1, "\"appends\": [");
    page.line(2, "{");
    if let Some(request) = descriptors().get_message_by_name("minutebook.v1.AppendRequest") {
        for field in request.fields() {
            match field.name() {
                "request_id" | "recorded_by" => page.field(3, &field, 0),
                _ => {}
            }
        }
    }
    page.line(3, "\"events\": [");
    page.line(4, "{");
    let event = kind.field.parent_message();
    for field in event
        .fields()
        .filter(|field| field.containing_oneof().is_none())
    {
        page.field(5, &field, 0);
    }
    page.field_of(5, &kind.field, 0, true);
    page.line(4, "}");
    page.line(3, "]");
    page.line(2, "}");
    page.line(1, "]");
    page.line(0, "}");
    page.text
}

/// The subject that an event of a kind is about, as the reader of requests has it.
fn subject_of(kind: &EventKind) -> &'static str {
    let is_about = |subject: &str| {
        let event = format!(
            "{{\"subject\": \"{subject}\", \"{}\": {{}}}}",
            kind.field.json_name()
        );
        let request = AppendRequest {
            events: json::from_str(&event).into_iter().collect(),
            ..AppendRequest::default()
        };
        let faults = append_command(&request).err().unwrap_or_default();
        !faults
            .iter()
            .any(|fault| fault.field == "events[0].subject")
    };
    let subjects = [
        "collaborations/an-id",
        "bodies/an-id",
        "boards/an-id",
        "register",
    ];
    let mut subjects = subjects.into_iter();
    subjects
        .find(|subject| is_about(subject))
        .unwrap_or("collaborations/an-id")
}

/// The text that is being written.
struct Page<'n> {
    text: String,
    /// The subject of the event.
    subject: &'static str,
    new_uuid: NewUuid<'n>,
}

impl Page<'_> {
    fn line(&mut self, depth: usize, line: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn remark(&mut self, depth: usize, remark: &str) {
        let mut line = String::new();
        for word in remark.split_whitespace() {
            if !line.is_empty() && line.len() + word.len() >= WIDTH {
                let full = std::mem::take(&mut line);
                self.line(depth, &format!("// {full}"));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            self.line(depth, &format!("// {line}"));
        }
    }

    /// A field with its remark: as text if it is required, as a remark if it is not.
    fn field(&mut self, depth: usize, field: &FieldDescriptor, level: usize) {
        self.field_of(depth, field, level, is_required(field));
    }

    fn field_of(&mut self, depth: usize, field: &FieldDescriptor, level: usize, is_used: bool) {
        let about = comment_of(field);
        self.remark(depth, about);
        if let Some(values) = values_of(field) {
            self.remark(depth, &format!("One of: {values}."));
        }
        let name = field.json_name();
        if !is_used || level >= DEPTH_MAX {
            let example = self.example(field, about, level);
            self.line(depth, &format!("// \"{name}\": {example},"));
            return;
        }
        match field.kind() {
            Kind::Message(message) if message.full_name() != "google.type.Date" => {
                let (open, close) = if field.is_list() {
                    ("[{", "}],")
                } else {
                    ("{", "},")
                };
                self.line(depth, &format!("\"{name}\": {open}"));
                self.fields(depth + 1, &message, level + 1);
                self.line(depth, close);
            }
            _ => {
                let example = self.example(field, about, level);
                self.line(depth, &format!("\"{name}\": {example},"));
            }
        }
    }

    fn fields(&mut self, depth: usize, message: &MessageDescriptor, level: usize) {
        let mut seen: Vec<String> = Vec::new();
        for field in message.fields() {
            match field
                .containing_oneof()
                .filter(|oneof| !oneof.is_synthetic())
            {
                None => self.field(depth, &field, level),
                Some(oneof) => {
                    let is_first = !seen.contains(&oneof.name().to_owned());
                    if is_first {
                        seen.push(oneof.name().to_owned());
                        let about = comment_of_oneof(&oneof);
                        self.remark(depth, about);
                    }
                    let is_used = is_first && is_required_oneof(&oneof);
                    self.field_of(depth, &field, level, is_used);
                }
            }
        }
    }

    /// A value on one line.
    fn example(&self, field: &FieldDescriptor, about: &str, level: usize) -> String {
        let value = match field.kind() {
            Kind::Message(message) => self.message_example(&message, level + 1),
            kind => self.scalar(field, &kind, about),
        };
        if field.is_list() {
            format!("[{value}]")
        } else {
            value
        }
    }

    fn message_example(&self, message: &MessageDescriptor, level: usize) -> String {
        match message.full_name() {
            "google.type.Date" => {
                return "{ \"year\": 2024, \"month\": 10, \"day\": 1 }".to_owned();
            }
            "google.protobuf.Timestamp" => return "\"2024-10-01T09:30:00Z\"".to_owned(),
            _ if level >= DEPTH_MAX => return "{}".to_owned(),
            _ => {}
        }
        let mut parts = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        for field in message.fields() {
            let about = comment_of(&field);
            let is_used = match field
                .containing_oneof()
                .filter(|oneof| !oneof.is_synthetic())
            {
                None => is_required(&field),
                Some(oneof) => {
                    let is_first = !seen.contains(&oneof.name().to_owned());
                    seen.push(oneof.name().to_owned());
                    is_first
                }
            };
            if is_used {
                let value = self.example(&field, about, level);
                parts.push(format!("\"{}\": {value}", field.json_name()));
            }
        }
        match parts.is_empty() {
            true => "{}".to_owned(),
            false => format!("{{ {} }}", parts.join(", ")),
        }
    }

    fn scalar(&self, field: &FieldDescriptor, kind: &Kind, about: &str) -> String {
        let name = field.name();
        let text = match kind {
            Kind::Bool => return "true".to_owned(),
            Kind::Enum(values) => {
                let mut values = values.values();
                let value = values.find(|value| value.number() != 0);
                value.map_or_else(String::new, |value| value.name().to_owned())
            }
            Kind::String => self.string(name, about),
            Kind::Int64 | Kind::Uint64 | Kind::Sint64 => "100000".to_owned(),
            _ if name.ends_with("ppm") => return "1000000".to_owned(),
            _ => return "1".to_owned(),
        };
        format!("\"{text}\"")
    }

    fn string(&self, name: &str, about: &str) -> String {
        let lower = about.to_lowercase();
        if name == "subject" {
            self.subject.to_owned()
        } else if name.ends_with("_year") || lower.contains("financial year") {
            "2024/25".to_owned()
        } else if lower.contains("uuid") {
            (self.new_uuid)()
        } else if name.contains("sha256") || lower.contains("sha256") {
            "0".repeat(64)
        } else if name == "currency" {
            "EUR".to_owned()
        } else if lower.contains("decimal") {
            "27.3".to_owned()
        } else if name.ends_with("_id") || name.ends_with("_ids") || has_word(about, "Id") {
            "an-id".to_owned()
        } else {
            name.replace('_', " ")
        }
    }
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .any(|found| found == word)
}

/// The names of the values of an enumeration.
fn values_of(field: &FieldDescriptor) -> Option<String> {
    let Kind::Enum(values) = field.kind() else {
        return None;
    };
    let names: Vec<String> = values
        .values()
        .filter(|value| value.number() != 0)
        .map(|value| value.name().to_owned())
        .collect();
    Some(names.join(", "))
}
