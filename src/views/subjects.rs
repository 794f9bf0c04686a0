//! The subjects that a text can mean: an id, a name or an alias, as people type them.

use minutebook_domain::body::Body;
use minutebook_domain::ids::SubjectId;
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::same_name::folded;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::SubjectMatch;

/// The subjects with this id; or, if there are none, those with this name or alias; or, if
/// there are none, those that have the text in one of them.
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
        is_part: false,
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
    let named = |is_wanted: &dyn Fn(&str) -> bool| -> Vec<SubjectMatch> {
        let matches = subjects().filter_map(|(id, subject)| {
            if subject.name().is_some_and(is_wanted) {
                return Some(found(id, &subject, ""));
            }
            let aliases = subject.dossier.aliases.iter();
            let aliases = aliases.filter(|alias| alias.service.is_none());
            let aliases = aliases.map(|alias| alias.alias.as_str());
            let body = subject.as_body();
            let former = body.into_iter().flat_map(Body::former_names);
            let former = former.map(|(name, _)| name.as_str());
            let own = aliases.chain(former).find(|name| is_wanted(name))?;
            Some(found(id, &subject, own))
        });
        matches.collect()
    };
    let whole = named(&|name| as_read(name) == wanted);
    if !whole.is_empty() || wanted.is_empty() {
        return whole;
    }
    let in_id = |id: &SubjectId| id.to_string().contains(&wanted);
    let mut parts = named(&|name| as_read(name).contains(&wanted));
    let by_id = subjects().filter(|(id, _)| in_id(id));
    let by_id: Vec<SubjectMatch> = by_id
        .filter(|(id, _)| parts.iter().all(|part| part.subject != id.to_string()))
        .map(|(id, subject)| found(id, &subject, ""))
        .collect();
    parts.extend(by_id);
    parts.sort_by(|one, other| one.subject.cmp(&other.subject));
    for part in &mut parts {
        part.is_part = true;
    }
    parts
}
