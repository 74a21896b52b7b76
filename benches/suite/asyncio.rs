//! The same waits in Python, with asyncio, where there is Python.

use std::{
    error::Error,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use speedups::{Growth, GrowthOutcome, Record, Way};

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    /// Makes these waits, in seconds, so many of them at once.
    Waits { waits: Vec<f64>, at_once: usize },
    /// Gathers so many waits of so many seconds, once.
    Growth { count: usize, wait: f64 },
}

#[derive(Deserialize)]
struct Took {
    seconds: f64,
    peak_kib: u64,
}

/// Measures the ways that are nothing but waits, and says what was done.
pub(crate) fn beside(record: &mut Record) -> Result<String, Box<dyn Error>> {
    let mut ways = Vec::new();
    for scenario in &mut record.scenarios {
        let waits: Vec<f64> = scenario.waits.iter().map(Duration::as_secs_f64).collect();
        let measured = |way: &&mut Way| way.measured.is_some();
        for way in scenario.ways.iter_mut().filter(measured) {
            if let Some(at_once) = way.at_once {
                let waits = waits.clone();
                ways.push((way, Order::Waits { waits, at_once }));
            }
        }
    }
    if ways.is_empty() {
        return Ok("None of these scenarios has a twin in asyncio.".into());
    }
    let Some(version) = version() else {
        return Ok("asyncio was skipped: there is no python3 on this machine.".into());
    };
    for (way, order) in ways {
        way.asyncio = Some(Duration::try_from_secs_f64(ask(&order)?.seconds)?);
    }
    Ok(format!("asyncio ran on {version}."))
}

/// Measures many waits that are gathered; nothing, without Python.
pub fn growth(counts: &[usize], wait: Duration) -> Result<Vec<Growth>, Box<dyn Error>> {
    if version().is_none() {
        return Ok(Vec::new());
    }
    let mut growth = Vec::new();
    for &count in counts {
        // A process each, since the most memory that a process ever had is one number.
        let wait_seconds = wait.as_secs_f64();
        let took = ask(&Order::Growth {
            count,
            wait: wait_seconds,
        })?;
        growth.push(Growth {
            how: "asyncio.gather".into(),
            waits: count,
            wait,
            outcome: GrowthOutcome::Took {
                time: Duration::try_from_secs_f64(took.seconds)?,
                peak_kib: Some(took.peak_kib).filter(|kib| *kib > 0),
            },
        });
    }
    Ok(growth)
}

/// Runs it once, if there is Python.
pub fn try_once() -> Result<(), Box<dyn Error>> {
    let took = growth(&[10], Duration::from_millis(1))?;
    println!(
        "Testing asyncio\n{}\n",
        if took.is_empty() {
            "Skipped: no python3"
        } else {
            "Success"
        }
    );
    Ok(())
}

fn version() -> Option<String> {
    // On Windows, `python3` may be there and do nothing but name a shop.
    let output = Command::new("python3").arg("--version").output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !said.is_empty()).then_some(said)
}

fn ask(order: &Order) -> Result<Took, Box<dyn Error>> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("gather.py");
    let mut child = Command::new("python3")
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or("it takes no orders")?;
    stdin.write_all(&serde_json::to_vec(order)?)?;
    drop(stdin);
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("benches/suite/gather.py ended with {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
