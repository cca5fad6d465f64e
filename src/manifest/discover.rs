//! Finds the manifests under paths: files by what they hold, folders of pictures, shards with their parquet.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::rows::Stop;
use super::{Format, ManifestError, Source, extension_of, image_folder, is_picture_extension, sniff};

/// What was found under some paths.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// Sorted by name.
    pub sources: Vec<Source>,
    /// Files of directories that hold no rows we can read, with the reason; sorted by path.
    pub left_out: Vec<LeftOut>,
}

impl Survey {
    fn leave_out(&mut self, path: &Path, reason: String, is_broken: bool) {
        self.left_out.push(LeftOut { path: path.to_owned(), reason, is_broken });
    }
}

/// A file that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub path: PathBuf,
    pub reason: String,
    /// It is called a manifest and is none: rows are missing that should be there.
    pub is_broken: bool,
}

/// Finds the sources under the paths and says which files were left out.
///
/// Files inside directories that cannot be read are left out. Hidden files, cards, licences and statistics are passed
/// over silently: they are no manifests.
///
/// # Errors
/// When a path named here cannot be read as a manifest, or when a directory holds none at all.
pub fn survey(paths: &[PathBuf]) -> Result<Survey, ManifestError> {
    let mut survey = Survey::default();
    for path in paths {
        let failed = |stop| error_at(path, stop);
        let before = survey.sources.len();
        if fs::metadata(path).map_err(|error| failed(error.into()))?.is_dir() {
            walk(path, "", 0, &mut survey).map_err(failed)?;
            if survey.sources.len() == before {
                return Err(failed(Stop::Unsupported(nothing_found(&survey, path))));
            }
        } else {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            survey.sources.push(named_file(path, name).map_err(failed)?);
        }
        if paths.len() > 1 {
            tell_apart(path, before, &mut survey.sources);
        }
    }
    survey.sources.sort_by(|one, other| one.name.cmp(&other.name).then_with(|| one.path.cmp(&other.path)));
    survey.sources.dedup_by(|one, other| one.path == other.path);
    survey.left_out.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(survey)
}

fn error_at(path: &Path, stop: Stop) -> ManifestError {
    let path = path.to_owned();
    match stop {
        Stop::Io(source) => ManifestError::Io { path, source },
        Stop::Damaged(detail) => ManifestError::Damaged { path, rows: 0, detail },
        Stop::Unsupported(detail) => ManifestError::Unsupported { path, detail },
        Stop::Sink => ManifestError::Unsupported { path, detail: "stopped".to_owned() },
    }
}

fn nothing_found(survey: &Survey, path: &Path) -> String {
    let first = survey.left_out.iter().find(|left_out| left_out.path.starts_with(path));
    let hint = first.map(|left_out| format!(" ({}: {})", left_out.path.display(), left_out.reason)).unwrap_or_default();
    format!("no manifest and no pictures were found in this folder{hint}")
}

fn named_file(path: &Path, name: String) -> Result<Source, Stop> {
    if is_picture_extension(&extension_of(path)) {
        return Err(Stop::Unsupported("a picture: name the folder it is in".to_owned()));
    }
    let is_card = matches!(extension_of(path).as_str(), "md" | "markdown");
    if is_card || extension_of(path) == "json" && is_croissant(path) {
        return Err(Stop::Unsupported("a dataset's description, not its rows: give it with --card".to_owned()));
    }
    let format = sniff::format_of(path, true)?;
    let format = format.ok_or_else(|| {
        Stop::Unsupported("not a manifest: neither parquet, CSV, TSV, JSON, JSON lines nor tar".to_owned())
    })?;
    let beside = if format == (Format::Tar { metadata: None }) { parquet_of_shard(path) } else { None };
    let format = beside.map_or(format, |parquet| Format::Tar { metadata: Some(parquet) });
    Ok(Source { path: path.to_owned(), name, format, bytes: fs::metadata(path)?.len() })
}

/// Where two arguments have files of one name, the argument's own name goes before them.
fn tell_apart(argument: &Path, from: usize, sources: &mut [Source]) {
    let (before, new) = sources.split_at_mut(from);
    let parent = if argument.is_dir() { Some(argument) } else { argument.parent() };
    let prefix = parent.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let clash =
        new.iter().any(|source| before.iter().any(|other| other.name == source.name && other.path != source.path));
    if let (true, Some(prefix)) = (clash, prefix) {
        for source in new {
            source.name = format!("{prefix}/{}", source.name);
        }
    }
}

