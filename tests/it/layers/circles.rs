//! No circle among the files of the layers that hold the rules: each file can be read
//! and understood after the files that it names.

use std::collections::{BTreeMap, BTreeSet};

use super::{code, layer, sources};

/// The layers whose files form no circle.
const LAYERS: &[&str] = &["domain", "writer"];

/// Modules whose own files may form a circle, and the reason.
const ALLOWED: &[(&str, &str)] = &[(
    "domain/event",
    "the kinds of event refer to one another's fields, and each states its act: see \
     src/domain/event/approvable_act.rs",
)];

/// A path in the code of a file, such as `crate::domain::ids::BodyId`.
#[derive(Debug, PartialEq, Eq)]
struct NamedPath {
    path: String,
    is_reexport: bool,
}

/// The paths in the code of a file: in its `use` lines, and elsewhere.
fn paths(code: &str) -> Vec<NamedPath> {
    let mut found = Vec::new();
    for statement in code.split(';') {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let import = statement
            .match_indices("use ")
            .filter(|(at, _)| !statement[..*at].ends_with(is_word))
            .last();
        if let Some((at, _)) = import {
            let visibility = statement[..at].split_whitespace().next_back();
            let is_reexport = visibility.is_some_and(|word| word.starts_with("pub"));
            let tree = &statement[at + "use ".len()..];
            flatten(tree, "", &mut |path| {
                found.push(NamedPath { path, is_reexport });
            });
            continue;
        }
        for root in ["crate::", "self::", "super::"] {
            for (at, _) in statement.match_indices(root) {
                let before = &statement[..at];
                if before.ends_with(is_word) || before.ends_with("::") {
                    continue;
                }
                let path = &statement[at..];
                let end = path.find(|c| !(is_word(c) || c == ':'));
                let path = path[..end.unwrap_or(path.len())].trim_end_matches(':');
                found.push(NamedPath {
                    path: path.to_owned(),
                    is_reexport: false,
                });
            }
        }
    }
    found
}

/// Calls `found` with each path of a tree of imports: `a::{b, c::d}` has two.
fn flatten(tree: &str, prefix: &str, found: &mut impl FnMut(String)) {
    let mut depth = 0;
    let parts = tree.split(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    });
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        match part.split_once('{') {
            Some((path, rest)) => {
                let inner = rest.trim_end().trim_end_matches('}');
                flatten_dyn(inner, &format!("{prefix}{path}"), found);
            }
            None => {
                let name = part.split(" as ").next().unwrap_or(part);
                found(format!("{prefix}{name}"));
            }
        }
    }
}

/// [`flatten`] without another instance of it for each depth.
fn flatten_dyn(tree: &str, prefix: &str, found: &mut dyn FnMut(String)) {
    flatten(tree, prefix, &mut |path| found(path));
}

/// The code of the files, and the files that public imports come from.
struct Files {
    code: BTreeMap<String, String>,
    /// For each file, the names that it imports publicly, each with the file it leads to;
    /// `*` for all names of that file.
    origins: BTreeMap<String, Vec<(String, String)>>,
}

impl Files {
    fn new(code: BTreeMap<String, String>) -> Self {
        let mut files = Self {
            code,
            origins: BTreeMap::new(),
        };
        let mut origins: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (name, code) in &files.code {
            for named in paths(code).iter().filter(|named| named.is_reexport) {
                if let Some(origin) = files.file(name, &named.path) {
                    let item = item(&named.path).to_owned();
                    origins
                        .entry(name.clone())
                        .or_default()
                        .push((item, origin));
                }
            }
        }
        files.origins = origins;
        files
    }

    /// The file that a path in another file leads to; `None` if it leads elsewhere.
    fn file(&self, from: &str, path: &str) -> Option<String> {
        let mut module: Vec<&str> = from.split('/').collect();
        let mut segments = path.split("::").peekable();
        match segments.next()? {
            "crate" => module.clear(),
            "self" => {}
            "super" => {
                module.pop();
                while segments.next_if_eq(&"super").is_some() {
                    module.pop();
                }
            }
            first => {
                // A child of the file.
                module.push(first);
                if !self.code.contains_key(&module.join("/")) {
                    return None;
                }
            }
        }
        let is_file = |module: &[&str]| {
            let name = module.join("/");
            self.code.contains_key(&name).then_some(name)
        };
        let mut file = is_file(&module);
        for segment in segments {
            module.push(segment);
            match is_file(&module) {
                Some(name) => file = Some(name),
                None => break,
            }
        }
        file
    }

