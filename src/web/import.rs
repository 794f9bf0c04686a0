//! A spreadsheet that is brought in: read, judged, and then recorded.
