//! Rows and columns of cells: a matrix, or cards side by side whose columns and rows can be folded away.

use std::borrow::Cow;

use egui::emath::{Rect, pos2, remap, vec2};

use crate::figures::Figures;
use crate::measure;
use crate::picture::{Align, Face, Fill, Hatch, Id, Ink, Layer, Picture, Role, Shape, Stroke};
use crate::scene::model::{Element, Grid, GridCell, GridLook, Placed};
use crate::signal::{Subject, Tier};
use crate::timeline::blocks::ink_of;
use crate::timeline::hit::{Folded, HitId, What};
use crate::timeline::moment::Stage;
use crate::timeline::words::{LEADING, Style, boxed, half_cap, lines, mark, text, width};

/// Height of the columns' names.
const NAMES: f32 = 76.0;
/// The hatch on top of a card, and a card's names with it.
const PLATE: f32 = 44.0;
const CARD_NAMES: f32 = 136.0;
/// What is left of a folded column or row.
const FOLDED_COLUMN: f32 = 56.0;
const FOLDED_ROW: f32 = 52.0;

/// Where the columns and rows of a grid stand.
struct Tracks {
    /// Left and right of each column.
    columns: Vec<[f32; 2]>,
    /// Top and foot of each row.
    rows: Vec<[f32; 2]>,
    /// Which of them are folded away.
    folded_columns: Vec<bool>,
    folded_rows: Vec<bool>,
}

/// Spreads `count` places over a length; folded ones are narrow.
fn spread(from: f32, length: f32, gap: f32, narrow: f32, folded: &[bool]) -> Vec<[f32; 2]> {
    let small = folded.iter().filter(|folded| **folded).count() as f32;
    let wide = folded.len() as f32 - small;
    let each = (length - gap * (folded.len() as f32 - 1.0) - narrow * small) / wide.max(1.0);
    let mut at = from;
    let mut places = Vec::new();
    for folded in folded {
        let size = if *folded { narrow } else { each };
        places.push([at, at + size]);
        at += size + gap;
    }
    places
}

impl Tracks {
    fn new(id: &str, grid: &Grid, folded: &Folded) -> Self {
        let column = |column| folded.contains(&HitId::Column(id.to_owned(), column));
        let row = |row| folded.contains(&HitId::Row(id.to_owned(), row));
        let folded_columns: Vec<bool> = (0..grid.columns.len()).map(column).collect();
        let folded_rows: Vec<bool> = (0..grid.rows.len()).map(row).collect();
        let (names, gap, row_gap) = match grid.look {
            GridLook::Cells => (NAMES, 20.0, 8.0),
            GridLook::Columns => (CARD_NAMES, 20.0, 0.0),
        };
        let left = grid.rect.left() + grid.head;
        Self {
            columns: spread(left, grid.rect.width() - grid.head, gap, FOLDED_COLUMN, &folded_columns),
            rows: spread(grid.rect.top() + names, grid.rect.height() - names, row_gap, FOLDED_ROW, &folded_rows),
            folded_columns,
            folded_rows,
        }
    }

    fn cell(&self, row: usize, column: usize) -> Rect {
        let ([left, right], [top, foot]) = (self.columns[column], self.rows[row]);
        Rect::from_min_max(pos2(left, top), pos2(right, foot))
    }
}

/// One grid on its way into a picture.
struct GridDrawing<'a> {
    id: &'a Id,
    figures: &'a Figures,
    grid: &'a Grid,
    tracks: Tracks,
}

/// The cells; and what can be pointed at: cells with a card, and, in a grid of cards, the heads and names that fold it.
pub fn places(id: &str, grid: &Grid, folded: &Folded) -> (Vec<Rect>, Vec<(HitId, Rect, What)>) {
    let tracks = Tracks::new(id, grid, folded);
    let (mut cells, mut hits) = (Vec::new(), Vec::new());
    if grid.look == GridLook::Columns {
        let foot = tracks.rows.first().map_or(grid.rect.bottom(), |row| row[0]);
        let names_end = tracks.columns.first().map_or(grid.rect.right(), |column| column[0] - 20.0);
        for (column, [left, right]) in tracks.columns.iter().enumerate() {
            let head = Rect::from_min_max(pos2(*left, grid.rect.top()), pos2(*right, foot));
            hits.push((HitId::Column(id.to_owned(), column), head, What::Fold));
        }
        for (row, [top, foot]) in tracks.rows.iter().enumerate() {
            let name = Rect::from_min_max(pos2(grid.rect.left(), *top), pos2(names_end, *foot));
            hits.push((HitId::Row(id.to_owned(), row), name, What::Fold));
        }
    }
    for (row, file) in grid.rows.iter().enumerate() {
        for (column, cell) in file.cells.iter().enumerate() {
            let (place, id) = (tracks.cell(row, column), HitId::Cell(id.to_owned(), row, column));
            cells.push(place);
            hits.extend(cell.card.iter().map(|card| (id.clone(), place, What::Card(card.clone()))));
        }
    }
    (cells, hits)
}

