//! The tables of a deployment: APIs by what they do, buckets by any column, and how well each page is read.

use egui::emath::{Align2, Rect, pos2, vec2};
use egui::{Id, Stroke, TextEdit};

use crate::console::desk::{Desk, Type};
use crate::console::feeds;
use crate::live::{BucketColumn, Engineers, EngineersTarget};
use crate::plural::counted;
use crate::signal::{InsideBucket, PageScrape, Quantity};

use super::parts::value_words;

const ROW: f32 = 26.0;

/// By which column buckets stand, and whether the largest comes first.
pub(super) struct BucketOrder {
    pub(super) column: BucketColumn,
    pub(super) falling: bool,
}

pub(super) fn filter_id() -> Id {
    Id::unique("filter of buckets")
}

/// A row of words, each with the right edge of its column; the first begins at the left.
fn row(desk: &Desk<'_>, area: Rect, y: f32, cells: &[(f32, &str, Type)]) {
    for (nth, (share, words, look)) in cells.iter().enumerate() {
        let x = area.left() + area.width() * share;
        let align = if nth == 0 { Align2::LEFT_CENTER } else { Align2::RIGHT_CENTER };
        desk.words(pos2(x, y), align, words, *look);
    }
}

/// What is nothing is quiet.
fn by_weight(desk: &Desk<'_>, value: f64) -> Type {
    Type::new(15.0, if value > 0.0 { desk.colors.text } else { desk.colors.least })
}

/// The APIs, the busiest of each class first.
pub(super) fn apis(desk: &Desk<'_>, target: &EngineersTarget, area: Rect) {
    const COLUMNS: [f32; 7] = [0.0, 0.38, 0.49, 0.61, 0.71, 0.81, 1.0];
    let head = Type::new(14.0, desk.colors.text2);
    let heads = ["API", "class", "req/s", "in flight", "4xx/s", "5xx/s", "cancelled/s"];
    let cells: Vec<(f32, &str, Type)> = COLUMNS.iter().zip(heads).map(|(x, words)| (*x, words, head)).collect();
    row(desk, area, area.top() + 10.0, &cells);
    desk.rule(pos2(area.left(), area.top() + 24.0), area.width());
    let mut y = area.top() + 40.0;
    for api in &target.apis {
        if y + 8.0 > area.bottom() {
            break;
        }
        let class = format!("{:?}", api.class).to_uppercase();
        let values =
            [api.requests_per_sec, api.inflight, api.errors_4xx_per_sec, api.errors_5xx_per_sec, api.canceled_per_sec];
        let words: Vec<String> = values.iter().map(|value| rate_words(*value)).collect();
        let name = Type::new(15.0, desk.colors.text).within(area.width() * 0.32);
        let mut cells = vec![
            (COLUMNS[0], api.name.as_str(), name),
            (COLUMNS[1], class.as_str(), Type::new(14.0, desk.colors.least)),
        ];
        cells.extend(
            COLUMNS[2..]
                .iter()
                .zip(&words)
                .zip(values)
                .map(|((x, words), value)| (*x, words.as_str(), by_weight(desk, value))),
        );
        row(desk, area, y, &cells);
        let line = Rect::from_min_size(pos2(area.left(), y - 12.0), vec2(area.width(), 24.0));
        desk.say(line, &format!("api {}", api.name), &format!("{}: {} requests a second", api.name, words[0]));
        y += ROW;
    }
    if target.apis.is_empty() {
        let look = Type::new(15.0, desk.colors.least);
        desk.words(pos2(area.left(), y), Align2::LEFT_CENTER, "no request was seen yet", look);
    }
}

