//! `export`: pictures of steps as PNG files, or all of them on a contact sheet.

use std::fs;
use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use image::{ImageFormat, RgbaImage};

use crate::commands::picture::open_over;
use crate::export as write;
use crate::feeds::assets;
use crate::presentation::test_card;
use crate::render::Renderer;
use crate::scene::library::Library;
use crate::setup::{Common, Failure, Outcome};
use crate::show::When;
use crate::theme::Theme;
use crate::timeline::playhead::Position;

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ExportArgs {
    /// One PNG a step, all on one sheet, 4 across, or the projector's test card.
    pub what: ExportKind,
    /// A scene's id or number, or "all".
    #[arg(long, default_value = "all")]
    pub scene: String,
    /// A step from 1, "all", or "final": the last of each scene.
    #[arg(long, default_value = "all")]
    pub step: String,
    /// Seconds into the step, or "end".
    #[arg(long, default_value = "end")]
    pub t: When,
    /// With this component, cell or term opened over the step.
    #[arg(long, value_name = "ID")]
    pub open: Option<String>,
    /// Pixels, as `1920x1080`.
    #[arg(long, default_value = "1920x1080")]
    pub size: Size,
    /// A file for a sheet or a single step, else a folder.
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportKind {
    Png,
    Sheet,
    /// The projector's test card.
    TestCard,
}

/// A picture's size in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size(pub [u32; 2]);

impl std::str::FromStr for Size {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let side = |word: &str| word.parse::<u32>().ok().filter(|side| (16..=8192).contains(side));
        let sides = word.split_once('x').and_then(|(wide, tall)| Some([side(wide)?, side(tall)?]));
        sides.map(Self).ok_or_else(|| format!("\"{word}\" is not a size such as 1920x1080, from 16 to 8192 pixels"))
    }
}

/// Exports pictures.
pub(crate) fn export(args: &ExportArgs, common: &Common, out: &mut dyn Write) -> Outcome {
    let show = common.still_show()?;
    let library = show.presentation().library();
    let steps = if args.what == ExportKind::TestCard { Vec::new() } else { steps(library, args)? };
    let textures = assets::images(library, &common.image_folders()).into_iter().collect();
    let theme = Theme::load(common.theme());
    let mut renderer = Renderer::new();
    let picture = |at: Position| open_over(&mut show.posed(&library.address(at), args.t), args.open.as_deref());
    // How far a long export has come, on one line of a terminal. Elsewhere nothing is said.
    let (count, is_shown) = (steps.len(), steps.len() >= FEWEST && std::io::stderr().is_terminal());
    let say_progress = |done: usize| {
        let end = if done == count { "\n" } else { "" };
        if is_shown {
            // A terminal that is gone does not keep the pictures from being written.
            let _gone = write!(std::io::stderr(), "\r{done} of {count} pictures{end}");
        }
    };
    match args.what {
        ExportKind::TestCard => {
            let card = test_card::test_card(common.theme(), args.size.0);
            save(&renderer.image(&card, &theme, args.size.0, &textures), &args.out, out)?;
        }
        ExportKind::Sheet => {
            let mut pictures = Vec::new();
            for at in steps {
                pictures.push(picture(at)?);
                say_progress(pictures.len());
            }
            save(&write::sheet(&mut renderer, &pictures, &theme, &textures), &args.out, out)?;
        }
        ExportKind::Png => {
            let single = steps.len() == 1 && args.out.extension().is_some_and(|ending| ending == "png");
            if !single {
                fs::create_dir_all(&args.out).map_err(|error| format!("{}: {error}", args.out.display()))?;
            }
            for (index, at) in steps.into_iter().enumerate() {
                let image = renderer.image(&picture(at)?, &theme, args.size.0, &textures);
                let path = if single { args.out.clone() } else { args.out.join(file_name(library, at)) };
                save(&image, &path, out)?;
                say_progress(index + 1);
            }
        }
    }
    Ok(0)
}

/// Fewer pictures than this are there at once.
const FEWEST: usize = 5;

/// Files sort as the deck does: `04-loop-02.png`, with as many digits as the deck and the scene need, two at least.
fn file_name(library: &Library, at: Position) -> String {
    let scene = &library.scenes[at.scene];
    let digits = |count: usize| count.to_string().len().max(2);
    let (scenes, steps) = (digits(library.scenes.len()), digits(scene.steps.len()));
    format!("{:0scenes$}-{}-{:0steps$}.png", at.scene + 1, scene.id, at.step + 1)
}

fn save(image: &RgbaImage, path: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    image.save_with_format(path, ImageFormat::Png).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(writeln!(out, "{}", path.display())?)
}

/// The steps asked for, in the deck's order.
fn steps(library: &Library, args: &ExportArgs) -> Result<Vec<Position>, Failure> {
    let scenes: Vec<usize> = if args.scene == "all" {
        (0..library.scenes.len()).collect()
    } else {
        let unknown = || format!("no scene \"{}\": there are {}", args.scene, library.ids().join(", "));
        vec![library.find(&args.scene).ok_or_else(unknown)?]
    };
    let mut steps = Vec::new();
    for scene in scenes {
        let count = library.scenes[scene].steps.len();
        match args.step.as_str() {
            "all" => steps.extend((0..count).map(|step| Position { scene, step })),
            "final" => steps.push(Position { scene, step: count - 1 }),
            number => {
                let step =
                    number.parse::<usize>().ok().and_then(|step| step.checked_sub(1)).filter(|step| *step < count);
                let unknown = || format!("no step {number} in {}: it has {count}", library.scenes[scene].id);
                steps.push(Position { scene, step: step.ok_or_else(unknown)? });
            }
        }
    }
    Ok(steps)
}