/// An element where it stands now: what stands over a column of a grid goes the column's way when columns are folded away,
/// and over a folded one words have no room.
pub(crate) fn led<'a>(placed: &'a Placed, elements: &[Placed], folded: &Folded) -> Option<Cow<'a, Placed>> {
    let way = |other: &Placed| {
        let Element::Grid(grid) = &other.element else { return None };
        let nth = grid.columns.iter().position(|column| column.with.contains(&placed.id))?;
        let (was, now) = (Tracks::new(&other.id, grid, &Folded::new()), Tracks::new(&other.id, grid, folded));
        Some((was.columns[nth], now.columns[nth], now.folded_columns[nth]))
    };
    let found = if folded.is_empty() { None } else { elements.iter().find_map(way) };
    let Some((was, now, is_folded)) = found else { return Some(Cow::Borrowed(placed)) };
    let led = |x: f32| remap(x, was[0]..=was[1], now[0]..=now[1]);
    let mut placed = placed.clone();
    match &mut placed.element {
        Element::Text(_) if is_folded => return None,
        Element::Text(text) => text.at.x = led(text.at.x),
        Element::Box(element) => {
            element.rect = element.rect.with_min_x(led(element.rect.min.x)).with_max_x(led(element.rect.max.x));
        }
        _ => {}
    }
    Some(Cow::Owned(placed))
}

pub fn draw(id: &Id, grid: &Grid, stage: Stage<'_>, picture: &mut Picture) {
    let tracks = Tracks::new(id.thing.word(), grid, stage.folded);
    let drawing = GridDrawing { id, figures: stage.figures, grid, tracks };
    match grid.look {
        GridLook::Cells => drawing.cells(picture),
        GridLook::Columns => drawing.cards(picture),
    }
}

