//! Things on two sides and lines between them: collaborations on the left, bodies on the
//! right. The order of each side keeps the lines short, and is the same at every call.
//!
//! A wide drawing names both sides beside the lines. A narrow one has no room for that: it
//! numbers the left side, and names the numbers above.

use maud::{Markup, html};

use super::bars::count;
use super::{SvgDrawing, fitting, text_width, wrapped};

/// One thing, and whether it is set in bold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkNode {
    pub name: String,
    pub is_strong: bool,
}

/// A line from a node of the left side to one of the right, each by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkLine {
    pub left: usize,
    pub right: usize,
    pub is_strong: bool,
}

/// Both sides, and the lines between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkDrawn {
    pub left: Vec<NetworkNode>,
    pub right: Vec<NetworkNode>,
    pub lines: Vec<NetworkLine>,
}

/// A line of text needs this height.
const LINE: i32 = 20;

/// The most lines of a name.
const LINES: usize = 3;

/// The room between two nodes.
const GAP: i32 = 8;

/// The times that each side is put into the order of the other. More change little.
const ROUNDS: usize = 6;

/// The radius of the dot of a node, and of the ring around a number.
const DOT: i32 = 5;
const RING: i32 = 13;

impl NetworkDrawn {
    /// The same with each side in the order of the nodes that it is joined to.
    #[must_use]
    pub fn ordered(&self) -> Self {
        let mut left: Vec<usize> = (0..self.left.len()).collect();
        let mut right: Vec<usize> = (0..self.right.len()).collect();
        for _ in 0..ROUNDS {
            sort(&mut right, &left, |line| (line.right, line.left), self);
            sort(&mut left, &right, |line| (line.left, line.right), self);
        }
        let (of_left, of_right) = (ranks(&left), ranks(&right));
        let mut lines: Vec<NetworkLine> = self
            .lines
            .iter()
            .filter_map(|line| {
                Some(NetworkLine {
                    left: *of_left.get(line.left)?,
                    right: *of_right.get(line.right)?,
                    ..*line
                })
            })
            .collect();
        // Strong lines are drawn over the others.
        lines.sort_by_key(|line| (line.is_strong, line.left, line.right));
        let pick = |order: &[usize], nodes: &[NetworkNode]| {
            order
                .iter()
                .filter_map(|index| nodes.get(*index).cloned())
                .collect()
        };
        Self {
            left: pick(&left, &self.left),
            right: pick(&right, &self.right),
            lines,
        }
    }
}

/// Puts one side into the order of the mean place of those on the other side that each node
/// is joined to. Nodes that share a mean keep their order.
fn sort(
    side: &mut [usize],
    other: &[usize],
    ends: impl Fn(&NetworkLine) -> (usize, usize),
    network: &NetworkDrawn,
) {
    let places = ranks(other);
    side.sort_by_key(|node| {
        let mut joined = (0_i64, 0_i64);
        for line in &network.lines {
            let (own, beside) = ends(line);
            if own == *node {
                joined.0 += i64::from(count(places.get(beside).copied().unwrap_or(0)));
                joined.1 += 1;
            }
        }
        // In thousandths, for the mean of two neighbours is between them.
        joined.0 * 1_000 / joined.1.max(1)
    });
}

/// The place of each index in an order.
fn ranks(order: &[usize]) -> Vec<usize> {
    let mut ranks = vec![0; order.len()];
    for (place, index) in order.iter().enumerate() {
        if let Some(rank) = ranks.get_mut(*index) {
            *rank = place;
        }
    }
    ranks
}

/// A node in its place: its name in lines, and the top of them.
struct Placed {
    lines: Vec<String>,
    top: i32,
    is_strong: bool,
}

impl Placed {
    fn height(&self) -> i32 {
        LINE * count(self.lines.len())
    }

    fn middle(&self) -> i32 {
        self.top + self.height() / 2
    }
}

