//! What a running program shows of the pitfalls: in the metrics of its runtime, in its spans, and at its pool.

mod metrics;
mod pool;
mod spans;
