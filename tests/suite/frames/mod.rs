//! Pictures built by hand in the geometry of the world: what painting is tested with.
#![expect(clippy::too_many_arguments, reason = "a drawing reads best as a line of positions and looks")]

mod things;

use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2, vec2};
use tierlight::measure;
use tierlight::picture::{
    Align, Chart, Face, Fill, Hatch, Icon, Id, Ink, Layer, Mark, Picture, Role, Shape, Stroke, Text, Thing,
};

pub(crate) use things::things;

/// A picture under construction.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) picture: Picture,
    count: u32,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(crate) struct Type(pub(crate) f32, pub(crate) Face, pub(crate) Ink);

const NAME: Type = Type(44.0, Face::SemiBold, Ink::Text);
const WORD: Type = Type(44.0, Face::Regular, Ink::Text2);

pub(crate) fn area(x0: f32, x1: f32, y0: f32, y1: f32) -> Rect {
    Rect::from_min_max(pos2(x0, y0), pos2(x1, y1))
}

impl Draft {
    pub(crate) fn add(&mut self, role: Role, opacity: f32, shape: Shape) {
        self.count += 1;
        let id = Id::new(Thing::Shared("mark".into())).nth(self.count);
        self.picture.push(Mark { id, role, layer: Layer::Said, opacity, shape });
    }

    /// Writes words and says how wide they are.
    pub(crate) fn text(&mut self, x: f32, y: f32, align: Align, words: &str, Type(size, face, ink): Type) -> f32 {
        self.line(x, y, align, words, Type(size, face, ink), false)
    }

    pub(crate) fn number(&mut self, x: f32, y: f32, align: Align, words: &str, look: Type) -> f32 {
        self.line(x, y, align, words, look, true)
    }

    fn line(&mut self, x: f32, y: f32, align: Align, words: &str, Type(size, face, ink): Type, tabular: bool) -> f32 {
        let text = Text { words: words.into(), at: pos2(x, y), align, size, face, ink, tabular };
        self.add(Role::Body, 1.0, Shape::Text(text));
        measure::width(words, face, size, tabular)
    }

    pub(crate) fn heading(&mut self, words: &str) {
        self.text(96.0, 136.0, Align::Left, words, Type(64.0, Face::SemiBold, Ink::Text));
    }

    pub(crate) fn badge(&mut self, icon: Icon, words: &str) {
        let look = Type(28.0, Face::SemiBold, Ink::Text);
        let width = measure::width(words, look.1, look.0, false) + 88.0;
        let rect = area(1824.0 - width, 1824.0, 84.0, 140.0);
        let stroke = Some(Stroke::new(3.0, Ink::Edge));
        self.add(Role::Badge, 1.0, Shape::Rect { rect, radii: [28.0; 4], fill: Fill::None, stroke });
        let center = pos2(rect.left() + 32.0, 112.0);
        self.add(Role::Icon, 1.0, Shape::Icon { kind: icon, center, size: 28.0, ink: Ink::Text, fill: None });
        self.text(rect.left() + 56.0, 122.0, Align::Left, words, look);
    }

    pub(crate) fn caption(&mut self, words: &str, source: &str) {
        self.text(96.0, 1012.0, Align::Left, words, Type(36.0, Face::Regular, Ink::Text2));
        self.text(1824.0, 1012.0, Align::Right, source, Type(28.0, Face::Regular, Ink::Text2));
    }

    pub(crate) fn hero(&mut self, value: &str, unit: &str, below: &str) {
        let width = self.number(96.0, 336.0, Align::Left, value, Type(140.0, Face::SemiBold, Ink::Text));
        self.text(96.0 + width + 20.0, 336.0, Align::Left, unit, Type(60.0, Face::Medium, Ink::Text2));
        self.text(96.0, 396.0, Align::Left, below, WORD);
    }

