//! A body as it arrives: unpacked in blocks, counted, and refused whole when it did not end as it should.

use std::io;
use std::io::Read;

use flate2::read::MultiGzDecoder;

use crate::live::FaultCode;

use super::trouble;
use super::trouble::Trouble;

/// Large enough that parsing sets the pace, small enough to be held by every thread.
const BLOCK_BYTES: usize = 64 * 1024;

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
}

/// Streams a body into `sink` and returns its unpacked size in bytes. Nothing is held but one block.
pub(super) fn stream_body(
    body: impl Read,
    packing: Packing,
    limit_bytes: u64,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<u64, Trouble> {
    let mut wire = Wire { body, bytes: 0, failed: None };
    let read = match packing {
        Packing::Plain => pump_blocks(&mut wire, limit_bytes, sink),
        Packing::Gzip => pump_blocks(&mut MultiGzDecoder::new(&mut wire), limit_bytes, sink),
    };
    match (read, wire.failed) {
        (Err(Stop::TooLarge), _) => Err(too_large(limit_bytes)),
        (_, Some(failed)) => Err(trouble::of_body(&failed)),
        (Ok(bytes), None) => Ok(bytes),
        // Nothing at all is packed as nothing at all by some servers.
        (Err(Stop::Unpacking(_)), None) if wire.bytes == 0 => Ok(0),
        (Err(Stop::Unpacking(kind)), None) => Err(bad_gzip(kind)),
    }
}

/// Reads the beginning of a body that only needs to be recognised.
pub(super) fn first_text(body: impl Read, packing: Packing) -> String {
    let mut start = Vec::new();
    let mut take = |block: &[u8]| start.extend_from_slice(block);
    // Whatever went wrong on the way, what has come by then is judged.
    let _whole = stream_body(body.take(16 * 1024), packing, 4096, &mut take);
    String::from_utf8_lossy(&start[..start.len().min(4096)]).into_owned()
}

enum Stop {
    TooLarge,
    Unpacking(io::ErrorKind),
}

fn pump_blocks(body: &mut impl Read, limit_bytes: u64, sink: &mut dyn FnMut(&[u8])) -> Result<u64, Stop> {
    let mut block = vec![0; BLOCK_BYTES];
    let mut bytes = 0;
    loop {
        match body.read(&mut block) {
            Ok(0) => return Ok(bytes),
            Ok(count) => {
                bytes += count as u64;
                sink(&block[..count]);
                if bytes >= limit_bytes {
                    return Err(Stop::TooLarge);
                }
            }
            Err(again) if again.kind() == io::ErrorKind::Interrupted => {}
            Err(failed) => return Err(Stop::Unpacking(failed.kind())),
        }
    }
}

/// The bytes as they came over the wire; it remembers what failed there, which the unpacker would only blur.
struct Wire<R> {
    body: R,
    bytes: u64,
    failed: Option<io::Error>,
}

impl<R: Read> Read for Wire<R> {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        match self.body.read(block) {
            Ok(count) => {
                self.bytes += count as u64;
                Ok(count)
            }
            Err(again) if again.kind() == io::ErrorKind::Interrupted => Err(again),
            Err(failed) => {
                let kind = failed.kind();
                self.failed = Some(failed);
                Err(kind.into())
            }
        }
    }
}

fn too_large(limit_bytes: u64) -> Trouble {
    let mebibytes = limit_bytes >> 20;
    let cause = format!("sends more than {mebibytes} MiB of metrics, which was refused");
    Trouble::new(FaultCode::TooLarge, &cause, "Is this a metrics endpoint? Fewer buckets or labels make it smaller.")
}

fn bad_gzip(kind: io::ErrorKind) -> Trouble {
    if kind == io::ErrorKind::UnexpectedEof {
        let cause = "sends a packed answer that ends too early";
        return Trouble::new(FaultCode::CutShort, cause, "Is the server stopping, or a proxy cutting in?");
    }
    let cause = "sends an answer that says it is gzip and cannot be unpacked";
    Trouble::new(FaultCode::BadGzip, cause, "Does a proxy in between change the answer?")
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn read(body: &[u8], packing: Packing, limit: u64) -> Result<(u64, Vec<u8>), FaultCode> {
        let mut got = Vec::new();
        let bytes = stream_body(body, packing, limit, &mut |block| got.extend_from_slice(block));
        bytes.map(|bytes| (bytes, got)).map_err(|trouble| trouble.code)
    }

    #[test]
    fn a_body_arrives_whole_or_not_at_all() {
        let zip = packed(b"up 1\n");
        assert_eq!(read(b"up 1\n", Packing::Plain, 99), Ok((5, b"up 1\n".to_vec())));
        assert_eq!(read(&zip, Packing::Gzip, 99), Ok((5, b"up 1\n".to_vec())));
        assert_eq!(read(&[&zip[..], &zip[..]].concat(), Packing::Gzip, 99).unwrap().0, 10, "two members");
        assert_eq!(read(b"", Packing::Gzip, 99), Ok((0, Vec::new())));
        for cut in 1..zip.len() {
            assert_eq!(read(&zip[..cut], Packing::Gzip, 99), Err(FaultCode::CutShort), "cut at {cut}");
        }
        assert_eq!(read(b"up 1\nup 2\nup 3\n", Packing::Gzip, 99), Err(FaultCode::BadGzip));
        assert_eq!(read(&[&zip[..], b"trailing junk"].concat(), Packing::Gzip, 99), Err(FaultCode::BadGzip));
    }

    #[test]
    fn unpacked_bytes_are_what_is_limited() {
        let bomb = packed(&vec![b'#'; 1 << 20]);
        assert!(bomb.len() < 10_000);
        assert_eq!(read(&bomb, Packing::Gzip, 100_000), Err(FaultCode::TooLarge));
        assert_eq!(read(&[b'#'; 100], Packing::Plain, 100), Err(FaultCode::TooLarge));
    }
}
