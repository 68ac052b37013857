//! What a deployment tells of itself as a whole: its objects and their sizes, what ILM moves, replication, and its servers.

use egui::emath::{Align2, Rect, pos2, vec2};

use crate::live::EngineersTarget;
use crate::presentation::overlay;
use crate::signal::{Quantity, Signal, SizeCount};
use crate::timeline::elements::numerals_of;
use crate::timeline::seen::Seen;

use super::drives::up_words;
use crate::console::desk::{Desk, Type};

const ROW: f32 = 26.0;
/// The words before a row, and the bars of sizes at its end.
const NAMES: f32 = 96.0;
const BARS: f32 = 110.0;

/// A row: its name, and each figure with the words that stand after it.
const ROWS: [(&str, &[(Quantity, &str)]); 4] = [
    (
        "objects",
        &[
            (Quantity::Objects, ""),
            (Quantity::MeanObjectBytes, "each"),
            (Quantity::SmallObjectsRatio, "under 1 MiB"),
            (Quantity::UsageAgeSecs, "ago"),
        ],
    ),
    (
        "ILM",
        &[(Quantity::ObjectsMoved, "moved since the first look"), (Quantity::TransitionedObjects, "in other tiers")],
    ),
    (
        "replication",
        &[
            (Quantity::ReplicationBacklog, "wait"),
            (Quantity::ReplicationQueuedBytes, "queued"),
            (Quantity::ReplicationLagSecs, "behind"),
        ],
    ),
    (
        "servers",
        &[
            (Quantity::CpuRatio, "load of the hosts"),
            (Quantity::CpuCores, "cores busy"),
            (Quantity::MemoryUsedBytes, "memory"),
            (Quantity::InternodeBytesPerSec, "between nodes"),
            (Quantity::DriveLatencySecs, "slowest drive"),
        ],
    ),
];

/// A figure that is known, with the words after it.
type LabFigure = (Quantity, f64, &'static str);

/// The rows of which anything is known.
fn rows(target: &EngineersTarget) -> Vec<(&'static str, Vec<LabFigure>)> {
    let known = |figures: &'static [(Quantity, &'static str)]| {
        let known = figures.iter().filter_map(|(of, words)| Some((*of, *target.told.get(of)?, *words)));
        known.collect::<Vec<_>>()
    };
    ROWS.iter().map(|(name, figures)| (*name, known(figures))).filter(|(_, known)| !known.is_empty()).collect()
}

/// The height that all of it needs.
pub(super) fn height(target: &EngineersTarget) -> f32 {
    ROW * rows(target).len() as f32
}

pub(super) fn draw(desk: &Desk<'_>, seen: &Seen<'_>, target: &EngineersTarget, area: Rect) {
    for (nth, (name, figures)) in rows(target).into_iter().enumerate() {
        let row = Rect::from_min_size(area.min + vec2(0.0, nth as f32 * ROW), vec2(area.width(), ROW));
        if row.bottom() > area.bottom() + 1.0 {
            return;
        }
        let y = row.center().y;
        desk.words(pos2(row.left(), y), Align2::LEFT_CENTER, name, Type::new(15.0, desk.colors.least));
        let words: Vec<String> = figures.iter().map(figure_words).collect();
        let words = words.join("   ");
        let has_bars = name == "objects" && target.sizes.iter().any(|size| size.objects > 0.0);
        let room = row.width() - NAMES - if has_bars { BARS + 16.0 } else { 0.0 };
        let look = Type::new(15.0, desk.colors.text).within(room);
        desk.words(pos2(row.left() + NAMES, y), Align2::LEFT_CENTER, &words, look);
        let told = figures.iter().filter_map(|(of, ..)| origin(seen, target, *of)).collect::<Vec<_>>().join("\n\n");
        let said = Rect::from_min_size(row.min, vec2(NAMES + room, ROW));
        desk.tell(said, &format!("figures {name}"), &format!("{name}: {words}\n\n{told}"));
        if has_bars {
            let bars = Rect::from_min_size(pos2(row.right() - BARS, row.top() + 3.0), vec2(BARS, ROW - 6.0));
            draw_sizes(desk, &target.sizes, bars);
        }
    }
}

fn figure_words((quantity, value, words): &LabFigure) -> String {
    let value = match quantity {
        Quantity::UsageAgeSecs => up_words(*value),
        quantity => numerals_of(*quantity, *value).words().trim().to_owned(),
    };
    format!("{value} {words}").trim().to_owned()
}

/// Where a figure comes from, as the stage would say it.
fn origin(seen: &Seen<'_>, target: &EngineersTarget, quantity: Quantity) -> Option<String> {
    let signals = target.subjects.iter().map(|subject| Signal { subject: *subject, quantity });
    signals.into_iter().find_map(|signal| overlay::origin_words(seen, signal))
}

/// How many objects there are of each size, the smallest at the left; of each the number and the bound where the pointer
/// lies.
fn draw_sizes(desk: &Desk<'_>, sizes: &[SizeCount], area: Rect) {
    let most = sizes.iter().map(|size| size.objects).fold(0.0, f64::max);
    let wide = area.width() / sizes.len().max(1) as f32;
    desk.rule(area.left_bottom(), area.width());
    let mut from = "0 B".to_owned();
    let mut all = Vec::new();
    for (nth, size) in sizes.iter().enumerate() {
        let share = if most > 0.0 { (size.objects / most) as f32 } else { 0.0 };
        // What is there at all is seen.
        let height = if size.objects > 0.0 { (share * area.height()).max(2.0) } else { 0.0 };
        let left = area.left() + nth as f32 * wide;
        let bar = Rect::from_min_max(pos2(left, area.bottom() - height), pos2(left + wide - 2.0, area.bottom()));
        desk.fill(bar, desk.colors.text2, 0.0);
        let below = size.below_bytes.map(bound_words);
        let words = below.as_ref().map_or_else(|| format!("{from} and more"), |below| format!("{from} to {below}"));
        all.push(format!("{words}: {:.0}", size.objects));
        from = below.unwrap_or_default();
    }
    desk.tell(area, "figures sizes", &format!("objects by size\n{}", all.join("\n")));
}

/// Bounds are powers of two: `"64 KiB"`.
fn bound_words(bytes: f64) -> String {
    const MIB: f64 = 1_048_576.0;
    if bytes >= MIB { format!("{:.0} MiB", bytes / MIB) } else { format!("{:.0} KiB", bytes / 1024.0) }
}
