//! What people write in posts and comments.

use std::fmt::Write;

use super::english::PLACES;
use super::people::{PEOPLE, Person};
use super::random::Rng;

#[rustfmt::skip]
const OPENERS: [&str; 24] = [
    "Spent the whole morning on the quay and drew one gull.", "New print is drying, do not tell the cat.", "The ferry was late again, so I read the timetable as poetry.",
    "Found my grandfather's tide tables in a biscuit tin.", "Opening the studio this weekend, come by for tea.", "Fog so thick that the lighthouse gave up.",
    "Today's lesson: never oil a press in a white shirt.", "Somebody is selling my picture on cushions. Again.", "Two hours of work, eleven good lines.",
    "First strawberries of the year and I ate the still life.", "The heron is back at the lock.", "I have opinions about blue.",
    "Market day! The onion man remembers my name.", "Started a quilt from old sails.", "Night train, window seat, sketchbook, bliss.",
    "My neighbour plays the accordion at six in the morning.", "Is there a polite word for drizzle?", "Rebuilt the oven, burned the bread, no regrets.",
    "The orchard hums so loud you can hear it from the road.", "Exhibition is up until the end of the month.", "Small wins: the boat floats.",
    "Who else checks the weather of places they no longer live in?", "Lost a glove, found a better one.", "Twelve seals on the sandbank, all of them judging me.",
];

#[rustfmt::skip]
const CLOSERS: [&str; 16] = [
    "", "", "", "", "Pictures soon.", "Ask me anything.", "That is all.", "Good night.", "Send biscuits.", "Worth it.", "Never again.", "More tomorrow.",
    "(Yes, really.)", "I asked nicely.", "Details on my site.", "What would you do?",
];

#[rustfmt::skip]
const ABROAD: [&str; 12] = [
    "Vandaag mist in de haven, morgen weer schilderen.", "El faro está cerrado, pero el café no.", "Heute nur Regen und sehr gute Brötchen.",
    "Le phare dort, la presse travaille.", "夕暮れの港でスケッチ。風が強い。", "今天在港口画了一只海鸥。", "오늘은 등대 아래에서 그림을 그렸다.", "วันนี้วาดรูปที่ท่าเรือ ฝนตกนิดหน่อย",
    "اليوم رسمت المنارة القديمة", "Ik zoek iemand die zeilen kan naaien.", "¿Alguien sabe reparar un acordeón?", "Wer hat meine Leiter gesehen?",
];

const EMOJI: [&str; 14] = ["🌊", "🖼️", "🐈", "☕️", "⛵️", "🎨", "🌧️", "🍋", "👩🏽‍🎨", "🦭", "✨", "🧵", "🔥", "🇳🇱"];
const TAGS: [&str; 14] = [
    "#linocut",
    "#printmaking",
    "#harbourlife",
    "#noAI",
    "#sketchbook",
    "#OpenStudio",
    "#版画",
    "#quilting",
    "#seabirds",
    "#caturday",
    "#watercolour",
    "#tidewater",
    "#slowtravel",
    "#faro",
];
#[rustfmt::skip]
const ANSWERS: [&str; 20] = [
    "This. The second coat is what makes it.", "Source? I only find the scan from 2019.", "I had the same press, the bearings go first.",
    "Not a lawyer, but you can ask them to take it out of the set.", "Happy to be wrong, but that is a cormorant.", "Use rye, not wheat. Trust me.",
    "My picture was in there too. It felt like finding my coat on a stranger.", "Lovely work, what paper is that?", "You want the ferry at seven, the other one is full of geese.",
    "Sand it, oil it, wait a week, sand it again.", "We did this walk in fog and saw nothing. Ten out of ten.", "The museum in the old customs house has the originals.",
    "Has anyone checked whether they kept the captions?", "Came for the bread, stayed for the tide tables.", "Downvote me, but the red barn was better.",
    "Looks like hand-cut wood, see the little bridges between the lines.", "I run a small archive and we get this question every month.",
    "Please post the map again, the link is dead.", "That lighthouse was automatic by 1974, so the date cannot be right.", "Thank you, this saved my weekend.",
];

/// A post of a line or four, with what people put in: places, tags, emoji, mentions, other languages.
pub fn post(rng: &mut Rng, author: Option<&Person>) -> String {
    let mut text = if rng.chance(0.16) { rng.pick(&ABROAD).to_owned() } else { rng.pick(&OPENERS).to_owned() };
    if rng.chance(0.3) {
        let _ = write!(text, "\n\n{} in {}", rng.pick(&OPENERS).trim_end_matches(['.', '!', '?']), rng.pick(&PLACES));
        text.push('.');
    }
    match author {
        Some(person) if rng.chance(0.4) => {
            let _ = write!(text, " New {} at https://{}/work/{}", person.craft, person.site, rng.count(1, 300));
        }
        None if rng.chance(0.04) => {
            let person = rng.choose(&PEOPLE);
            let _ = write!(text, " Lovely {} by @{}!", person.craft, person.handle);
        }
        _ => {}
    }
    let closer = rng.pick(&CLOSERS);
    if !closer.is_empty() {
        text.push_str(if rng.chance(0.3) { "\n" } else { " " });
        text.push_str(closer);
    }
    for _ in 0..rng.below(3) {
        text.push(' ');
        text.push_str(rng.pick(&EMOJI));
    }
    for _ in 0..rng.below(4) {
        text.push(' ');
        text.push_str(rng.pick(&TAGS));
    }
    text
}

/// A comment under somebody's submission.
pub fn comment(rng: &mut Rng, author: Option<&Person>) -> String {
    let mut text = rng.pick(&ANSWERS).to_owned();
    if rng.chance(0.25) {
        text = format!("> {}\n\n{text}", rng.pick(&OPENERS));
    }
    if rng.chance(0.35) {
        text.push(' ');
        text.push_str(rng.pick(&ANSWERS));
    }
    if let Some(person) = author.filter(|_| rng.chance(0.35)) {
        let _ = write!(
            text,
            "\n\nMine are on [my site](https://{}/), all {} from {}.",
            person.site, person.craft, person.town
        );
    }
    text
}
