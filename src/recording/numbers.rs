//! Numbers as they stand in a line: small where little changed, and never less exact than they were.
//!
//! | in the line | is |
//! |---|---|
//! | `12` | a step: so much more than the number it is written against; of a time whole microseconds, and 0 is the very same |
//! | `12.5` | the number itself; always with a point or an exponent |
//! | `[12,-3]` | a step in microseconds, from the nearest whole one, and then so many representable numbers further |
//! | `"7ff8000000000000"` | the bits of what JSON cannot write |
//! | `null` | there is no number any more |

use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Whole numbers up to this are exact.
const MOST_WHOLE: f64 = 9_007_199_254_740_992.0;
/// Times beyond this are written as they are.
const MOST_TIME_SECS: f64 = 4e9;
/// So many representable numbers away from a whole microsecond are written as such.
const MOST_ULPS: u64 = 1 << 40;
const MICROS: f64 = 1e6;

/// A number as it stands in a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Packed {
    Step(i64),
    Value(f64),
    StepAndUlps(i64, i64),
    Bits(u64),
    Gone,
}

impl Packed {
    /// A place in a list.
    pub(super) fn of_place(place: u64) -> Self {
        Self::Step(place.cast_signed())
    }

    /// The place in a list; none where it is none.
    pub(super) fn place(self) -> Option<u64> {
        match self {
            Self::Step(place) => u64::try_from(place).ok(),
            Self::Value(_) | Self::StepAndUlps(..) | Self::Bits(_) | Self::Gone => None,
        }
    }
}

/// The nearest whole microsecond.
fn micros(secs: f64) -> i64 {
    (secs * MICROS).round() as i64
}

fn secs_of(micros: i64) -> f64 {
    micros as f64 / MICROS
}

fn is_time(secs: f64) -> bool {
    secs.abs() <= MOST_TIME_SECS
}

/// Whether it is a whole number that a step leads to exactly. Minus zero is none.
fn is_whole(value: f64) -> bool {
    value.abs() <= MOST_WHOLE && value.fract() == 0.0 && (value != 0.0 || value.is_sign_positive())
}

fn as_it_is(value: f64) -> Packed {
    if value.is_finite() { Packed::Value(value) } else { Packed::Bits(value.to_bits()) }
}

/// A time, written against another.
pub(super) fn pack_time(base_secs: f64, secs: f64) -> Packed {
    if secs.to_bits() == base_secs.to_bits() && secs.is_finite() {
        return Packed::Step(0);
    }
    if !is_time(base_secs) || !is_time(secs) {
        return as_it_is(secs);
    }
    let whole = micros(secs);
    let step = whole - micros(base_secs);
    let ulps = secs.to_bits().cast_signed().wrapping_sub(secs_of(whole).to_bits().cast_signed());
    match ulps {
        0 if step != 0 => Packed::Step(step),
        ulps if ulps.unsigned_abs() < MOST_ULPS => Packed::StepAndUlps(step, ulps),
        _ => as_it_is(secs),
    }
}

/// The time that was written against another; none where it is none, or no finite one.
pub(super) fn unpack_time(base_secs: f64, packed: Packed) -> Option<f64> {
    let stepped = |step: i64| {
        let secs = is_time(base_secs).then(|| secs_of(micros(base_secs).saturating_add(step)));
        secs.filter(|secs| is_time(*secs))
    };
    let secs = match packed {
        Packed::Step(0) => base_secs,
        Packed::Step(step) => stepped(step)?,
        Packed::StepAndUlps(step, ulps) => f64::from_bits(stepped(step)?.to_bits().wrapping_add_signed(ulps)),
        Packed::Value(secs) => secs,
        Packed::Bits(_) | Packed::Gone => return None,
    };
    secs.is_finite().then_some(secs)
}

/// A value, written against the one before it.
pub(super) fn pack_value(before: f64, value: f64) -> Packed {
    if is_whole(before) && is_whole(value) { Packed::Step(value as i64 - before as i64) } else { as_it_is(value) }
}

