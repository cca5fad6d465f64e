//! One rule a role: which columns play it, judged by name and by values. Called only by the guess.
//!
//! A person is never guessed from short texts alone: without a name that says so, only values whose form is an
//! account's (a DID, a Flickr NSID, a handle, an e-mail address) count.

use super::guess::Named;
use super::names;
use super::survey::Column;
use crate::mapping::{Role, Transform};

mod second;

use second::file_names;
pub(super) use second::second_meanings;

/// Share of values that must have a form for the column to be taken for it.
const MOST: f64 = 0.8;
/// Weaker, where the name agrees.
const HALF: f64 = 0.5;

pub(super) struct Proposal {
    pub column: usize,
    pub role: Role,
    pub transform: Transform,
    pub because: String,
}

type Rule = fn(&Named<'_>, &[usize]) -> Vec<Proposal>;

/// In order of certainty: what has a form of its own first, words last.
pub(super) const ALL: [Rule; 12] = [
    digests,
    accounts,
    licences,
    addresses,
    file_names,
    source_ids,
    picture_sizes,
    dates,
    flags_and_languages,
    authors,
    captions,
    loose_captions,
];

fn propose(column: usize, role: Role, because: impl Into<String>) -> Proposal {
    Proposal { column, role, transform: Transform::AsIs, because: because.into() }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Columns not taken yet that have values, with their position.
fn free<'a>(named: &'a Named<'_>, taken: &'a [usize]) -> impl Iterator<Item = (usize, &'a Column)> {
    let columns = named.survey.columns.iter().enumerate();
    columns.filter(|(index, column)| !taken.contains(index) && !column.seen.is_empty())
}

fn digests(named: &Named<'_>, taken: &[usize]) -> Vec<Proposal> {
    free(named, taken)
        .filter_map(|(index, column)| {
            let says = |words: &[&str]| named.has(index, words);
            let starts = |prefix: &str| named.words(index).iter().any(|word| word.starts_with(prefix));
            let is_id = says(&["id", "uid", "uuid", "guid", "imageid", "key", "commit", "revision", "blob", "tree"]);
            let (hex32, hex40, hex64) =
                (column.share(|seen| seen.hex32), column.share(|seen| seen.hex40), column.share(|seen| seen.hex64));
            let hash_like = column.share(|seen| seen.hex16 || seen.number);
            let shown =
                |share: f64, digits: u8| format!("{} of its values are {digits} hexadecimal digits", percent(share));
            if starts("pdq") && hex64 >= MOST {
                return Some(propose(index, Role::Pdq, shown(hex64, 64)));
            }
            for (prefix, role) in [("phash", Role::Phash), ("dhash", Role::Dhash), ("ahash", Role::Ahash)] {
                if starts(prefix) && hash_like >= HALF && !says(&["distance", "diff", "score", "count", "match"]) {
                    return Some(propose(index, role, "its name says so and its values are 64-bit hashes"));
                }
            }
            if (starts("md5") || starts("originalmd5")) && column.share(|seen| seen.base64_md5) >= MOST {
                let because = "its name says md5 and its values are base64";
                return Some(Proposal { transform: Transform::Base64, ..propose(index, Role::Md5, because) });
            }
            let named_digest = says(names::DIGEST) || starts("md5") || starts("sha") || named.nameless();
            if is_id && !named_digest {
                return None;
            }
            if hex64 >= MOST && named.pdq_file && !starts("sha") {
                return Some(propose(index, Role::Pdq, format!("the file is called pdq and {}", shown(hex64, 64))));
            }
            if hex64 >= MOST {
                return Some(propose(index, Role::Sha256, shown(hex64, 64)));
            }
            if hex40 >= MOST {
                return Some(propose(index, Role::Sha1, shown(hex40, 40)));
            }
            (hex32 >= MOST && named_digest).then(|| propose(index, Role::Md5, shown(hex32, 32)))
        })
        .collect()
}

/// Values whose form is an account's, whatever the column is called.
fn accounts(named: &Named<'_>, taken: &[usize]) -> Vec<Proposal> {
    free(named, taken)
        .filter_map(|(index, column)| {
            if named.has(index, names::ASIDE)
                || named.has(index, &["reply", "mention", "mentions", "subject", "quoted"])
            {
                return None;
            }
            let forms = [
                (column.share(|seen| seen.did), Role::Did, "DIDs"),
                (column.share(|seen| seen.nsid), Role::Nsid, "Flickr account numbers"),
                (column.share(|seen| seen.handle), Role::Handle, "handles"),
                (column.share(|seen| seen.email), Role::Author, "e-mail addresses"),
            ];
            let (share, role, what) = forms.into_iter().find(|(share, ..)| *share >= MOST)?;
            Some(propose(index, role, format!("{} of its values are {what}", percent(share))))
        })
        .collect()
}

fn licences(named: &Named<'_>, taken: &[usize]) -> Vec<Proposal> {
    free(named, taken)
        .filter_map(|(index, column)| {
            let share = column.share(|seen| seen.licence);
            if share >= HALF {
                return Some(propose(index, Role::Licence, format!("{} of its values are licences", percent(share))));
            }
            let textual = column.share(|seen| seen.number || seen.at_uri) < HALF && column.mean_chars() < 200.0;
            (named.has(index, names::LICENCE) && textual && !named.has(index, &["id", "ids"]))
                .then(|| propose(index, Role::Licence, "its name says so"))
        })
        .collect()
}

/// Pictures first (the largest leading), pages and thumbnails after them.
fn addresses(named: &Named<'_>, taken: &[usize]) -> Vec<Proposal> {
    let mut found: Vec<(i32, usize, String)> = Vec::new();
    let mut proposals = Vec::new();
    for (index, column) in free(named, taken) {
        let share = column.share(|seen| seen.url && !seen.at_uri);
        if share < HALF || named.has(index, names::ASIDE) {
            continue;
        }
        let because = format!("{} of its values are addresses", percent(share));
        if named.has(index, names::AUTHOR) && !named.has(index, names::PICTURE) {
            proposals.push(propose(index, Role::ProfileUrl, format!("its name speaks of a person and {because}")));
            continue;
        }
        found.push((picture_score(named, index, column), index, because));
    }
    found.sort_by_key(|(score, index, _)| (-score, *index));
    let best = found.first().map_or(0, |(score, ..)| *score);
    let mut has_main = false;
    for (score, index, because) in found {
        // Beside pictures, everything else is about them; without any, the plainest address is the record's own.
        let main = if best >= 3 { score >= 3 } else { !has_main };
        has_main |= main;
        let (role, what) = match (main, score >= 3) {
            (true, true) => (Role::Url, "it seems to be the picture or file itself and "),
            (true, false) => (Role::Url, ""),
            (false, _) => (Role::PageUrl, "it seems to be a page or thumbnail and "),
        };
        proposals.push(propose(index, role, format!("{what}{because}")));
    }
    proposals
}

fn picture_score(named: &Named<'_>, index: usize, column: &Column) -> i32 {
    let mut score = 0;
    if column.share(|seen| seen.media) >= HALF {
        score += 3;
    }
    if named.has(index, names::PICTURE) {
        score += 3;
    }
    if named.rank(index, &["url", "urls", "uri", "href"]).is_some() {
        score += 1;
    }
    if named.has(index, &["original", "orig", "full", "download"]) {
        score += 3;
    }
    if named.has(index, &["large"]) {
        score += 2;
    }
    if named.has(index, names::THUMB) {
        score -= 10;
    }
    if named.has(index, names::PAGE) && !named.has(index, &["image", "img", "photo", "picture", "media", "src"]) {
        score -= 4;
    }
    score
}

fn source_ids(named: &Named<'_>, taken: &[usize]) -> Vec<Proposal> {
    let fitting = free(named, taken).filter_map(|(index, column)| {
        if column.share(|seen| seen.at_uri) >= MOST {
            return Some((0, index, "its values are at:// addresses of records"));
        }
        let rank = named.rank(index, names::ID)?;
        let plain = column.mean_words() < 1.5 && column.mean_chars() < 120.0 && column.distinct() >= HALF;
        plain.then_some((rank + 1, index, "its name says so and its values hardly repeat"))
    });
    let best = fitting.min_by_key(|(rank, index, _)| (*rank, *index));
    best.map(|(_, index, because)| propose(index, Role::SourceId, because)).into_iter().collect()
}

fn picture_sizes(named: &Named<'_>, taken: &[usize]) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for (role, words) in [(Role::Width, names::WIDTH), (Role::Height, names::HEIGHT)] {
        let fitting = free(named, taken).filter(|(index, column)| {
            named.has(*index, words)
                && (!named.has(*index, names::NOT_PIXELS))
                && column.share(|seen| seen.pixels) >= MOST
        });
        // The original's size, else the record's own before one deep inside.
        let best = fitting.max_by_key(|(index, column)| {
            let original = named.has(*index, &["original", "orig"]);
            (original, std::cmp::Reverse(column.words.len()), std::cmp::Reverse(*index))
        });
        proposals
            .extend(best.map(|(index, _)| propose(index, role, "its name says so and its values are whole numbers")));
    }
    proposals
}

