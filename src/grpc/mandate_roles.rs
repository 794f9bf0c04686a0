//! The roles that the mandates of a caller give, now.

use minutebook_domain::caller::{Caller, KnownCaller};
use minutebook_domain::date::day_of;
use minutebook_domain::event::MandateRole;
use minutebook_domain::ids::Position;
use minutebook_domain::register::Register;
use minutebook_kernel::projection::Projection;

/// Whether a caller has one of these roles.
pub fn has_role(projection: &Projection, caller: &KnownCaller, roles: &[MandateRole]) -> bool {
    let register = projection.register();
    let held = mandates(&register, projection, caller);
    held.into_iter().any(|(role, _)| roles.contains(&role))
}

/// Whether a caller may ask who has read the register: an auditor or a keeper, or anybody
/// where there is no keeper.
pub fn may_ask_who(projection: &Projection, caller: &Caller) -> bool {
    is_one_of(
        &[MandateRole::Auditor, MandateRole::Keeper],
        projection,
        caller,
    )
}

/// Whether a caller who reads everything may export it: an auditor, or anybody where there
/// is no keeper. A recorder of the whole register reads all of it too, and does not.
pub fn may_export(projection: &Projection, caller: &Caller) -> bool {
    is_one_of(&[MandateRole::Auditor], projection, caller)
}

/// Whether a caller has one of these roles, or the register has no keeper.
fn is_one_of(roles: &[MandateRole], projection: &Projection, caller: &Caller) -> bool {
    match caller {
        Caller::Known(known) if has_role(projection, known, roles) => true,
        Caller::Public => false,
        Caller::Known(_) | Caller::Local | Caller::Store => {
            projection.register().kept_since().is_none()
        }
    }
}

/// The positions of the mandates of a caller that are in force.
pub fn mandate_positions(projection: &Projection, caller: &KnownCaller) -> Vec<Position> {
    let register = projection.register();
    let held = mandates(&register, projection, caller);
    held.into_iter().map(|(_, position)| position).collect()
}

fn mandates(
    register: &Register,
    projection: &Projection,
    caller: &KnownCaller,
) -> Vec<(MandateRole, Position)> {
    let Some(mandates) = register.mandates() else {
        return Vec::new();
    };
    let held = mandates.held_by(caller, day_of(projection.now()));
    let held = held.into_iter();
    held.map(|mandate| (mandate.granted.role, mandate.granted.position()))
        .collect()
}