    pub(crate) fn phases(&mut self, told: Option<usize>) {
        let names = ["ingest", "elt", "shuffle", "load", "train", "checkpoint", "track", "embed", "export", "archive"];
        for (n, name) in names.into_iter().enumerate() {
            let x = 182.0 + 172.8 * n as f32;
            if told == Some(n) {
                let width = self.text(x, 942.0, Align::Center, name, Type(36.0, Face::SemiBold, Ink::Text));
                self.bracket(x, (width / 2.0 + 10.0).max(70.0));
            } else {
                self.text(x, 942.0, Align::Center, name, Type(28.0, Face::Regular, Ink::Text2));
            }
        }
    }

    fn bracket(&mut self, x: f32, half: f32) {
        let path = [pos2(x - half, 906.0), pos2(x - half, 894.0), pos2(x + half, 894.0), pos2(x + half, 906.0)];
        self.add(
            Role::Bracket,
            1.0,
            Shape::Line { path: path.into(), width: 4.0, ink: Ink::Text, head: false, dashed: false },
        );
    }

    pub(crate) fn floor(&mut self, floor: &Floor, light: f32, told: bool) {
        let Floor { rect, ink, hatch, name, word } = *floor;
        self.slab(rect, ink, hatch, light, told);
        let y = rect.center().y + 15.0;
        let width = self.text(rect.left() + 78.0, y, Align::Left, name, NAME);
        self.text(rect.left() + 78.0 + width + 28.0, y, Align::Left, word, WORD);
    }

    pub(crate) fn slab(&mut self, rect: Rect, ink: Ink, hatch: Hatch, light: f32, told: bool) {
        let radii = [16.0; 4];
        self.add(Role::Floor, 1.0, Shape::Rect { rect, radii, fill: Fill::Slate, stroke: None });
        if light > 0.0 {
            self.add(Role::Light, 1.0, Shape::Light { rect, radii: [16.0; 2], ink, level: light });
        }
        let plate = Rect::from_min_max(rect.min + vec2(2.0, 2.0), pos2(rect.left() + 48.0, rect.bottom() - 2.0));
        self.add(Role::Plate, 1.0, Shape::Hatch { rect: plate, kind: hatch, ink });
        let stroke = Some(Stroke::new(if told { 8.0 } else { 4.0 }, ink));
        self.add(Role::Floor, 1.0, Shape::Rect { rect, radii, fill: Fill::None, stroke });
    }

    pub(crate) fn rate(&mut self, floor: &Floor, value: &str, unit: &str) {
        let (x, y) = (floor.rect.right() - 38.0, floor.rect.center().y + 17.0);
        let width = self.text(x, y, Align::Right, unit, Type(28.0, Face::Regular, Ink::Text2));
        self.number(x - width - 8.0, y, Align::Right, value, Type(48.0, Face::SemiBold, Ink::Text));
    }

    pub(crate) fn hall(&mut self, light: f32, busy: f32) {
        let (rect, radii) = (area(640.0, 1280.0, 196.0, 388.0), [64.0, 64.0, 0.0, 0.0]);
        self.add(Role::Hall, 1.0, Shape::Rect { rect, radii, fill: Fill::Slate, stroke: None });
        if light > 0.0 {
            self.add(Role::Light, 1.0, Shape::Light { rect, radii: [64.0, 0.0], ink: Ink::Compute, level: light });
        }
        let stroke = Some(Stroke::new(4.0, Ink::Compute));
        self.add(Role::Hall, 1.0, Shape::Rect { rect, radii, fill: Fill::None, stroke });
        self.text(960.0, 262.0, Align::Center, "GPU hall", NAME);
        for n in 0..8 {
            let x = 743.0 + 62.0 * n as f32;
            self.add(Role::Gpu, 1.0, Shape::Gpu { rect: area(x - 23.0, x + 23.0, 288.0, 354.0), busy });
        }
    }