/// The files and folders directly in a folder, by name, hidden ones left out.
struct Entries {
    files: BTreeMap<String, PathBuf>,
    folders: BTreeMap<String, PathBuf>,
}

fn entries(folder: &Path) -> Result<Entries, Stop> {
    let mut entries = Entries { files: BTreeMap::new(), folders: BTreeMap::new() };
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "__MACOSX" {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            entries.folders.insert(name, entry.path());
        } else if kind.is_file()
            || (kind.is_symlink() && fs::metadata(entry.path()).is_ok_and(|target| target.is_file()))
        {
            // Links to files are followed (Hugging Face's cache is made of them), links to folders are not: they may
            // go in circles.
            entries.files.insert(name, entry.path());
        }
    }
    Ok(entries)
}

fn walk(folder: &Path, prefix: &str, depth: usize, survey: &mut Survey) -> Result<(), Stop> {
    if depth > image_folder::DEPTH_MAX {
        return Ok(());
    }
    let Entries { mut files, mut folders } = entries(folder)?;
    let folder_name = if prefix.is_empty() {
        folder.file_name().map_or_else(|| ".".to_owned(), |name| name.to_string_lossy().into_owned())
    } else {
        prefix.trim_end_matches('/').to_owned()
    };
    if let Some(found) = picture_folder(folder, &files, &folders) {
        // Pictures of kinds that are not hashed still belong to this folder.
        files.retain(|_, path| !OTHER_PICTURES.contains(&extension_of(path).as_str()));
        if let Some(metadata) = &found.metadata {
            files.retain(|_, path| path != metadata);
        }
        if found.takes_subfolders {
            folders.clear();
        }
        drop_texts_of_pictures(&mut files);
        survey.sources.push(image_folder::source(folder.to_owned(), folder_name, found.metadata)?);
    }
    pair_folders_with_parquet(prefix, &mut files, &mut folders, survey)?;
    let shards: Vec<PathBuf> = files.values().filter(|path| sniff::inner_extension(path) == "tar").cloned().collect();
    let paired: Vec<PathBuf> = shards.iter().filter_map(|path| parquet_of_shard(path)).collect();
    for (name, path) in files.iter().filter(|(_, path)| !paired.contains(path)) {
        if is_no_manifest(name, path) {
            continue;
        }
        let outcome = sniff::format_of(path, false);
        match outcome {
            Ok(Some(_)) => survey.sources.push(named_file(path, format!("{prefix}{name}"))?),
            Ok(None) if is_picture_extension(&extension_of(path)) => {}
            Ok(None) => survey.leave_out(path, "not a manifest".to_owned(), false),
            Err(Stop::Damaged(reason)) => survey.leave_out(path, reason, true),
            Err(Stop::Unsupported(reason)) => survey.leave_out(path, reason, false),
            Err(Stop::Io(error)) if error.kind() == io::ErrorKind::PermissionDenied => {
                survey.leave_out(path, "no permission to read it".to_owned(), true);
            }
            Err(stop) => return Err(stop),
        }
    }
    for (name, path) in &folders {
        walk(path, &format!("{prefix}{name}/"), depth + 1, survey)?;
    }
    Ok(())
}

/// Pictures that we do not read, and that are no manifests either.
const OTHER_PICTURES: [&str; 12] =
    ["avif", "avifs", "heic", "heif", "ico", "ppm", "pgm", "pbm", "jp2", "jxl", "svg", "psd"];

struct PictureFolder {
    metadata: Option<PathBuf>,
    takes_subfolders: bool,
}

/// Whether a folder is one of pictures, and which of its files describes them.
fn picture_folder(
    folder: &Path,
    files: &BTreeMap<String, PathBuf>,
    folders: &BTreeMap<String, PathBuf>,
) -> Option<PictureFolder> {
    let has_pictures = files.keys().any(|name| is_picture_extension(&extension_of(Path::new(name))));
    let declared = ["metadata.jsonl", "metadata.csv", "metadata.parquet"].iter().find_map(|name| files.get(*name));
    if let Some(path) = declared.filter(|_| has_pictures || !folders.is_empty())
        && image_folder::file_column(folder, path).is_some()
    {
        return Some(PictureFolder { metadata: Some(path.clone()), takes_subfolders: true });
    }
    if !has_pictures {
        return None;
    }
    // Names that speak of pictures go first: a folder may hold several tables that name its files.
    let mut candidates: Vec<&PathBuf> = files
        .iter()
        .filter(|(name, path)| is_table_name(path) && !is_no_manifest(name, path))
        .map(|(_, path)| path)
        .collect();
    candidates.sort_by_key(|path| {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        !(stem.contains("image") || stem.contains("metadata") || stem.contains("picture"))
    });
    let pictures: Vec<String> = files.keys().map(|name| image_folder::stem_of(name).to_owned()).collect();
    candidates.retain(|path| {
        // 000.json beside 000.jpg belongs to that picture alone.
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        pictures.iter().filter(|stem| **stem == image_folder::stem_of(&name)).count() == 1
    });
    let metadata =
        candidates.into_iter().take(CANDIDATES_MAX).find(|path| image_folder::file_column(folder, path).is_some());
    Some(PictureFolder { takes_subfolders: metadata.is_some(), metadata: metadata.cloned() })
}

