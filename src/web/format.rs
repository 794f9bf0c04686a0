//! The format of an answer: asked for by a suffix of the address, or else by `Accept`
//! (RFC 9110, section 12.5.1).

use http::HeaderMap;
use http::header::ACCEPT;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageFormat {
    Html,
    Csv,
    Json,
}

/// Each format with its suffix and its media type.
const FORMATS: [(PageFormat, &str, &str); 3] = [
    (PageFormat::Html, ".html", "text/html"),
    (PageFormat::Csv, ".csv", "text/csv"),
    (PageFormat::Json, ".json", "application/json"),
];

impl PageFormat {
    /// The path without the suffix of a format, and that format.
    pub fn of_path(path: &str) -> (&str, Option<Self>) {
        for (format, suffix, _) in FORMATS {
            if let Some(rest) = path.strip_suffix(suffix) {
                return (rest, Some(format));
            }
        }
        (path, None)
    }

    /// The format that a browser or a program prefers; a page where it does not say.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let mut best = (Self::Html, 0.0_f32);
        let ranges = headers.get_all(ACCEPT).iter();
        let ranges = ranges.filter_map(|value| value.to_str().ok());
        for range in ranges.flat_map(|value| value.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok());
            let weight = weight.unwrap_or(1.0);
            let found = FORMATS
                .iter()
                .find(|(_, _, media)| media.eq_ignore_ascii_case(name));
            if let Some((format, _, _)) = found
                && weight > best.1
            {
                best = (*format, weight);
            }
        }
        best.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_goes_before_the_header() {
        assert_eq!(
            PageFormat::of_path("/bodies/a.csv"),
            ("/bodies/a", Some(PageFormat::Csv))
        );
        assert_eq!(PageFormat::of_path("/bodies/a"), ("/bodies/a", None));
    }

    #[test]
    fn the_heaviest_known_format_is_taken() {
        let accepted = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, text.parse().unwrap());
            PageFormat::accepted(&headers)
        };
        assert_eq!(
            accepted("text/html,application/xhtml+xml,*/*;q=0.8"),
            PageFormat::Html
        );
        assert_eq!(accepted("*/*"), PageFormat::Html);
        assert_eq!(accepted("application/json"), PageFormat::Json);
        assert_eq!(accepted("text/html;q=0.5, text/csv;q=0.9"), PageFormat::Csv);
        assert_eq!(accepted("nonsense;;q=x"), PageFormat::Html);
    }
}
