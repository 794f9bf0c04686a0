//! The texts of a form as they were typed, by the names of their boxes.
//!
//! The names are paths of the published fields, as faults have them: what is typed into
//! `virement_made.virement.sources[1].amount_pence` is the amount of the second source. So
//! a fault of a field finds its box without a table between the two.

use std::collections::BTreeMap;

/// The most parts of a name; what is deeper is left out.
const DEPTH_MAX: usize = 40;

/// The most rows of a list that a name may count to.
const ROW_MAX: usize = 1_000;

/// The texts below one name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedNode {
    /// The texts of the box itself; several where several choices are ticked.
    texts: Vec<String>,
    fields: BTreeMap<String, TypedNode>,
    rows: BTreeMap<usize, TypedNode>,
}

static NOTHING: TypedNode = TypedNode {
    texts: Vec::new(),
    fields: BTreeMap::new(),
    rows: BTreeMap::new(),
};

impl TypedNode {
    /// Takes up the pairs of a posted form, or of the address of one.
    pub fn from_pairs<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> Self {
        let mut root = Self::default();
        for (name, text) in pairs {
            root.add(name, text);
        }
        root
    }

    /// Adds a text to the box of a name. A name that is no path is left out.
    pub fn add(&mut self, name: &str, text: &str) {
        let Some(steps) = steps(name) else {
            return;
        };
        let mut node = self;
        for step in steps {
            node = match step {
                Step::Field(name) => node.fields.entry(name.to_owned()).or_default(),
                Step::Row(index) => node.rows.entry(index).or_default(),
            };
        }
        // Browsers send line ends as two characters.
        node.texts.push(text.replace("\r\n", "\n"));
    }

    /// Replaces what was typed below a field of this one.
    pub fn set(&mut self, field: &str, node: Self) {
        self.fields.insert(field.to_owned(), node);
    }

    pub fn of_text(text: impl Into<String>) -> Self {
        Self {
            texts: vec![text.into()],
            ..Self::default()
        }
    }

    pub fn of_texts(texts: Vec<String>) -> Self {
        Self {
            texts,
            ..Self::default()
        }
    }

    pub fn of_rows(rows: impl IntoIterator<Item = Self>) -> Self {
        Self {
            rows: rows.into_iter().enumerate().collect(),
            ..Self::default()
        }
    }

    /// The texts below a field; nothing where the form had none.
    pub fn field(&self, name: &str) -> &Self {
        self.fields.get(name).unwrap_or(&NOTHING)
    }

    /// The texts of the box of a name, if the form has it.
    pub fn at(&self, name: &str) -> Option<&Self> {
        steps(name)?.iter().try_fold(self, |node, step| match step {
            Step::Field(field) => node.fields.get(*field),
            Step::Row(index) => node.rows.get(index),
        })
    }

    /// The fields that something was typed below.
    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    /// The last text, as the last of several boxes of a name counts.
    pub fn text(&self) -> &str {
        self.texts.last().map_or("", String::as_str)
    }

    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Self> {
        self.rows.values()
    }

    /// Whether nothing but blanks was typed here and below.
    pub fn is_blank(&self) -> bool {
        self.texts.iter().all(|text| text.trim().is_empty())
            && self.fields.values().all(Self::is_blank)
            && self.rows.values().all(Self::is_blank)
    }

    /// The same without rows that nothing was typed into, and with the others counted from
    /// 0: the rows are then the items of the list that is read from them.
    #[must_use]
    pub fn without_blank_rows(&self) -> Self {
        let fields = self.fields.iter();
        let rows = self.rows.values().filter(|row| !row.is_blank());
        Self {
            texts: self.texts.clone(),
            fields: fields
                .map(|(name, node)| (name.clone(), node.without_blank_rows()))
                .collect(),
            rows: rows.map(Self::without_blank_rows).enumerate().collect(),
        }
    }

    /// Every text by the name of its box, to carry the form along unseen. Blanks are left
    /// out.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        self.gather(String::new(), &mut pairs);
        pairs
    }

    fn gather(&self, name: String, pairs: &mut Vec<(String, String)>) {
        for (field, node) in &self.fields {
            node.gather(below(&name, field), pairs);
        }
        for (index, node) in &self.rows {
            node.gather(row_of(&name, *index), pairs);
        }
        for text in self.texts.iter().filter(|text| !text.trim().is_empty()) {
            pairs.push((name.clone(), text.clone()));
        }
    }
}

/// The name of a field below another name.
pub fn below(name: &str, field: &str) -> String {
    if name.is_empty() {
        field.to_owned()
    } else {
        format!("{name}.{field}")
    }
}

/// The name of a row of a list.
pub fn row_of(name: &str, index: usize) -> String {
    format!("{name}[{index}]")
}

enum Step<'n> {
    Field(&'n str),
    Row(usize),
}

/// The parts of a name; `None` where it is no path.
fn steps(name: &str) -> Option<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    for part in name.split('.') {
        let (field, mut rest) = match part.find('[') {
            Some(at) => part.split_at(at),
            None => (part, ""),
        };
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if field.is_empty() || !field.chars().all(is_word) {
            return None;
        }
        steps.push(Step::Field(field));
        while let Some(inner) = rest.strip_prefix('[') {
            let (digits, after) = inner.split_once(']')?;
            let index = digits.parse().ok().filter(|index| *index < ROW_MAX)?;
            steps.push(Step::Row(index));
            rest = after;
        }
        if !rest.is_empty() || steps.len() > DEPTH_MAX {
            return None;
        }
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_a_tree_and_come_back() {
        let pairs = [
            ("subject", "bch"),
            ("virement.sources[0].head", "Staff"),
            ("virement.sources[3].head", "Cars"),
            ("powers", "A"),
            ("powers", "B"),
        ];
        let typed = TypedNode::from_pairs(pairs);
        assert_eq!(typed.field("subject").text(), "bch");
        assert_eq!(typed.field("powers").texts(), ["A", "B"]);
        let sources = typed.field("virement").field("sources");
        assert_eq!(sources.rows().len(), 2);
        let back = typed.pairs();
        assert_eq!(
            TypedNode::from_pairs(back.iter().map(|(n, t)| (&**n, &**t))),
            typed
        );
        assert!(typed.field("nothing").is_blank());
    }

    #[test]
    fn blank_rows_are_left_out_and_the_others_counted_anew() {
        let typed = TypedNode::from_pairs([
            ("rows[1].a", " "),
            ("rows[2].a", "x"),
            ("rows[2].inner[4].b", "y"),
            ("rows[9].a", ""),
        ]);
        let names: Vec<String> = typed
            .without_blank_rows()
            .pairs()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["rows[0].a", "rows[0].inner[0].b"]);
    }

    #[test]
    fn names_that_are_no_paths_are_left_out() {
        let deep = "a.".repeat(100) + "a";
        for name in ["", "a..b", "a[", "a[x]", "a[99999999]", "a]b", "a b", &deep] {
            let mut typed = TypedNode::default();
            typed.add(name, "x");
            assert!(typed.is_blank(), "{name}");
        }
    }
}
