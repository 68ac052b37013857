//! A picture as lines of words, exact and readable in a diff.

use std::fmt::Write as _;

use egui::emath::{Pos2, Rect};

use super::{Mark, Picture, Shape, Text, Zoom};

impl Picture {
    /// The picture as a list of lines: kind, role, id, box, and what is particular.
    pub fn print(&self, measure: impl Fn(&Text) -> Rect) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        if let Some(Zoom { view, marks, .. }) = self.zoom {
            let [min, max] = [view.min, view.max];
            writeln!(out, "zoom [{:.1} {:.1} {:.1} {:.1}] of {marks}", min.x, min.y, max.x, max.y).unwrap_or_default();
        }
        for mark in &self.marks {
            writeln!(out, "{}", line_of(mark, mark.bounds(&measure))).unwrap_or_default();
        }
        out
    }
}

fn line_of(mark: &Mark, bounds: Rect) -> String {
    let mut line = format!(
        "{} {} {} {} [{:.1} {:.1} {:.1} {:.1}]",
        mark.layer.name(),
        mark.shape.kind(),
        mark.role.name(),
        mark.id,
        bounds.min.x,
        bounds.min.y,
        bounds.max.x,
        bounds.max.y
    );
    if mark.opacity < 0.9995 {
        write!(line, " opacity {:.3}", mark.opacity).unwrap_or_default();
    }
    if let Some(ink) = mark.shape.ink() {
        write!(line, " {}", ink.name()).unwrap_or_default();
    }
    line.push_str(&particulars(&mark.shape));
    line
}

fn particulars(shape: &Shape) -> String {
    match shape {
        Shape::Text(text) => format!(" {:?} size {:.1} {:?}", text.face, text.size, text.words),
        Shape::Rect { radii, fill, stroke, .. } => {
            let width = stroke.map_or(0.0, |stroke| stroke.width);
            let dashed = if stroke.is_some_and(|stroke| stroke.dashed) { " dashed" } else { "" };
            let [a, b, c, d] = *radii;
            let radii =
                if a == b && c == d { format!("{a:.0} {c:.0}") } else { format!("{a:.0} {b:.0} {c:.0} {d:.0}") };
            format!(" radii {radii} fill {fill:?} stroke {width:.1}{dashed}")
        }
        Shape::Hatch { kind, .. } => format!(" {kind:?}"),
        Shape::Light { level, .. } | Shape::Halo { level, .. } => format!(" level {level:.3}"),
        Shape::Gpu { busy, .. } => format!(" busy {busy:.3}"),
        Shape::Dot { radius, filled, .. } => {
            format!(" radius {radius:.1}{}", if *filled { " filled" } else { " hollow" })
        }
        Shape::Lane { path, width, .. } => format!(" width {width:.1}{}", points(path)),
        Shape::Line { path, width, head, dashed, .. } => {
            let head = if *head { " arrow" } else { "" };
            let dashed = if *dashed { " dashed" } else { "" };
            format!(" width {width:.1}{head}{dashed}{}", points(path))
        }
        Shape::Polygon { points: corners, fill, stroke } => {
            let dashed = if stroke.dashed { " dashed" } else { "" };
            format!(" fill {fill:?} stroke {:.1}{dashed}{}", stroke.width, points(corners))
        }
        Shape::Icon { kind, fill, .. } => {
            format!(" {kind:?}{}", fill.map(|ink| format!(" fill {}", ink.name())).unwrap_or_default())
        }
        Shape::Chart(chart) => {
            let known = chart.columns.iter().flatten().count();
            let peak = chart.columns.iter().flatten().fold(0.0_f64, |peak, (_, most)| peak.max(*most));
            let down = if chart.down { " down" } else { "" };
            let strong = if chart.strong { " strong" } else { "" };
            format!(
                " top {:.4e} columns {} known {known} peak {peak:.3e}{down}{strong}",
                chart.top,
                chart.columns.len()
            )
        }
        Shape::Image { path, .. } => format!(" {path:?}"),
        Shape::Laser { trail, radius } => {
            let path: Vec<Pos2> = trail.iter().map(|(at, _)| *at).collect();
            format!(" radius {radius:.1}{}", points(&path))
        }
    }
}

fn points(path: &[Pos2]) -> String {
    path.iter().fold(String::new(), |mut out, at| {
        write!(out, " {:.0},{:.0}", at.x, at.y).unwrap_or_default();
        out
    })
}