    /// A lane and its dots, evenly spaced, faded at both ends.
    pub(crate) fn flow(&mut self, path: &[Pos2], ink: Ink, every: f32, offset: f32, radius: f32) {
        self.add(Role::Route, 1.0, Shape::Lane { path: path.into(), width: 14.0, ink });
        let length: f32 = path.windows(2).map(|ends| ends[0].distance(ends[1])).sum();
        let mut at = offset;
        while at < length {
            let opacity = (at.min(length - at) / 40.0).clamp(0.0, 1.0);
            let center = along(path, at);
            self.add(Role::Dot, opacity, Shape::Dot { center, radius, ink, filled: true });
            at += every;
        }
    }

    pub(crate) fn chart(&mut self, rect: Rect, ink: Ink, values: Vec<Option<(f64, f64)>>, head: bool) {
        let grid: Arc<[f64]> = if head { Arc::new([]) } else { Arc::new([0.0, 0.5, 1.0]) };
        let (columns, top) = (values.into(), 1.0);
        let chart = Chart { rect, ink, columns, top, grid, head, down: false, strong: false, ahead: 0.0 };
        self.add(Role::Chart, 1.0, Shape::Chart(chart));
    }
}

fn along(path: &[Pos2], mut at: f32) -> Pos2 {
    for ends in path.windows(2) {
        let length = ends[0].distance(ends[1]);
        if at <= length {
            return ends[0].lerp(ends[1], at / length);
        }
        at -= length;
    }
    path[path.len() - 1]
}

/// One floor of the world.
#[derive(Clone, Copy)]
pub(crate) struct Floor {
    pub(crate) rect: Rect,
    pub(crate) ink: Ink,
    pub(crate) hatch: Hatch,
    pub(crate) name: &'static str,
    pub(crate) word: &'static str,
}

pub(crate) fn floors() -> [Floor; 4] {
    let floor = |rect, ink, hatch, name, word| Floor { rect, ink, hatch, name, word };
    [
        floor(area(452.0, 1468.0, 404.0, 496.0), Ink::T0, Hatch::Solid, "T0", "Raw"),
        floor(area(330.0, 1590.0, 512.0, 622.0), Ink::T1, Hatch::Dots, "T1", "Hot"),
        floor(area(150.0, 1770.0, 638.0, 768.0), Ink::T2, Hatch::Rising, "T2", "Warm"),
        floor(area(96.0, 1824.0, 784.0, 884.0), Ink::T3, Hatch::Cross, "T3", "Cold"),
    ]
}

fn shaft(n: usize, top: f32, low: f32, up: bool) -> [Pos2; 2] {
    let x = 743.0 + 62.0 * n as f32;
    let ends = [pos2(x, top), pos2(x, low)];
    if up { [ends[1], ends[0]] } else { ends }
}

/// A pseudo-random number from 0 to 1.
fn noise(n: usize) -> f64 {
    ((n as f64 * 12.9898).sin() * 43758.5453).rem_euclid(1.0)
}

pub(crate) fn checkpoint() -> Picture {
    let mut draft = Draft::default();
    draft.heading("Checkpoint: one burst, then silence again");
    draft.badge(Icon::Simulated, "SIMULATED ×8");
    draft.hall(0.25, 0.0);
    for (n, floor) in floors().iter().enumerate().rev() {
        draft.floor(floor, if n == 2 { 1.0 } else { 0.0 }, n == 2);
    }
    for n in 0..8 {
        draft.flow(&shaft(n, 360.0, 700.0, false), Ink::T2, 32.0, (n as f32 * 13.0) % 32.0, 10.0);
    }
    for (n, floor) in floors().iter().enumerate() {
        let (value, unit) = if n == 2 { ("34.1", "GB/s") } else { ("0", "B/s") };
        draft.rate(floor, value, unit);
    }
    draft.hero("988", "GB", "in 29 s");
    draft.phases(Some(5));
    draft.caption("70B, Adam: weights, gradients, optimizer state; all ranks write at once", "F2 · simulated lab");
    draft.picture
}