/// `"0"`, `"0.04"`, `"1.2"`, `"31"`.
fn rate_words(value: f64) -> String {
    match value {
        value if value <= 0.0 => "0".to_owned(),
        value if value < 0.1 => format!("{value:.2}"),
        value if value < 10.0 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}

/// The columns that the table of buckets shows, with the right edge of each.
const BUCKETS: [(BucketColumn, &str, f32); 7] = [
    (BucketColumn::Name, "bucket", 0.0),
    (BucketColumn::Objects, "objects", 0.4),
    (BucketColumn::Used, "used", 0.52),
    (BucketColumn::Read, "read/s", 0.64),
    (BucketColumn::Write, "write/s", 0.77),
    (BucketColumn::Requests, "req/s", 0.87),
    (BucketColumn::Errors, "errors/s", 0.985),
];

fn bucket_words(column: BucketColumn, bucket: &InsideBucket) -> String {
    let quantity = match column {
        BucketColumn::Name => return bucket.name.clone(),
        BucketColumn::Used => Quantity::UsedBytes,
        BucketColumn::Objects => Quantity::Objects,
        BucketColumn::Read => Quantity::ReadBytesPerSec,
        BucketColumn::Write => Quantity::WriteBytesPerSec,
        BucketColumn::Requests | BucketColumn::Errors => {
            return column.value(bucket).map_or_else(|| "–".to_owned(), rate_words);
        }
    };
    value_words(quantity, column.value(bucket))
}

/// The buckets: only the rows that are seen are drawn. A press on a head sorts, another one turns the order.
pub(super) fn buckets(
    desk: &mut Desk<'_>,
    target: &EngineersTarget,
    (order, filter): (&mut BucketOrder, &mut String),
    area: Rect,
) {
    bucket_title(desk, target.buckets.len(), filter, area);
    let head_y = area.top() + 46.0;
    for (column, words, share) in BUCKETS {
        let is_by = order.column == column;
        let look = if is_by { Type::strong(14.0, desk.colors.text) } else { Type::new(14.0, desk.colors.text2) };
        let x = area.left() + area.width() * share;
        let align = if column == BucketColumn::Name { Align2::LEFT_CENTER } else { Align2::RIGHT_CENTER };
        let rect = desk.words(pos2(x, head_y), align, words, look);
        if is_by {
            let y = if order.falling { 3.0 } else { -3.0 };
            let at = rect.left_center() - vec2(9.0, 0.0);
            let corners = [vec2(0.0, y), vec2(4.5, -y), vec2(-4.5, -y)].map(|offset| at + offset);
            let shape = egui::Shape::convex_polygon(corners.to_vec(), desk.colors.text, Stroke::NONE);
            desk.ui.painter().add(shape);
        }
        if desk.press(rect.expand2(vec2(6.0, 4.0)), &format!("buckets by {}", column_word(column))).clicked {
            order.falling = if is_by { !order.falling } else { column != BucketColumn::Name };
            order.column = column;
        }
    }
    desk.rule(pos2(area.left(), head_y + 14.0), area.width());
    let rows: Vec<&InsideBucket> = target
        .buckets_by(order.column, order.falling)
        .into_iter()
        .filter(|bucket| bucket.name.contains(filter.trim()))
        .collect();
    let list = Rect::from_min_max(pos2(area.left(), head_y + 16.0), area.max);
    if rows.is_empty() {
        let words = if target.buckets.is_empty() { "no bucket is told" } else { "no bucket is called so" };
        desk.words(list.min + vec2(0.0, 18.0), Align2::LEFT_CENTER, words, Type::new(15.0, desk.colors.least));
        return;
    }
    let names = ("buckets", "scroll bar of the buckets");
    desk.scrolled_rows(list, names, (ROW, rows.len()), |desk, nth, rect| bucket_row(desk, rows[nth], rect));
}

/// How many there are, and what they are filtered by.
fn bucket_title(desk: &mut Desk<'_>, count: usize, filter: &mut String, area: Rect) {
    let y = area.top() + 14.0;
    let title = desk.words(pos2(area.left(), y), Align2::LEFT_CENTER, "Buckets", Type::strong(17.0, desk.colors.text));
    let quiet = Type::new(15.0, desk.colors.text2);
    let at = pos2(title.right() + 10.0, y);
    let count = desk.words(at, Align2::LEFT_CENTER, &count.to_string(), quiet);
    let field = Rect::from_min_size(pos2(count.right() + 14.0, y - 14.0), vec2(170.0, 28.0));
    let font = Type::new(15.0, desk.colors.text).font();
    let edit = TextEdit::singleline(filter)
        .id(filter_id())
        .hint_text(egui::RichText::new("filter").color(desk.colors.least))
        .font(font)
        .desired_width(150.0);
    let edit = edit.align(egui::Align2::LEFT_CENTER).min_size(field.size()).background_color(desk.colors.panel);
    desk.ui.put(field, edit).accessible_name("filter of the buckets by name");
    desk.frame(field, desk.colors.line, 1.0, 3.0);
    let look = Type::new(14.0, desk.colors.least);
    desk.words(pos2(area.right(), y), Align2::RIGHT_CENTER, "sizes by the scanner's last count", look);
}

/// A column in a word, for its control.
fn column_word(column: BucketColumn) -> &'static str {
    BUCKETS.iter().find(|of| of.0 == column).map_or("", |of| of.1)
}

