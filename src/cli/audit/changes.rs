//! Changes, for people: what changed, from what, to what, under the item they are
//! about.

use crate::cli::cell::sanitise_for_terminal;
use crate::wire::proto::Change;

/// By how much what stands under a line is set in.
const STEP: usize = 2;

/// The changes as lines that are at most `width` wide, set in by `indent`. What
/// only says again what another says is left out, unless `all` are wanted or there
/// is nothing else.
pub fn lines(changes: &[Change], all: bool, indent: usize, width: usize) -> Vec<String> {
    let told: Vec<&Change> = if all || changes.iter().all(|change| change.repeats) {
        changes.iter().collect()
    } else {
        changes.iter().filter(|change| !change.repeats).collect()
    };
    let mut lines = Vec::new();
    for group in told.chunk_by(|a, b| item(&a.path) == item(&b.path)) {
        let common = common(group);
        let (heading, indent) = match common.strip_suffix(", ") {
            Some(heading) => (Some(heading), indent + STEP),
            None => (None, indent),
        };
        if let Some(heading) = heading {
            lines.extend(wrapped(
                &sanitise_for_terminal(heading),
                indent - STEP,
                width,
            ));
        }
        for change in group {
            let what = change.what.strip_prefix(common).unwrap_or(&change.what);
            lines.extend(wrapped(&sentence(what, change), indent, width));
        }
    }
    lines
}

/// The item of a list that a path goes into first; nothing where it goes into none.
fn item(path: &str) -> &str {
    path.split_once(']').map_or("", |(item, _)| item)
}

/// What the names of several changes have in common at their beginning: whole
/// names, and not all of any.
fn common<'a>(group: &[&'a Change]) -> &'a str {
    let [first, others @ ..] = group else {
        return "";
    };
    if others.is_empty() || item(&first.path).is_empty() {
        return "";
    }
    let mut common = first.what.as_str();
    for other in others {
        let same = common.bytes().zip(other.what.bytes());
        let mut len = same.take_while(|(a, b)| a == b).count();
        while !common.is_char_boundary(len) {
            len -= 1;
        }
        common = &common[..len];
    }
    let ends = common.rfind(", ").map_or(0, |at| at + 2);
    &common[..ends]
}

/// `what: before → after`, or that it is new, or no more.
fn sentence(what: &str, change: &Change) -> String {
    let is_item = change.path.ends_with(']');
    let (before, after) = (change.before.as_str(), change.after.as_str());
    let is_nothing = |text: &str, json: &str| text.is_empty() && json.is_empty();
    let joined = |word: &str, said: &str| match said {
        "" => format!("{what}: {word}"),
        said => format!("{what}: {word}: {said}"),
    };
    let text = if is_item && is_nothing(before, &change.before_json) {
        joined("new", after)
    } else if is_item && is_nothing(after, &change.after_json) {
        joined("no longer", before)
    } else {
        let or_nothing = |text: &str| if text.is_empty() { "nothing" } else { text }.to_owned();
        format!("{what}: {} → {}", or_nothing(before), or_nothing(after))
    };
    sanitise_for_terminal(&text)
}

/// A text in lines of words, the first set in by `indent`, the others a little
/// more.
pub fn wrapped(text: &str, indent: usize, width: usize) -> Vec<String> {
    /// No line is broken to less than this, however narrow the screen.
    const WORDS_MIN: usize = 30;
    let mut lines = Vec::new();
    let mut line = " ".repeat(indent);
    let mut used = 0;
    for word in text.split_whitespace() {
        let len = word.chars().count();
        let left = indent + if lines.is_empty() { 0 } else { 2 * STEP };
        let room = width.saturating_sub(left).max(WORDS_MIN);
        if used > 0 && used + 1 + len > room {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent + 2 * STEP)));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += len;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &str, what: &str, before: &str, after: &str) -> Change {
        Change {
            path: path.into(),
            what: what.into(),
            before: before.into(),
            after: after.into(),
            before_json: if before.is_empty() { "" } else { "0" }.into(),
            after_json: if after.is_empty() { "" } else { "0" }.into(),
            repeats: false,
        }
    }

    #[test]
    fn changes_stand_under_the_item_they_are_about() {
        let changes = [
            change("collaboration.purpose", "purpose", "", "To share"),
            change(
                "x.instruments[mou].standing",
                "instrument MoU, standing",
                "drawn up",
                "in force",
            ),
            change(
                "x.instruments[mou].signatures[a]",
                "instrument MoU, signature A",
                "",
                "signed",
            ),
            change("x.parties[b]", "party B", "joined on 2016", ""),
            change("x.parties[c]", "party C", "", ""),
        ];
        assert_eq!(
            lines(&changes, false, 2, 80),
            [
                "  purpose: nothing → To share",
                "  instrument MoU",
                "    standing: drawn up → in force",
                "    signature A: new: signed",
                "  party B: no longer: joined on 2016",
                "  party C: new",
            ]
        );
    }

    #[test]
    fn what_only_repeats_is_left_out_unless_there_is_nothing_else() {
        let mut again = change("n", "number", "1", "2");
        again.repeats = true;
        let first = change("p", "purpose", "a", "b");
        let both = [again.clone(), first];
        assert_eq!(lines(&both, false, 0, 80), ["purpose: a → b"]);
        assert_eq!(lines(&both, true, 0, 80).len(), 2);
        assert_eq!(lines(&[again], false, 0, 80), ["number: 1 → 2"]);
    }

    #[test]
    fn long_lines_are_broken_between_words() {
        let text = "one two three four five six seven eight nine";
        let lines = wrapped(text, 2, 40);
        assert_eq!(
            lines,
            ["  one two three four five six seven", "      eight nine"]
        );
        assert_eq!(
            wrapped("x".repeat(90).as_str(), 0, 40).len(),
            1,
            "words stay whole"
        );
    }
}
