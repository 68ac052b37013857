//! A step as it is at one moment, without the change from the step before.

use crate::picture::Picture;
use crate::scene::model::View;
use crate::timeline::moment::Moment;
use crate::timeline::{elements, furniture, monitor, told, world};

/// Draws a step, the lowest first: the world or the map, what is told, the scene's own elements, the words of every picture.
pub(crate) fn still(moment: &Moment<'_>) -> Picture {
    let mut picture = Picture::default();
    match &moment.scene.view {
        View::World { names, phases, .. } => {
            world::draw(moment, *names, &mut picture);
            if *phases {
                furniture::phases(moment, &mut picture);
            }
        }
        View::Monitor => monitor::draw(moment, &mut picture),
        View::Page { .. } => furniture::map(moment, &mut picture),
    }
    told::draw(moment, &mut picture);
    elements::draw(moment, &mut picture);
    furniture::words(moment, &mut picture);
    picture
}
