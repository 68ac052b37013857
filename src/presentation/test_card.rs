//! The projector's test card: whether the edges are there, a grid is square, greys are apart and type can be read.

use egui::emath::{Pos2, Rect, Vec2, pos2, vec2};

use crate::measure;
use crate::picture::{
    Align, Face, Fill, Furniture, Hatch, Id, Ink, Layer, Mark, Picture, Role, SAFE, STAGE, Shape, Stroke, ThemeName,
};
use crate::signal::Tier;
use crate::timeline::words::{Style, half_cap, text};

/// Between two lines of the grid, which are pixels at 1920 × 1080.
const GRID: f32 = 16.0;
/// Sizes of type, by what they are for.
const SIZES: [(f32, &str); 5] = [(28.0, "caption"), (36.0, "secondary"), (44.0, "body"), (64.0, "heading"), (96.0, "")];
/// Minutes of arc of a capital's height that are comfortable.
const COMFORTABLE: f32 = 16.0;
/// Shares of the brightest: the greys, and those that a bad projector makes one with black or with white.
const GREYS: [f32; 11] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
const ENDS: [f32; 10] = [0.02, 0.04, 0.06, 0.08, 0.12, 0.88, 0.92, 0.94, 0.96, 0.98];

/// Draws the card in place of any step. `pixels`: of the window it is seen in; 0 where it is seen in none.
pub(crate) fn test_card(theme: ThemeName, pixels: [u32; 2]) -> Picture {
    let mut card = TestCard::default();
    card.grid();
    card.edges();
    card.circles();
    card.panel(Rect::from_min_max(pos2(500.0, 84.0), pos2(1420.0, 196.0)));
    card.words("Tierlight test card", pos2(960.0, 140.0), Style::new(Role::Card, Layer::Furniture, 56.0).strong());
    let size = if pixels == [0, 0] { String::new() } else { format!(", {} × {} pixels", pixels[0], pixels[1]) };
    card.words(&format!("theme {}{size}", theme.name()), pos2(960.0, 182.0), small());
    card.greys();
    card.type_sizes(Rect::from_min_max(pos2(352.0, 424.0), pos2(1008.0, 928.0)));
    card.tiers(Rect::from_min_max(pos2(1040.0, 424.0), pos2(1568.0, 928.0)));
    card.picture
}

fn small() -> Style {
    Style::new(Role::Card, Layer::Furniture, 28.0).ink(Ink::Text2)
}

#[derive(Default)]
struct TestCard {
    picture: Picture,
    nth: u32,
}

impl TestCard {
    fn id(&mut self) -> Id {
        self.nth += 1;
        Id::furniture(Furniture::TestCard).nth(self.nth)
    }

    fn push(&mut self, shape: Shape) {
        let id = self.id();
        self.picture.push(Mark { id, role: Role::Card, layer: Layer::Furniture, opacity: 1.0, shape });
    }

    fn line(&mut self, from: Pos2, to: Pos2, width: f32, ink: Ink) {
        self.push(Shape::Line { path: [from, to].into(), width, ink, head: false, dashed: false });
    }

    fn shape(&mut self, rect: Rect, radius: f32, fill: Fill, stroke: Option<Stroke>) {
        self.push(Shape::Rect { rect, radii: [radius; 4], fill, stroke });
    }

    /// A quiet ground for words.
    fn panel(&mut self, rect: Rect) {
        self.shape(rect, 0.0, Fill::Flat(Ink::Ground, 1.0), Some(Stroke::new(2.0, Ink::Line)));
    }

    fn words(&mut self, words: &str, at: Pos2, style: Style) {
        let id = self.id();
        self.picture.push(text(id, words, at, style.align(Align::Center)));
    }

    fn words_from(&mut self, words: &str, at: Pos2, style: Style) {
        let id = self.id();
        self.picture.push(text(id, words, at, style));
    }

    fn grid(&mut self) {
        let lines = |length: f32| (1..).map(|nth| nth as f32 * GRID).take_while(move |at| *at < length);
        for x in lines(STAGE.width()) {
            self.line(pos2(x, STAGE.top()), pos2(x, STAGE.bottom()), 1.0, Ink::Line);
        }
        for y in lines(STAGE.height()) {
            self.line(pos2(STAGE.left(), y), pos2(STAGE.right(), y), 1.0, Ink::Line);
        }
    }

