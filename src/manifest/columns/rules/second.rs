//! Names of files, and second meanings of columns that already play a role.

use super::{HALF, Proposal, free, propose, with_markup};
use crate::manifest::columns::guess::Named;
use crate::mapping::Role;

/// Columns that name the picture's file: a person's name is often nowhere else.
pub(super) fn file_names(named: &Named<'_>, taken: &[usize]) -> Vec<Proposal> {
    const LAST_WORDS: [&str; 12] = [
        "file",
        "files",
        "filename",
        "filenames",
        "filepath",
        "path",
        "paths",
        "image",
        "images",
        "img",
        "picture",
        "photo",
    ];
    let fitting = free(named, taken).filter(|(index, column)| {
        let last = named.words(*index).last().map(String::as_str).unwrap_or_default();
        let says = LAST_WORDS.contains(&last) || named.rank(*index, &["file_name", "image_name"]).is_some();
        (says || named.nameless()) && column.share(|seen| seen.file) >= HALF
    });
    fitting.map(|(index, _)| propose(index, Role::FileName, "its values are names of files")).collect()
}

/// A copyright notice names who holds the rights, and a shard's key is the name of its picture: both are words to
/// be found by, whatever else they are.
pub(in crate::manifest::columns) fn second_meanings(named: &Named<'_>, proposals: &[Proposal]) -> Vec<Proposal> {
    let second = |proposal: &Proposal| {
        let column = &named.survey.columns[proposal.column];
        let has_words = column.share(|seen| seen.words) >= HALF;
        match proposal.role {
            Role::Licence if has_words && named.has(proposal.column, &["copyright", "rights"]) => {
                let because = "a copyright notice names who holds the rights";
                Some(with_markup(column, propose(proposal.column, Role::Caption, because)))
            }
            Role::SourceId if has_words && column.name == "__key__" => {
                Some(propose(proposal.column, Role::FileName, "it is what the picture's file was called"))
            }
            _ => None,
        }
    };
    proposals.iter().filter_map(second).collect()
}
