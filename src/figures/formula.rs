//! Formulas: expressions over figures, numbers and units, as the file of sources writes them.
//!
//! `{checkpoint-70b} / {put-eight-nodes}`, `6 FLOP/parameter/token × {llama-tokens}`, `ceil({a} / {b}) nodes`. A unit may
//! follow anything that has a value, and then multiplies it; within a unit nothing is spaced, a hyphen multiplies, and binds
//! before a slash: `dollars/GPU-hour`.

use std::fmt;
use std::sync::Arc;

use super::unit::{Amount, unit_named};

/// An expression with its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    written: Arc<str>,
    tree: Result<Node, FormulaError>,
}

/// What is wrong with a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormulaError {
    /// It cannot be read: why.
    Syntax(String),
    UnknownFigure(String),
    /// The figure that is worked out from itself.
    Circular(String),
    /// Its units are unknown, or do not go together: why.
    Units(String),
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Number(f64),
    Figure(Arc<str>),
    Unit(Arc<str>),
    Pair(Operator, Box<[Node; 2]>),
    Call(Function, Vec<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Function {
    Sqrt,
    Ceil,
    Log2,
    Min,
    Max,
}

const FUNCTIONS: [(&str, Function); 5] = [
    ("sqrt", Function::Sqrt),
    ("ceil", Function::Ceil),
    ("log2", Function::Log2),
    ("min", Function::Min),
    ("max", Function::Max),
];

/// What the names in a formula stand for.
pub(super) struct Names<'a> {
    pub figure: &'a dyn Fn(&str) -> Result<Amount, FormulaError>,
    /// Things that are counted.
    pub counts: &'a [Arc<str>],
}

impl Formula {
    pub fn new(written: &str) -> Self {
        let mut parser = Parser { rest: written };
        let tree = parser.sum().and_then(|tree| match parser.rest.trim_start() {
            "" => Ok(tree),
            rest => Err(FormulaError::Syntax(format!("nothing is to be done with \"{rest}\""))),
        });
        Self { written: written.into(), tree }
    }

    /// As written, with words in place of each figure.
    pub fn spell_out(&self, figure: impl Fn(&str) -> String) -> String {
        let mut parts = self.written.split('{');
        let mut words = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (id, tail) = part.split_once('}').unwrap_or((part, ""));
            words += &(figure(id) + tail);
        }
        words
    }

    /// Ids of the figures that go into it, some more than once.
    pub fn inputs(&self) -> Vec<&Arc<str>> {
        let mut inputs = Vec::new();
        if let Ok(tree) = &self.tree {
            tree.collect_inputs(&mut inputs);
        }
        inputs
    }

    pub(super) fn amount(&self, names: &Names<'_>) -> Result<Amount, FormulaError> {
        self.tree.as_ref().map_err(Clone::clone)?.amount(names)
    }
}

impl Node {
    fn collect_inputs<'a>(&'a self, inputs: &mut Vec<&'a Arc<str>>) {
        match self {
            Self::Number(_) | Self::Unit(_) => {}
            Self::Figure(id) => inputs.push(id),
            Self::Pair(_, pair) => pair.iter().for_each(|node| node.collect_inputs(inputs)),
            Self::Call(_, nodes) => nodes.iter().for_each(|node| node.collect_inputs(inputs)),
        }
    }

    fn amount(&self, names: &Names<'_>) -> Result<Amount, FormulaError> {
        match self {
            Self::Number(value) => Ok(Amount::pure_number(*value)),
            Self::Figure(id) => (names.figure)(id),
            Self::Unit(written) => unit_amount(written, names.counts),
            Self::Pair(operator, pair) => operator.applied(pair[0].amount(names)?, pair[1].amount(names)?),
            Self::Call(function, nodes) => {
                function.applied(nodes.iter().map(|node| node.amount(names)).collect::<Result<_, _>>()?)
            }
        }
    }
}

/// `GB/s`, `dollars/GPU-hour`: divided at slashes, multiplied at hyphens.
fn unit_amount(written: &str, counts: &[Arc<str>]) -> Result<Amount, FormulaError> {
    let mut amount = Amount::pure_number(1.0);
    for (at, part) in written.split('/').enumerate() {
        for name in part.split(['-', '·']) {
            let unit = unit_named(name, counts);
            let unit = unit.ok_or_else(|| FormulaError::Units(format!("\"{name}\" is no unit that is known")))?;
            amount = amount.times_power(&unit, if at == 0 { 1 } else { -1 });
        }
    }
    Ok(amount)
}

/// Both in one dimension, or why that cannot be added or compared.
fn check_alike(left: &Amount, right: &Amount) -> Result<(), FormulaError> {
    let words = || format!("{} and {} are put together", left.dimension, right.dimension);
    if left.dimension == right.dimension { Ok(()) } else { Err(FormulaError::Units(words())) }
}

fn check_pure(amount: &Amount, what: &str) -> Result<(), FormulaError> {
    let words = || format!("{what} is in {}, and must be a pure number", amount.dimension);
    if amount.is_pure() { Ok(()) } else { Err(FormulaError::Units(words())) }
}

