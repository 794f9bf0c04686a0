//! The same for programs: a file of JSON inside a paper.

/// A file of JSON that a paper carries, so that a program reads what people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name of the file.
    pub name: String,
    /// A sentence that says what is in it.
    pub description: String,
    json: String,
}

impl Attachment {
    /// `json` is the text of one JSON value.
    ///
    /// A page of HTML ends its data at the next `</script`, so no `<` is left in it: inside
    /// the strings of JSON its escape means the same, and elsewhere JSON has none.
    pub fn new(name: impl Into<String>, description: impl Into<String>, json: &str) -> Self {
        Self {
            name: name.into(),
            description: description.into(),
            json: json.replace('<', "\\u003c"),
        }
    }

    pub fn json(&self) -> &str {
        &self.json
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_the_data_of_a_page() {
        let attachment = Attachment::new("a.json", "A.", "{\"a\":\"</script><!--\"}");
        assert!(!attachment.json().contains('<'));
        let read: serde_json::Value = serde_json::from_str(attachment.json()).unwrap();
        assert_eq!(read["a"], "</script><!--");
    }
}
