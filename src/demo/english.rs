//! English captions as the web writes them: alt texts, product titles, file names turned into words.

use super::people::Person;
use super::random::Rng;

#[rustfmt::skip]
pub const PLACES: [&str; 32] = [
    "Veldermoor", "Skarrow", "Hesselvik", "Port Ainslow", "Tamberley", "Nordelay", "Marrowick", "Oosterhal", "Brannagh Sound",
    "Lower Quill", "Saint Orrin", "Castelbrume", "Vallombre", "Puerto Almendra", "Kirsenholm", "Dunmarrow", "Ystervaart",
    "Copperlea", "Fennigate", "Lissadown", "Great Tolling", "Wexholm Bay", "Morrow Point", "Elverhaven", "Santa Brisa",
    "Tidewater Row", "Harrowfield", "Blenmere", "Ashgarth", "Little Vessing", "Rookhope Ferry", "Isle of Teal",
];

#[rustfmt::skip]
const SUBJECTS: [&str; 56] = [
    "Fishing boats tied up in the harbour", "The old lighthouse on the breakwater", "Lobster pots stacked on the quay",
    "A ferry leaving the pier", "Two children feeding gulls", "Wooden rowing boat on a shingle beach", "Narrow street with painted doors",
    "Market stall with ripe tomatoes", "Bowl of lemons on a blue cloth", "Hand-thrown stoneware mug", "Knitted harbour jumper in grey wool",
    "Freshly baked rye bread on a board", "Linocut of a heron in the reeds", "Watercolour of a storm over the bay",
    "Portrait of a boat builder in his yard", "Portrait of a woman in a yellow raincoat", "Grey cat asleep on a window sill",
    "Black dog running along the tide line", "Row of beach huts", "Stone bridge over a slow river", "Snow on the slate roofs",
    "Wild poppies at the edge of a wheat field", "Apple orchard in blossom", "Hot-air balloons above the valley",
    "Wedding couple under an oak tree", "Grandmother's patchwork quilt", "Antique brass ship's compass", "Vintage enamel coffee pot",
    "Red bicycle leaning on a wall", "Rain on a café window", "Jazz trio playing in a cellar", "Street musician with an accordion",
    "Barn owl in flight", "A pair of puffins on a cliff", "Common seal on the rocks", "Honey bees on lavender",
    "Kitchen garden with runner beans", "Pumpkin soup with toasted seeds", "Chocolate cake with cherries", "Pancakes with blueberries",
    "Modern timber house with a green roof", "Bookshelf full of old atlases", "Map of the northern islands", "Sketchbook page with seabirds",
    "Oil painting of a kitchen table", "Etching of a windmill", "Poster for the herring festival", "Night train at the station",
    "Runners at the start of the coast marathon", "School choir on the steps of the town hall", "Football team after the cup final",
    "Tide tables and a mug of tea", "Sailing dinghies at the regatta", "Blacksmith at the forge", "Glass blower shaping a vase",
    "Cobbled courtyard with geraniums",
];

#[rustfmt::skip]
const MOMENTS: [&str; 20] = [
    "at dusk", "at low tide", "in the morning fog", "after the rain", "on a winter morning", "in late summer light", "at midnight",
    "before the storm", "in black and white", "seen from the bridge", "on market day", "during the regatta", "in the snow",
    "at golden hour", "in spring", "on a grey afternoon", "by lantern light", "in the 1970s", "close up", "from above",
];

#[rustfmt::skip]
const SHOPS: [&str; 12] = [
    "Tidewater Prints", "The Salt Shed", "Quayside Market", "Orchard Notes", "Harbourlight Gallery", "Fennigate Herald", "Northern Larder",
    "Paper Heron", "Copperlea Pottery", "Slow Ferry Travel", "Wool & Weather", "The Ink Room",
];

const MATERIALS: [&str; 12] = [
    "oak",
    "brass",
    "linen",
    "stoneware",
    "merino",
    "leather",
    "enamel",
    "walnut",
    "glass",
    "cotton",
    "slate",
    "copper",
];
#[rustfmt::skip]
const GOODS: [&str; 16] = [
    "ship's lantern", "tea towel", "wall clock", "serving board", "candle holder", "shoulder bag", "picture frame", "tide clock",
    "sugar bowl", "reading lamp", "fisherman's hat", "garden stool", "butter dish", "letter opener", "coat hook", "cushion cover",
];

/// A caption by nobody in particular.
pub fn caption(rng: &mut Rng) -> String {
    let (place, subject, moment) = (rng.pick(&PLACES), rng.pick(&SUBJECTS), rng.pick(&MOMENTS));
    match rng.below(10) {
        0 => format!("{subject} | {}", rng.pick(&SHOPS)),
        1 => format!("{subject} {moment}, {place}"),
        2 => format!("{place}: {}", lower(subject)),
        3 => product(rng),
        4 => format!("{subject} - stock photo {}", 100_000 + rng.below(900_000)),
        5 => format!("IMG_{:04} {place} {} {}", rng.below(10_000), lower(subject), 2004 + rng.below(20)),
        6 => format!("Things to do in {place}: {}", lower(subject)),
        7 => format!("{subject} {moment}"),
        8 => format!("{subject} {moment}. Photo: {}", rng.pick(&SHOPS)),
        _ => format!("{subject}, {place}"),
    }
}

/// A caption that names a person.
pub fn caption_by(rng: &mut Rng, person: &Person) -> String {
    let (name, craft, place) = (person.name, person.craft, rng.pick(&PLACES));
    let (subject, moment) = (lower(rng.pick(&SUBJECTS)), rng.pick(&MOMENTS));
    match rng.below(6) {
        0 => format!("{name}, \"{}\", {craft}, {}", title(&subject), 2008 + rng.below(16)),
        1 => format!("{} by {name}: {subject} {moment}", title(craft)),
        2 => format!("{name} in the studio at {}", person.town),
        3 => format!("Original {craft} - {subject}, {place} - signed {name}"),
        4 => format!("{name} | {} | {}", title(craft), rng.pick(&SHOPS)),
        _ => format!("{subject} {moment} ({craft} by {name})"),
    }
}

/// A caption for a picture that was drawn, true to what is on it.
pub fn caption_of(rng: &mut Rng, subject: &str, mood: &str, artist: &str) -> String {
    let place = rng.pick(&PLACES);
    match rng.below(6) {
        0 => format!("{} {mood}", title(subject)),
        1 => format!("{} {mood}, {place}", title(subject)),
        2 => format!("{} {mood}, print by {artist}", title(subject)),
        3 => format!("{place}, {subject} {mood}"),
        4 => format!("{artist}: {subject}"),
        _ => format!("{} {mood}. Signed lower right.", title(subject)),
    }
}

/// What a shop calls its goods.
pub fn product(rng: &mut Rng) -> String {
    let code = format!("{}-{}", rng.text(b"ABCDEFGHKLMNPRST", 2), rng.below(9000) + 1000);
    let (material, goods, shop) = (rng.pick(&MATERIALS), rng.pick(&GOODS), rng.pick(&SHOPS));
    match rng.below(3) {
        0 => format!("{} {goods}, {} cm | {shop}", title(material), rng.count(8, 120)),
        1 => format!("{shop} {material} {goods} {code}"),
        _ => format!("Lot {}: {material} {goods} with box and papers", rng.count(1, 800)),
    }
}

/// The first letter large.
pub fn title(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