fn dates(named: &Named<'_>, taken: &[usize]) -> Vec<Proposal> {
    let fitting = free(named, taken).filter_map(|(index, column)| {
        let rank = [names::MADE, names::DATE, names::TIME].iter().position(|words| named.has(index, words));
        let mut rank = rank.or_else(|| (named.rank(index, &["datetext"]).is_some()).then_some(1))?;
        if named.has(index, names::NOT_MADE) {
            rank += 3;
        }
        let share = column.share(|seen| seen.date);
        let useless = named.has(index, &["birth", "death", "born", "died", "fiscal", "css", "is", "birthdate"]);
        (share >= HALF && !useless).then_some((rank, index, share))
    });
    // Of equals, the one that is readable more often.
    let best = fitting.min_by(|(rank, index, share), (rank2, index2, share2)| {
        rank.cmp(rank2).then(share2.total_cmp(share)).then(index.cmp(index2))
    });
    let because = |share| format!("its name says so and {} of its values are dates", percent(share));
    best.map(|(_, index, share)| propose(index, Role::CreatedAt, because(share))).into_iter().collect()
}

fn flags_and_languages(named: &Named<'_>, taken: &[usize]) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    let language = free(named, taken).find(|(index, column)| {
        let short = column.mean_chars() <= 20.0 && column.share(|seen| seen.words) >= HALF;
        named.has(*index, names::LANGUAGE) && short && !named.has(*index, &["score", "confidence", "id", "programming"])
    });
    proposals
        .extend(language.map(|(index, _)| propose(index, Role::Language, "its name says so and its values are short")));
    let nsfw = free(named, taken)
        .find(|(index, _)| named.has(*index, names::NSFW) || named.rank(*index, &["over_18"]).is_some());
    proposals.extend(nsfw.map(|(index, _)| propose(index, Role::Nsfw, "its name says so")));
    proposals
}

