//! What was painted with the frame before: shapes that are the same again are not worked out again.

use std::sync::Arc;

use egui::{Mesh, Shape as Drawn};

use crate::paint::canvas::Canvas;
use crate::paint::screen::Screen;
use crate::picture::{Mark, Shape};
use crate::theme::Theme;

/// Pictures of so many places on the screen are kept: the stage, and on the console three more in two themes.
const MOST_PAGES: usize = 8;
/// Marks in one piece: where one of them moves, few others are painted with it.
const LEAST_MARKS: usize = 8;
const MOST_MARKS: usize = 48;

/// What one egui context keeps, the place painted last at the end.
#[derive(Clone, Default)]
pub(super) struct Kept {
    pages: Vec<Page>,
}

/// The pieces of one place, in the order in which they are painted.
#[derive(Clone)]
pub(super) struct Page {
    screen: Screen,
    theme: Theme,
    px: f32,
    pieces: Vec<Piece>,
    /// The piece that is painted next.
    next: usize,
}

/// Some marks that follow on one another, and the triangles they are.
#[derive(Clone)]
struct Piece {
    marks: Vec<(f32, Shape)>,
    mesh: Arc<Mesh>,
}

impl Kept {
    /// Takes the page of a place out, to be painted and put back.
    pub(super) fn take(&mut self, screen: &Screen, theme: &Theme, px: f32) -> Page {
        let is_it = |page: &Page| page.screen == *screen && page.px == px && page.theme == *theme;
        let known = self.pages.iter().position(is_it).map(|at| self.pages.remove(at));
        let page =
            known.unwrap_or_else(|| Page { screen: *screen, theme: theme.clone(), px, pieces: Vec::new(), next: 0 });
        Page { next: 0, ..page }
    }

    /// Puts a page back that was painted to its end.
    pub(super) fn put(&mut self, mut page: Page) {
        page.pieces.truncate(page.next);
        self.pages.push(page);
        let more = self.pages.len().saturating_sub(MOST_PAGES);
        self.pages.drain(..more);
    }
}

impl Page {
    /// Paints marks, all of which `paint` puts into the canvas' mesh.
    pub(super) fn paint(&mut self, canvas: &mut Canvas<'_>, marks: &[&Mark], paint: impl Fn(&mut Canvas<'_>, &Mark)) {
        let mut rest = marks;
        while !rest.is_empty() {
            let (piece, others) = rest.split_at(piece_len(rest));
            self.paint_piece(canvas, piece, &paint);
            rest = others;
        }
    }

    fn paint_piece(&mut self, canvas: &mut Canvas<'_>, marks: &[&Mark], paint: &impl Fn(&mut Canvas<'_>, &Mark)) {
        canvas.flush();
        let is_same =
            |(mark, (opacity, shape)): (&&Mark, &(f32, Shape))| mark.opacity == *opacity && mark.shape == *shape;
        let same = |piece: &&Piece| piece.marks.len() == marks.len() && marks.iter().zip(&piece.marks).all(is_same);
        let at = self.next;
        self.next += 1;
        if let Some(piece) = self.pieces.get(at).filter(same) {
            canvas.add_shape(Drawn::Mesh(piece.mesh.clone()));
            return;
        }
        for mark in marks {
            canvas.opacity = mark.opacity.min(1.0);
            paint(canvas, mark);
        }
        let mesh = Arc::new(canvas.take_mesh());
        let marks = marks.iter().map(|mark| (mark.opacity, mark.shape.clone())).collect();
        let piece = Piece { marks, mesh: mesh.clone() };
        match self.pieces.get_mut(at) {
            Some(known) => *known = piece,
            None => self.pieces.push(piece),
        }
        canvas.add_shape(Drawn::Mesh(mesh));
    }
}

/// How many of these marks are one piece: it ends with a thing, unless that is a large one.
fn piece_len(marks: &[&Mark]) -> usize {
    let ends = |at: &usize| {
        let is_other = |next: &&Mark| next.id.thing != marks[at - 1].id.thing;
        *at == MOST_MARKS || (*at >= LEAST_MARKS && marks.get(*at).is_some_and(is_other))
    };
    (1..marks.len()).find(ends).unwrap_or(marks.len())
}
