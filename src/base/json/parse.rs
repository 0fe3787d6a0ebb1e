//! Reading JSON text (RFC 8259).
use super::{Fields, Value, brief, number};
use crate::base::error::{Result, bail};
use crate::base::sorted::sorted;
use alloc::{format, string::String, vec::Vec};

/// Lists and objects may lie this deep in each other: reading, writing and dropping a value call
/// themselves once for each level, and the stack is small.
const MOST_DEPTH: usize = 100;

/// The value that `text` is.
///
/// # Errors
/// Anything but one JSON value without repeated names; the message tells what was expected at which byte.
/// Also a text whose value may not fit into memory.
pub fn parse(text: &str) -> Result<Value> {
    let bytes = most_bytes(text);
    if Vec::<u8>::new().try_reserve_exact(bytes).is_err() {
        bail!(
            Format,
            "JSON: there is no room for what these {} bytes of text may become: {bytes} bytes",
            text.len()
        );
    }
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => reader.fail("the end"),
    }
}

/// The most memory that the value of a text can take while it is read. Text becomes larger in memory: the
/// two bytes `0,` are one value, and the two bytes `[]` around something are a list with room for four.
fn most_bytes(text: &str) -> usize {
    let field = size_of::<(String, Value)>();
    // A list that grows is held twice for a moment, with up to twice the room that it needs.
    let (first_four, one_more) = (4 * field + 16, 3 * field);
    let parts = text.bytes().fold(0, |sum: usize, byte| {
        sum.saturating_add(match byte {
            b'[' | b'{' => first_four,
            b',' => one_more,
            _ => 0,
        })
    });
    parts.saturating_add(text.len().saturating_mul(3))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn fail<T>(&self, expected: &str) -> Result<T> {
        bail!(Format, "JSON: expected {expected} at byte {}", self.at);
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// Goes past `byte` if it is next.
    fn skip(&mut self, byte: u8) -> bool {
        let there = self.byte() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: usize) -> Result<Value> {
        if depth > MOST_DEPTH {
            return self.fail("less deeply nested values");
        }
        match self.peek() {
            Some(b'{') => {
                let mut fields = Fields::new();
                self.items(b'}', |reader| {
                    let name = match reader.peek() {
                        Some(b'"') => reader.string()?,
                        _ => return reader.fail("a name in quotes"),
                    };
                    reader.peek();
                    if !reader.skip(b':') {
                        return reader.fail("`:`");
                    }
                    fields.push((name, reader.value(depth + 1)?));
                    Ok(())
                })?;
                if let Some(name) = repeated(&fields) {
                    return self.fail(&format!(
                        "each name once in an object, not `{}` again,",
                        brief(&name)
                    ));
                }
                Ok(Value::Object(fields))
            }
            Some(b'[') => {
                let mut values = Vec::new();
                self.items(b']', |reader| {
                    values.push(reader.value(depth + 1)?);
                    Ok(())
                })?;
                Ok(Value::Array(values))
            }
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let words = [
                    ("null", Value::Null),
                    ("true", Value::Bool(true)),
                    ("false", Value::Bool(false)),
                ];
                for (word, value) in words {
                    if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                self.fail("a value")
            }
        }
    }

    /// From an opening bracket to `end`, `item` after `item`.
    fn items(&mut self, end: u8, mut item: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        self.at += 1;
        self.peek();
        if self.skip(end) {
            return Ok(());
        }
        loop {
            item(self)?;
            self.peek();
            if self.skip(end) {
                return Ok(());
            }
            if !self.skip(b',') {
                return self.fail("`,` or the closing bracket");
            }
        }
    }

    fn string(&mut self) -> Result<String> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let plain = self.at;
            while !matches!(self.byte(), None | Some(b'"' | b'\\' | 0..b' ')) {
                self.at += 1;
            }
            string.push_str(&self.text[plain..self.at]);
            if self.skip(b'"') {
                return Ok(string);
            }
            if !self.skip(b'\\') {
                return self.fail("a closing quote");
            }
            let escaped = self.byte();
            self.at += 1;
            string.push(match escaped {
                Some(b'n') => '\n',
                Some(b'r') => '\r',
                Some(b't') => '\t',
                Some(b'b') => '\u{8}',
                Some(b'f') => '\u{c}',
                Some(b'u') => self.unicode()?,
                Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
                _ => {
                    self.at -= 1;
                    return self.fail("an escape");
                }
            });
        }
    }

    /// What follows `\u`: one unit of UTF-16, or two that make one character.
    fn unicode(&mut self) -> Result<char> {
        let first = self.unit()?;
        let mut code = first;
        if matches!(first, 0xd800..0xdc00) && self.skip(b'\\') && self.skip(b'u') {
            let second = self.unit()?;
            code = match second {
                0xdc00..0xe000 => 0x10000 + ((first - 0xd800) << 10 | (second - 0xdc00)),
                _ => first,
            };
        }
        match char::from_u32(code) {
            Some(character) => Ok(character),
            None => self.fail("the other half of a surrogate pair"),
        }
    }

    fn unit(&mut self) -> Result<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let Some(digit) = self.byte().and_then(|byte| char::from(byte).to_digit(16)) else {
                return self.fail("four hexadecimal digits");
            };
            unit = unit << 4 | digit;
            self.at += 1;
        }
        Ok(unit)
    }

    /// Goes past digits and adds them to `digits`, of which only the first 19 count: returns how many
    /// there were, and how many counted.
    fn digits(&mut self, digits: &mut u64) -> Result<(i32, i32)> {
        let (mut all, mut counted) = (0_i32, 0_i32);
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            if *digits < u64::MAX / 10 - 1 {
                *digits = *digits * 10 + u64::from(digit - b'0');
                counted = counted.saturating_add(1);
            }
            all = all.saturating_add(1);
            self.at += 1;
        }
        if all == 0 {
            return self.fail("a digit");
        }
        Ok((all, counted))
    }

    fn number(&mut self) -> Result<Value> {
        let negative = self.skip(b'-');
        let mut digits = 0;
        let leading_zero = self.byte() == Some(b'0');
        let (whole, counted) = self.digits(&mut digits)?;
        if leading_zero && whole > 1 {
            return self.fail("a number without leading zeros");
        }
        let mut exponent = whole - counted;
        if self.skip(b'.') {
            exponent = exponent.saturating_sub(self.digits(&mut digits)?.1);
        }
        if self.skip(b'e') || self.skip(b'E') {
            let down = self.skip(b'-');
            if !down {
                self.skip(b'+');
            }
            let mut given = 0;
            self.digits(&mut given)?;
            // Far beyond the range of an `f64`, even behind a million zeros.
            let given = given.min(1 << 29) as i32;
            exponent = exponent.saturating_add(if down { -given } else { given });
        }
        let value = number::scaled(digits as f64, exponent);
        if !value.is_finite() {
            return self.fail("a number within the range of f64");
        }
        Ok(Value::Number(if negative { -value } else { value }))
    }
}

/// A name that several fields have. RFC 8259 leaves open what that means, and programs differ.
fn repeated(fields: &Fields) -> Option<&str> {
    let names: Vec<(&str, usize)> = fields.iter().map(|(name, _)| (&**name, 0)).collect();
    let names = sorted(names);
    let twins = names.windows(2).find(|pair| pair[0].0 == pair[1].0)?;
    Some(twins[0].0)
}
