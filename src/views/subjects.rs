//! The subjects that a text can mean: an id, a name or an alias, as people type them.

use crate::domain::ids::SubjectId;
use crate::domain::register_view::RegisterView;
use crate::domain::same_name::folded;
use crate::domain::subject::Subject;
use crate::wire::proto::SubjectMatch;

/// The subjects with this id; or, if there are none, those with this name or alias.
pub fn find(register_view: &RegisterView, text: &str) -> Vec<SubjectMatch> {
    let text = text.trim();
    let (noun, id) = match text.split_once('/') {
        Some((noun, id)) => (noun.trim().to_ascii_lowercase(), id),
        None => (String::new(), text),
    };
    let wanted = id.trim().to_ascii_lowercase();
    let found = |id: &SubjectId, subject: &Subject, alias: &str| SubjectMatch {
        subject: id.to_string(),
        name: subject.name().unwrap_or_default().to_owned(),
        alias: alias.to_owned(),
    };
    let subjects = || register_view.subjects();
    let by_id = subjects().filter(|(id, _)| {
        let printed = id.to_string();
        let parts = printed.split_once('/');
        parts.is_some_and(|(of, id)| id == wanted && (noun.is_empty() || noun == of))
    });
    let by_id: Vec<SubjectMatch> = by_id.map(|(id, subject)| found(id, &subject, "")).collect();
    if !by_id.is_empty() {
        return by_id;
    }
    let as_read = |name: &str| {
        let folded = folded(name).unwrap_or_else(|| name.to_owned());
        folded.to_ascii_lowercase()
    };
    let wanted = as_read(text);
    let is_wanted = |name: &str| as_read(name) == wanted;
    subjects()
        .filter_map(|(id, subject)| {
            if subject.name().is_some_and(is_wanted) {
                return Some(found(id, &subject, ""));
            }
            let mut aliases = subject.dossier.aliases.iter();
            let own =
                aliases.find(|alias| alias.service.is_none() && is_wanted(alias.alias.as_str()))?;
            Some(found(id, &subject, own.alias.as_str()))
        })
        .collect()
}
