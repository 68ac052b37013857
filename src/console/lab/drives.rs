//! The drives of a deployment as a heat map, node by node, and beside each node how its server does.

use std::collections::BTreeSet;

use egui::emath::{Align2, Pos2, Rect, pos2, vec2};
use egui::{Color32, Stroke};

use crate::live::{DriveCell, EngineersTarget};
use crate::picture::Ink;
use crate::signal::{DriveHealth, InsideNode, Quantity, Subject};
use crate::timeline::elements::numerals_of;

use super::parts::{tab, value_words};
use crate::console::desk::{Desk, Type};

const ROW: f32 = 26.0;
const HEAD: f32 = 60.0;
const FOOT: f32 = 28.0;
/// A drive so much slower than the middle one prints its number.
const OUTLIER: f64 = 3.0;

/// What the heat is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum DrivesBy {
    #[default]
    Latency,
    Waiting,
    Used,
}

impl DrivesBy {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Latency, "latency"), (Self::Waiting, "waiting"), (Self::Used, "used")];

    fn value(self, cell: &DriveCell) -> Option<f64> {
        match self {
            Self::Latency => cell.drive.latency_secs,
            Self::Waiting => cell.drive.waiting_ios,
            Self::Used => cell.used_ratio,
        }
    }

    fn words(self, value: f64) -> String {
        let quantity = match self {
            Self::Latency => Quantity::DriveLatencySecs,
            Self::Waiting => Quantity::DriveWaitingIos,
            Self::Used => Quantity::UsedRatio,
        };
        numerals_of(quantity, value).words().trim().to_owned()
    }
}

/// The height that all of it needs.
pub(super) fn height(target: &EngineersTarget) -> f32 {
    HEAD + ROW * rows_of(target).len().max(1) as f32 + FOOT
}

/// The nodes by name, those without drives too.
fn rows_of(target: &EngineersTarget) -> Vec<(&str, &[DriveCell], Option<&InsideNode>)> {
    let node = |name: &str| target.nodes.iter().find(|node| node.name == name);
    let mut rows: Vec<(&str, &[DriveCell], Option<&InsideNode>)> =
        target.drives.rows.iter().map(|row| (row.node.as_str(), row.cells.as_slice(), node(&row.node))).collect();
    let bare = target.nodes.iter().filter(|node| !target.drives.rows.iter().any(|row| row.node == node.name));
    rows.extend(bare.map(|node| (node.name.as_str(), &[][..], Some(node))));
    rows
}

pub(super) fn draw(desk: &Desk<'_>, by: &mut DrivesBy, target: &EngineersTarget, area: Rect) {
    let y = area.top() + 14.0;
    let title = desk.words(pos2(area.left(), y), Align2::LEFT_CENTER, "Drives", Type::strong(17.0, desk.colors.text));
    let mut x = title.right() + 14.0;
    for (of, words) in DrivesBy::ALL {
        let rect = tab(desk, (x, y), (words, None), *by == of);
        if desk.press(rect, &format!("drives by {words}")).clicked {
            *by = of;
        }
        x = rect.right() + 6.0;
    }
    let all: Vec<&DriveCell> = target.drives.rows.iter().flat_map(|row| &row.cells).collect();
    let online =
        all.iter().filter(|cell| matches!(cell.drive.health, DriveHealth::Healthy | DriveHealth::Healing)).count();
    let words = format!("{online} of {} online", all.len() + target.drives.unseen);
    desk.words(pos2(area.right(), y), Align2::RIGHT_CENTER, &words, Type::new(15.0, desk.colors.text));
    let rows = rows_of(target);
    if rows.is_empty() {
        let look = Type::new(15.0, desk.colors.least);
        desk.words(pos2(area.left(), area.top() + HEAD), Align2::LEFT_CENTER, "it tells of no drive and no node", look);
        return;
    }
    let names = rows.iter().map(|row| desk.width(row.0, Type::new(15.0, desk.colors.text))).fold(60.0, f32::max);
    let names = names.min(area.width() * 0.28);
    let cells_left = area.left() + names + 14.0;
    let figures = area.width() * 0.34;
    let most_cells = rows.iter().map(|row| row.1.len()).max().unwrap_or(0).max(1);
    let cell_width = ((area.width() - names - 14.0 - figures) / most_cells as f32).min(31.0);
    let head_y = area.top() + 46.0;
    let small = Type::new(14.0, desk.colors.least);
    if cell_width > 18.0 {
        for nth in 0..most_cells {
            let at = pos2(cells_left + (nth as f32 + 0.5) * cell_width, head_y);
            desk.words(at, Align2::CENTER_CENTER, &(nth + 1).to_string(), small);
        }
    }
    for (nth, words) in ["load", "memory", "up"].into_iter().enumerate() {
        desk.words(pos2(figure_x(area, figures, nth), head_y), Align2::RIGHT_CENTER, words, small);
    }
    let heat = Heat::new(*by, &all, target, desk);
    let height = ((area.height() - HEAD - FOOT) / rows.len() as f32).min(ROW);
    for (nth, (name, cells, node)) in rows.into_iter().enumerate() {
        let y = area.top() + HEAD + (nth as f32 + 0.5) * height;
        let look = Type::new(15.0, desk.colors.text).within(names);
        desk.words(pos2(area.left(), y), Align2::LEFT_CENTER, name, look);
        for (nth, cell) in cells.iter().enumerate() {
            let at = pos2(cells_left + (nth as f32 + 0.5) * cell_width, y);
            draw_cell(desk, &heat, cell, Rect::from_center_size(at, vec2(cell_width - 3.0, height - 4.0)));
        }
        draw_node(desk, node, y, |nth| figure_x(area, figures, nth));
    }
    let y = area.bottom() - 12.0;
    let right = legend(desk, &heat, pos2(cells_left, y));
    let told = target.nodes.iter().filter_map(|node| node.version.as_deref());
    if let Some(words) = version_words(told) {
        let look = small.within(area.right() - right - 24.0);
        desk.words(pos2(area.right(), y), Align2::RIGHT_CENTER, &words, look);
    }
}