/// Columns whose name speaks of a person and whose values can be names. One of each group: `artist_title` stands
/// for `artist_titles` and `artist_display` too.
fn authors(named: &Named<'_>, taken: &[usize]) -> Vec<Proposal> {
    let mut groups: Vec<(String, usize, usize)> = Vec::new();
    for (index, column) in free(named, taken) {
        if let Some(share) = Some(column.share(|seen| seen.repo)).filter(|share| *share >= MOST)
            && named.has(index, &["repo", "repository", "repos", "project"])
        {
            let because = format!("its name says so and {} of its values are owner/name", percent(share));
            return vec![propose(index, Role::Repo, because)];
        }
        let Some(base) = named.words(index).iter().find(|word| names::AUTHOR.contains(&word.as_str())) else {
            continue;
        };
        let base = base.trim_end_matches('s').to_owned();
        let nameable = column.share(|seen| seen.number || seen.url) < HALF && column.mean_chars() <= 150.0;
        if named.has(index, names::NOT_A_NAME) || !nameable || column.share(|seen| seen.words) < HALF {
            continue;
        }
        // Fewer words beside the person's are a plainer name; paths must end in a name.
        let words = named.words(index);
        let last = words.last().map(String::as_str).unwrap_or_default();
        let end =
            ["name", "names", "username", "title", "nickname", "label", "full", "fullname", "handle", "screenname"];
        let ends_well = names::AUTHOR.contains(&last) || end.contains(&last);
        if column.name.contains(['.', '[']) && !ends_well || last == "profile" {
            continue;
        }
        let penalty = words.len() * 2 + usize::from(words.iter().any(|word| word.ends_with('s')));
        match groups.iter_mut().find(|(group, ..)| *group == base) {
            Some(best) if penalty < best.1 => *best = (base, penalty, index),
            Some(_) => {}
            None => groups.push((base, penalty, index)),
        }
    }
    let reddit = named.survey.top_named("subreddit").is_some();
    let role = if reddit { Role::RedditUser } else { Role::Author };
    // A list of contributors repeats the artists in other words.
    let crowd = ["contributor", "owner", "profile", "account"];
    let named_makers = groups.iter().any(|(group, ..)| !crowd.contains(&group.as_str()));
    let makers = groups.into_iter().filter(|(group, ..)| !named_makers || !crowd.contains(&group.as_str()));
    makers
        .map(|(_, _, index)| propose(index, role, "its name speaks of a person and its values can be names"))
        .collect()
}

