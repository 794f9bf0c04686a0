//! A register of many entries without a log, admitted as the writer does.

use minutebook::domain::admit::{Context, admit_into};
use minutebook::domain::register::Register;
use minutebook::wire::request;

use crate::actions::action;
use crate::founded;

pub fn made(entries: u64) -> Register {
    let mut register = founded();
    let recorded_at = "2026-11-23T10:00:00Z".parse().expect("an instant");
    for n in 0.. {
        if register.tail().get() >= entries {
            break;
        }
        let command = request::append_command(&action(n)).expect("a command");
        admit_into(&mut register, &command, &Context::at(recorded_at)).expect("admitted");
    }
    register
}