    /// The outermost pixels, an arrow to the middle of each side, and the area that words keep to.
    fn edges(&mut self) {
        self.shape(STAGE.shrink(1.5), 0.0, Fill::None, Some(Stroke::new(3.0, Ink::Text)));
        self.shape(SAFE, 0.0, Fill::None, Some(Stroke { dashed: true, ..Stroke::new(2.0, Ink::Edge) }));
        let ends = [STAGE.center_top(), STAGE.right_center(), STAGE.center_bottom(), STAGE.left_center()];
        for end in ends {
            let from = end + (STAGE.center() - end).normalized() * 64.0;
            let shape = Shape::Line { path: [from, end].into(), width: 4.0, ink: Ink::Text, head: true, dashed: false };
            self.push(shape);
        }
    }

    /// A large circle and one in each corner: round where the picture keeps its proportions.
    fn circles(&mut self) {
        let mut circle = |center: Pos2, radius: f32| {
            let rect = Rect::from_center_size(center, Vec2::splat(2.0 * radius));
            self.shape(rect, radius, Fill::None, Some(Stroke::new(3.0, Ink::Edge)));
        };
        circle(STAGE.center(), 528.0);
        for corner in [STAGE.left_top(), STAGE.right_top(), STAGE.left_bottom(), STAGE.right_bottom()] {
            let inward = STAGE.center() - corner;
            circle(corner + vec2(inward.x.signum(), inward.y.signum()) * 128.0, 112.0);
        }
    }

    /// Eleven steps from ground to text, and below them those that are hard to tell from either end.
    fn greys(&mut self) {
        self.panel(Rect::from_min_max(pos2(352.0, 216.0), pos2(1568.0, 404.0)));
        for (row, (shares, top, height)) in
            [(&GREYS[..], 232.0, 72.0), (&ENDS[..], 336.0, 40.0)].into_iter().enumerate()
        {
            let width = 1152.0 / shares.len() as f32;
            for (nth, share) in shares.iter().enumerate() {
                let at = pos2(384.0 + nth as f32 * width, top);
                self.shape(Rect::from_min_size(at, vec2(width, height)), 0.0, Fill::Flat(Ink::Text, *share), None);
                let words = if row == 0 { format!("{:.0}", share * 100.0) } else { String::new() };
                self.words(&words, at + vec2(width / 2.0, height + 26.0), small());
            }
        }
    }

    /// Each size at its size, with how far off it can be read with ease.
    fn type_sizes(&mut self, area: Rect) {
        self.panel(area);
        let mut y = area.top() + 56.0;
        self.words_from("type, and picture heights it is read from", pos2(area.left() + 32.0, y), small());
        for (size, role) in SIZES {
            y += size * 0.8 + 28.0;
            let role = if role.is_empty() { String::new() } else { format!(" {role}") };
            let words = format!("{size:.0}{role}, {:.1}", heights(size));
            self.words_from(&words, pos2(area.left() + 32.0, y), Style::new(Role::Card, Layer::Furniture, size));
        }
    }

    /// The hall and the floors: ink, hatch and name, which are never told apart by colour alone.
    fn tiers(&mut self, area: Rect) {
        self.panel(area);
        let rows = Tier::ALL
            .into_iter()
            .map(|tier| (Ink::of(tier), Hatch::of(tier), format!("{} {}", tier.id(), tier.word())));
        let hall = (Ink::Compute, Hatch::Solid, "GPU hall".to_owned());
        let height = (area.height() - 32.0) / 5.0;
        for (nth, (ink, hatch, name)) in [hall].into_iter().chain(rows).enumerate() {
            let row = Rect::from_min_size(
                pos2(area.left() + 32.0, area.top() + 24.0 + nth as f32 * height),
                vec2(area.width() - 64.0, height - 16.0),
            );
            let plate = Rect::from_min_size(row.min, vec2(56.0, row.height()));
            self.shape(row, 12.0, Fill::Slate, Some(Stroke::new(4.0, ink)));
            self.push(Shape::Hatch { rect: plate.shrink(4.0), kind: hatch, ink });
            let light = Rect::from_min_max(pos2(row.right() - 136.0, row.top() + 4.0), row.max - vec2(4.0, 4.0));
            self.shape(light, 8.0, Fill::Flat(ink, 1.0), None);
            let at = pos2(plate.right() + 24.0, row.center().y + half_cap(44.0));
            self.words_from(&name, at, Style::new(Role::Card, Layer::Furniture, 44.0));
        }
    }
}

/// How many picture heights away type of this size is read with ease.
fn heights(size: f32) -> f32 {
    measure::cap_height(Face::Regular, size) / (STAGE.height() * (COMFORTABLE / 60.0).to_radians().tan())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_of_forty_two_units_is_read_from_six_picture_heights() {
        assert!((5.9..6.2).contains(&heights(42.0)), "{}", heights(42.0));
    }
}