fn power(base: Amount, exponent: f64) -> Result<Amount, FormulaError> {
    let words = format!("{} has no power of {exponent}", base.dimension);
    base.to_power(exponent).ok_or(FormulaError::Units(words))
}

impl Operator {
    fn applied(self, left: Amount, right: Amount) -> Result<Amount, FormulaError> {
        match self {
            Self::Multiply => Ok(left.times_power(&right, 1)),
            Self::Divide => Ok(left.times_power(&right, -1)),
            Self::Add | Self::Subtract => {
                check_alike(&left, &right)?;
                let sign = if self == Self::Add { 1.0 } else { -1.0 };
                Ok(Amount { value: left.value + sign * right.value, ..left })
            }
            Self::Power => {
                check_pure(&right, "an exponent")?;
                power(left, right.value)
            }
        }
    }
}

impl Function {
    fn applied(self, amounts: Vec<Amount>) -> Result<Amount, FormulaError> {
        let count = amounts.len();
        let mut amounts = amounts.into_iter();
        let first = amounts.next().filter(|_| count == 1 || matches!(self, Self::Min | Self::Max));
        let first = first.ok_or_else(|| FormulaError::Syntax(format!("a function of one value is given {count}")))?;
        match self {
            Self::Sqrt => power(first, 0.5),
            // A quotient that should be whole may be a hair above it.
            Self::Ceil => Ok(Amount { value: (first.value - 1e-9).ceil(), ..first }),
            Self::Log2 => {
                check_pure(&first, "what a logarithm is taken of")?;
                Ok(Amount::pure_number(first.value.log2()))
            }
            Self::Min | Self::Max => amounts.try_fold(first, |best, next| {
                check_alike(&best, &next)?;
                let is_better = if self == Self::Min { next.value < best.value } else { next.value > best.value };
                Ok(if is_better { next } else { best })
            }),
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    /// Takes the next sign, past spaces, where it is one of these.
    fn take_sign(&mut self, signs: &[char]) -> Option<char> {
        let rest = self.rest.trim_start();
        let sign = rest.chars().next().filter(|next| signs.contains(next))?;
        self.rest = &rest[sign.len_utf8()..];
        Some(sign)
    }

    /// Takes what begins here, up to this many bytes.
    fn take_bytes(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        taken
    }

    fn pair(operator: Operator, left: Node, right: Node) -> Node {
        Node::Pair(operator, Box::new([left, right]))
    }

    fn sum(&mut self) -> Result<Node, FormulaError> {
        let mut left = self.product()?;
        while let Some(sign) = self.take_sign(&['+', '−', '-']) {
            let operator = if sign == '+' { Operator::Add } else { Operator::Subtract };
            left = Self::pair(operator, left, self.product()?);
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Node, FormulaError> {
        let mut left = self.power()?;
        while let Some(sign) = self.take_sign(&['×', '*', '/']) {
            let operator = if sign == '/' { Operator::Divide } else { Operator::Multiply };
            left = Self::pair(operator, left, self.power()?);
        }
        Ok(left)
    }

    fn power(&mut self) -> Result<Node, FormulaError> {
        let base = self.measured()?;
        match self.take_sign(&['^', '²']) {
            Some('^') => Ok(Self::pair(Operator::Power, base, self.power()?)),
            Some(_) => Ok(Self::pair(Operator::Power, base, Node::Number(2.0))),
            None => Ok(base),
        }
    }

    /// Something with the units after it.
    fn measured(&mut self) -> Result<Node, FormulaError> {
        let mut node = self.primary()?;
        while let Some(unit) = self.unit() {
            node = Self::pair(Operator::Multiply, node, Node::Unit(unit.into()));
        }
        Ok(node)
    }

    fn primary(&mut self) -> Result<Node, FormulaError> {
        if self.take_sign(&['(']).is_some() {
            let inner = self.sum()?;
            self.close()?;
            return Ok(inner);
        }
        if self.take_sign(&['{']).is_some() {
            let (id, tail) = self.rest.split_once('}').ok_or_else(|| self.unexpected())?;
            self.rest = tail;
            return Ok(Node::Figure(id.into()));
        }
        self.rest = self.rest.trim_start();
        if self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            return self.number();
        }
        let call =
            FUNCTIONS.iter().find(|(name, _)| self.rest.strip_prefix(name).is_some_and(|rest| rest.starts_with('(')));
        if let Some((name, function)) = call {
            self.take_bytes(name.len());
            return self.arguments(*function);
        }
        self.unit().map(|unit| Node::Unit(unit.into())).ok_or_else(|| self.unexpected())
    }

    fn arguments(&mut self, function: Function) -> Result<Node, FormulaError> {
        let mut nodes = Vec::new();
        while self.take_sign(&['(', ',']).is_some() {
            nodes.push(self.sum()?);
        }
        self.close()?;
        Ok(Node::Call(function, nodes))
    }

    /// Digits with a comma before each three, decimals, a power of ten.
    fn number(&mut self) -> Result<Node, FormulaError> {
        let bytes = self.rest.as_bytes();
        let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut end = digits(0);
        while bytes.get(end) == Some(&b',') && digits(end + 1) == 3 {
            end += 4;
        }
        if bytes.get(end) == Some(&b'.') {
            end += 1 + digits(end + 1);
        }
        if bytes.get(end) == Some(&b'e') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
        }
        let written = self.take_bytes(end);
        let value = written.replace(',', "").parse();
        value.map(Node::Number).map_err(|_| FormulaError::Syntax(format!("\"{written}\" is no number")))
    }

    /// The unit that begins here, past spaces.
    fn unit(&mut self) -> Option<&'a str> {
        let rest = self.rest.trim_start();
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() || c == '%');
        let mut end = 0;
        while let Some(next) = rest[end..].chars().next() {
            let tail = &rest[end + next.len_utf8()..];
            let joins = end > 0 && matches!(next, '/' | '-' | '·') && is_letter(tail.chars().next());
            if !is_letter(Some(next)) && !joins {
                break;
            }
            end += next.len_utf8();
        }
        self.rest = if end > 0 { rest } else { self.rest };
        (end > 0).then(|| self.take_bytes(end))
    }

