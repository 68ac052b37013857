//! Tierlight: where storage sits in AI training.
pub mod bundle;
pub mod faces;
pub mod measure;
pub mod picture;
pub mod presentation;
pub mod scene;
pub mod signal;
pub mod telemetry;
pub mod theme;
pub mod timeline;
