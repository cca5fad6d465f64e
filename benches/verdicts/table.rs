//! Writes what was measured: as the table compiled into the program, and as JSON.

use std::fmt::Write as _;

use rollcall::hash_code::HashKind;
use serde_json::{Value, json};

use super::chance::{self, Chance, Counts};
use super::edits::EDITS;
use super::recall::{Distances, share};

/// What stands at the head of the table.
pub struct Head {
    pub date: String,
    pub drawn: usize,
    pub from_folders: usize,
    pub edited: usize,
}

/// The source of `src/search/verdicts/measured.rs`.
pub fn source(head: &Head, chance: &Chance, recall: &[Vec<Distances>]) -> String {
    let mut out = String::from(
        "//! Measured chances and recall. Written by `cargo bench --bench verdicts`; not to be edited by hand.\n\n\
         use super::{EditRecall, FalsePairs, Measured};\n\n\
         pub static MEASURED: Measured = Measured {\n",
    );
    let mut line = |text: String| out.push_str(&text);
    // Too few whole pictures come near one another to show a slope: that of their forms and parts, of which hundreds of
    // times as many were compared, is taken for both.
    let slope = chance.part.slope();
    line(format!("    date: {:?},\n    drawn: {},\n", head.date, grouped(head.drawn as u64)));
    line(format!("    from_folders: {},\n", grouped(head.from_folders as u64)));
    line(format!("    pairs: {},\n    edited: {},\n", grouped(chance.ordinary.pairs), grouped(head.edited as u64)));
    line(format!("    log_share_whole: {},\n", list(&chance.whole.log_shares(64, slope))));
    line(format!("    log_share_part: {},\n    log_share_short: &[\n", list(&chance.part.log_shares(64, slope))));
    for (kind, counts) in chance.kinds.iter().filter(|(kind, _)| kind.bytes() == 8) {
        line(format!("        ({:?}, {}),\n", kind.name(), list(&counts.log_shares(13, counts.slope()))));
    }
    line("    ],\n    false_pairs: &[\n".to_owned());
    for (what, counts) in ways(chance) {
        let at = |radius: usize| grouped(counts.within(radius));
        line(format!(
            "        FalsePairs {{ what: {what:?}, pairs: {}, within_31: {}, within_40: {}, within_48: {}, within_60: {} }},\n",
            grouped(counts.pairs),
            at(31),
            at(40),
            at(48),
            at(60)
        ));
    }
    line("    ],\n    edits: &[\n".to_owned());
    for (edit, distances) in EDITS.iter().zip(recall) {
        let shares: String = shares(distances).iter().fold(String::new(), |mut text, (name, share)| {
            // Writing to a string cannot fail.
            let _ = write!(text, ", {name}: {share:.1}");
            text
        });
        line(format!("        EditRecall {{ edit: {:?}{shares} }},\n", edit.name));
    }
    line("    ],\n};\n".to_owned());
    out
}

fn ways(chance: &Chance) -> Vec<(&'static str, &Counts)> {
    let mut all = vec![
        ("the whole picture only", &chance.whole),
        ("as searched here: turned, mirrored, trimmed, cropped", &chance.ordinary),
        ("looking harder", &chance.harder),
        ("as searched here, in a dataset that holds crops too", &chance.windows),
    ];
    all.extend(
        chance.series.as_ref().map(|counts| ("plates of one series, all laid out alike, as searched here", counts)),
    );
    all
}

fn shares(distances: &[Distances]) -> [(&'static str, f32); 7] {
    [
        ("plain", share(distances, 48, |d| d.plain)),
        ("asked_31", share(distances, 31, |d| d.asked)),
        ("asked_48", share(distances, 48, |d| d.asked)),
        ("harder_48", share(distances, 48, |d| d.harder)),
        ("copy_asks_48", share(distances, 48, |d| d.copy_asks)),
        ("copy_asks_windows_31", share(distances, 31, |d| d.copy_asks_windows)),
        ("copy_asks_windows_48", share(distances, 48, |d| d.copy_asks_windows)),
    ]
}

/// Mean recall and false pairs of every way and kind, and recall of every edit.
pub fn report(head: &Head, chance: &Chance, recall: &[Vec<Distances>]) -> Value {
    let edits: serde_json::Map<String, Value> = EDITS
        .iter()
        .zip(recall)
        .map(|(edit, distances)| {
            let of_way = shares(distances).into_iter().map(|(name, share)| (name.to_owned(), json!(round(share))));
            let of_kind = chance.kinds.keys().map(|kind| {
                let radius = usual_radius(*kind);
                (format!("{kind}_{radius}"), json!(round(share(distances, radius, |d| d.kinds[kind]))))
            });
            (edit.name.to_owned(), Value::Object(of_way.chain(of_kind).collect()))
        })
        .collect();
    let way = |way: fn(&Distances) -> u32| -> Value {
        let radii = [20, 24, 31, 36, 40, 44, 48, 60].into_iter();
        Value::Object(radii.map(|radius| (radius.to_string(), json!(mean(recall, radius, way)))).collect())
    };
    let kinds: serde_json::Map<String, Value> = chance
        .kinds
        .iter()
        .map(|(kind, counts)| {
            let radii: &[u32] = if kind.bytes() == 32 { &[24, 31, 40, 48, 60] } else { &[0, 2, 4, 6, 8, 10, 12] };
            let recall: serde_json::Map<String, Value> = radii
                .iter()
                .map(|radius| (radius.to_string(), json!(mean(recall, *radius, |d| d.kinds[kind]))))
                .collect();
            (kind.name().to_owned(), json!({"mean_recall": recall, "chance": chance::report(counts)}))
        })
        .collect();
    let ways: serde_json::Map<String, Value> =
        ways(chance).into_iter().map(|(what, counts)| (what.to_owned(), chance::report(counts))).collect();
    json!({
        "pictures": {"drawn": head.drawn, "from_folders": head.from_folders, "edited": head.edited},
        "mean_recall_over_63_edits": {
            "original asks, whole only": way(|d| d.plain),
            "original asks": way(|d| d.asked),
            "original asks, harder": way(|d| d.harder),
            "copy asks": way(|d| d.copy_asks),
            "copy asks, parts in the index": way(|d| d.copy_asks_windows),
        },
        "false_pairs": ways,
        "other_kinds_whole_only": kinds,
        "recall_by_edit": edits,
        "nearest_unrelated": chance.told,
    })
}

fn mean(recall: &[Vec<Distances>], radius: u32, way: impl Fn(&Distances) -> u32 + Copy) -> f64 {
    round(recall.iter().map(|distances| share(distances, radius, way)).sum::<f32>() / recall.len() as f32)
}

fn usual_radius(kind: HashKind) -> u32 {
    if kind.bytes() == 32 { 31 } else { 4 }
}

fn round(share: f32) -> f64 {
    (f64::from(share) * 10.0).round() / 10.0
}

fn list(values: &[f32]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("{value:.2}")).collect();
    format!("[{}]", values.join(", "))
}

/// `12_345_678`
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}
