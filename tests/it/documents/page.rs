//! A page as a reader types it: its commands, and their printed output.

/// A command, and the output that the page prints for it, if any.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    pub command: String,
    pub shown: Vec<String>,
    /// It is in a `console` block, which prints output.
    pub is_console: bool,
}

/// The end of a command line whose input follows, up to a line `END`.
const INPUT: &str = "<<'END'";

/// The steps of a page, in order.
///
/// In a `console` block, a line after `$ ` is a command, and the lines after it are
/// its output. In a `sh` block every line is a command; a line that ends with `\`
/// goes on.
pub fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let is_console = match line.trim() {
            "```console" => true,
            "```sh" | "```shell" | "```bash" => false,
            _ => continue,
        };
        let block = lines.by_ref().take_while(|line| line.trim() != "```");
        if is_console {
            console(block, &mut steps);
        } else {
            shell(block, &mut steps);
        }
    }
    steps
}

fn console<'a>(block: impl Iterator<Item = &'a str>, steps: &mut Vec<Step>) {
    let mut is_input = false;
    for line in block {
        if let Some(command) = line.strip_prefix("$ ") {
            is_input = command.ends_with(INPUT);
            steps.push(Step {
                command: command.to_owned(),
                shown: Vec::new(),
                is_console: true,
            });
            continue;
        }
        let step = steps.last_mut().expect("a command before its output");
        if is_input {
            step.command.push('\n');
            step.command.push_str(line);
            is_input = line != "END";
        } else {
            step.shown.push(line.trim_end().to_owned());
        }
    }
}

fn shell<'a>(block: impl Iterator<Item = &'a str>, steps: &mut Vec<Step>) {
    let mut command = String::new();
    let mut is_input = false;
    for line in block {
        command.push_str(if is_input { line } else { line.trim() });
        is_input = command.contains(INPUT) && !command.ends_with("\nEND");
        if is_input || command.ends_with('\\') {
            command.push('\n');
            continue;
        }
        let whole = std::mem::take(&mut command);
        if whole.is_empty() || whole.starts_with('#') {
            continue;
        }
        steps.push(Step {
            command: whole,
            shown: Vec::new(),
            is_console: false,
        });
    }
}

/// Whether a line matches the printed one; `…` matches anything.
fn is_shown(line: &str, shown: &str) -> bool {
    let mut pieces = shown.split('…');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = line.trim_end().strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else {
        return rest.is_empty();
    };
    for piece in pieces {
        let Some((_, after)) = rest.split_once(piece) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}

/// The first printed line that is missing in the output, if any.
///
/// Lines must come in the printed order; a line `…` matches any number of lines.
pub fn missing<'a>(output: &str, shown: &'a [String]) -> Option<&'a str> {
    let lines: Vec<&str> = output.lines().collect();
    let mut at = 0;
    let mut is_gap = false;
    let mut parts = shown.split(|line| line == "…").peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        let fits = |at: usize| {
            let there = lines.get(at..at + part.len());
            there.is_some_and(|there| {
                there
                    .iter()
                    .zip(part)
                    .all(|(is, shown)| is_shown(is, shown))
            })
        };
        let latest = lines.len().saturating_sub(part.len());
        let found = match (is_gap, is_last) {
            (false, false) => (at..=at).find(|at| fits(*at)),
            (false, true) => (at..=at).find(|at| fits(*at) && *at + part.len() == lines.len()),
            (true, false) => (at..=latest).find(|at| fits(*at)),
            // A gap at the end matches everything.
            (true, true) if part.is_empty() => Some(lines.len()),
            (true, true) => (latest.max(at)..=latest).find(|at| fits(*at)),
        };
        let Some(found) = found else {
            let shown = part.iter().enumerate().find(|(_, shown)| {
                let rest = lines.get(at..).unwrap_or_default();
                !rest.iter().any(|line| is_shown(line, shown))
            });
            return Some(shown.map_or("(these lines, one after the other)", |(_, shown)| shown));
        };
        at = found + part.len();
        is_gap = true;
    }
    None
}

#[test]
fn commands_are_separated_from_their_output() {
    let page = "text\n```console\n$ cat > a <<'END'\n{\n}\nEND\n$ b\none\n…\n```\n```sh\nc \\\n  d\n\n# no\nf <<'END'\n  e\nEND\ng\n```\n";
    let steps = steps(page);
    let commands: Vec<&str> = steps.iter().map(|step| step.command.as_str()).collect();
    assert_eq!(
        commands,
        [
            "cat > a <<'END'\n{\n}\nEND",
            "b",
            "c \\\nd",
            "f <<'END'\n  e\nEND",
            "g"
        ]
    );
    assert_eq!(steps[1].shown, ["one", "…"]);
    assert!(steps[1].is_console && !steps[2].is_console);
}

#[test]
fn output_must_match_the_page_exactly() {
    let shown = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    let is = |output: &str, text: &str| missing(output, &shown(text)).is_none();
    assert!(is("a\nb\n", "a\nb"));
    assert!(is("a\nx\ny\nb\n", "a\n…\nb"));
    assert!(is("a 1 b\nrest\n", "a … b\n…"));
    assert!(is("first\nlast\n", "…\nlast"));
    assert!(is("", "…"));
    for (output, text) in [
        ("a\nb\n", "a"),
        ("a\nb\n", "b"),
        ("a\nx\nb\n", "a\nb"),
        ("b\na\n", "a\n…\nb"),
        ("a 1 c\n", "a … b"),
        ("a\nb\nc\n", "…\nb"),
        ("a\nb\n", "a\n…\nc\n…"),
    ] {
        assert!(!is(output, text), "{output:?} is not {text:?}");
    }
}
