//! What the lesson measured, in lines.

use std::{iter::repeat_n, time::Duration};

use async_workbook::{clock::Readable, harness::ms};

/// How long requests took, in any order. Their number is a multiple of 100.
pub(crate) struct Latencies(pub(crate) Vec<Duration>);

impl Latencies {
    fn mean(&self) -> Duration {
        // A lesson makes some thousand requests.
        self.0.iter().sum::<Duration>() / self.0.len() as u32
    }

    /// The latency that so many percent don't exceed.
    fn p(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted[sorted.len() / 100 * percent - 1]
    }

    /// Of a server that takes 5 ms for a request, under so many percent of load. By Little's law, there are as many requests
    /// in line, the one that's being served included, as come within the time that one of them spends there.
    pub(crate) fn line(&self, load: u64) -> String {
        let mean = self.mean();
        let in_line = mean.as_secs_f64() / 0.005 * load as f64 / 100.0;
        let bar: String = repeat_n('#', (mean.as_millis() / 2) as usize).collect();
        let [mean, p99] = [mean, self.p(99)].map(whole_millis);
        format!("mean {mean:7} p99 {p99:8} in line {in_line:4.1}   {bar}")
    }

    pub(crate) fn print(&self, how: &str) {
        let [p50, p99, longest] = [50, 99, 100].map(|percent| whole_millis(self.p(percent)));
        println!("{how:20} p50 {p50:8} p99 {p99:8} longest {longest}");
    }
}

fn whole_millis(time: Duration) -> Readable {
    let micros = time.as_micros();
    Readable(ms(u64::try_from((micros + 500) / 1000).unwrap_or(u64::MAX)))
}
