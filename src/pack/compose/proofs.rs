//! The last section: each entry that the pack names, the seal, and how to check both.

use std::collections::BTreeSet;

use minutebook_domain::entry::Entry as StoredEntry;
use minutebook_paper::paper_table::PaperTable;
use minutebook_paper::section::{Paragraph, Section, Span};
use minutebook_present::cell::Cell;
use minutebook_present::sheet::Sheet;
use minutebook_wire::proto::Source;
use minutebook_wire::{entry, reply, summary};

use super::{PackComposer, new_page};

impl PackComposer<'_> {
    pub fn proofs(&self, named: &BTreeSet<u64>) -> Section {
        let mut section = new_page("Entries, seal, and how to check them");
        section.sentence(
            "Each figure of this pack names the entry that recorded it. The entries are below, as \
             the register keeps them: it never changes one. This file carries their bytes, and the \
             proof that each is in the register that the seal signs.",
        );
        section.table(PaperTable::new(self.index(named)).as_index());
        section.parts = vec![self.seal(), self.how_to_check()];
        section
    }

    fn index(&self, named: &BTreeSet<u64>) -> Sheet {
        let mut sheet = Sheet::new("entries", "Entries that this pack names")
            .columns([
                ("position", "Entry"),
                ("effective_on", "Day"),
                ("what", "What was recorded"),
                ("subject", "About"),
                ("sources", "Where it is written"),
            ])
            .when_empty("This pack names no entry.");
        for position in named {
            let quote = self.pack.seal.quote(*position);
            let stored = quote.and_then(|quote| entry::decode(&quote.record).ok());
            let [day, what, subject, sources] = match (quote, stored) {
                (Some(quote), _) if quote.record.is_empty() => {
                    withheld("left out: the maker of this pack may not read it")
                }
                (_, Some(stored)) => self.described(&stored),
                (Some(_), None) => withheld("written by a later version of Minutebook"),
                (None, None) => withheld("not proved in this pack"),
            };
            sheet.row(vec![(*position).into(), day, what, subject, sources]);
        }
        sheet
    }

    fn described(&self, stored: &StoredEntry) -> [Cell; 4] {
        let event = &stored.event;
        let sources = reply::sources(&event.sources);
        let sources = sources.iter().map(written);
        [
            (&reply::optional_date(event.effective_on)).into(),
            self.names.in_sentence(&summary::summary(event)).into(),
            self.subject_name(&event.subject.to_string()),
            Cell::from(sources.collect::<Vec<String>>().join("; ")),
        ]
    }

    fn seal(&self) -> Section {
        let mut section = Section::new("The seal");
        section.sentence(
            "A checkpoint: the name of the register, how many entries it has, the root of their \
             tree, and who signed. Do not retype it; the file has it.",
        );
        for line in self
            .pack
            .seal
            .checkpoint
            .lines()
            .filter(|line| !line.is_empty())
        {
            section
                .blocks
                .push(minutebook_paper::section::Block::Paragraph(Paragraph {
                    indent: 1,
                    ..Paragraph::plain(line)
                }));
        }
        section.paragraph([
            Span::plain("The register says that its key is "),
            Span::strong(&self.pack.seal.verifier_key),
            Span::plain(". Compare it with the key that was handed to you."),
        ]);
        section
    }

    fn how_to_check(&self) -> Section {
        let mut section = Section::new("How to check");
        section.sentence(
            "minutebook audit verify-pack FILE --key KEY needs no server. It checks the signature, \
             each entry and its proof, and that every word and figure of the file is the one that \
             its answers give.",
        );
        section.sentence(
            "With --archive FOLDER, an export of the register, it also asks the same questions of \
             the register as it was up to that entry, and compares each answer.",
        );
        section
    }
}

fn withheld(what: &'static str) -> [Cell; 4] {
    [Cell::Empty, what.into(), Cell::Empty, Cell::Empty]
}

/// Its title and place, or its address.
fn written(source: &Source) -> String {
    let title = match source.title.as_str() {
        "" => source.uri.as_str(),
        title => title,
    };
    match source.place.as_str() {
        "" => title.to_owned(),
        place => format!("{title}, {place}"),
    }
}
