//! What a scene is: as written, as used, and what can be wrong with it.

pub mod address;
pub mod binding;
pub mod check;
pub mod file;
pub mod library;
pub mod model;
pub mod motion;
pub mod plan;
pub mod resolve;
pub mod sources;
pub mod template;
pub mod things;
pub mod world;
