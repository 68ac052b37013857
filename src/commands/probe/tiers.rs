//! Which tier a deployment is: told by a flag, asked on a terminal, or guessed and said to be a guess.

use std::str::FromStr;

use crate::lab::Url;
use crate::signal::{Quantity, Tier};

use super::survey::{FoundDeployment, reading_value};

/// `T2`, or of which deployment: `minio1:9000=T2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierGiven {
    /// A host, a host with its port or a URL; nothing where only the order tells.
    of: Option<String>,
    tier: Tier,
}

impl FromStr for TierGiven {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (of, tier) = match text.rsplit_once('=') {
            Some((of, tier)) => (Some(of.to_owned()), tier),
            None => (None, text),
        };
        let tier =
            tier_from(tier).ok_or("a tier is T1 (hot), T2 (warm) or T3 (cold): --tier T2, or --tier minio1=T2")?;
        Ok(Self { of, tier })
    }
}

/// `T2`, `t2` or `warm`. T0 is raw NVMe, and no deployment.
pub(super) fn tier_from(text: &str) -> Option<Tier> {
    let text = text.trim();
    let is_it = |tier: &Tier| text.eq_ignore_ascii_case(tier.id()) || text.eq_ignore_ascii_case(tier.word());
    Tier::ALL.into_iter().skip(1).find(is_it)
}

/// A tier, and how it was come by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TierChoice {
    pub(super) tier: Tier,
    /// What it was guessed by; nothing where it was told.
    pub(super) guessed_by: Option<String>,
}

/// A question on the terminal; no answer where nobody is there.
pub(super) type Question<'a> = dyn FnMut(&str) -> Option<String> + 'a;

/// A tier for each deployment. The error is a flag that fits none.
pub(super) fn choose(
    found: &[FoundDeployment],
    given: &[TierGiven],
    question: Option<&mut Question<'_>>,
) -> Result<Vec<TierChoice>, String> {
    let told = told_tiers(found, given)?;
    let mut choices = guesses(found, &told);
    if let Some(question) = question {
        for (deployment, choice) in found.iter().zip(&mut choices).filter(|(_, choice)| choice.guessed_by.is_some()) {
            if let Some(tier) = answer(deployment, choice.tier, question) {
                *choice = TierChoice { tier, guessed_by: None };
            }
        }
    }
    Ok(choices)
}

/// What the flags say of each deployment: by name, or in the order of the URLs.
fn told_tiers(found: &[FoundDeployment], given: &[TierGiven]) -> Result<Vec<Option<Tier>>, String> {
    let mut told = vec![None; found.len()];
    for TierGiven { of, tier } in given {
        let is_it = |one: &FoundDeployment, of: &str| urls_of(one).any(|url| is_called(url, of));
        let place = match of {
            Some(of) => found.iter().position(|one| is_it(one, of)),
            None => told.iter().position(Option::is_none),
        };
        match (place, of) {
            (Some(_), Some(of)) if found.iter().filter(|one| is_it(one, of)).count() > 1 => {
                return Err(format!("--tier {of}=…: several deployments have that host; name its port too"));
            }
            (Some(place), _) => told[place] = Some(*tier),
            (None, Some(of)) => {
                let hosts: Vec<_> = found.iter().filter_map(|one| Some(urls_of(one).next()?.host_and_port())).collect();
                return Err(format!("--tier {of}=…: no deployment has that URL; there are {}", hosts.join(", ")));
            }
            (None, None) => {
                return Err(format!("--tier: more tiers are given than there are deployments ({})", found.len()));
            }
        }
    }
    Ok(told)
}

fn urls_of(one: &FoundDeployment) -> impl Iterator<Item = &Url> {
    one.balancer.iter().chain(one.looks.iter().map(|look| &look.url)).chain(&one.repeated)
}

fn is_called(url: &Url, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    url.host == name || url.host_and_port() == name || Url::parse(&name).is_ok_and(|named| named.same_door(url))
}

/// Words that people name buckets and hosts of a tier by. They are those of the talk.
const WORDS: [(Tier, &[&str]); 3] = [
    (Tier::T1, &["hot", "cache", "fast", "nvme", "flash", "staging", "shard", "t1"]),
    (Tier::T2, &["warm", "lake", "checkpoint", "ckpt", "dataset", "curated", "model", "mlflow", "t2"]),
    (Tier::T3, &["cold", "archive", "backup", "glacier", "vault", "retention", "hdd", "t3"]),
];

/// How much speaks for a tier, and what.
#[derive(Clone, Debug, Default)]
struct Evidence {
    weight: f64,
    words: Option<String>,
}

fn evidence_for(deployment: &FoundDeployment, tier: Tier) -> Evidence {
    let words = WORDS.iter().find(|(of, _)| *of == tier).map_or(&[][..], |(_, words)| words);
    let sounds = |name: &str| {
        let name = name.to_ascii_lowercase();
        let mut parts = name.split(|char: char| !char.is_ascii_alphanumeric());
        parts.any(|part| words.iter().any(|word| if word.len() > 2 { part.starts_with(word) } else { part == *word }))
    };
    if urls_of(deployment).any(|url| sounds(&url.host)) {
        return Evidence { weight: 4.0, words: Some("its host's name".to_owned()) };
    }
    let buckets = deployment.best_look().map_or(&[][..], |look| &look.buckets);
    let sounding: Vec<_> = buckets.iter().filter(|bucket| sounds(bucket)).collect();
    let words = sounding.first().map(|bucket| format!("its bucket {bucket}"));
    Evidence { weight: sounding.len().min(3) as f64, words }
}

