//! The words that give a role away, in several languages; lower case. Only data: one packed list a role.

#[rustfmt::skip]
pub(in crate::manifest::columns) const PICTURE: &[&str] = &[
    "image", "images", "img", "imgs", "picture", "pictures", "pic", "photo", "photos", "foto", "fotos", "bild",
    "bilder", "imagen", "imagem", "immagine", "original", "download", "downloadurl", "imageurl", "imgurl", "photourl",
    "pictureurl", "media", "src", "source", "content", "file", "full", "large", "medium", "orig", "video", "audio",
    "jpg", "png", "画像", "图片", "이미지",
];
#[rustfmt::skip]
pub(in crate::manifest::columns) const PAGE: &[&str] = &[
    "page", "pageurl", "web", "website", "landing", "link", "permalink", "item", "html", "homepage", "article", "ref",
    "referrer", "parent", "api", "detail", "seite", "lien", "enlace", "post",
];
#[rustfmt::skip]
pub(in crate::manifest::columns) const THUMB: &[&str] = &[
    "thumb", "thumbs", "thumbnail", "thumbnails", "thumbnailurl", "preview", "small", "tiny", "vorschau", "vignette",
];
/// Addresses around a record that are not about it.
#[rustfmt::skip]
pub(in crate::manifest::columns) const ASIDE: &[&str] = &[
    "avatar", "feed", "icon", "logo", "banner", "schema", "context", "badge", "flair", "lqip", "stylesheet",
];

#[rustfmt::skip]
pub(in crate::manifest::columns) const AUTHOR: &[&str] = &[
    "author", "authors", "artist", "artists", "creator", "creators", "photographer", "photographers", "user",
    "username", "usernames", "unickname", "nickname", "screenname", "handle", "byline", "poster", "uploader", "owner",
    "account", "maker", "makers", "writer", "painter", "illustrator", "designer", "composer", "profile", "autor",
    "autoren", "autores", "auteur", "auteurs", "autore", "kuenstler", "künstler", "fotograf", "fotografo",
    "fotógrafo", "artista", "artistas", "artiste", "artistes", "urheber", "verfasser", "kunstenaar", "автор", "作者",
    "著者", "投稿者", "작가", "작성자", "did", "nsid", "copyrightholder", "contributor", "contributors", "speaker",
];
/// Words beside an author's that mean something else about them.
#[rustfmt::skip]
pub(in crate::manifest::columns) const NOT_A_NAME: &[&str] = &[
    "id", "ids", "flair", "css", "class", "count", "number", "num", "verified", "birth", "born", "death", "died",
    "date", "gender", "followers", "follower", "following", "friends", "type", "nationality", "bio", "biography",
    "description", "avatar", "location", "place", "role", "year", "age", "karma", "score", "created", "createdat",
    "frequent", "is", "has", "premium", "position", "order", "letter", "display", "dates", "mda", "lang", "language",
    "agent", "rating", "cited", "text", "key", "status", "color", "background", "timezone", "title_id", "startletter",
    "stats",
];

/// Column names that are a caption by themselves.
#[rustfmt::skip]
pub(in crate::manifest::columns) const CAPTION: &[&str] = &[
    "caption", "captions", "text", "txt", "texts", "title", "titles", "description", "descriptions", "desc", "alt",
    "alttext", "headline", "headlines", "body", "selftext", "content", "contents", "tweet", "message", "comment",
    "prompt", "abstract", "summary", "sentence", "sentences", "document", "article", "story", "review", "question",
    "answer", "subtitle", "transcript", "transcription", "titel", "titre", "titulo", "título", "titolo",
    "beschreibung", "beschriftung", "bildunterschrift", "legende", "légende", "leyenda", "didascalia", "descripcion",
    "descripción", "descricao", "descrição", "descrizione", "texte", "texto", "testo", "tekst", "omschrijving",
    "заголовок", "текст", "标题", "文本", "描述", "キャプション", "説明", "タイトル", "제목", "설명",
];
/// Words that may stand beside a caption's without changing what it is.
#[rustfmt::skip]
pub(in crate::manifest::columns) const CAPTION_COMPANIONS: &[&str] = &[
    "alt", "raw", "top", "page", "image", "images", "img", "photo", "picture", "pic", "post", "tweet", "full",
    "short", "long", "main", "product", "video", "original", "clean", "cleaned", "item", "my", "book", "en", "de",
    "fr", "es", "nl", "reference", "attribution", "generated", "synthetic", "blip", "thumbnail", "object", "work",
    "artwork", "media", "translated", "english", "record", "commit", "data", "note", "meta", "metadata",
    "alternative", "legacy", "news", "job", "track", "song", "movie", "commons", "entry", "it", "pt", "sub",
];
/// Weaker: worth searching, though short lists of words.
#[rustfmt::skip]
pub(in crate::manifest::columns) const SUBJECT: &[&str] = &[
    "subject", "subjects", "tag", "tags", "usertags", "keyword", "keywords", "label", "labels", "topic", "topics",
    "hashtags", "schlagworte", "mots", "onderwerpen",
];