/// The nodes of a side from the top, spread over at least `height`.
fn placed(nodes: &[NetworkNode], width: i32, height: i32) -> Vec<Placed> {
    let mut side: Vec<Placed> = nodes
        .iter()
        .map(|node| Placed {
            lines: wrapped(&node.name, width, LINES),
            top: 0,
            is_strong: node.is_strong,
        })
        .collect();
    let needed: i32 = side.iter().map(|node| node.height() + GAP).sum();
    let spare = (height - needed).max(0) / count(side.len()).max(1);
    let mut top = spare / 2;
    for node in &mut side {
        node.top = top;
        top += node.height() + GAP + spare;
    }
    side
}

fn height_of(side: &[Placed]) -> i32 {
    side.last().map_or(0, |node| node.top + node.height() + GAP)
}

pub fn drawing(network: &NetworkDrawn, width: i32) -> SvgDrawing {
    if width >= super::WIDE {
        wide(network, width)
    } else {
        narrow(network, width)
    }
}

fn wide(network: &NetworkDrawn, width: i32) -> SvgDrawing {
    let names = 250;
    let right = placed(&network.right, names, 0);
    let left = placed(&network.left, names, height_of(&right));
    let right = placed(&network.right, names, height_of(&left));
    let (left_x, right_x) = (names + 2 * DOT + 4, width - names - 2 * DOT - 4);
    let shapes = html! {
        (lines(&network.lines, &left, &right, (left_x, right_x)))
        @for node in &left {
            circle.node cx=(left_x) cy=(node.middle()) r=(DOT) {}
            (name(node, names, "end"))
        }
        @for node in &right {
            circle.node cx=(right_x) cy=(node.middle()) r=(DOT) {}
            (name(node, width - names, "start"))
        }
    };
    SvgDrawing {
        width,
        height: height_of(&left).max(height_of(&right)),
        shapes,
    }
}

fn narrow(network: &NetworkDrawn, width: i32) -> SvgDrawing {
    let mark = 2 * RING + 8;
    // The names of the numbers, above; a ring is higher than a line of text.
    let mut key = placed(&network.left, width - mark, 0);
    let mut top = RING - LINE / 2;
    for node in &mut key {
        node.top = top;
        top += (node.height() + GAP).max(2 * RING + 4);
    }
    top += 8;
    let names = 196;
    let right = placed(&network.right, names, 0);
    let numbers: Vec<NetworkNode> = (1..=network.left.len())
        .map(|number| NetworkNode {
            name: number.to_string(),
            is_strong: false,
        })
        .collect();
    let left = placed(&numbers, width, height_of(&right));
    let least = (2 * RING + 4) * count(left.len());
    let left = if height_of(&left) < least {
        placed(&numbers, width, least)
    } else {
        left
    };
    let right = placed(&network.right, names, height_of(&left));
    let (left_x, right_x) = (RING + 1, width - names - DOT - 6);
    let height = height_of(&left).max(height_of(&right));
    let shapes = html! {
        @for (index, node) in key.iter().enumerate() {
            (ring(index + 1, left_x, node.top + LINE / 2 + 1))
            @for (at, line) in node.lines.iter().enumerate() {
                text class=[node.is_strong.then_some("strong")] x=(mark) y=(node.top + 16 + LINE * count(at)) { (line) }
            }
        }
        g transform={ "translate(0 " (top) ")" } {
            (lines(&network.lines, &left, &right, (left_x + RING, right_x)))
            @for (index, node) in left.iter().enumerate() { (ring(index + 1, left_x, node.middle())) }
            @for node in &right {
                circle.node cx=(right_x) cy=(node.middle()) r=(DOT) {}
                (name(node, width - names, "start"))
            }
        }
    };
    SvgDrawing {
        width,
        height: top + height,
        shapes,
    }
}

fn name(node: &Placed, x: i32, anchor: &str) -> Markup {
    html! {
        @for (at, line) in node.lines.iter().enumerate() {
            text class=[node.is_strong.then_some("strong")] x=(x) y=(node.top + 15 + LINE * count(at)) text-anchor=(anchor) { (line) }
        }
    }
}