/// Columns whose name says that they hold the words.
fn captions(named: &Named<'_>, taken: &[usize]) -> Vec<Proposal> {
    let fitting = free(named, taken).filter(|(index, column)| {
        let words = named.words(*index);
        let (known, others): (Vec<_>, Vec<_>) = words.iter().partition(|word| names::CAPTION.contains(&word.as_str()));
        !known.is_empty()
            && others.iter().all(|word| names::CAPTION_COMPANIONS.contains(&word.as_str()))
            && column.share(|seen| seen.words) >= HALF
    });
    fitting
        .map(|(index, column)| {
            with_markup(column, propose(index, Role::Caption, "its name says so and its values are words"))
        })
        .collect()
}

/// Subjects and tags by their names; and where no column says that it holds the words, columns that simply do.
fn loose_captions(named: &Named<'_>, taken: &[usize]) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = free(named, taken)
        .filter(|(index, column)| {
            let last = named.words(*index).last().is_some_and(|word| names::SUBJECT.contains(&word.as_str()));
            last && named.words(*index).len() <= 2 && column.share(|seen| seen.words) >= HALF
        })
        .map(|(index, column)| with_markup(column, propose(index, Role::Caption, "its name speaks of subjects")))
        .collect();
    // Was any free text taken for a caption by its name? Captions come right before, so look at what is left of them.
    let named_caption = taken.iter().any(|index| {
        named.words(*index).iter().any(|word| names::CAPTION.contains(&word.as_str()))
            && named.survey.columns[*index].share(|seen| seen.words) >= HALF
    });
    if named_caption {
        return proposals;
    }
    let known: Vec<usize> = proposals.iter().map(|proposal| proposal.column).collect();
    let aside = [
        "status",
        "split",
        "format",
        "mode",
        "mimetype",
        "path",
        "header",
        "headers",
        "domain",
        "error",
        "config",
        "department",
        "publisher",
        "pubplace",
    ];
    for (index, column) in free(named, taken).filter(|(index, _)| !known.contains(index)) {
        let is_name =
            named.rank(index, &["name", "full_name", "fullname", "first_name", "last_name", "surname"]).is_some();
        let speaks = column.share(|seen| seen.words) >= MOST
            && (is_name || column.mean_words() >= 1.3 && column.distinct() >= 0.2);
        let no_words = named.has(index, names::AUTHOR) || column.is_constant();
        if speaks && !no_words && !named.has(index, &aside) && !column.name.contains(['.', '[']) {
            let because = format!("its values are words, {:.0} each", column.mean_words().max(1.0));
            proposals.push(with_markup(column, propose(index, Role::Caption, because)));
        }
    }
    proposals
}

/// Markup is undone where the values have it.
fn with_markup(column: &Column, proposal: Proposal) -> Proposal {
    let marked = column.share(|seen| seen.tags) >= 0.05 || column.share(|seen| seen.entities) >= 0.02;
    let transform = if marked { Transform::Html } else { Transform::AsIs };
    Proposal { transform, ..proposal }
}
