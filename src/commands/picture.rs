//! `picture`: the marks of one step, as text or JSON.

use std::io::Write;

use egui::emath::Pos2;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::measure;
use crate::picture::{Mark, Picture, Shape, Text};
use crate::setup::{self, Common, Failure, Outcome};
use crate::show::{Show, When};

#[derive(Clone, Debug, clap::Args)]
pub struct PictureArgs {
    /// SCENE:STEP, by id or number, from 1.
    pub position: String,
    /// Seconds into the step, or "end".
    #[arg(long, default_value = "end")]
    pub t: When,
    /// With this component, cell or term opened over the step.
    #[arg(long, value_name = "ID")]
    pub open: Option<String>,
    /// As a list of lines (the default).
    #[arg(long)]
    pub text: bool,
    /// As one JSON object.
    #[arg(long, conflicts_with = "text")]
    pub json: bool,
}

/// Prints a step's picture.
pub fn picture(args: &PictureArgs, common: &Common, out: &mut dyn Write) -> Outcome {
    let show = common.still_show()?;
    let at = setup::address(&show, &args.position)?;
    let picture = open_over(&mut show.posed(&at, args.t), args.open.as_deref())?;
    if args.json {
        let marks: Vec<Value> = picture.marks.iter().map(mark_json).collect();
        writeln!(out, "{}", json!({ "schema": 1, "hash": hash(&picture.without_measured()), "marks": marks }))?;
    } else {
        write!(out, "{}", picture.print(measure::bounds))?;
    }
    Ok(0)
}

/// The picture of a posed show, with a thing opened over it.
pub(crate) fn open_over(posed: &mut Show, open: Option<&str>) -> Result<Picture, Failure> {
    let Some(id) = open else { return Ok(posed.picture()) };
    let ids: Vec<String> = posed.presentation().hits().iter().map(|hit| hit.id.to_string()).collect();
    if !posed.open_named(id) {
        return Err(format!("nothing called \"{id}\" on this step: there are {}", ids.join(", ")).into());
    }
    Ok(posed.presentation().explored())
}

/// The hash of a picture: of its printed form, so that equal pictures are equal everywhere.
pub fn hash(picture: &Picture) -> String {
    let digest = Sha256::digest(picture.print(measure::bounds).as_bytes());
    digest.iter().take(8).fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"))
}

fn round(value: f32) -> f64 {
    (f64::from(value) * 100.0).round() / 100.0
}

fn mark_json(mark: &Mark) -> Value {
    let bounds = mark.bounds(measure::bounds);
    let corners = [bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y].map(round);
    let mut json = json!({
        "kind": mark.shape.kind(),
        "role": mark.role.name(),
        "id": mark.id.to_string(),
        "owner": mark.id.thing.owner(),
        "layer": mark.layer.name(),
        "box": corners,
        "opacity": round(mark.opacity),
    });
    if let Some(ink) = mark.shape.ink() {
        json["ink"] = ink.name().into();
    }
    if let (Value::Object(json), Value::Object(particulars)) = (&mut json, particulars(&mark.shape)) {
        json.extend(particulars);
    }
    json
}

fn particulars(shape: &Shape) -> Value {
    let point = |at: &Pos2| [round(at.x), round(at.y)];
    match shape {
        Shape::Text(Text { words, size, face, at, .. }) => {
            json!({ "text": **words, "size": round(*size), "face": format!("{face:?}"), "at": point(at) })
        }
        Shape::Rect { stroke, .. } => json!({ "stroke": stroke.map_or(0.0, |stroke| round(stroke.width)) }),
        Shape::Hatch { kind, .. } => json!({ "hatch": format!("{kind:?}") }),
        Shape::Light { level, .. } | Shape::Halo { level, .. } => json!({ "level": f64::from(*level) }),
        Shape::Gpu { busy, .. } => json!({ "busy": f64::from(*busy) }),
        Shape::Dot { center, radius, filled, .. } => {
            json!({ "filled": filled, "center": point(center), "radius": round(*radius) })
        }
        Shape::Lane { path, width, .. } | Shape::Line { path, width, .. } => {
            json!({ "path": path.iter().map(point).collect::<Vec<_>>(), "width": round(*width) })
        }
        Shape::Polygon { points, stroke, .. } => {
            json!({ "path": points.iter().map(point).collect::<Vec<_>>(), "stroke": round(stroke.width) })
        }
        Shape::Icon { kind, fill: Some(fill), .. } => json!({ "icon": format!("{kind:?}"), "fill": fill.name() }),
        Shape::Icon { kind, fill: None, .. } => json!({ "icon": format!("{kind:?}") }),
        Shape::Chart(chart) => json!({ "top": chart.top, "columns": *chart.columns, "down": chart.down }),
        Shape::Image { path, .. } => json!({ "path": **path }),
        Shape::Laser { trail, radius } => {
            json!({ "path": trail.iter().map(|(at, _)| point(at)).collect::<Vec<_>>(), "radius": round(*radius) })
        }
    }
}