impl GridDrawing<'_> {
    fn part(&self, row: usize, column: usize, nth: u32) -> Id {
        self.id.nth(1000 * (row as u32 + 1) + 20 * (column as u32 + 1) + nth)
    }

    fn cells(&self, picture: &mut Picture) {
        for (column, file) in self.grid.columns.iter().enumerate() {
            let [left, right] = self.tracks.columns[column];
            let at = pos2(f32::midpoint(left, right), self.grid.rect.top() + 48.0);
            let style = Style::new(Role::Secondary, Layer::Said, 44.0).strong().align(Align::Center);
            picture.push(text(self.id.nth(1 + column as u32), file.words.filled(self.figures), at, style));
        }
        for (row, file) in self.grid.rows.iter().enumerate() {
            self.row_name(row, 44.0, picture);
            for (column, cell) in file.cells.iter().enumerate() {
                self.cell(row, column, cell, picture);
            }
        }
    }

    fn row_name(&self, row: usize, size: f32, picture: &mut Picture) {
        let file = &self.grid.rows[row];
        if file.words.is_empty() {
            return;
        }
        let [top, foot] = self.tracks.rows[row];
        let size = if self.tracks.folded_rows[row] { 28.0 } else { size };
        let style = Style::new(Role::Secondary, Layer::Said, size);
        let style = if file.strong { style.strong() } else { style };
        let at = pos2(self.grid.rect.left(), f32::midpoint(top, foot) + half_cap(size));
        picture.push(text(self.id.nth(30 + row as u32), file.words.filled(self.figures), at, style));
    }

    fn cell(&self, row: usize, column: usize, cell: &GridCell, picture: &mut Picture) {
        let rect = self.tracks.cell(row, column);
        let (ink, level) = (cell.ink.unwrap_or(Ink::Line), cell.level);
        let fill = if level > 0.0 { Fill::Tint(ink, level) } else { Fill::Slate };
        let stroke = Some(Stroke::new(if level > 0.6 { 4.0 } else { 2.5 }, ink));
        picture.push(boxed(self.part(row, column, 0), Role::Box, Layer::Said, rect, (12.0, fill, stroke)));
        let style = Style::new(Role::Secondary, Layer::Said, self.grid.size).ink(Ink::Text).align(Align::Center);
        let style = style.face(if level > 0.6 { Face::SemiBold } else { Face::Regular });
        self.write_cell(&cell.words.filled(self.figures), rect, (style, row, column), picture);
    }

    /// Words in the middle of a place, wrapped to its width.
    fn write_cell(&self, words: &str, rect: Rect, (style, row, column): (Style, usize, usize), picture: &mut Picture) {
        if words.is_empty() {
            return;
        }
        let x = if style.align == Align::Center { rect.center().x } else { rect.left() + 28.0 };
        let said = measure::wrap(words, style.face, style.size, rect.width() - 48.0);
        let leading = style.size * LEADING;
        let first = rect.center().y + half_cap(style.size) - leading * (said.len() as f32 - 1.0) / 2.0;
        lines(&self.part(row, column, 1), said, pos2(x, first), (style, leading), picture);
    }

    fn cards(&self, picture: &mut Picture) {
        for column in 0..self.grid.columns.len() {
            self.card(column, picture);
        }
        for (row, file) in self.grid.rows.iter().enumerate() {
            self.row_name(row, 44.0, picture);
            if row > 0 {
                self.rule(row, picture);
            }
            if self.tracks.folded_rows[row] {
                continue;
            }
            let (cells, style) =
                (file.cells.iter().enumerate(), Style::new(Role::Secondary, Layer::Said, self.grid.size));
            for (column, cell) in cells.filter(|(column, _)| !self.tracks.folded_columns[*column]) {
                let (words, place) = (cell.words.filled(self.figures), self.tracks.cell(row, column));
                self.write_cell(&words, place, (style.ink(Ink::Text).face(Face::Medium), row, column), picture);
            }
        }
    }

    /// A rule above a row, from the names to the right edge, below the cards' edges.
    fn rule(&self, row: usize, picture: &mut Picture) {
        let y = self.tracks.rows[row][0];
        let path = [pos2(self.grid.rect.left(), y), pos2(self.grid.rect.right(), y)].into();
        let shape = Shape::Line { path, width: 3.0, ink: Ink::Line, head: false, dashed: false };
        picture.push(mark(self.part(row, 0, 19), Role::Rule, Layer::Said, shape));
    }

    /// A column's card: slate, its floor's hatch on top, its name.
    fn card(&self, column: usize, picture: &mut Picture) {
        let ([left, right], rect) = (self.tracks.columns[column], self.grid.rect);
        let card = Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom()));
        let file = &self.grid.columns[column];
        let ink = file.on.map_or(Ink::Edge, ink_of);
        let part = 10 * (column as u32 + 1);
        let stroke = Some(Stroke::new(4.0, ink));
        picture.push(boxed(self.id.nth(400 + part), Role::Box, Layer::Said, card, (16.0, Fill::Slate, stroke)));
        let tall = if self.tracks.folded_columns[column] { card.height() - 4.0 } else { PLATE };
        let plate = Rect::from_min_size(card.min + vec2(2.0, 2.0), vec2(card.width() - 4.0, tall));
        self.plate(file.on, plate, part, picture);
        picture.push(boxed(self.id.nth(402 + part), Role::Box, Layer::Said, card, (16.0, Fill::None, stroke)));
        if self.tracks.folded_columns[column] {
            return;
        }
        let tier = file.on.and_then(Subject::tier).map_or("", Tier::id);
        let at = pos2(left + 28.0, rect.top() + 112.0);
        let style = Style::new(Role::Secondary, Layer::Said, 44.0);
        picture.push(text(self.id.nth(403 + part), tier, at, style.strong()));
        let x = at.x + width(tier, Face::SemiBold, 44.0) + 16.0;
        picture.push(text(self.id.nth(404 + part), file.words.filled(self.figures), pos2(x, at.y), style));
    }

    fn plate(&self, on: Option<Subject>, rect: Rect, part: u32, picture: &mut Picture) {
        let Some(on) = on else { return };
        let id = self.id.nth(401 + part);
        let Some(tier) = on.tier() else {
            let fill = Fill::Flat(Ink::Compute, 1.0);
            picture.push(boxed(id, Role::Plate, Layer::Said, rect, (14.0, fill, None)));
            return;
        };
        let shape = Shape::Hatch { rect, kind: Hatch::of(tier), ink: ink_of(on) };
        picture.push(mark(id, Role::Plate, Layer::Said, shape));
    }
}
