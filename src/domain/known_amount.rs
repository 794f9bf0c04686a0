//! Amounts that a source may give as approximate or as a bound, or not at all, and their
//! sums: a figure that is not given is never counted as nothing.

use super::event::{AmountIs, Disposal, DisposalPart, Savings};
use super::money::Pence;

/// An amount, and how exactly it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownAmount {
    /// `None` where there is none, or where it is not given.
    pub amount: Option<Pence>,
    /// `None` for an amount as such; or, without an amount, where there is none.
    pub is: Option<AmountIs>,
}

impl KnownAmount {
    pub const fn new(amount: Option<Pence>, is: Option<AmountIs>) -> Self {
        match (amount, is) {
            (None, _) | (_, Some(AmountIs::NotGiven)) => Self {
                amount: None,
                is: Some(AmountIs::NotGiven),
            },
            (amount, is) => Self { amount, is },
        }
    }

    pub const fn exact(amount: Pence) -> Self {
        Self {
            amount: Some(amount),
            is: None,
        }
    }

    /// The amount, if it is known exactly.
    pub fn exactly(self) -> Option<Pence> {
        self.amount.filter(|_| self.is.is_none())
    }

    /// Whether there is something whose amount is not given.
    pub fn is_not_given(self) -> bool {
        self.is == Some(AmountIs::NotGiven)
    }

    /// The rest of this after `taken`; not known if either is not given.
    pub fn less(self, taken: Self) -> Self {
        if taken.is_not_given() || self.amount.is_none() {
            return Self::new(None, None);
        }
        let amount = self.amount.unwrap_or_default() - taken.amount.unwrap_or_default();
        let is = combined(self.is.into_iter().chain(taken.is.map(opposite)));
        Self::new(Some(amount), is)
    }
}

impl Savings {
    /// The amount over all years.
    pub const fn known_amount(&self) -> KnownAmount {
        KnownAmount::new(self.amount, self.amount_is)
    }
}

impl DisposalPart {
    pub const fn known_amount(&self) -> KnownAmount {
        KnownAmount::new(self.amount, self.amount_is)
    }
}

impl Disposal {
    /// The total: as stated, or of the parts.
    pub fn net(&self) -> KnownAmount {
        let of_parts = || self.parts.iter().map(DisposalPart::known_amount).collect();
        self.total.map_or_else(of_parts, KnownAmount::exact)
    }
}

/// A sum is as exact as the least exact of its parts. It leaves out those that are not
/// given: then there is at least as much. Of none, it is none.
impl FromIterator<KnownAmount> for KnownAmount {
    fn from_iter<I: IntoIterator<Item = KnownAmount>>(parts: I) -> Self {
        let (mut total, mut kinds, mut missing) = (None, Vec::new(), false);
        for part in parts {
            missing |= part.is_not_given();
            if let Some(amount) = part.amount {
                total = Some(total.unwrap_or_default() + amount);
                kinds.extend(part.is);
            }
        }
        match total {
            None if missing => Self::new(None, None),
            None => Self::default(),
            Some(total) => {
                kinds.extend(missing.then_some(AmountIs::AtLeast));
                Self::new(Some(total), combined(kinds))
            }
        }
    }
}

fn combined(kinds: impl IntoIterator<Item = AmountIs>) -> Option<AmountIs> {
    kinds.into_iter().reduce(|one, other| match one == other {
        true => one,
        false => AmountIs::About,
    })
}

/// How a difference is known by an amount that is taken away.
const fn opposite(is: AmountIs) -> AmountIs {
    match is {
        AmountIs::AtLeast => AmountIs::AtMost,
        AmountIs::AtMost => AmountIs::AtLeast,
        AmountIs::About | AmountIs::NotGiven => is,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(pence: i64, is: Option<AmountIs>) -> KnownAmount {
        KnownAmount::new(Pence::new(pence), is)
    }

    #[test]
    fn a_sum_is_as_exact_as_its_parts() {
        let sum = |parts: &[KnownAmount]| parts.iter().copied().collect::<KnownAmount>();
        let not_given = KnownAmount::new(None, None);
        let (least, most) = (Some(AmountIs::AtLeast), Some(AmountIs::AtMost));
        assert_eq!(sum(&[]), KnownAmount::default());
        assert_eq!(sum(&[not_given]), not_given);
        assert_eq!(sum(&[known(1, None), known(2, None)]), known(3, None));
        assert_eq!(sum(&[known(1, None), not_given]), known(1, least));
        assert_eq!(sum(&[known(1, least), not_given]), known(1, least));
        assert_eq!(sum(&[known(1, None), known(2, most)]), known(3, most));
        let mixed = sum(&[known(1, least), known(2, most)]);
        assert_eq!(mixed, known(3, Some(AmountIs::About)));
    }

    #[test]
    fn what_is_left_is_bounded_the_other_way() {
        let (least, most) = (Some(AmountIs::AtLeast), Some(AmountIs::AtMost));
        assert_eq!(known(5, None).less(known(2, least)), known(3, most));
        assert_eq!(known(5, least).less(known(2, most)), known(3, least));
        assert_eq!(known(5, None).less(KnownAmount::default()), known(5, None));
        assert_eq!(known(5, None).less(known(9, None)), known(-4, None));
        let not_given = KnownAmount::new(None, None);
        assert_eq!(known(5, None).less(not_given), not_given);
        assert_eq!(not_given.less(known(5, None)), not_given);
    }
}