fn bucket_row(desk: &Desk<'_>, bucket: &InsideBucket, rect: Rect) {
    let y = rect.center().y;
    let words: Vec<String> = BUCKETS.iter().map(|(column, ..)| bucket_words(*column, bucket)).collect();
    let cells: Vec<(f32, &str, Type)> = BUCKETS
        .iter()
        .zip(&words)
        .map(|((column, _, x), words)| {
            let look = match column.value(bucket) {
                _ if *column == BucketColumn::Name => Type::new(15.0, desk.colors.text).within(rect.width() * 0.3),
                value => by_weight(desk, value.unwrap_or(0.0)),
            };
            (*x, words.as_str(), look)
        })
        .collect();
    row(desk, rect, y, &cells);
    desk.say(rect, &format!("bucket {}", bucket.name), &format!("{}: {} used", bucket.name, words[2]));
}

/// How many rows the scrapes need.
pub(super) fn scrape_rows(lab: &Engineers) -> usize {
    lab.targets.iter().map(|target| target.scrapes.len()).sum()
}

/// Every page of every node: up, how long it took, bytes, samples, refused lines, and how old it is.
pub(super) fn scrapes(desk: &mut Desk<'_>, lab: &Engineers, opened: &mut Option<(String, String)>, area: Rect) {
    let all: Vec<(&EngineersTarget, &PageScrape)> =
        lab.targets.iter().flat_map(|target| target.scrapes.iter().map(move |page| (target, page))).collect();
    let y = area.top() + 14.0;
    desk.words(pos2(area.left(), y), Align2::LEFT_CENTER, "Scrapes", Type::strong(17.0, desk.colors.text));
    let (down, count) = feeds::pages_down(lab);
    let words = format!("{down} of {} down", counted(count, "endpoint"));
    let words_at = desk.words(pos2(area.right(), y), Align2::RIGHT_CENTER, &words, Type::new(15.0, desk.colors.text));
    desk.say(words_at, "endpoints", &words);
    let head = Type::new(14.0, desk.colors.text2);
    let heads = ["endpoint", "up", "took", "bytes", "samples", "refused", "failed"];
    let cells: Vec<(f32, &str, Type)> = SCRAPES.iter().zip(heads).map(|(x, words)| (*x, words, head)).collect();
    row(desk, area, area.top() + 40.0, &cells);
    desk.rule(pos2(area.left(), area.top() + 54.0), area.width());
    let list = Rect::from_min_max(pos2(area.left(), area.top() + 56.0), area.max);
    let names = ("scrapes", "scroll bar of the scrapes");
    desk.scrolled_rows(list, names, (ROW, all.len()), |desk, nth, rect| scrape_row(desk, all[nth], opened, rect));
}

