//! The arguments of a benchmark that has sections.

/// The arguments, read.
pub struct Arguments {
    all: Vec<String>,
    /// Whether a first look is enough.
    pub quick: bool,
}

impl Arguments {
    /// Ends the process with a message if one names a section that there is not.
    pub fn read(sections: &[&str]) -> Self {
        let all: Vec<String> = std::env::args().skip(1).collect();
        let quick = all.iter().any(|argument| argument == "--quick");
        let arguments = Self { all, quick };
        if let Some(unknown) = arguments.named().find(|name| !sections.contains(name)) {
            eprintln!(
                "there is no section {unknown}; there are {}",
                sections.join(", ")
            );
            std::process::exit(2);
        }
        arguments
    }

    fn named(&self) -> impl Iterator<Item = &str> {
        let names = self.all.iter().map(String::as_str);
        names.filter(|argument| !argument.starts_with("--"))
    }

    /// Whether a section is to be run: all are, unless some are named.
    pub fn wants(&self, section: &str) -> bool {
        self.named().next().is_none() || self.named().any(|name| name == section)
    }

    /// The value of an option, such as `--recorders=`.
    pub fn value(&self, option: &str) -> Option<&str> {
        let mut values = self
            .all
            .iter()
            .filter_map(|argument| argument.strip_prefix(option));
        values.next()
    }
}
