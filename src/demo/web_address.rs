//! Addresses of pictures as crawls find them. Hosts end in `.example`, which nobody can own.

use super::people::Person;
use super::random::Rng;

#[rustfmt::skip]
const HOSTS: [&str; 24] = [
    "cdn.tidewaterprints.example", "www.saltshed.example", "images.quayside-market.example", "orchardnotes.example",
    "static.fennigateherald.example", "img1.northernlarder.example", "img2.northernlarder.example", "paperheron.example",
    "shop.copperlea-pottery.example", "media.slowferry.example", "woolandweather.example", "the-ink-room.example",
    "photos.harbourlight.example", "i.pinwall.example", "farm3.fotoheap.example", "farm7.fotoheap.example", "upload.commonshelf.example",
    "s3.bucketworks.example", "thumbs.lotsandbids.example", "www.veldermoor-tourism.example", "blog.kirsenholm.example",
    "assets.recipebarn.example", "pics.tallships.example", "d2x7k1.edgecache.example",
];

/// An address for a picture with this caption.
pub fn picture_url(rng: &mut Rng, caption: &str) -> String {
    let host = rng.pick(&HOSTS);
    let scheme = if rng.chance(0.85) { "https" } else { "http" };
    let (year, month) = (2009 + rng.below(15), 1 + rng.below(12));
    let slug = slug(caption);
    match rng.below(9) {
        0 => {
            format!("{scheme}://{host}/wp-content/uploads/{year}/{month:02}/{slug}-{}x{}.jpg", 300, rng.count(180, 420))
        }
        1 => format!(
            "{scheme}://{host}/products/{}/{slug}.jpg?v={}",
            rng.hex(12),
            1_500_000_000 + rng.below(200_000_000)
        ),
        2 => format!("{scheme}://{host}/{}/{}_{}_z.jpg", rng.count(1000, 9999), rng.below(50_000_000_000), rng.hex(10)),
        3 => format!("{scheme}://{host}/image/{}/{}/{}.jpeg", rng.hex(2), rng.hex(2), rng.hex(32)),
        4 => format!(
            "{scheme}://{host}/media/catalog/product/{}/{slug}_{}.png",
            rng.text(b"abcdefghijk", 1),
            rng.below(90)
        ),
        5 => format!("{scheme}://{host}/{year}/{month:02}/IMG_{:04}.JPG", rng.below(10_000)),
        6 => format!("{scheme}://{host}/pics/{}.jpg", slug.replace('-', "%20")),
        7 => format!("{scheme}://{host}/resize?src=/{slug}.jpg&w={}", rng.count(2, 12) * 100),
        _ => format!("{scheme}://{host}/{slug}-{}.webp", rng.below(100_000)),
    }
}

/// An address that belongs to a person: on their own site, or with their name in the path only.
pub fn picture_url_of(rng: &mut Rng, person: &Person) -> String {
    let host = rng.pick(&HOSTS);
    match rng.below(5) {
        0 => format!("https://{host}/artists/{}/{}.jpg", person.slug, rng.hex(8)),
        1 => format!("https://{host}/u/{}/DSC_{:04}.jpg", person.reddit, rng.below(10_000)),
        2 => format!("https://www.{}/work/{}-{:03}.jpg", person.site, person.craft.replace(' ', "-"), rng.below(400)),
        3 => format!("https://{}/{}/{}/{}.jpg", person.site, 2012 + rng.below(12), person.slug, rng.below(90)),
        _ => format!("http://{host}/uploads/{}_{}.jpg", person.name.replace(' ', "%20"), rng.below(1000)),
    }
}

/// ASCII letters and digits of a text, words joined by hyphens; `picture` where there are none.
pub fn slug(text: &str) -> String {
    let words: Vec<String> = text
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(7)
        .map(str::to_ascii_lowercase)
        .collect();
    if words.is_empty() { "picture".to_owned() } else { words.join("-") }
}
