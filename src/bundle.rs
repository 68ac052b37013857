//! What is bundled into the binary: fonts, the theme, scenes, and a recorded lab.

/// The three palettes, in RON.
pub const THEME: &str = include_str!("../assets/theme.ron");

/// The page for a phone in the presenter's hand.
pub const REMOTE_PAGE: &str = include_str!("../assets/remote.html");

/// Twelve minutes of a real lab under load: `recording import` of the capture `story`.
pub const RECORDING: &[u8] = include_bytes!("../assets/story.tlr");

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

macro_rules! scenes {
    ($($name:literal)+) => {
        /// The scene files: name and text.
        pub const SCENES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../scenes/", $name)))),+];
    };
}

scenes! {
    "01-title.ron" "02-tiers.ron" "03-phases.ron" "04-loop.ron" "05-flat-line.ron" "06-monitor.ron" "10-executive.ron"
    "11-tier-apps.ron" "12-scale.ron" "13-veterans.ron" "14-lake.ron" "15-llama.ron" "16-rag.ron" "17-fine-tuning.ron"
    "18-inference.ron" "19-lifecycle.ron" "20-compare.ron" "21-benchmarks.ron" "22-bets.ron" "23-customer.ron"
    "24-takeaways.ron" "25-stack.ron" "26-paths.ron" "27-gravity.ron" "28-practices.ron" "29-glossary.ron"
    "30-sources.ron" "31-apps.ron" "32-matrix.ron" "33-kv.ron" "34-slowest.ron" "35-alternatives.ron" "36-leaving.ron"
    "37-recovery.ron" "38-servers.ron" "40-same-scale.ron" "41-slow-light.ron" "42-twelve.ron" "43-shard.ron" "44-ports.ron"
    "45-close.ron" "46-drill-drive.ron" "47-drill-node.ron" "48-drill-quorum.ron" "49-drill-network.ron" "50-drill-tier.ron"
    "deck.ron" "glossary.ron" "sources.ron" "world.ron"
}

/// Images built in: path and bytes.
pub(crate) const IMAGES: [(&str, &[u8]); 0] = [];