/// What stands for each deployment where nobody says: distinct tiers as long as there are enough.
fn guesses(found: &[FoundDeployment], told: &[Option<Tier>]) -> Vec<TierChoice> {
    let tiers = [Tier::T1, Tier::T2, Tier::T3];
    let taken: Vec<Tier> = told.iter().flatten().copied().collect();
    let open: Vec<usize> = (0..found.len()).filter(|place| told[*place].is_none()).collect();
    let free: Vec<Tier> = tiers.into_iter().filter(|tier| !taken.contains(tier)).collect();
    let pool = if open.len() <= free.len() { free } else { tiers.to_vec() };
    let best = assignments(open.len(), &pool).into_iter().rev().max_by(|a, b| {
        let weigh =
            |tiers: &[Tier]| open.iter().zip(tiers).map(|(place, tier)| weight(found, *place, *tier)).sum::<f64>();
        weigh(a).total_cmp(&weigh(b))
    });
    let mut best = best.unwrap_or_default().into_iter();
    let choice = |(place, told): (usize, &Option<Tier>)| {
        if let Some(tier) = told {
            return TierChoice { tier: *tier, guessed_by: None };
        }
        let tier = best.next().unwrap_or(Tier::T2);
        let otherwise = match found.len() {
            1 => "nothing",
            3 => "the order of the URLs",
            _ => "size and the order of the URLs",
        };
        let by = evidence_for(&found[place], tier).words.unwrap_or_else(|| otherwise.to_owned());
        TierChoice { tier, guessed_by: Some(by) }
    };
    told.iter().enumerate().map(choice).collect()
}

/// Lists of so many tiers: without one twice while there are enough. The order of the URLs is that of the first.
fn assignments(count: usize, pool: &[Tier]) -> Vec<Vec<Tier>> {
    let distinct = count <= pool.len();
    // Four and more deployments share three tiers: each for itself, so that the list does not explode.
    if !distinct {
        return (0..pool.len()).map(|shift| (0..count).map(|nth| pool[(nth + shift) % pool.len()]).collect()).collect();
    }
    let mut lists = vec![Vec::new()];
    for _ in 0..count {
        let longer = |list: &Vec<Tier>| {
            let rest = pool.iter().filter(|tier| !list.contains(tier));
            rest.map(|tier| list.iter().copied().chain([*tier]).collect()).collect::<Vec<_>>()
        };
        lists = lists.iter().flat_map(longer).collect();
    }
    lists
}

/// What speaks for a deployment as a tier. Three without a word about them are T1, T2 and T3 as they were given, since
/// that is how the talk counts them; of fewer a larger one is rather a colder one, and one alone is rather the lake.
fn weight(found: &[FoundDeployment], place: usize, tier: Tier) -> f64 {
    let size = |one: &FoundDeployment| one.best_look().and_then(|look| reading_value(look, Quantity::CapacityBytes));
    let smaller = found.iter().filter(|other| size(other) < size(&found[place])).count();
    let by_size = if smaller + 1 == tier.index() { 0.2 } else { 0.0 };
    let by_order = if found.len() == 3 && place + 1 == tier.index() { 0.3 } else { 0.0 };
    let alone = if found.len() == 1 && tier == Tier::T2 { 0.5 } else { 0.0 };
    evidence_for(&found[place], tier).weight + by_size + by_order + alone
}

fn answer(deployment: &FoundDeployment, guess: Tier, question: &mut Question<'_>) -> Option<Tier> {
    let look = deployment.best_look()?;
    let buckets = match &look.buckets[..] {
        [] => "it names no buckets".to_owned(),
        few if few.len() <= 6 => format!("it has buckets {}", few.join(", ")),
        many => format!("it has buckets {} and {} more", many[..6].join(", "), many.len() - 6),
    };
    let asked =
        format!("Which tier is {}? {buckets}. T1 hot, T2 warm, T3 cold [{}]: ", look.url.host_and_port(), guess.id());
    for _ in 0..3 {
        let said = question(&asked)?;
        if said.trim().is_empty() {
            return Some(guess);
        }
        if let Some(tier) = tier_from(&said) {
            return Some(tier);
        }
    }
    None
}

/// A name for each deployment: its tier's word, numbered where there are several.
pub(super) fn names(choices: &[TierChoice]) -> Vec<String> {
    let name = |(place, choice): (usize, &TierChoice)| {
        let nth = choices[..=place].iter().filter(|other| other.tier == choice.tier).count();
        if nth == 1 { choice.tier.word().to_owned() } else { format!("{}-{nth}", choice.tier.word()) }
    };
    choices.iter().enumerate().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_is_given_in_any_of_its_words() {
        for text in ["T2", "t2", "warm", "Warm "] {
            assert_eq!(tier_from(text), Some(Tier::T2), "{text}");
        }
        assert_eq!((tier_from("T0"), tier_from("raw"), tier_from("T4")), (None, None, None));
        let given: TierGiven = "http://minio1:9000=t3".parse().unwrap();
        assert_eq!(given, TierGiven { of: Some("http://minio1:9000".to_owned()), tier: Tier::T3 });
    }

    #[test]
    fn tiers_are_not_given_twice_while_there_are_enough() {
        let pool = [Tier::T1, Tier::T2, Tier::T3];
        assert_eq!(assignments(3, &pool).len(), 6);
        assert_eq!(assignments(2, &pool)[0], [Tier::T1, Tier::T2]);
        assert!(assignments(5, &pool).iter().all(|list| list.len() == 5));
        assert_eq!(assignments(0, &pool), [Vec::new()]);
    }
}
