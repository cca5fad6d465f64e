//! Tries to learn who is in a published set, as somebody would who means it: with the release file, with another copy of
//! the data, with nothing but guesses. What it learns is printed, and stands in docs/removal-sets.md.

use std::collections::HashSet;
use std::time::Instant;

use hmac::{Hmac, Mac as _};
use rollcall::evidence::signing::PrivateKey;
use rollcall::removal::granted::GrantedRow;
use rollcall::removal::set::{RemovalSet, SetInput};
use rollcall::removal::signed::SignedSet;
use rollcall::timestamp::Timestamp;
use sha2::Sha256;

/// Rows of the dataset, and every which one of them is to be removed.
const ROWS: u64 = 40_000;
const EVERY: u64 = 13;
/// Guesses whose time is measured.
const GUESSES: u64 = 200_000;

/// The address of a row, as manifests have them: a host of somebody's, a path with a counter.
fn address(row: u64) -> String {
    format!("person{}.example/photos/{}/img_{:04}.jpg", row % 977, 2010 + row % 9, row)
}

fn granted(row: u64) -> GrantedRow {
    GrantedRow {
        dataset: "harbour".into(),
        revision: "r1".into(),
        file: "part-0.csv".into(),
        file_sha256: "ab".repeat(32),
        row,
        url: Some(address(row)),
        source_id: None,
        sha256: None,
        md5: None,
        codes: Vec::new(),
    }
}

/// What is published: nothing but these bytes is looked at below.
fn published(rows: impl Iterator<Item = u64>, version: u32, secret: u8) -> SignedSet {
    let rows: Vec<GrantedRow> = rows.map(granted).collect();
    let set = RemovalSet::build(&SetInput {
        dataset: "harbour",
        version,
        created_at: Timestamp::from_millis(0),
        predecessor: None,
        tree: None,
        rows: &rows,
        entropy: [secret; 32],
    });
    let signed = SignedSet::sign(&set.unwrap(), &PrivateKey::from_seed(&[1; 32])).unwrap();
    SignedSet::parse(signed.bytes().to_vec()).unwrap()
}

fn removed() -> impl Iterator<Item = u64> {
    (0..ROWS).step_by(usize::try_from(EVERY).unwrap())
}

/// The attacker's own hash, by what the documentation says: none of our code.
struct Guesser {
    keyed: Hmac<Sha256>,
    tags: HashSet<[u8; 16]>,
}

impl Guesser {
    fn new(set: &SignedSet) -> Self {
        let keyed = <Hmac<Sha256> as hmac::Mac>::new_from_slice(&set.set.salt).unwrap();
        Self { keyed, tags: set.set.tags.iter().copied().collect() }
    }

    fn is_in(&self, url: &str) -> bool {
        let mut mac = self.keyed.clone();
        mac.update(b"url\0");
        mac.update(url.as_bytes());
        let tag: [u8; 32] = mac.finalize().into_bytes().into();
        self.tags.contains(&tag[..16])
    }
}

#[test]
fn who_holds_the_release_or_another_copy_learns_the_rows_and_that_is_what_a_set_is_for() {
    let set = published(removed(), 1, 7);
    let named: Vec<u64> = set.set.files[0].rows.iter().map(u64::from).collect();
    assert!(named.iter().copied().eq(removed()), "the bitmap says it outright");
    let guesser = Guesser::new(&set);
    let began = Instant::now();
    let found: Vec<u64> = (0..ROWS).filter(|row| guesser.is_in(&address(*row))).collect();
    let seconds = began.elapsed().as_secs_f64();
    assert!(found.iter().copied().eq(removed()), "every row whose address is the same, and no other");
    eprintln!(
        "with the release file: {} of {} removed rows, by number, without a hash\nwith another copy: {} of {}, after {ROWS} hashes in {seconds:.3} s",
        named.len(),
        removed().count(),
        found.len(),
        removed().count()
    );
}

#[test]
fn who_only_guesses_learns_about_right_guesses_and_nothing_else() {
    let set = published(removed(), 1, 7);
    let guesser = Guesser::new(&set);
    // Somebody who knows how one site writes its addresses tries every year and number of it.
    let site = |n: u64| format!("person26.example/photos/{}/img_{:04}.jpg", 2010 + n % 9, n / 9);
    let hits: Vec<u64> = (0..9 * ROWS).filter(|n| guesser.is_in(&site(*n))).collect();
    let truth = removed().filter(|row| row % 977 == 26).count();
    assert_eq!(hits.len(), truth, "a site whose addresses can be counted through is learned whole");
    // Somebody who knows nothing of the writing learns nothing: each guess is right as often as two hashes are equal.
    let began = Instant::now();
    let wild = (0..GUESSES)
        .filter(|n| guesser.is_in(&format!("example.org/{:016x}.jpg", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))))
        .count();
    let a_second = GUESSES as f64 / began.elapsed().as_secs_f64();
    assert_eq!(wild, 0, "no false hit");
    assert!(a_second > 10_000.0, "slower than any attacker: {a_second}");
    let years = |bits: i32| 2_f64.powi(bits) / a_second / 31_557_600.0;
    eprintln!(
        "guesses a second on one core: {a_second:.0}\na site of {} addresses that can be counted through: learned whole ({truth} of {truth}) in {:.1} s\nan address with 40 random bits: {:.1} days; with 64: {:.0} years",
        9 * ROWS,
        (9 * ROWS) as f64 / a_second,
        years(40) * 365.25,
        years(64)
    );
}

