//! Copies the unpacked bytes of a file without some places of it, or with those places emptied, and packs it again as
//! it was packed.

use std::io::{self, BufRead, Read, Write};

use serde_json::{Map, Value};

use super::Mode;
use super::choose::Cut;
use super::output::Output;
use crate::manifest::{Packing, Source, WrittenAs};
use crate::removal::RemovalError;

/// gzip's and zstd's usual levels. How a file was packed cannot be seen in it.
const GZIP_LEVEL: u32 = 6;
const ZSTD_LEVEL: i32 = 3;
/// A tar's unit, bytes.
const BLOCK: usize = 512;

pub(super) fn copy(source: &Source, out: Output, cuts: &[Cut], mode: Mode) -> Result<Output, RemovalError> {
    let unpacked = source.unpacked()?;
    let mut reader = unpacked.reader;
    let mut packer = Packer::new(out, unpacked.packing).map_err(RemovalError::io(&source.path))?;
    let fail = RemovalError::io(&source.path);
    match copy_between(&mut *reader, &mut packer, cuts, mode) {
        Ok(()) => packer.finish().map_err(fail),
        Err(Failure::Io(error)) => Err(fail(error)),
        Err(Failure::CannotBlank(row, detail)) => Err(RemovalError::CannotBlank { row, detail: detail.to_owned() }),
    }
}

enum Failure {
    Io(io::Error),
    CannotBlank(u64, &'static str),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn copy_between(reader: &mut dyn BufRead, out: &mut Packer, cuts: &[Cut], mode: Mode) -> Result<(), Failure> {
    let mut cuts: Vec<&Cut> = cuts.iter().collect();
    // A row of a tar may have files far behind those of the next row.
    cuts.sort_by_key(|cut| cut.span.bytes.start);
    let mut at = 0;
    for cut in cuts {
        let place = &cut.span.bytes;
        exactly(place.start.saturating_sub(at), reader, out)?;
        let mut inside = reader.take(place.end - place.start);
        if mode == Mode::Blank {
            blank(&mut inside, out, cut)?;
        }
        io::copy(&mut inside, &mut io::sink())?;
        if inside.limit() > 0 && !matches!(cut.span.written_as, WrittenAs::TarMember) {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        at = place.end;
    }
    io::copy(reader, out)?;
    Ok(())
}

fn exactly(bytes: u64, reader: &mut dyn BufRead, out: &mut Packer) -> io::Result<()> {
    let copied = io::copy(&mut reader.take(bytes), out)?;
    if copied < bytes { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}

/// Writes a row with nothing in it.
fn blank(row: &mut dyn Read, out: &mut Packer, cut: &Cut) -> Result<(), Failure> {
    match cut.span.written_as {
        WrittenAs::Cells { delimiter, quoting } => {
            let text = whole(row)?;
            match (delimiter, cut.cells) {
                (Some(delimiter), 2..) => out.write_all(&vec![delimiter; cut.cells - 1])?,
                _ if quoting => out.write_all(b"\"\"")?,
                _ => return Err(Failure::CannotBlank(cut.row, "an empty line would not be a row")),
            }
            Ok(out.write_all(line_end(&text))?)
        }
        WrittenAs::JsonObject => {
            let text = whole(row)?;
            let keys: Map<String, Value> = serde_json::from_slice(text.trim_ascii()).unwrap_or_default();
            let keys: Map<String, Value> = keys.into_iter().map(|(key, _)| (key, Value::Null)).collect();
            serde_json::to_writer(&mut *out, &keys).map_err(io::Error::from)?;
            Ok(out.write_all(line_end(&text))?)
        }
        WrittenAs::TarMember => Ok(blank_member(row, out)?),
    }
}

/// A row of a text, whose size the reader of the manifest has limited.
fn whole(row: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    row.read_to_end(&mut text)?;
    Ok(text)
}

fn line_end(text: &[u8]) -> &'static [u8] {
    match text {
        [.., b'\r', b'\n'] => b"\r\n",
        [.., b'\n'] => b"\n",
        _ => b"",
    }
}

/// Copies the headers of a file in a tar, with the size of what it is emptied to.
fn blank_member(row: &mut dyn Read, out: &mut Packer) -> io::Result<()> {
    loop {
        let mut block = [0; BLOCK];
        row.read_exact(&mut block)?;
        let header = tar::Header::from_byte_slice(&block);
        let kind = header.entry_type();
        if !(kind.is_gnu_longname() || kind.is_pax_local_extensions()) {
            let is_json = header.path_bytes().to_ascii_lowercase().ends_with(b".json");
            let content: &[u8] = if is_json { b"{}" } else { b"" };
            let mut header = header.clone();
            header.set_size(content.len() as u64);
            header.set_cksum();
            out.write_all(header.as_bytes())?;
            out.write_all(content)?;
            return out.write_all(&[0; BLOCK][..content.len().next_multiple_of(BLOCK) - content.len()]);
        }
        let size = header.entry_size()?;
        let content = whole(&mut (&mut *row).take(size.next_multiple_of(BLOCK as u64)))?;
        let is_size = |line: &[u8]| line.windows(6).any(|part| part == b" size=");
        if kind.is_pax_local_extensions() && is_size(&content) {
            return Err(io::Error::other("a file of more than 8 GiB in a tar cannot be blanked; use --mode drop"));
        }
        out.write_all(&block)?;
        out.write_all(&content)?;
    }
}

/// Packs what is written as the input was packed. A packed file has no time and no name in it, so that the same rows
/// always make the same file.
enum Packer {
    Plain(Output),
    Gzip(flate2::write::GzEncoder<Output>),
    Zstd(zstd::stream::write::Encoder<'static, Output>),
}

impl Packer {
    fn new(out: Output, packing: Packing) -> io::Result<Self> {
        Ok(match packing {
            Packing::Plain => Self::Plain(out),
            Packing::Gzip => {
                Self::Gzip(flate2::GzBuilder::new().mtime(0).write(out, flate2::Compression::new(GZIP_LEVEL)))
            }
            Packing::Zstd => {
                let mut encoder = zstd::stream::write::Encoder::new(out, ZSTD_LEVEL)?;
                encoder.include_checksum(true)?;
                Self::Zstd(encoder)
            }
        })
    }

    fn finish(self) -> io::Result<Output> {
        match self {
            Self::Plain(out) => Ok(out),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
        }
    }
}

impl Write for Packer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Gzip(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
        }
    }
}