/// The right edges of the columns of scrapes; the second begins there.
const SCRAPES: [f32; 7] = [0.0, 0.46, 0.56, 0.67, 0.79, 0.9, 1.0];

fn scrape_row(
    desk: &Desk<'_>,
    (target, page): (&EngineersTarget, &PageScrape),
    opened: &mut Option<(String, String)>,
    rect: Rect,
) {
    let y = rect.center().y;
    if let Some(subject) = target.subjects.first() {
        desk.plate(Rect::from_center_size(pos2(rect.left() + 8.0, y), vec2(14.0, 14.0)), *subject);
    }
    let name = format!("{} {}  {}", target.name, page.page, page.node);
    let room = rect.width() * 0.36 - 24.0;
    desk.words(pos2(rect.left() + 24.0, y), Align2::LEFT_CENTER, &name, Type::new(15.0, desk.colors.text).within(room));
    let up_at = pos2(rect.left() + rect.width() * SCRAPES[1], y);
    let up = if page.is_up { "UP" } else { "DOWN" };
    let up = desk.words(up_at, Align2::RIGHT_CENTER, up, Type::strong(14.0, desk.colors.text));
    let sign = pos2(up.left() - 12.0, y);
    if page.is_up {
        desk.ui.painter().circle_filled(sign, 5.0, desk.colors.text);
    } else {
        let stroke = Stroke::new(1.6, desk.colors.text);
        desk.ui.painter().circle_stroke(sign, 5.5, stroke);
        desk.ui.painter().line_segment([sign - vec2(3.0, 3.0), sign + vec2(3.0, 3.0)], stroke);
    }
    let took = page.took_secs.map_or_else(|| "–".to_owned(), |secs| format!("{:.0} ms", secs * 1e3));
    let bytes = value_words(Quantity::UsedBytes, Some(page.bytes as f64));
    let (samples, refused, failed) =
        (page.samples.to_string(), page.refused_lines.to_string(), page.failures.to_string());
    let quiet = Type::new(15.0, desk.colors.text2);
    let weight = |count: u64| {
        if count > 0 { Type::strong(15.0, desk.colors.text) } else { Type::new(15.0, desk.colors.least) }
    };
    let cells = [
        (SCRAPES[2], took.as_str(), quiet),
        (SCRAPES[3], bytes.as_str(), quiet),
        (SCRAPES[4], samples.as_str(), quiet),
        (SCRAPES[5], refused.as_str(), weight(page.refused_lines)),
        (SCRAPES[6], failed.as_str(), weight(u64::from(page.failures))),
    ];
    for (share, words, look) in cells {
        desk.words(pos2(rect.left() + rect.width() * share, y), Align2::RIGHT_CENTER, words, look);
    }
    let key = (page.page.clone(), page.node.clone());
    let up = if page.is_up { "up" } else { "down" };
    let says = format!("scrape {name}: {up}, {took}, {} refused", counted(page.refused_lines, "line"));
    if desk.press(rect, &says).clicked {
        *opened = if opened.as_ref() == Some(&key) { None } else { Some(key.clone()) };
    }
    if opened.as_ref() == Some(&key) {
        desk.frame(rect, egui::Color32::WHITE, 1.5, 4.0);
        let words = match (page.is_up, page.refused_lines) {
            (false, _) => format!("{} in a row failed", counted(page.failures, "question")),
            (true, 0) => "every line could be read".to_owned(),
            (true, 1) => "one line could not be read: tierlight parse of the page names it".to_owned(),
            (true, count) => format!("{count} lines could not be read: tierlight parse of the page names them"),
        };
        desk.tip(rect, &words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_as_long_as_they_tell_something() {
        for (value, words) in [(0.0, "0"), (0.042, "0.04"), (1.23, "1.2"), (31.4, "31")] {
            assert_eq!(rate_words(value), words);
        }
    }
}
