//! What is bundled into the binary: fonts and the theme.

/// The three palettes, in RON.
pub const THEME: &str = include_str!("../assets/theme.ron");

pub const INTER_REGULAR: &[u8] = include_bytes!("../assets/fonts/Inter-Regular.ttf");
pub const INTER_MEDIUM: &[u8] = include_bytes!("../assets/fonts/Inter-Medium.ttf");
pub const INTER_SEMIBOLD: &[u8] = include_bytes!("../assets/fonts/Inter-SemiBold.ttf");
pub const MONO_REGULAR: &[u8] = include_bytes!("../assets/fonts/JetBrainsMono-Regular.ttf");
pub const MONO_MEDIUM: &[u8] = include_bytes!("../assets/fonts/JetBrainsMono-Medium.ttf");

/// The licences of the fonts, for whoever receives the binary without its sources.
pub const FONT_LICENCES: [(&str, &str); 2] = [
    ("Inter", include_str!("../assets/fonts/Inter-OFL.txt")),
    ("JetBrains Mono", include_str!("../assets/fonts/JetBrainsMono-OFL.txt")),
];