/// Of the servers: one release, or how many of them there are and which.
fn version_words<'a>(told: impl Iterator<Item = &'a str>) -> Option<String> {
    let versions: BTreeSet<&str> = told.collect();
    let all = versions.iter().copied().collect::<Vec<_>>().join(", ");
    match versions.len() {
        0 => None,
        1 => Some(all),
        several => Some(format!("{several} versions: {all}")),
    }
}

fn figure_x(area: Rect, figures: f32, nth: usize) -> f32 {
    area.right() - figures + figures * (nth as f32 + 1.0) / 3.0
}

/// What colours are by: the largest value is the ink itself.
struct Heat {
    by: DrivesBy,
    most: f64,
    middle: f64,
    low: Color32,
    ink: Color32,
}

impl Heat {
    fn new(by: DrivesBy, all: &[&DriveCell], target: &EngineersTarget, desk: &Desk<'_>) -> Self {
        let mut values: Vec<f64> = all.iter().filter_map(|cell| by.value(cell)).collect();
        values.sort_by(f64::total_cmp);
        let most = if by == DrivesBy::Used { 1.0 } else { values.last().copied().unwrap_or(0.0) };
        let middle = values.get(values.len() / 2).copied().unwrap_or(0.0);
        let ink = match target.subjects.first() {
            Some(Subject::Tier(tier)) => Ink::of(*tier),
            Some(Subject::Compute) | None => Ink::Compute,
        };
        Self { by, most, middle, low: desk.colors.raised, ink: desk.dark.color(ink) }
    }

    /// A square root, so that small values differ too.
    fn color(&self, value: f64) -> Color32 {
        let share = if self.most > 0.0 { (value / self.most).clamp(0.0, 1.0).sqrt() } else { 0.0 };
        self.low.lerp_to_gamma(self.ink, share as f32)
    }

    fn is_outlier(&self, value: f64) -> bool {
        self.by != DrivesBy::Used && self.middle > 0.0 && value > self.middle * OUTLIER
    }
}

fn draw_cell(desk: &Desk<'_>, heat: &Heat, cell: &DriveCell, rect: Rect) {
    let drive = &cell.drive;
    let value = heat.by.value(cell);
    let stroke = Stroke::new(1.5, desk.colors.text);
    let (health, painter) = (drive.health, desk.ui.painter());
    match health {
        DriveHealth::Healthy | DriveHealth::Healing => {
            desk.fill(rect, value.map_or(desk.colors.panel, |value| heat.color(value)), 3.0);
            if health == DriveHealth::Healing {
                painter.circle_stroke(rect.center(), 5.5, stroke);
            } else if let Some(value) = value.filter(|value| heat.is_outlier(*value)) {
                let words = heat.by.words(value);
                let digits: String = words.chars().take_while(|char| char.is_ascii_digit()).collect();
                desk.words(rect.center(), Align2::CENTER_CENTER, &digits, Type::strong(14.0, desk.colors.ground));
            }
        }
        DriveHealth::Offline => {
            desk.frame(rect, desk.colors.text2, 1.2, 3.0);
            cross(desk, rect.center());
        }
        DriveHealth::Unknown => {
            desk.frame(rect, desk.colors.line, 1.2, 3.0);
            desk.words(rect.center(), Align2::CENTER_CENTER, "?", Type::new(14.0, desk.colors.least));
        }
    }
    let state = match health {
        DriveHealth::Healthy => "healthy",
        DriveHealth::Healing => "healing",
        DriveHealth::Offline => "offline",
        DriveHealth::Unknown => "unknown, its node does not answer",
    };
    let words = format!(
        "{} {}: {state}, latency {}, {} waiting, {} used, {} errors",
        drive.node,
        drive.name,
        value_words(Quantity::DriveLatencySecs, drive.latency_secs),
        value_words(Quantity::DriveWaitingIos, drive.waiting_ios),
        value_words(Quantity::UsedRatio, cell.used_ratio),
        value_words(Quantity::DriveErrorsPerSec, drive.errors_per_sec),
    );
    desk.tell(rect, &format!("drive {} {}", drive.node, drive.name), &words);
}

