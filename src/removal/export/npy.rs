//! numpy's file of uids: a sorted array of pairs of 64-bit numbers, dtype `u8,u8`, the first and the last 16 digits of
//! each uid. `DataComp`'s tools keep and leave out rows by such files.

use std::io::{self, Write};

use crate::removal::RemovalError;

pub(in crate::removal) const MAGIC: &[u8] = b"\x93NUMPY";
/// The header, padding with it, ends at a multiple of this.
const ALIGN: usize = 64;
/// Bytes of one uid.
const UID_BYTES: usize = 16;

/// Writes uids, which must be sorted.
pub(super) fn write(uids: &[u128], out: &mut dyn Write) -> io::Result<()> {
    let dict =
        format!("{{'descr': [('f0', '<u8'), ('f1', '<u8')], 'fortran_order': False, 'shape': ({},), }}", uids.len());
    let before = MAGIC.len() + 4;
    let header_len = (before + dict.len() + 1).next_multiple_of(ALIGN) - before;
    out.write_all(MAGIC)?;
    out.write_all(&[1, 0])?;
    out.write_all(&u16::try_from(header_len).unwrap_or(u16::MAX).to_le_bytes())?;
    out.write_all(format!("{dict:<width$}\n", width = header_len - 1).as_bytes())?;
    for uid in uids {
        out.write_all(&((uid >> 64) as u64).to_le_bytes())?;
        out.write_all(&(*uid as u64).to_le_bytes())?;
    }
    Ok(())
}

/// Reads such a file, sorted or not.
pub(in crate::removal) fn read(bytes: &[u8]) -> Result<Vec<u128>, RemovalError> {
    let refuse = |why: &str| RemovalError::NotTheSet(format!("The numpy file {why}."));
    let version = bytes.get(6).copied().unwrap_or_default();
    let (header_at, header_len) = match version {
        1 => (10, bytes.get(8..10).map(|len| usize::from(u16::from_le_bytes([len[0], len[1]])))),
        2 | 3 => (12, bytes.get(8..12).map(|len| u32::from_le_bytes([len[0], len[1], len[2], len[3]]) as usize)),
        _ => (0, None),
    };
    let end = header_len.map(|len| header_at + len).filter(|end| *end <= bytes.len());
    let end = end.ok_or_else(|| refuse("has no header"))?;
    let header: String =
        String::from_utf8_lossy(&bytes[header_at..end]).chars().filter(|c| !c.is_whitespace()).collect();
    if !header.contains("'descr':[('f0','<u8'),('f1','<u8')]") {
        return Err(refuse("is not an array of pairs of 64-bit numbers (dtype u8,u8)"));
    }
    let count = header.split_once("'shape':(").and_then(|(_, rest)| rest.split_once(",)")?.0.parse::<usize>().ok());
    let data = &bytes[end..];
    if count.and_then(|count| count.checked_mul(UID_BYTES)) != Some(data.len()) {
        return Err(refuse("does not hold as many uids as it says"));
    }
    let (pairs, _) = data.as_chunks::<UID_BYTES>();
    let half = |pair: &[u8; UID_BYTES], from: usize| {
        pair[from..from + 8].iter().rev().fold(0_u128, |value, byte| value << 8 | u128::from(*byte))
    };
    Ok(pairs.iter().map(|pair| half(pair, 0) << 64 | half(pair, 8)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids_come_back_sorted_by_their_two_halves() {
        let uids = [1_u128, 1 << 64, (1 << 64) + 5, u128::MAX];
        let mut bytes = Vec::new();
        write(&uids, &mut bytes).unwrap();
        assert_eq!((bytes.len() - 4 * 16) % ALIGN, 0);
        assert_eq!(&bytes[..10], b"\x93NUMPY\x01\x00\x76\x00");
        assert_eq!(read(&bytes).unwrap(), uids);
        // The first number of a pair is the first half of the uid.
        assert_eq!(&bytes[bytes.len() - 48..bytes.len() - 32], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn an_array_of_something_else_or_a_cut_one_is_refused() {
        let mut bytes = Vec::new();
        write(&[7], &mut bytes).unwrap();
        assert!(read(&bytes[..bytes.len() - 1]).is_err());
        assert!(read(&bytes[..20]).is_err());
        let floats = String::from_utf8_lossy(&bytes).replace("<u8", "<f8").into_bytes();
        assert!(read(&floats).is_err());
    }
}
