//! Reading and summaries for events about the publication of instruments.

use crate::enum_label::EnumLabel;
use crate::fields::{choice, id, or_default, reads, required_text};
use crate::proto;
use crate::summary::{Summary, optional_phrase, quoted};
use crate::violation::MessageReader;
use minutebook_domain::event::{Actor, InstrumentPublished, InstrumentWithheld};
use minutebook_domain::text::Text;

reads! {
    InstrumentPublished {
        instrument: id(instrument_id),
        extent: choice(extent),
        document: or_default(document),
    } => check_publisher
    InstrumentWithheld {
        instrument: id(instrument_id),
        extent: choice(extent),
        ground: required_text(ground),
    } => check_withholder
}

fn check_publisher(r: &mut MessageReader, _: &proto::InstrumentPublished) {
    require_maker(r);
}

fn check_withholder(r: &mut MessageReader, _: &proto::InstrumentWithheld) {
    require_maker(r);
}

fn require_maker(r: &mut MessageReader) {
    if !r.event.names_actor {
        r.fault_in(
            "instrument_id",
            "each maker of an agreement publishes or withholds it for itself (Police Act 1996 \
             s.23E): name the maker in acted_by",
        );
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for InstrumentPublished {
    fn line(&self) -> String {
        self.line_by(None)
    }

    fn line_by(&self, actor: Option<&Actor>) -> String {
        let by = optional_phrase(actor, "by");
        let extent = proto::PublicationExtent::from(self.extent).label();
        format!("instrument {} published{by} ({extent})", self.instrument)
    }
}

impl Summary for InstrumentWithheld {
    fn line(&self) -> String {
        self.line_by(None)
    }

    fn line_by(&self, actor: Option<&Actor>) -> String {
        let by = optional_phrase(actor, "by");
        let extent = proto::WithheldExtent::from(self.extent).label();
        let ground = quoted(Text::as_str(&self.ground));
        format!(
            "instrument {} withheld{by} ({extent}): {ground}",
            self.instrument
        )
    }
}