/// A cross in a ring: it is gone.
fn cross(desk: &Desk<'_>, at: Pos2) {
    let stroke = Stroke::new(1.5, desk.colors.text);
    let painter = desk.ui.painter();
    painter.circle_stroke(at, 7.0, stroke);
    for corner in [vec2(3.0, 3.0), vec2(3.0, -3.0)] {
        painter.line_segment([at - corner, at + corner], stroke);
    }
}

fn draw_node(desk: &Desk<'_>, node: Option<&InsideNode>, y: f32, x: impl Fn(usize) -> f32) {
    let Some(node) = node else { return };
    let look = Type::new(15.0, desk.colors.text2);
    if node.answers == Some(false) {
        desk.words(pos2(x(2), y), Align2::RIGHT_CENTER, "no answer", Type::strong(15.0, desk.colors.text));
        return;
    }
    let cpu = match (node.load_ratio, node.cpu_cores) {
        (Some(ratio), _) => value_words(Quantity::CpuRatio, Some(ratio)),
        (None, Some(cores)) => format!("{cores:.1} cores"),
        (None, None) => "–".to_owned(),
    };
    desk.words(pos2(x(0), y), Align2::RIGHT_CENTER, &cpu, look);
    let memory = value_words(Quantity::MemoryUsedBytes, node.memory_bytes);
    desk.words(pos2(x(1), y), Align2::RIGHT_CENTER, &memory, look);
    let up = node.uptime_secs.map_or_else(|| "–".to_owned(), up_words);
    // A server that is young among old ones began anew.
    let look = if node.restarts > 0 { Type::strong(15.0, desk.colors.text) } else { look };
    desk.words(pos2(x(2), y), Align2::RIGHT_CENTER, &up, look);
}

/// `"20 min"`, `"5 h"`, `"6 d"`.
pub(super) fn up_words(secs: f64) -> String {
    match secs {
        secs if secs < 120.0 => format!("{secs:.0} s"),
        secs if secs < 2.0 * 3600.0 => format!("{:.0} min", secs / 60.0),
        secs if secs < 48.0 * 3600.0 => format!("{:.0} h", secs / 3600.0),
        secs => format!("{:.0} d", secs / 86_400.0),
    }
}

/// What the colours mean; answers where that ends.
fn legend(desk: &Desk<'_>, heat: &Heat, at: Pos2) -> f32 {
    let small = Type::new(14.0, desk.colors.text2);
    if heat.most <= 0.0 {
        return desk.words(at, Align2::LEFT_CENTER, "nothing is told of it", small).right();
    }
    let zero = desk.words(at, Align2::LEFT_CENTER, "0", small);
    let bar = Rect::from_min_size(pos2(zero.right() + 8.0, at.y - 5.0), vec2(110.0, 10.0));
    for nth in 0..22_u8 {
        let share = f32::from(nth) / 22.0;
        let part = Rect::from_min_size(pos2(bar.left() + share * bar.width(), bar.top()), vec2(5.4, bar.height()));
        desk.fill(part, heat.low.lerp_to_gamma(heat.ink, share), 0.0);
    }
    let most = heat.by.words(heat.most);
    let most = desk.words(pos2(bar.right() + 8.0, at.y), Align2::LEFT_CENTER, &most, small);
    cross(desk, pos2(most.right() + 24.0, at.y));
    desk.words(pos2(most.right() + 37.0, at.y), Align2::LEFT_CENTER, "offline", small).right()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_of_one_release_say_it_once() {
        let words = |told: &[&str]| version_words(told.iter().copied()).unwrap_or_default();
        assert_eq!(words(&["2025-04-22", "2025-04-22"]), "2025-04-22");
        assert_eq!(words(&["2025-04-22", "2024-11-07"]), "2 versions: 2024-11-07, 2025-04-22");
        assert_eq!(words(&[]), "");
    }

    #[test]
    fn ages_are_written_in_the_unit_that_fits() {
        let cases = [(12.0, "12 s"), (1200.0, "20 min"), (18_000.0, "5 h"), (518_400.0, "6 d")];
        for (secs, words) in cases {
            assert_eq!(up_words(secs), words);
        }
    }
}