#[test]
fn hashes_and_decoys_cannot_be_told_apart_and_sizes_say_only_a_power_of_two() {
    let set = published(removed(), 1, 7);
    let guesser = Guesser::new(&set);
    // The judge knows which is which; the attacker does not.
    let real: HashSet<[u8; 16]> = {
        let tag = |row: u64| {
            let mut mac = guesser.keyed.clone();
            mac.update(b"url\0");
            mac.update(address(row).as_bytes());
            let tag: [u8; 32] = mac.finalize().into_bytes().into();
            <[u8; 16]>::try_from(&tag[..16]).unwrap()
        };
        removed().map(tag).collect()
    };
    let (hashes, decoys): (Vec<_>, Vec<_>) = set.set.tags.iter().copied().partition(|tag| real.contains(tag));
    assert_eq!((hashes.len(), hashes.len() + decoys.len()), (3_077, 4_096));
    let told = [("hashes", &hashes), ("decoys", &decoys)].map(|(name, tags)| {
        let (chi, bits) = (byte_chi_square(tags), worst_bit(tags));
        assert!(chi.abs() < 5.0, "{name}: bytes are not even, {chi} standard deviations");
        assert!(bits < 5.0, "{name}: a bit is not even, {bits} standard deviations");
        format!("{name}: bytes {chi:+.1}, worst of 128 bits {bits:.1} standard deviations from even")
    });
    let places = rank_sum(&set.set.tags, &real);
    assert!(places.abs() < 5.0, "hashes stand elsewhere in the list than decoys: {places} standard deviations");
    eprintln!("{}\nplaces in the list: {places:+.1} standard deviations apart", told.join("\n"));

    let sizes: Vec<usize> = [0, 1, 600, 1_024, 1_025, 3_000].map(|rows| published(0..rows, 1, 9).set.tags.len()).into();
    assert_eq!(sizes, [1_024, 1_024, 1_024, 1_024, 2_048, 4_096]);
}

#[test]
fn two_versions_tell_by_their_bitmaps_what_was_added_and_nothing_by_their_hashes() {
    let (one, two) = (published((0..100).map(|n| n * 3), 1, 7), published((0..120).map(|n| n * 3), 2, 8));
    let added = &two.set.files[0].rows - &one.set.files[0].rows;
    assert_eq!(added.len(), 20, "by number, for the known file");
    let before: HashSet<_> = one.set.tags.iter().collect();
    assert_eq!(two.set.tags.iter().filter(|tag| before.contains(tag)).count(), 0);
    assert_eq!(one.set.tags.len(), two.set.tags.len());
    eprintln!("two versions: {} rows added, read off the bitmaps; hashes in common: 0", added.len());
}

/// How far bytes are from even over all 16 places, in standard deviations of the chi-square statistic.
fn byte_chi_square(tags: &[[u8; 16]]) -> f64 {
    let expected = tags.len() as f64 / 256.0;
    let of_place = |place: usize| {
        let mut counts = [0_u32; 256];
        for tag in tags {
            counts[usize::from(tag[place])] += 1;
        }
        counts.iter().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum::<f64>()
    };
    let freedom = 16.0 * 255.0;
    ((0..16).map(of_place).sum::<f64>() - freedom) / (2.0 * freedom).sqrt()
}

/// The most uneven of all bits, in standard deviations.
fn worst_bit(tags: &[[u8; 16]]) -> f64 {
    let n = tags.len() as f64;
    let uneven = |bit: usize| {
        let ones = tags.iter().filter(|tag| tag[bit / 8] >> (bit % 8) & 1 == 1).count() as f64;
        ((ones - n / 2.0) / (n / 4.0).sqrt()).abs()
    };
    (0..128).map(uneven).fold(0.0, f64::max)
}

/// Whether hashes stand further front or back among all than decoys (Mann-Whitney), in standard deviations.
fn rank_sum(all: &[[u8; 16]], real: &HashSet<[u8; 16]>) -> f64 {
    let (n, m) = (real.len() as f64, (all.len() - real.len()) as f64);
    let ranks: f64 = all.iter().enumerate().filter(|(_, tag)| real.contains(*tag)).map(|(at, _)| at as f64 + 1.0).sum();
    let (mean, variance) = (n * (n + m + 1.0) / 2.0, n * m * (n + m + 1.0) / 12.0);
    (ranks - mean) / variance.sqrt()
}
