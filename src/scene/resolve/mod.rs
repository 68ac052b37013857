//! From files as written to the model: names resolve, words are filled in, each step's state is worked out.

mod bind;
mod changes;
mod curve;
mod elements;
mod known;
mod page_parts;
mod sources;
mod things;
pub(super) mod turned_pages;
mod whole_scene;
mod work;
mod world;

pub(crate) use self::known::Known;
pub(super) use self::known::check_source;
pub(super) use self::sources::{customer, sources};
pub(super) use self::whole_scene::scene;
pub(crate) use self::work::{
    DRIVE_FAILS, MENDED, NETWORK_FAILS, NETWORK_SLOWS, NODE_FAILS, QUORUM_FAILS, RUN, TIER_FAILS,
};
pub(super) use self::world::world;
