//! Every claim with where it comes from, and whom the talk is for, as used.

use std::collections::BTreeMap;

/// The claims by id, and the customer.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Words with a digit in them that are names, not numbers.
    pub names: Vec<String>,
    pub sources: BTreeMap<String, Claim>,
    /// Whom the talk is for.
    pub customer: Option<Customer>,
}

/// A claim that was checked.
#[derive(Clone, Debug)]
pub struct Claim {
    pub id: String,
    /// The claim, with its condition, in our words.
    pub says: String,
    /// Publisher, title, date.
    pub origin: String,
    pub date: Option<String>,
    pub url: Option<String>,
}

/// Whom the talk is for. What they measured lies over our assumptions in [`crate::figures::Figures`].
#[derive(Clone, Debug)]
pub struct Customer {
    pub name: String,
    /// A PNG or JPEG beside the file.
    pub logo: Option<String>,
    /// Their own pictures, shown before the close.
    pub slides: Vec<Slide>,
}

/// One picture of the customer's.
#[derive(Clone, Debug)]
pub struct Slide {
    pub image: String,
    /// What it shows, in one sentence.
    pub caption: String,
    pub notes: String,
    pub budget_secs: u32,
}
