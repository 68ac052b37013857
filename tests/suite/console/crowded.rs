//! Words of the console do not stand over each other, however long what a source says of itself.

use egui::{Rect, Shape};
use egui_kittest::Harness;
use tierlight::show::Show;

use super::spoken::{LAYOUTS, PLACES, open_full, show_layout};
use super::{Host, at_the_loop, retold_bytes};
use crate::talk::common;

/// The words that are seen, with their places: in the order in which they are painted, without those that something opaque
/// is painted over.
fn seen_words(harness: &Harness<'_, Host>) -> Vec<(String, Rect)> {
    let mut seen: Vec<(String, Rect)> = Vec::new();
    for clipped in &harness.output().shapes {
        match &clipped.shape {
            Shape::Rect(rect) if rect.fill.is_opaque() => {
                let covered = rect.rect.intersect(clipped.clip_rect);
                seen.retain(|(_, place)| !covered.intersects(*place));
            }
            // A picture of the stage is laid on its ground, whose edges alone are soft.
            Shape::Mesh(mesh) => {
                if let Some(ground) = opaque_rect(mesh) {
                    let covered = ground.intersect(clipped.clip_rect);
                    seen.retain(|(_, place)| !covered.intersects(*place));
                }
            }
            Shape::Text(text) if !text.galley.text().trim().is_empty() => {
                let place = text.visual_bounding_rect().intersect(clipped.clip_rect);
                if place.is_positive() {
                    seen.push((text.galley.text().to_owned(), place));
                }
            }
            _ => {}
        }
    }
    seen
}

/// The rectangle that the opaque part of a mesh has its four corners on, where it has one.
fn opaque_rect(mesh: &egui::Mesh) -> Option<Rect> {
    let opaque = || mesh.vertices.iter().filter(|vertex| vertex.color.is_opaque()).map(|vertex| vertex.pos);
    let bounds = Rect::from_points(&opaque().collect::<Vec<_>>());
    let corners = [bounds.left_top(), bounds.right_top(), bounds.left_bottom(), bounds.right_bottom()];
    let is_there = |corner: egui::Pos2| opaque().any(|at| at.distance(corner) < 0.01);
    (bounds.is_positive() && corners.into_iter().all(is_there)).then_some(bounds)
}

/// The pairs of words that share more than the air around their letters.
fn crowded(harness: &Harness<'_, Host>) -> Vec<String> {
    let seen = seen_words(harness);
    let mut found = Vec::new();
    for (nth, (words, place)) in seen.iter().enumerate() {
        for (others, other) in &seen[nth + 1..] {
            let shared = place.intersect(*other);
            if shared.width() > 1.0 && shared.height() > 6.0 {
                found.push(format!("\"{words}\" and \"{others}\" at {shared:?}"));
            }
        }
    }
    found
}

/// Shows whose sources have much to say of themselves.
fn shows() -> Vec<(&'static str, Show)> {
    let recorded = tempfile::NamedTempFile::with_suffix(".tlr").expect("a file");
    std::fs::write(recorded.path(), retold_bytes()).expect("it is written");
    let path = recorded.path().to_str().expect("a path").to_owned();
    let of_a_recording = common(&["--data", &path]).still_show().expect("a talk over the recording");
    vec![
        ("as told", at_the_loop("sim")),
        ("a profile", at_the_loop("sim:quorum-lost")),
        ("none", at_the_loop("none")),
        ("a recorded simulated lab", of_a_recording),
    ]
}

#[test]
fn no_words_stand_over_others() {
    let mut found = Vec::new();
    for (source, show) in shows() {
        for (size, is_below) in PLACES {
            for (name, keys) in LAYOUTS {
                let mut harness = open_full(show.clone(), size, is_below);
                show_layout(&mut harness, keys);
                found.extend(
                    crowded(&harness).into_iter().map(|pair| format!("{source}, {name} {size:?} {is_below}: {pair}")),
                );
            }
        }
    }
    assert!(found.is_empty(), "{}:\n{}", found.len(), found.join("\n"));
}