    /// The file that a name of a file comes from, if that imports it publicly.
    fn origin(&self, file: &str, item: &str) -> Option<&str> {
        let declares = |file: &str| {
            let keywords = ["struct", "enum", "trait", "fn", "type", "const", "static"];
            let mut words = self.code[file].split(|c: char| !(c.is_alphanumeric() || c == '_'));
            let mut before = "";
            words.any(|word| {
                let is_declared = word == item && keywords.contains(&before);
                before = word;
                is_declared
            })
        };
        let mut origins = self.origins.get(file)?.iter();
        let origin = origins.find(|(name, origin)| {
            origin != file && (name == item || name == "*" && declares(origin))
        });
        origin.map(|(_, origin)| origin.as_str())
    }

    /// The files that a file names, each with one of the names. A public import only
    /// passes on a name, and does not count.
    fn named_by(&self, name: &str) -> BTreeMap<String, String> {
        let mut named = BTreeMap::new();
        let paths = paths(&self.code[name]).into_iter();
        for NamedPath { path, .. } in paths.filter(|named| !named.is_reexport) {
            let Some(mut file) = self.file(name, &path) else {
                continue;
            };
            let item = item(&path);
            while let Some(origin) = self.origin(&file, item) {
                file = origin.to_owned();
            }
            // A path that only goes up names the module, and nothing in it.
            let mut segments = path.split("::");
            let is_up = segments.all(|segment| matches!(segment, "super" | "self" | "crate"));
            if file != name && !is_up {
                named.insert(file, item.to_owned());
            }
        }
        named
    }

    /// The circles: sets of files that reach one another, with the names that they do it by.
    fn circles(&self) -> BTreeMap<BTreeSet<&str>, Vec<String>> {
        let named: BTreeMap<&str, BTreeMap<String, String>> = self
            .code
            .keys()
            .map(|name| (name.as_str(), self.named_by(name)))
            .collect();
        let reachable = |from: &str| {
            let mut reached = BTreeSet::new();
            let mut open: Vec<&str> = named[from].keys().map(String::as_str).collect();
            while let Some(next) = open.pop() {
                if reached.insert(next) {
                    open.extend(named[next].keys().map(String::as_str));
                }
            }
            reached
        };
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            named.keys().map(|name| (*name, reachable(name))).collect();
        let mut circles = BTreeMap::new();
        for (name, others) in &reached {
            if !others.contains(name) {
                continue;
            }
            let circle: BTreeSet<&str> = named
                .keys()
                .copied()
                .filter(|other| others.contains(other) && reached[other].contains(name))
                .collect();
            let edges = circle.iter().flat_map(|from| {
                let inside = named[from]
                    .iter()
                    .filter(|(to, _)| circle.contains(to.as_str()));
                inside.map(move |(to, item)| format!("src/{from}.rs names {item} of src/{to}.rs"))
            });
            let edges = edges.collect();
            circles.insert(circle, edges);
        }
        circles
    }
}

/// The last segment of a path.
fn item(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

#[test]
fn no_files_name_each_other_in_a_circle() {
    let code = sources()
        .into_iter()
        .filter(|(name, _)| LAYERS.contains(&layer(name)))
        .map(|(name, source)| (name, code(&source)))
        .collect();
    let files = Files::new(code);
    assert!(files.code.len() > 50, "{} files", files.code.len());
    let mut circles = files.circles();
    for (module, reason) in ALLOWED {
        let is_own = |file: &&str| {
            file.strip_prefix(module)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let before = circles.len();
        circles.retain(|circle, _| !circle.iter().all(is_own));
        assert!(
            circles.len() < before,
            "no circle is in {module} any more ({reason}): take it off the list"
        );
    }
    let wrong: Vec<String> = circles
        .into_values()
        .map(|edges| edges.join("\n"))
        .collect();
    assert!(
        wrong.is_empty(),
        "files name each other in a circle: move what they share to a file of its own\n{}",
        wrong.join("\n\n")
    );
}

#[test]
fn a_circle_is_found_through_trees_and_public_imports() {
    let code = |name: &str, code: &str| (name.to_owned(), code.to_owned());
    let files = Files::new(BTreeMap::from([
        code(
            "a",
            "mod b; mod c; mod d;\npub use b::{g, f as h};\npub use c::*;",
        ),
        code(
            "a/b",
            "use super::{d::{self, Part}, Thing as Named};\npub fn f() {}",
        ),
        code("a/c", "pub struct Thing;\nfn f() { crate::a::b::f() }"),
        code("a/d", "use std::fmt;\npub struct Part;"),
    ]));
    let circles: Vec<BTreeSet<&str>> = files.circles().into_keys().collect();
    assert_eq!(circles, [BTreeSet::from(["a/b", "a/c"])]);
}
