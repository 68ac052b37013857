//! Which displays there are, and that this has changed.
//!
//! On X11 the window library asks once which displays there are and never hears that one was plugged in or taken away: the
//! server's word of it is in a form that Xlib passes over. So a connection of our own hears it, and marks our own window
//! with the one property at whose change the library asks anew.

use crate::presentation::look::Display;

/// The displays of the machine. Wayland lists each one twice.
pub(crate) fn displays(frame: &eframe::Frame) -> Vec<Display> {
    let Some(window) = frame.winit_window() else { return Vec::new() };
    let mut displays: Vec<Display> = Vec::new();
    for monitor in window.available_monitors() {
        let (corner, size) = (monitor.position(), monitor.size());
        let (corner, size) = ([corner.x, corner.y], [size.width, size.height]);
        if !displays.iter().any(|known| known.corner == corner) {
            let mut name = monitor.name().unwrap_or_default();
            // A display is found again by its name.
            if name.is_empty() || displays.iter().any(|known| known.name == name) {
                name = format!("{name} {}", displays.len() + 1);
            }
            displays.push(Display { name, corner, size });
        }
    }
    displays
}

/// Hears from now on that displays came or went, where the window library does not. `wake`: they did, and it asks anew.
/// Where it cannot be heard, F5 after a change of displays goes by what was there before.
#[cfg(target_os = "linux")]
pub(crate) fn watch(frame: &eframe::Frame, wake: impl Fn() + Send + 'static) {
    use winit::raw_window_handle::{HasWindowHandle as _, RawWindowHandle};
    let handle = frame.winit_window().and_then(|window| window.window_handle().ok().map(|handle| handle.as_raw()));
    let id = match handle {
        Some(RawWindowHandle::Xlib(handle)) => u32::try_from(handle.window).ok(),
        Some(RawWindowHandle::Xcb(handle)) => Some(handle.window.get()),
        _ => None,
    };
    let Some(id) = id else { return };
    let hear = move || {
        if let Err(error) = x11::hear(id, wake) {
            log::info!("displays that come and go are not heard: {error}");
        }
    };
    if let Err(error) = std::thread::Builder::new().name("displays".to_owned()).spawn(hear) {
        log::warn!("displays that come and go are not heard: {error}");
    }
}

/// The names of the displays that the X server of `DISPLAY` drives, as windows know them; none where no such server answers.
#[cfg(target_os = "linux")]
pub(crate) fn x11_names() -> Vec<String> {
    x11::names().unwrap_or_default()
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn x11_names() -> Vec<String> {
    Vec::new()
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn watch(_frame: &eframe::Frame, _wake: impl Fn() + Send + 'static) {}

#[cfg(target_os = "linux")]
mod x11 {
    #![expect(clippy::disallowed_methods, reason = "a thread of its own waits for the window manager here")]

    use std::error::Error;
    use std::thread;
    use std::time::Duration;

    use x11rb::connection::Connection as _;
    use x11rb::protocol::Event;
    use x11rb::protocol::randr::{ConnectionExt as _, NotifyMask};
    use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, PropMode};
    use x11rb::wrapper::ConnectionExt as _;

    /// A change comes in several words, and the window manager follows a moment later.
    const PAUSE: Duration = Duration::from_millis(300);

    pub(super) fn names() -> Result<Vec<String>, Box<dyn Error>> {
        let (connection, screen) = x11rb::connect(None)?;
        let root = connection.setup().roots.get(screen).ok_or("no such screen")?.root;
        let monitors = connection.randr_get_monitors(root, true)?.reply()?.monitors;
        let name_of = |atom| Ok(String::from_utf8(connection.get_atom_name(atom)?.reply()?.name)?);
        monitors.into_iter().map(|monitor| name_of(monitor.name)).collect()
    }

    /// Hears the server until the connection ends, with the program or with the server.
    pub(super) fn hear(window: u32, wake: impl Fn()) -> Result<(), Box<dyn Error>> {
        let (connection, screen) = x11rb::connect(None)?;
        let root = connection.setup().roots.get(screen).ok_or("no such screen")?.root;
        connection.randr_query_version(1, 3)?.reply()?;
        let changes = NotifyMask::SCREEN_CHANGE | NotifyMask::CRTC_CHANGE | NotifyMask::OUTPUT_CHANGE;
        connection.randr_select_input(root, changes)?.check()?;
        loop {
            let mut is_change = is_of_displays(&connection.wait_for_event()?);
            thread::sleep(PAUSE);
            while let Some(event) = connection.poll_for_event()? {
                is_change |= is_of_displays(&event);
            }
            if is_change {
                // Nothing is added to the property, which is enough for its change to be told.
                let name = AtomEnum::RESOURCE_MANAGER;
                connection.change_property8(PropMode::APPEND, window, name, AtomEnum::STRING, &[])?.check()?;
                wake();
            }
        }
    }

    fn is_of_displays(event: &Event) -> bool {
        matches!(event, Event::RandrScreenChangeNotify(_) | Event::RandrNotify(_))
    }
}
