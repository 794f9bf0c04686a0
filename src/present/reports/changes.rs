//! Changes, for people: each with its values before and after, under its item.

use crate::outline::Line;
use minutebook_wire::proto::Change;

/// By how much lines under another are set in.
const STEP: usize = 2;

/// The changes as lines, set in by `indent`. A change that only repeats another is
/// left out, unless `all` are wanted or there is nothing else.
pub fn lines(changes: &[Change], all: bool, indent: usize) -> Vec<Line> {
    let all = all || changes.iter().all(|change| change.repeats);
    let shown: Vec<&Change> = changes
        .iter()
        .filter(|change| all || !change.repeats)
        .collect();
    let mut lines = Vec::new();
    for group in shown.chunk_by(|a, b| item(&a.path) == item(&b.path)) {
        let common = common(group);
        let (heading, indent) = match common.strip_suffix(", ") {
            Some(heading) => (Some(heading), indent + STEP),
            None => (None, indent),
        };
        if let Some(heading) = heading {
            lines.push(Line::new(indent - STEP, heading));
        }
        for change in group {
            let name = change.what.strip_prefix(common).unwrap_or(&change.what);
            lines.push(Line::new(indent, sentence(name, change)));
        }
    }
    lines
}

/// The item of a list that a path enters first; empty where it enters none.
fn item(path: &str) -> &str {
    path.split_once(']').map_or("", |(item, _)| item)
}

/// The whole names with which the names of several changes begin. It is never all of
/// one of them.
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

/// `name: before → after`, or that it is new or removed.
fn sentence(name: &str, change: &Change) -> String {
    let is_item = change.path.ends_with(']');
    let (before, after) = (change.before.as_str(), change.after.as_str());
    let is_nothing = |text: &str, json: &str| text.is_empty() && json.is_empty();
    let joined = |word: &str, value: &str| match value {
        "" => format!("{name}: {word}"),
        value => format!("{name}: {word}: {value}"),
    };
    let or_nothing = |text: &str| if text.is_empty() { "nothing" } else { text }.to_owned();
    if is_item && is_nothing(before, &change.before_json) {
        joined("new", after)
    } else if is_item && is_nothing(after, &change.after_json) {
        joined("no longer", before)
    } else {
        format!("{name}: {} → {}", or_nothing(before), or_nothing(after))
    }
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

    fn text(changes: &[Change], all: bool, indent: usize) -> Vec<String> {
        let lines = lines(changes, all, indent).into_iter();
        let texts = lines.map(|line| format!("{}{}", " ".repeat(line.indent), line.text));
        texts.collect()
    }

    #[test]
    fn changes_are_under_their_item() {
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
            text(&changes, false, 2),
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
    fn repeating_changes_are_left_out_unless_there_are_no_others() {
        let mut again = change("n", "number", "1", "2");
        again.repeats = true;
        let first = change("p", "purpose", "a", "b");
        let both = [again.clone(), first];
        assert_eq!(text(&both, false, 0), ["purpose: a → b"]);
        assert_eq!(text(&both, true, 0).len(), 2);
        assert_eq!(text(&[again], false, 0), ["number: 1 → 2"]);
    }
}
