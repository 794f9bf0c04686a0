//! Events about the publication of instruments.

use crate::event::Document;
use crate::ids::InstrumentId;
use crate::text::Text;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PublicationExtent {
    /// The whole text.
    Whole,
    /// Only the fact that it was made.
    FactOnly,
    /// The text without some parts.
    Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WithheldExtent {
    /// The text, and the fact that it was made.
    Whole,
    /// The text; the fact can be published.
    Text,
    /// Parts of the text.
    Part,
}

/// The maker is the actor of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentPublished {
    pub instrument: InstrumentId,
    pub extent: PublicationExtent,
    pub document: Document,
}

/// The maker is the actor of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentWithheld {
    pub instrument: InstrumentId,
    pub extent: WithheldExtent,
    pub ground: Text,
}