    fn close(&mut self) -> Result<(), FormulaError> {
        self.take_sign(&[')']).map(|_| ()).ok_or_else(|| self.unexpected())
    }

    fn unexpected(&self) -> FormulaError {
        FormulaError::Syntax(match self.rest.trim_start() {
            "" => "it ends too early".to_owned(),
            rest => format!("\"{rest}\" is not expected"),
        })
    }
}

impl fmt::Display for FormulaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(why) | Self::Units(why) => f.write_str(why),
            Self::UnknownFigure(id) => write!(f, "no quantity \"{id}\""),
            Self::Circular(id) => write!(f, "\"{id}\" is worked out from itself"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worked(written: &str) -> Result<(f64, String), String> {
        let figure = |id: &str| match id {
            "size" => Ok(Amount { value: 988e9, ..unit_amount("B", &[])? }),
            "rate" => Ok(Amount { value: 34.4e9, ..unit_amount("B/s", &[])? }),
            "width" => Ok(Amount::pure_number(8192.0)),
            _ => Err(FormulaError::UnknownFigure(id.to_owned())),
        };
        let counts = ["GPU".into(), "token".into()];
        let amount = Formula::new(written).amount(&Names { figure: &figure, counts: &counts });
        amount.map(|amount| (amount.value, amount.dimension.to_string())).map_err(|error| error.to_string())
    }

    #[test]
    fn formulas_have_values_and_units() {
        let cases = [
            ("{size} / {rate} × 34.4 / 988", 1.0, "s"),
            ("1e12 + 16,384 × 2", 1e12 + 32_768.0, "1"),
            ("2 ^ 3 ^ 2 − 12", 500.0, "1"),
            ("{width}² / 8,192 × 4 B/token", 32_768.0, "B/token"),
            ("54 d / 24 h/GPU", 54.0, "GPU"),
            ("50 GB/s / (5.5 GB/s/GPU)", 50.0 / 5.5, "GPU"),
            ("ceil(18 / 6) GPUs", 3.0, "GPU"),
            ("sqrt(2 × 8 s × 4 min)", 3840_f64.sqrt(), "s"),
            ("min(3 s, 1 min, 2 s)", 2.0, "s"),
            ("max(16,384, 3)", 16_384.0, "1"),
            ("2 ^ ceil(log2(log2(128 thousand) bits / B)) × B/token", 4.0, "B/token"),
            ("(2 + 4) B/token × tokens", 6.0, "B"),
            ("90 % × 1 GPU-hour", 3240.0, "GPU·s"),
        ];
        for (written, value, unit) in cases {
            let (found, dimension) = worked(written).unwrap();
            assert!((found / value - 1.0).abs() < 1e-9 && dimension == unit, "{written}: {found} {dimension}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let cases = [
            ("{size} / ", "it ends too early"),
            ("{size} ) 3", "nothing is to be done with \") 3\""),
            ("({size} + 1", "it ends too early"),
            ("{size} + {rate}", "B and B/s are put together"),
            ("2 ^ {size}", "an exponent is in B, and must be a pure number"),
            ("sqrt({size})", "B has no power of 0.5"),
            ("sqrt(1, 2)", "a function of one value is given 2"),
            ("{seize} / 2", "no quantity \"seize\""),
            ("3 parsecs", "\"parsecs\" is no unit that is known"),
            ("", "it ends too early"),
        ];
        for (written, why) in cases {
            assert_eq!(worked(written), Err(why.to_owned()), "{written}");
        }
    }

    #[test]
    fn a_formula_is_shown_with_names_and_with_values() {
        let formula = Formula::new("{size} / ({rate} × 2)");
        assert_eq!(formula.spell_out(|id| format!("<{id}>")), "<size> / (<rate> × 2)");
        assert_eq!(formula.inputs().iter().map(|id| &***id).collect::<Vec<_>>(), ["size", "rate"]);
    }
}