/// The value that was written against the one before it; none where it is gone.
pub(super) fn unpack_value(before: f64, packed: Packed) -> Option<f64> {
    match packed {
        Packed::Step(step) => Some((before as i64).saturating_add(step) as f64),
        Packed::Value(value) => Some(value),
        Packed::Bits(bits) => Some(f64::from_bits(bits)),
        Packed::StepAndUlps(..) | Packed::Gone => None,
    }
}

impl Serialize for Packed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Step(step) => serializer.serialize_i64(*step),
            Self::Value(value) => serializer.serialize_f64(*value),
            Self::StepAndUlps(step, ulps) => (step, ulps).serialize(serializer),
            Self::Bits(bits) => serializer.serialize_str(&format!("{bits:016x}")),
            Self::Gone => serializer.serialize_unit(),
        }
    }
}

struct PackedVisitor;

impl<'de> Visitor<'de> for PackedVisitor {
    type Value = Packed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a step, a number, a step with its remainder, bits, or null")
    }

    fn visit_i64<E>(self, step: i64) -> Result<Packed, E> {
        Ok(Packed::Step(step))
    }

    fn visit_u64<E: serde::de::Error>(self, step: u64) -> Result<Packed, E> {
        i64::try_from(step).map(Packed::Step).map_err(|_too_large| E::custom("a step this large"))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Packed, E> {
        Ok(Packed::Value(value))
    }

    fn visit_str<E: serde::de::Error>(self, bits: &str) -> Result<Packed, E> {
        u64::from_str_radix(bits, 16).map(Packed::Bits).map_err(|_no_number| E::custom("these are no bits"))
    }

    fn visit_unit<E>(self) -> Result<Packed, E> {
        Ok(Packed::Gone)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Packed, A::Error> {
        let mut part = || parts.next_element::<i64>()?.ok_or_else(|| A::Error::custom("a part is missing"));
        Ok(Packed::StepAndUlps(part()?, part()?))
    }
}

impl<'de> Deserialize<'de> for Packed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PackedVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through_text(packed: Packed) -> (String, Packed) {
        let text = serde_json::to_string(&packed).unwrap();
        let read = serde_json::from_str(&text).unwrap();
        (text, read)
    }

    #[test]
    fn times_come_back_to_the_bit() {
        let cases = [
            (0.0, 0.0, "0"),
            (10.0, 12.000312, "2000312"),
            (12.000312, 10.0, "-2000312"),
            (0.1, 0.1 + 0.2, "[200000,1]"),
            (0.0, 0.000_000_5, "[1,-4503599627370496]"),
            (0.0, -0.0, "-0.0"),
            (0.1 + 0.2, 0.1 + 0.2, "0"),
            (0.1 + 0.2, 0.3, "[0,0]"),
            (1e300, 3.0, "3.0"),
        ];
        for (base, secs, written) in cases {
            let (text, packed) = through_text(pack_time(base, secs));
            if written.starts_with("[1,") {
                assert_eq!(packed, Packed::Value(secs), "too far off for a remainder: {text}");
            } else {
                assert_eq!(text, written);
            }
            assert_eq!(unpack_time(base, packed).map(f64::to_bits), Some(secs.to_bits()), "{text}");
        }
    }

    #[test]
    fn values_come_back_to_the_bit() {
        let values = [0.0, -0.0, 1.0, 1e6, 9e15, 1e19, 0.1, -2.5, 104_231_234.234_234_23, f64::MIN_POSITIVE, f64::NAN];
        for before in values {
            for value in values {
                let (text, packed) = through_text(pack_value(before, value));
                let read = unpack_value(before, packed).map(f64::to_bits);
                assert_eq!(read, Some(value.to_bits()), "{value} after {before}: {text}");
            }
        }
        assert_eq!(through_text(pack_value(1e6, 1_000_402.0)).0, "402");
        assert_eq!(unpack_value(3.0, Packed::Gone), None);
    }

    #[test]
    fn what_is_hostile_is_none() {
        assert_eq!(unpack_time(0.0, Packed::StepAndUlps(i64::MAX, i64::MAX)), None);
        assert_eq!(unpack_time(f64::NAN, Packed::Step(1)), None);
        for text in ["{}", "[1]", "true", "\"x\"", "[1,\"2\"]", "18446744073709551615"] {
            assert!(serde_json::from_str::<Packed>(text).is_err(), "{text}");
        }
    }
}
