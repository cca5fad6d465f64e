//! Ten sets of colours that go together, each with the words for its light.

use super::canvas::{Rgb, shade};
use super::random::Rng;

/// Colours of one season or hour.
#[derive(Debug, Clone, Copy)]
pub struct Palette {
    /// How a caption says it: `at dusk`.
    pub mood: &'static str,
    pub sky: [Rgb; 2],
    pub far: Rgb,
    pub near: Rgb,
    pub water: Rgb,
    pub light: Rgb,
    pub accents: [Rgb; 4],
    pub is_night: bool,
}

impl Palette {
    /// One of the palettes, every colour moved a little, so that no two pictures share a sky.
    pub fn any(rng: &mut Rng) -> Self {
        let mut palette = *rng.choose(&PALETTES);
        let mut move_a_little = |colour: &mut Rgb| {
            let factor = rng.between(0.86, 1.12);
            *colour = shade(*colour, factor);
            for channel in colour.iter_mut() {
                let step = u8::try_from(rng.below(17)).unwrap_or(8);
                *channel = channel.saturating_add(step).saturating_sub(8);
            }
        };
        palette.sky.iter_mut().for_each(&mut move_a_little);
        palette.accents.iter_mut().for_each(&mut move_a_little);
        [&mut palette.far, &mut palette.near, &mut palette.water].into_iter().for_each(move_a_little);
        palette
    }

    pub fn accent(&self, rng: &mut Rng) -> Rgb {
        *rng.choose(&self.accents)
    }
}

#[rustfmt::skip]
const PALETTES: [Palette; 10] = [
    Palette { mood: "at dawn", sky: [[126, 158, 196], [250, 214, 186]], far: [142, 150, 178], near: [70, 92, 84], water: [136, 166, 186], light: [255, 240, 214], accents: [[212, 92, 76], [244, 190, 100], [86, 122, 150], [250, 236, 220]], is_night: false },
    Palette { mood: "on a summer morning", sky: [[88, 156, 216], [208, 232, 240]], far: [118, 156, 150], near: [84, 132, 66], water: [62, 136, 170], light: [255, 252, 232], accents: [[224, 66, 58], [250, 206, 66], [40, 92, 148], [248, 246, 236]], is_night: false },
    Palette { mood: "in late summer light", sky: [[110, 168, 204], [244, 228, 184]], far: [168, 162, 120], near: [164, 138, 58], water: [88, 142, 152], light: [255, 244, 200], accents: [[196, 74, 44], [240, 178, 44], [84, 104, 60], [246, 232, 200]], is_night: false },
    Palette { mood: "on an autumn afternoon", sky: [[142, 156, 170], [232, 214, 186]], far: [150, 128, 112], near: [140, 84, 42], water: [98, 118, 122], light: [252, 232, 196], accents: [[190, 62, 34], [226, 142, 40], [120, 64, 70], [238, 220, 190]], is_night: false },
    Palette { mood: "at dusk", sky: [[62, 64, 116], [238, 142, 104]], far: [104, 82, 122], near: [48, 44, 66], water: [88, 78, 116], light: [255, 222, 160], accents: [[232, 98, 84], [250, 190, 110], [110, 90, 160], [244, 214, 206]], is_night: false },
    Palette { mood: "under a winter sky", sky: [[158, 176, 194], [232, 236, 240]], far: [176, 188, 202], near: [214, 222, 230], water: [120, 144, 164], light: [255, 255, 250], accents: [[170, 50, 56], [60, 88, 112], [206, 170, 110], [52, 70, 64]], is_night: false },
    Palette { mood: "by moonlight", sky: [[14, 20, 48], [58, 76, 122]], far: [42, 56, 92], near: [18, 30, 46], water: [32, 50, 88], light: [246, 240, 214], accents: [[232, 188, 92], [120, 150, 196], [178, 92, 112], [224, 226, 236]], is_night: true },
    Palette { mood: "after rain", sky: [[112, 126, 140], [196, 204, 204]], far: [120, 136, 138], near: [66, 94, 80], water: [92, 112, 120], light: [240, 244, 240], accents: [[200, 168, 60], [176, 74, 66], [58, 110, 116], [226, 228, 222]], is_night: false },
    Palette { mood: "in spring", sky: [[146, 194, 226], [240, 238, 226]], far: [156, 184, 156], near: [112, 160, 76], water: [110, 164, 178], light: [255, 250, 236], accents: [[236, 128, 152], [250, 216, 110], [132, 108, 176], [252, 246, 244]], is_night: false },
    Palette { mood: "at midnight", sky: [[8, 12, 30], [26, 48, 70]], far: [24, 40, 58], near: [10, 18, 26], water: [18, 36, 54], light: [232, 240, 246], accents: [[98, 214, 170], [244, 206, 120], [120, 110, 200], [210, 220, 228]], is_night: true },
];
