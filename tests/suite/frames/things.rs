//! The icons of things, in one grid.

use egui::emath::{Rect, pos2, vec2};
use tierlight::picture::{Icon, Ink, Picture, Role, Shape};

use super::Draft;

const THINGS: [Icon; 38] = [
    Icon::Initiator,
    Icon::Nic,
    Icon::Toe,
    Icon::Dpu,
    Icon::Gpu,
    Icon::Memory,
    Icon::Array,
    Icon::Nodes,
    Icon::RaidController,
    Icon::FcFabric,
    Icon::Fabrics,
    Icon::Network,
    Icon::Tape,
    Icon::Vault,
    Icon::Lun,
    Icon::Bucket,
    Icon::Block,
    Icon::Object,
    Icon::Shards,
    Icon::Database,
    Icon::Table,
    Icon::Logs,
    Icon::Swamp,
    Icon::House,
    Icon::Snapshot,
    Icon::Share,
    Icon::Iops,
    Icon::Utilisation,
    Icon::Document,
    Icon::Chunks,
    Icon::Vector,
    Icon::Index,
    Icon::Tensor,
    Icon::Model,
    Icon::Adapter,
    Icon::Person,
    Icon::Question,
    Icon::Answer,
];
const COLUMNS: usize = 8;

/// The things, and the boxes that they fill.
pub(crate) fn things(size: f32, fill: Option<Ink>) -> (Picture, Vec<(Icon, Rect)>) {
    let mut draft = Draft::default();
    let boxes = THINGS.into_iter().enumerate().map(|(n, kind)| {
        let (row, column) = (n / COLUMNS, n % COLUMNS);
        let center = pos2(120.0 + 240.0 * column as f32, 108.0 + 216.0 * row as f32);
        (kind, Rect::from_center_size(center, vec2(size, size)))
    });
    let boxes: Vec<_> = boxes.collect();
    for &(kind, rect) in &boxes {
        draft.add(Role::Icon, 1.0, Shape::Icon { kind, center: rect.center(), size, ink: Ink::Text, fill });
    }
    (draft.picture, boxes)
}
