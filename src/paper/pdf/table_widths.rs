//! The widths of the columns of a table.

use super::flow::TEXT_WIDTH;

/// Room at each side of a cell.
pub const PADDING: f32 = 4.0;
/// Sizes of the text of a table; the first at which it fits.
const SIZES: [f32; 3] = [9.0, 8.0, 7.0];
/// Words wider than this many times their size are broken rather than narrowing others.
const WORD_MAX: f32 = 14.0;
/// Width that a column wants beyond this many times its size does not count: sentences
/// would leave nothing for names.
const WANTED_MAX: f32 = 32.0;

/// The room that the cells of a column want, in parts of the size of the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wish {
    /// Of the widest word or figure.
    pub least: f32,
    /// Of the longest text on one line.
    pub full: f32,
    /// Whether the least is a figure, which is never broken.
    pub is_figure: bool,
}

impl Wish {
    fn least(self) -> f32 {
        if self.is_figure {
            self.least
        } else {
            self.least.min(WORD_MAX)
        }
    }

    fn wanted(self) -> f32 {
        self.full.min(WANTED_MAX).max(self.least())
    }
}

/// The size of the text, and the widths of columns, their padding included.
#[derive(Debug, Clone, PartialEq)]
pub struct TableWidths {
    pub size: f32,
    pub columns: Vec<f32>,
}

/// None where not even the smallest text fits.
pub fn fit(wishes: &[Wish]) -> Option<TableWidths> {
    let fits = |size: f32| {
        let least: f32 = wishes.iter().map(|wish| wish.least() * size).sum();
        least + padding(wishes) <= TEXT_WIDTH
    };
    let size = SIZES.into_iter().find(|size| fits(*size))?;
    let room = TEXT_WIDTH - padding(wishes);
    let full: f32 = wishes.iter().map(|wish| wish.full * size).sum();
    if full <= room {
        let columns = wishes.iter().map(|wish| wish.full * size + 2.0 * PADDING);
        return Some(TableWidths {
            size,
            columns: columns.collect(),
        });
    }
    let columns = shared(wishes, size, room);
    Some(TableWidths {
        size,
        columns: columns.iter().map(|width| width + 2.0 * PADDING).collect(),
    })
}

/// Divides too little room. Short columns get what they want, so that names stay on one
/// line; the others share what is left.
fn shared(wishes: &[Wish], size: f32, room: f32) -> Vec<f32> {
    let mut widths: Vec<f32> = wishes.iter().map(|wish| wish.least() * size).collect();
    let mut left = room - widths.iter().sum::<f32>();
    let mut open: Vec<usize> = (0..wishes.len()).collect();
    let extra = |index: usize| {
        let wish = wishes.get(index);
        wish.map_or(0.0, |wish| (wish.full - wish.least()).max(0.0) * size)
    };
    open.sort_by(|one, other| extra(*one).total_cmp(&extra(*other)));
    let mut rest = open.as_slice();
    while let [index, after @ ..] = rest {
        let wants = extra(*index);
        let fair: f32 = left / rest.iter().map(|_| 1.0).sum::<f32>();
        if wants > fair {
            break;
        }
        if let Some(width) = widths.get_mut(*index) {
            *width += wants;
        }
        left -= wants;
        rest = after;
    }
    let capped = |index: usize| {
        let wish = wishes.get(index);
        wish.map_or(0.0, |wish| wish.wanted() - wish.least())
    };
    let all: f32 = rest.iter().map(|index| capped(*index)).sum();
    for index in rest {
        if let Some(width) = widths.get_mut(*index)
            && all > 0.0
        {
            *width += left * capped(*index) / all;
        }
    }
    widths
}

fn padding(wishes: &[Wish]) -> f32 {
    wishes.iter().map(|_| 2.0 * PADDING).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(least: f32, full: f32) -> Wish {
        Wish {
            least,
            full,
            is_figure: false,
        }
    }

    #[test]
    fn a_narrow_table_is_as_wide_as_its_texts() {
        let widths = fit(&[wish(3.0, 5.0), wish(4.0, 4.0)]).unwrap();
        assert_eq!(widths.columns, [53.0, 44.0]);
    }

    #[test]
    fn sentences_share_what_is_left_and_words_stay_whole() {
        let widths = fit(&[wish(5.0, 200.0), wish(5.0, 20.0), wish(4.0, 4.0)]).unwrap();
        let sum: f32 = widths.columns.iter().sum();
        assert!((sum - TEXT_WIDTH).abs() < 0.1, "{widths:?}");
        assert!(widths.columns[0] > widths.columns[1]);
        assert!(widths.columns[1] > 100.0, "{widths:?}");
        assert!((widths.columns[2] - 44.0).abs() < 0.1);
    }

    #[test]
    fn more_figures_than_fit_have_no_widths() {
        let figure = Wish {
            least: 20.0,
            full: 20.0,
            is_figure: true,
        };
        assert_eq!(fit(&[figure; 12]), None);
        assert!(fit(&[wish(200.0, 200.0); 4]).is_some());
    }
}
