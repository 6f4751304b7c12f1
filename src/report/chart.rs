//! Bars as inline SVG.

use plotters::prelude::{
    Color, IntoDrawingArea, IntoFont, RGBColor, Rectangle, SVGBackend, ShapeStyle, Text, WHITE,
};

/// One bar: what it is, and how much.
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) value: u64,
    /// The value as it is written; its number when nothing is said.
    pub(crate) shown: Option<String>,
    /// A mark on the same scale, such as a limit.
    pub(crate) mark: Option<u64>,
}

/// Width of a chart, and of what stands left and right of its bars, in pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) width: u32,
    pub(crate) left: i32,
    pub(crate) right: i32,
}

/// The size of a chart over the whole page, with room for long labels.
pub(crate) const PAGE: Size = Size { width: 880, left: 300, right: 80 };
/// Height of one bar with its gap, in pixels.
const ROW: i32 = 30;
const BAR: i32 = 18;
const TEXT: i32 = 15;
const BLUE: RGBColor = RGBColor(9, 105, 218);
const RED: RGBColor = RGBColor(180, 35, 24);
const INK: RGBColor = RGBColor(27, 31, 36);

/// Horizontal bars; nothing of none. Its texts stand in the page's table too.
pub(crate) fn bars(bars: &[Bar], size: Size) -> Option<String> {
    let Size { width, left, right } = size;
    let most = bars.iter().flat_map(|bar| [Some(bar.value), bar.mark]).flatten().max()?.max(1);
    let rows = i32::try_from(bars.len()).ok()?;
    let height = u32::try_from(rows * ROW + 10).ok()?;
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        area.fill(&WHITE).ok()?;
        let room = i64::from(i32::try_from(width).ok()? - left - right);
        let along = |value: u64| {
            let part = i128::from(value) * i128::from(room) / i128::from(most);
            left + i32::try_from(part).unwrap_or_default()
        };
        let font = ("sans-serif", TEXT).into_font().color(&INK);
        for (row, bar) in (0..).zip(bars) {
            let top = row * ROW + 8;
            let text = top + (BAR - TEXT) / 2;
            area.draw(&Text::new(bar.label.clone(), (6, text), font.clone())).ok()?;
            let corners = [(left, top), (along(bar.value).max(left + 1), top + BAR)];
            area.draw(&Rectangle::new(corners, ShapeStyle::from(&BLUE).filled())).ok()?;
            let value = bar.shown.clone().unwrap_or_else(|| bar.value.to_string());
            area.draw(&Text::new(value, (along(bar.value) + 6, text), font.clone())).ok()?;
            if let Some(mark) = bar.mark {
                let corners = [(along(mark), top - 3), (along(mark) + 2, top + BAR + 3)];
                area.draw(&Rectangle::new(corners, RED.filled())).ok()?;
            }
        }
        area.present().ok()?;
    }
    Some(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_svg_with_its_labels_and_no_script() {
        let bar =
            |label: &str, value, mark| Bar { label: label.to_owned(), value, shown: None, mark };
        let svg = bars(&[bar("公示期 <b>", 5, Some(5)), bar("审核", 0, None)], PAGE).unwrap();
        assert!(svg.contains("<svg") && svg.contains("公示期 &lt;b&gt;") && svg.contains("审核"));
        assert!(!svg.contains("<script") && !svg.contains("<b>"));
        assert!(bars(&[], PAGE).is_none());
    }
}