pub(crate) fn load() -> Picture {
    let mut draft = Draft::default();
    draft.heading("Load: shards stream up to the GPUs");
    draft.badge(Icon::Simulated, "SIMULATED ×8");
    draft.hall(0.25, 0.0);
    for (n, floor) in floors().iter().enumerate().rev() {
        draft.floor(floor, [0.0, 1.0, 0.5, 0.0][n], n == 1);
    }
    let path = [pos2(555.0, 703.0), pos2(690.0, 703.0), pos2(690.0, 567.0), pos2(765.0, 567.0)];
    draft.flow(&path, Ink::T2, 42.0, 12.0, 9.0);
    for n in 0..8 {
        draft.flow(&shaft(n, 330.0, 567.0, true), Ink::T1, 34.0, (n as f32 * 11.0) % 34.0, 8.0);
    }
    for (floor, (value, unit)) in floors().iter().zip([("0", "B/s"), ("34.1", "GB/s"), ("4.2", "GB/s"), ("0", "B/s")]) {
        draft.rate(floor, value, unit);
    }
    draft.hero("34.1", "GB/s", "read from T1");
    draft.phases(Some(3));
    draft.caption("64 MB shards, sequential, each rank its own", "F3 · simulated lab");
    draft.picture
}

pub(crate) fn compute() -> Picture {
    let mut draft = Draft::default();
    for floor in floors().iter().rev() {
        draft.floor(floor, 0.0, false);
        draft.rate(floor, "0", "B/s");
    }
    draft.hall(1.0, 1.0);
    draft.heading("Compute: storage is silent");
    draft.badge(Icon::Simulated, "SIMULATED ×8");
    draft.hero("0", "B/s", "on every tier");
    draft.phases(Some(4));
    draft.caption("Weights, activations and gradients stay in VRAM and on NVLink", "F1 · simulated lab");
    draft.picture
}

pub(crate) fn tiers() -> Picture {
    let mut draft = Draft::default();
    draft.heading("Four tiers, nearest the GPU first");
    draft.hall(0.0, 0.0);
    let words = [
        "Raw NVMe, not MinIO",
        "Hot: operational S3 beside the GPUs",
        "Warm: MinIO AIStor, the data lake",
        "Cold: archive, object lock",
    ];
    for (n, floor) in floors().iter().enumerate() {
        draft.floor(&Floor { word: words[n], ..*floor }, 0.0, n == 2);
    }
    draft.text(96.0, 250.0, Align::Left, "The lake", NAME);
    draft.text(96.0, 304.0, Align::Left, "datasets, checkpoints", Type(36.0, Face::Regular, Ink::Text2));
    let path = [pos2(182.0, 330.0), pos2(182.0, 620.0)];
    draft.add(
        Role::Route,
        1.0,
        Shape::Line { path: path.into(), width: 4.0, ink: Ink::Edge, head: true, dashed: false },
    );
    for n in 0..6 {
        let center = pos2(1500.0 + 40.0 * n as f32, 560.0);
        draft.add(Role::Dot, 1.0, Shape::Dot { center, radius: 10.0, ink: Ink::Edge, filled: false });
    }
    draft.phases(None);
    draft.caption("T2 is the capacity tier: datasets and checkpoints live here", "A4, C12");
    draft.picture
}