/// Tables of a picture folder that are looked into for a column of file names.
const CANDIDATES_MAX: usize = 16;

fn is_table_name(path: &Path) -> bool {
    matches!(sniff::inner_extension(path).as_str(), "csv" | "tsv" | "jsonl" | "ndjson" | "json" | "parquet")
}

/// Texts that share their name with a picture belong to it.
fn drop_texts_of_pictures(files: &mut BTreeMap<String, PathBuf>) {
    let stems: std::collections::HashSet<String> = files
        .keys()
        .filter(|name| is_picture_extension(&extension_of(Path::new(name))))
        .map(|name| image_folder::stem_of(name).to_owned())
        .collect();
    files.retain(|name, path| {
        let is_text = matches!(extension_of(path).as_str(), "json" | "txt" | "caption" | "cls");
        !(is_text && stems.contains(image_folder::stem_of(name)))
    });
}

/// Takes out img2dataset's folders of files: `00000/` beside `00000.parquet`.
fn pair_folders_with_parquet(
    prefix: &str,
    files: &mut BTreeMap<String, PathBuf>,
    folders: &mut BTreeMap<String, PathBuf>,
    survey: &mut Survey,
) -> Result<(), Stop> {
    let names: Vec<String> = folders.keys().cloned().collect();
    for name in names {
        let parquet = format!("{name}.parquet");
        let (Some(folder), Some(path)) = (folders.get(&name), files.get(&parquet)) else { continue };
        let has_pictures =
            entries(folder)?.files.keys().any(|name| is_picture_extension(&extension_of(Path::new(name))));
        if has_pictures && has_keys(path) {
            survey.sources.push(image_folder::source(folder.clone(), format!("{prefix}{name}"), Some(path.clone()))?);
            folders.remove(&name);
            files.remove(&parquet);
        }
    }
    Ok(())
}

/// The parquet that img2dataset wrote beside a shard.
fn parquet_of_shard(shard: &Path) -> Option<PathBuf> {
    let name = shard.file_name()?.to_str()?;
    let stem = name.strip_suffix(".gz").unwrap_or(name).strip_suffix(".tar")?;
    let parquet = shard.with_file_name(format!("{stem}.parquet"));
    (parquet.is_file() && has_keys(&parquet)).then_some(parquet)
}

fn has_keys(parquet: &Path) -> bool {
    let source = Source { path: parquet.to_owned(), name: String::new(), format: Format::Parquet, bytes: 0 };
    source.sample(1).is_ok_and(|rows| rows.iter().any(|row| row.value("key").is_some()))
}

/// Files that stand beside manifests and are none.
fn is_no_manifest(name: &str, path: &Path) -> bool {
    let lower = name.to_ascii_lowercase();
    let stem = lower.split('.').next().unwrap_or_default();
    let extension = extension_of(path);
    matches!(
        stem,
        "readme" | "license" | "licence" | "copying" | "notice" | "changelog" | "_success" | "sha256sums" | "md5sums"
    ) || matches!(
        extension.as_str(),
        "md" | "yaml" | "yml" | "py" | "sh" | "lock" | "tmp" | "part" | "html" | "css" | "bib"
    ) || matches!(lower.as_str(), "dataset_infos.json" | "dataset_info.json" | "state.json" | "croissant.json")
        || lower.ends_with("_stats.json")
        || (extension == "json" && is_croissant(path))
}

/// Whether a JSON file is a Croissant description: it says so in its first lines.
fn is_croissant(path: &Path) -> bool {
    let head = super::input::open_unpacked(path).map(|reader| super::input::look_ahead(reader, 64 << 10).0);
    let text = head.map(|head| String::from_utf8_lossy(&head).into_owned()).unwrap_or_default();
    text.contains("\"@context\"")
        && text.contains("\"@type\"")
        && text.contains("Dataset")
        && text.contains("schema.org")
}

#[cfg(test)]
mod tests;