/// A number in a ring.
fn ring(number: usize, x: i32, y: i32) -> Markup {
    let number = number.to_string();
    html! {
        circle.ring cx=(x) cy=(y) r=(RING) {}
        text x=(x) y=(y + 6) text-anchor="middle" { (fitting(&number, text_width(&number))) }
    }
}

fn lines(
    lines: &[NetworkLine],
    left: &[Placed],
    right: &[Placed],
    (left_x, right_x): (i32, i32),
) -> Markup {
    let middle = i32::midpoint(left_x, right_x);
    html! {
        @for line in lines {
            @if let (Some(from), Some(to)) = (left.get(line.left), right.get(line.right)) {
                path class=(if line.is_strong { "join strong-join" } else { "join" })
                    d={ "M" (left_x) " " (from.middle()) "C" (middle) " " (from.middle()) " "
                        (middle) " " (to.middle()) " " (right_x) " " (to.middle()) } {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str) -> NetworkNode {
        NetworkNode {
            name: name.into(),
            is_strong: false,
        }
    }

    fn line(left: usize, right: usize) -> NetworkLine {
        NetworkLine {
            left,
            right,
            is_strong: false,
        }
    }

    /// Every number in the order of its place.
    fn values(svg: &str, before: &str) -> Vec<i32> {
        let parts = svg.split(before).skip(1);
        let values = parts.filter_map(|rest| rest.split('"').next()?.parse().ok());
        values.collect()
    }

    #[test]
    fn lines_that_can_be_parallel_do_not_cross() {
        let network = NetworkDrawn {
            left: vec![node("A"), node("B")],
            right: vec![node("x"), node("y"), node("z")],
            lines: vec![line(0, 2), line(1, 0), line(1, 1)],
        };
        let ordered = network.ordered();
        let crossings = ordered.lines.iter().flat_map(|one| {
            let others = ordered.lines.iter();
            others.filter(move |other| one.left < other.left && one.right > other.right)
        });
        assert_eq!(crossings.count(), 0, "{ordered:?}");
        assert_eq!(network.ordered(), ordered);
        let named = |line: &NetworkLine| {
            let (left, right) = (&ordered.left[line.left], &ordered.right[line.right]);
            format!("{}{}", left.name, right.name)
        };
        let mut names: Vec<String> = ordered.lines.iter().map(named).collect();
        names.sort();
        assert_eq!(names, ["Az", "Bx", "By"]);
    }

    #[test]
    fn no_name_covers_another_and_none_leaves_the_drawing() {
        let long = "Buckinghamshire and Milton Keynes Fire Authority of long ago";
        let network = NetworkDrawn {
            left: (0..12).map(|n| node(&format!("{n} {long}"))).collect(),
            right: (0..3).map(|n| node(&format!("{n} {long}"))).collect(),
            lines: vec![line(0, 0), line(11, 2)],
        };
        for width in [super::super::WIDE, super::super::NARROW] {
            let drawing = drawing(&network, width);
            for side in [&network.left, &network.right] {
                let places = placed(side, 196, drawing.height);
                for pair in places.windows(2) {
                    assert!(pair[0].top + pair[0].height() <= pair[1].top);
                }
            }
            let svg = drawing.shapes.into_string();
            let deepest = values(&svg, " y=\"").into_iter().max().unwrap();
            assert!(deepest < drawing.height, "{deepest} of {}", drawing.height);
            for text in svg.split("<text").skip(1) {
                let (tag, rest) = text.split_once('>').unwrap();
                let text = rest.split('<').next().unwrap();
                let x = values(tag, " x=\"")[0];
                let left = match tag {
                    tag if tag.contains("\"end\"") => x - text_width(text),
                    tag if tag.contains("\"middle\"") => x - text_width(text) / 2,
                    _ => x,
                };
                assert!(left >= 0, "{tag}: {text}");
                assert!(left + text_width(text) <= width, "{tag}: {text}");
            }
        }
    }
}