#[rustfmt::skip]
pub(in crate::manifest::columns) const LANGUAGE: &[&str] = &[
    "language", "languages", "lang", "langs", "locale", "sprache", "langue", "idioma", "lingua", "taal",
];
#[rustfmt::skip]
pub(in crate::manifest::columns) const LICENCE: &[&str] = &[
    "license", "licence", "licenses", "licenseurl", "licensename", "licencia", "licenca", "lizenz", "licentie",
    "rights", "usageterms", "copyright",
];
#[rustfmt::skip]
pub(in crate::manifest::columns) const WIDTH: &[&str] = &[
    "width", "w", "breite", "largeur", "ancho", "larghezza", "breedte", "imagewidth",
];
#[rustfmt::skip]
pub(in crate::manifest::columns) const HEIGHT: &[&str] = &[
    "height", "h", "hoehe", "höhe", "hauteur", "alto", "altezza", "hoogte", "imageheight",
];
/// Words that make a width that of a thing, not of a picture.
#[rustfmt::skip]
pub(in crate::manifest::columns) const NOT_PIXELS: &[&str] = &[
    "cm", "mm", "in", "inch", "inches", "m", "item", "dimensions", "depth", "physical", "thumb", "thumbs", "small",
    "tiny", "preview", "frame", "weight", "max", "min", "window", "box", "bbox",
];
#[rustfmt::skip]
pub(in crate::manifest::columns) const NSFW: &[&str] = &[
    "nsfw", "over18", "adult", "unsafe", "punsafe", "sensitive", "explicit",
];
#[rustfmt::skip]
pub(in crate::manifest::columns) const DIGEST: &[&str] = &[
    "hash", "digest", "checksum", "fingerprint", "sum",
];

/// Words of dates, best first: when it was made, then any date, then a bare time.
#[rustfmt::skip]
pub(in crate::manifest::columns) const MADE: &[&str] = &[
    "created", "createdat", "creation", "published", "publish", "posted", "pubdate", "taken", "datetaken", "captured",
    "uploaded", "written", "released", "erstellt", "publie", "fecha", "veröffentlicht", "作成日",
];
#[rustfmt::skip]
pub(in crate::manifest::columns) const DATE: &[&str] = &[
    "date", "datum", "data", "day", "datetime", "日期", "날짜",
];
#[rustfmt::skip]
pub(in crate::manifest::columns) const TIME: &[&str] = &[
    "time", "timestamp", "year", "jahr", "annee", "ano", "utc", "us",
];
/// Dates of something else.
#[rustfmt::skip]
pub(in crate::manifest::columns) const NOT_MADE: &[&str] = &[
    "updated", "modified", "indexed", "retrieved", "edited", "acquired", "birth", "death", "born", "died", "deleted",
    "expires", "last", "crawl", "end", "latest", "duration", "fiscal", "qualifier", "start_letter", "age",
];

/// Whole names that are a row's own id, best first.
#[rustfmt::skip]
pub(in crate::manifest::columns) const ID: &[&str] = &[
    "uri", "id", "uid", "uuid", "guid", "image_id", "photo_id", "picture_id", "post_id", "tweet_id", "status_id",
    "item_id", "record_id", "document_id", "doc_id", "identifier", "imageid", "sample_id", "object_id", "key",
    "accession_number", "acno", "flickr_id", "id_str", "book_identifier", "painting_index",
];
