//! What chapter 05 says of `select!`: which branch runs, what a timer in it bounds, and what a dropped branch loses.

mod branches;
mod cancel_safety;
mod timers;
