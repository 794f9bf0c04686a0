//! The program among other people: other programs, terminals and spreadsheets.

mod reading;