pub(crate) fn monitor() -> Picture {
    let mut draft = Draft::default();
    draft.heading("The lab, now");
    draft.badge(Icon::Live, "LIVE");
    let small = Type(28.0, Face::Regular, Ink::Text2);
    draft.text(1090.0, 186.0, Align::Left, "5 minutes", small);
    draft.text(1634.0, 186.0, Align::Left, "full, drives", small);
    for (n, floor) in floors().iter().enumerate() {
        let top = 206.0 + 188.0 * n as f32;
        let rect = area(96.0, 1824.0, top, top + 174.0);
        draft.slab(rect, floor.ink, floor.hatch, [0.0, 0.5, 0.8, 0.0][n], false);
        draft.text(174.0, top + 70.0, Align::Left, floor.name, NAME);
        draft.text(174.0, top + 128.0, Align::Left, floor.word, WORD);
        if n == 0 {
            let field = area(330.0, 1808.0, top + 14.0, top + 160.0);
            draft.add(Role::NoSource, 1.0, Shape::Hatch { rect: field, kind: Hatch::NoSource, ink: Ink::Edge });
            let gap = area(640.0, 1340.0, top + 44.0, top + 130.0);
            draft.add(
                Role::Box,
                1.0,
                Shape::Rect { rect: gap, radii: [0.0; 4], fill: Fill::Flat(Ink::Floor, 1.0), stroke: None },
            );
            draft.text(
                990.0,
                top + 103.0,
                Align::Center,
                "no source: T0 is not MinIO",
                Type(44.0, Face::Medium, Ink::Text),
            );
        } else {
            monitor_lane(&mut draft, n, top);
        }
    }
    draft.caption("A checkpoint burst reaches T2 while T1 feeds the loader", "lab “briefing”, 0.8 s ago");
    draft.picture
}

fn monitor_lane(draft: &mut Draft, n: usize, top: f32) {
    let numbers =
        [("", "", "", ""), ("2.41", "GB/s", "0", "B/s"), ("0.14", "GB/s", "3.92", "GB/s"), ("0", "B/s", "0", "B/s")][n];
    for (x, value, unit, word) in [(640.0, numbers.0, numbers.1, "read"), (1040.0, numbers.2, numbers.3, "write")] {
        let unit_look = Type(44.0, Face::Regular, Ink::Text2);
        let width = draft.text(x, top + 96.0, Align::Right, unit, unit_look);
        draft.number(x - width - 16.0, top + 96.0, Align::Right, value, Type(100.0, Face::SemiBold, Ink::Text));
        draft.text(x, top + 150.0, Align::Right, word, Type(36.0, Face::Regular, Ink::Text2));
    }
    let chart = area(1090.0, 1530.0, top + 34.0, top + 146.0);
    let value = |k: usize| match n {
        1 if k > 20 => 0.75 + 0.1 * (k as f64 * 0.2).sin() + 0.06 * noise(k),
        2 if [45..53, 90..98, 135..150].iter().any(|burst| burst.contains(&k)) => 0.88 + 0.06 * noise(k),
        3 if (95..110).contains(&k) => 0.12 + 0.02 * noise(k),
        _ => 0.02,
    };
    draft.chart(chart, floors()[n].ink, (0..144).map(|k| Some((value(k), value(k)))).collect(), true);
    let (full, drives) = [("", ""), ("62 %", "4 of 4"), ("41 %", "8 of 8"), ("12 %", "4 of 4")][n];
    let well = area(1580.0, 1610.0, top + 28.0, top + 148.0);
    let stroke = Some(Stroke::new(3.0, Ink::Edge));
    draft.add(Role::Box, 1.0, Shape::Rect { rect: well, radii: [8.0; 4], fill: Fill::Flat(Ink::Floor, 1.0), stroke });
    let level = area(1586.0, 1604.0, top + 142.0 - 108.0 * [0.0, 0.62, 0.41, 0.12][n], top + 142.0);
    let fill = Fill::Flat(floors()[n].ink, 1.0);
    draft.add(Role::Box, 1.0, Shape::Rect { rect: level, radii: [4.0; 4], fill, stroke: None });
    draft.number(1634.0, top + 84.0, Align::Left, full, NAME);
    draft.text(1634.0, top + 138.0, Align::Left, drives, Type(36.0, Face::Regular, Ink::Text2));
}

