//! Column names as lower-case words, and the words that give a role away, in several languages.

/// `flickrLarge_source` and `images[].LargeURL` as words: `flickr large source`, `images large url`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    let mut letters = name.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        let humped = letter.is_uppercase() && before.is_lowercase();
        // `URLSource`: the last capital of a run begins the next word.
        let run_ends = letter.is_uppercase() && before.is_uppercase() && letters.peek().is_some_and(|c| c.is_lowercase());
        if (humped || run_ends || !letter.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Names that readers and tools make up for files without names: `0`, `column_1`, `c3`, `_c0`, `f7`.
pub(super) fn is_made_up(name: &str) -> bool {
    let rest = name.trim().to_ascii_lowercase();
    let rest = rest.trim_start_matches('_');
    let rest = ["unnamed: ", "column", "col", "field", "c", "f"].iter().find_map(|p| rest.strip_prefix(p)).unwrap_or(rest);
    let rest = rest.trim_start_matches(['_', ' ', '-']);
    !rest.is_empty() && rest.len() <= 4 && rest.bytes().all(|byte| byte.is_ascii_digit())
}

/// Row numbers that pandas leaves in files.
pub(super) fn is_row_number(name: &str) -> bool {
    let name = name.trim();
    name.is_empty() || name.starts_with("__index_level_") || name.starts_with("Unnamed: ") || name == "index"
}

pub(super) const PICTURE: &[&str] = &[
    "image", "images", "img", "imgs", "picture", "pictures", "pic", "photo", "photos", "foto", "fotos", "bild", "bilder",
    "imagen", "imagem", "immagine", "original", "download", "downloadurl", "imageurl", "imgurl", "photourl", "pictureurl",
    "media", "src", "source", "content", "file", "full", "large", "medium", "orig", "video", "audio", "jpg", "png",
    "画像", "图片", "이미지",
];
pub(super) const PAGE: &[&str] = &[
    "page", "pageurl", "web", "website", "landing", "link", "permalink", "item", "html", "homepage", "article", "ref",
    "referrer", "parent", "api", "detail", "seite", "lien", "enlace", "post",
];
pub(super) const THUMB: &[&str] =
    &["thumb", "thumbs", "thumbnail", "thumbnails", "thumbnailurl", "preview", "small", "tiny", "vorschau", "vignette"];
/// Addresses around a record that are not about it.
pub(super) const ASIDE: &[&str] =
    &["avatar", "feed", "icon", "logo", "banner", "schema", "context", "badge", "flair", "lqip", "stylesheet"];

pub(super) const AUTHOR: &[&str] = &[
    "author", "authors", "artist", "artists", "creator", "creators", "photographer", "photographers", "user", "username",
    "usernames", "unickname", "nickname", "screenname", "handle", "byline", "poster", "uploader", "owner", "account",
    "maker", "makers", "writer", "painter", "illustrator", "designer", "composer", "profile", "autor", "autoren",
    "autores", "auteur", "auteurs", "autore", "kuenstler", "künstler", "fotograf", "fotografo", "fotógrafo", "artista",
    "artistas", "artiste", "artistes", "urheber", "verfasser", "kunstenaar", "автор", "作者", "著者", "投稿者",
    "작가", "작성자", "did", "nsid", "copyrightholder", "contributor", "contributors", "speaker",
];
/// Words beside an author's that mean something else about them.
pub(super) const NOT_A_NAME: &[&str] = &[
    "id", "ids", "flair", "css", "class", "count", "number", "num", "verified", "birth", "born", "death", "died", "date",
    "gender", "followers", "follower", "following", "friends", "type", "nationality", "bio", "biography", "description",
    "avatar", "location", "place", "role", "year", "age", "karma", "score", "created", "createdat", "frequent", "is",
    "has", "premium", "position", "order", "letter", "display", "dates", "mda", "lang", "language", "agent", "rating",
    "cited", "text", "key", "status", "color", "background", "timezone", "title_id", "startletter", "stats",
];

/// Column names that are a caption by themselves.
pub(super) const CAPTION: &[&str] = &[
    "caption", "captions", "text", "txt", "texts", "title", "titles", "description", "descriptions", "desc", "alt",
    "alttext", "headline", "headlines", "body", "selftext", "content", "contents", "tweet", "message", "comment",
    "prompt", "abstract", "summary", "sentence", "sentences", "document", "article", "story", "review", "question",
    "answer", "subtitle", "transcript", "transcription", "titel", "titre", "titulo", "título", "titolo", "beschreibung",
    "beschriftung", "bildunterschrift", "legende", "légende", "leyenda", "didascalia", "descripcion", "descripción",
    "descricao", "descrição", "descrizione", "texte", "texto", "testo", "tekst", "omschrijving", "заголовок", "текст",
    "标题", "文本", "描述", "キャプション", "説明", "タイトル", "제목", "설명",
];
/// Words that may stand beside a caption's without changing what it is.
pub(super) const CAPTION_COMPANIONS: &[&str] = &[
    "alt", "raw", "top", "page", "image", "images", "img", "photo", "picture", "pic", "post", "tweet", "full",
    "short", "long", "main", "product", "video", "original", "clean", "cleaned", "item", "my", "book", "en", "de", "fr",
    "es", "nl", "reference", "attribution", "generated", "synthetic", "blip", "thumbnail", "object", "work", "artwork",
    "media", "translated", "english", "record", "commit", "data", "note", "meta", "metadata", "alternative",
    "legacy", "news", "job", "track", "song", "movie", "commons", "entry", "it", "pt", "sub",
];
/// Weaker: worth searching, though short lists of words.
pub(super) const SUBJECT: &[&str] = &[
    "subject", "subjects", "tag", "tags", "usertags", "keyword", "keywords", "label", "labels", "topic", "topics",
    "hashtags", "schlagworte", "mots", "onderwerpen",
];

pub(super) const LANGUAGE: &[&str] =
    &["language", "languages", "lang", "langs", "locale", "sprache", "langue", "idioma", "lingua", "taal"];
pub(super) const LICENCE: &[&str] = &[
    "license", "licence", "licenses", "licenseurl", "licensename", "licencia", "licenca", "lizenz", "licentie", "rights",
    "usageterms", "copyright",
];
pub(super) const WIDTH: &[&str] = &["width", "w", "breite", "largeur", "ancho", "larghezza", "breedte", "imagewidth"];
pub(super) const HEIGHT: &[&str] = &["height", "h", "hoehe", "höhe", "hauteur", "alto", "altezza", "hoogte", "imageheight"];
/// Words that make a width that of a thing, not of a picture.
pub(super) const NOT_PIXELS: &[&str] = &[
    "cm", "mm", "in", "inch", "inches", "m", "item", "dimensions", "depth", "physical", "thumb", "thumbs", "small",
    "tiny", "preview", "frame", "weight", "max", "min", "window", "box", "bbox",
];
pub(super) const NSFW: &[&str] = &["nsfw", "over18", "adult", "unsafe", "punsafe", "sensitive", "explicit"];
pub(super) const DIGEST: &[&str] = &["hash", "digest", "checksum", "fingerprint", "sum"];

/// Words of dates, best first: when it was made, then any date, then a bare time.
pub(super) const MADE: &[&str] = &[
    "created", "createdat", "creation", "published", "publish", "posted", "pubdate", "taken", "datetaken", "captured",
    "uploaded", "written", "released", "erstellt", "publie", "fecha", "veröffentlicht", "作成日",
];
pub(super) const DATE: &[&str] = &["date", "datum", "data", "day", "datetime", "日期", "날짜"];
pub(super) const TIME: &[&str] = &["time", "timestamp", "year", "jahr", "annee", "ano", "utc", "us"];
/// Dates of something else.
pub(super) const NOT_MADE: &[&str] = &[
    "updated", "modified", "indexed", "retrieved", "edited", "acquired", "birth", "death", "born", "died", "deleted",
    "expires", "last", "crawl", "end", "latest", "duration", "fiscal", "qualifier", "start_letter", "age",
];

/// Whole names that are a row's own id, best first.
pub(super) const ID: &[&str] = &[
    "uri", "id", "uid", "uuid", "guid", "image_id", "photo_id", "picture_id", "post_id", "tweet_id", "status_id", "item_id",
    "record_id", "document_id", "doc_id", "identifier", "imageid", "sample_id", "object_id", "key", "accession_number",
    "acno", "flickr_id", "id_str", "book_identifier", "painting_index",
];
