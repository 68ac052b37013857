//! `picture`: the marks of one step, as text or JSON.

use std::io::Write;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::measure;
use crate::picture::{Mark, Picture, Shape};
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
        writeln!(
            out,
            "{}",
            json!({ "schema": 1, "hash": hash(&picture.without_measured()), "marks": marks(&picture) })
        )?;
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

fn marks(picture: &Picture) -> Vec<Value> {
    picture.marks.iter().map(mark_json).collect()
}

fn round(value: f32) -> f64 {
    (f64::from(value) * 100.0).round() / 100.0
}

fn mark_json(mark: &Mark) -> Value {
    let bounds = mark.bounds(measure::bounds);
    let mut json = Map::new();
    json.insert("kind".into(), mark.shape.kind().into());
    json.insert("role".into(), mark.role.name().into());
    json.insert("id".into(), mark.id.to_string().into());
    json.insert("owner".into(), mark.id.thing.owner().into());
    json.insert("layer".into(), mark.layer.name().into());
    let corners = [bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y].map(round);
    json.insert("box".into(), json!(corners));
    json.insert("opacity".into(), round(mark.opacity).into());
    if let Some(ink) = mark.shape.ink() {
        json.insert("ink".into(), ink.name().into());
    }
    particulars(&mark.shape, &mut json);
    Value::Object(json)
}

fn particulars(shape: &Shape, json: &mut Map<String, Value>) {
    match shape {
        Shape::Text(text) => {
            json.insert("text".into(), (*text.words).into());
            json.insert("size".into(), round(text.size).into());
            json.insert("face".into(), format!("{:?}", text.face).into());
            json.insert("at".into(), json!([round(text.at.x), round(text.at.y)]));
        }
        Shape::Rect { stroke, .. } => {
            json.insert("stroke".into(), stroke.map_or(0.0, |stroke| round(stroke.width)).into());
        }
        Shape::Hatch { kind, .. } => {
            json.insert("hatch".into(), format!("{kind:?}").into());
        }
        Shape::Light { level, .. } | Shape::Halo { level, .. } => {
            json.insert("level".into(), f64::from(*level).into());
        }
        Shape::Gpu { busy, .. } => {
            json.insert("busy".into(), f64::from(*busy).into());
        }
        Shape::Dot { center, radius, filled, .. } => {
            json.insert("filled".into(), (*filled).into());
            json.insert("center".into(), json!([round(center.x), round(center.y)]));
            json.insert("radius".into(), round(*radius).into());
        }
        Shape::Lane { path, width, .. } | Shape::Line { path, width, .. } => {
            let path: Vec<[f64; 2]> = path.iter().map(|at| [round(at.x), round(at.y)]).collect();
            json.insert("path".into(), json!(path));
            json.insert("width".into(), round(*width).into());
        }
        Shape::Icon { kind, fill, .. } => {
            json.insert("icon".into(), format!("{kind:?}").into());
            if let Some(fill) = fill {
                json.insert("fill".into(), fill.name().into());
            }
        }
        Shape::Chart(chart) => {
            json.insert("top".into(), chart.top.into());
            json.insert("columns".into(), json!(*chart.columns));
        }
        Shape::Image { path, .. } => {
            json.insert("path".into(), (**path).into());
        }
    }
}