pub(crate) fn flat_line() -> Picture {
    let mut draft = Draft::default();
    draft.heading("One hour of training, seen from storage");
    draft.badge(Icon::Simulated, "SIMULATED ×8");
    let busy = |k: usize| match k % 66 {
        _ if k < 18 => 0.06,
        20..24 => 0.12,
        _ => 0.97 + 0.03 * noise(k),
    };
    let storage = |k: usize| match k % 66 {
        _ if k < 18 => 0.62 + 0.02 * noise(k),
        20..24 => 0.97,
        _ => 0.005,
    };
    let (upper, lower) = (area(330.0, 1824.0, 206.0, 476.0), area(330.0, 1824.0, 560.0, 830.0));
    draft.chart(upper, Ink::Compute, (0..300).map(|k| Some((busy(k), busy(k)))).collect(), false);
    let column = |k: usize| if (200..215).contains(&k) { None } else { Some((storage(k) * 0.7, storage(k))) };
    draft.chart(lower, Ink::T2, (0..300).map(column).collect(), false);
    for (y, name, word) in [(322.0, "GPUs", "busy"), (676.0, "Storage", "read, write")] {
        draft.text(96.0, y, Align::Left, name, NAME);
        draft.text(96.0, y + 56.0, Align::Left, word, Type(36.0, Face::Regular, Ink::Text2));
    }
    draft.text(786.0, 720.0, Align::Left, "silence", Type(64.0, Face::SemiBold, Ink::Text));
    draft.caption("Between the bursts the line is flat: the loop runs in GPU memory", "F2, F3 · simulated lab");
    draft.picture
}

/// Every icon, large and small, and what has no picture.
pub(crate) fn icons() -> Picture {
    let mut draft = Draft::default();
    draft.heading("Icons");
    let kinds = [
        Icon::Live,
        Icon::Simulated,
        Icon::Recorded,
        Icon::Stale,
        Icon::NoSource,
        Icon::Ok,
        Icon::Warn,
        Icon::Bad,
        Icon::Lock,
    ];
    for (n, kind) in kinds.into_iter().enumerate() {
        let x = 160.0 + 190.0 * n as f32;
        for (y, size) in [(280.0, 112.0), (420.0, 56.0), (500.0, 28.0)] {
            draft.add(Role::Icon, 1.0, Shape::Icon { kind, center: pos2(x, y), size, ink: Ink::Text, fill: None });
        }
        draft.text(x, 580.0, Align::Center, &format!("{kind:?}"), Type(28.0, Face::Mono, Ink::Text2));
    }
    let image = area(96.0, 496.0, 640.0, 880.0);
    draft.add(Role::Image, 1.0, Shape::Image { rect: image, path: "absent.png".into() });
    draft.add(Role::Image, 1.0, Shape::Image { rect: image.translate(vec2(440.0, 0.0)), path: "photo.png".into() });
    let zigzag = [
        pos2(1000.0, 860.0),
        pos2(1100.0, 660.0),
        pos2(1200.0, 860.0),
        pos2(1300.0, 860.0),
        pos2(1300.0, 660.0),
        pos2(1420.0, 660.0),
    ];
    draft.add(
        Role::Route,
        1.0,
        Shape::Line { path: zigzag.into(), width: 12.0, ink: Ink::T2, head: false, dashed: false },
    );
    let arrow = [pos2(1480.0, 860.0), pos2(1480.0, 700.0), pos2(1700.0, 700.0)];
    draft.add(
        Role::Route,
        0.5,
        Shape::Line { path: arrow.into(), width: 6.0, ink: Ink::Edge, head: true, dashed: false },
    );
    for n in 0..4 {
        let rect = area(1500.0 + 70.0 * n as f32, 1546.0 + 70.0 * n as f32, 780.0, 846.0);
        draft.add(Role::Gpu, 1.0, Shape::Gpu { rect, busy: n as f32 / 3.0 });
    }
    draft.picture
}

pub(crate) fn all() -> [(&'static str, Picture); 7] {
    [
        ("checkpoint", checkpoint()),
        ("load", load()),
        ("compute", compute()),
        ("tiers", tiers()),
        ("monitor", monitor()),
        ("flat-line", flat_line()),
        ("icons", icons()),
    ]
}
