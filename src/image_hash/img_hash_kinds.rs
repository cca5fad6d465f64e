//! The 64-bit hashes of the `img_hash` crate family, in that crate's own settings: 8 x 8, Lanczos, lowest bit first.
//!
//! Computed by the crate itself, so that columns other people computed with it can be asked. They differ from Python's
//! hashes of the same idea: brightness is weighted by Rec. 709 and bits stand in another order.

use image::DynamicImage;
use img_hash::{HashAlg, HasherConfig};

use crate::hash_code::{HashCode, HashKind};

/// Gradient, mean and block hash of a picture as stored.
pub(super) fn img_hashes(image: &DynamicImage) -> Vec<HashCode> {
    let kinds = [
        (HashKind::ImgGradient, HashAlg::Gradient),
        (HashKind::ImgMean, HashAlg::Mean),
        (HashKind::ImgBlockhash, HashAlg::Blockhash),
    ];
    kinds
        .into_iter()
        .filter_map(|(kind, algorithm)| {
            let hasher = HasherConfig::with_bytes_type::<[u8; 8]>().hash_alg(algorithm).hash_size(8, 8).to_hasher();
            HashCode::new(kind, hasher.hash_image(image).as_bytes())
        })
        .collect()
}
