//! The same waits in Python, with asyncio, where there is Python.

use std::{
    error::Error,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use async_workbook::speedups::{Growth, GrowthOutcome, Python, Record, Scenario};
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Orders<'a> {
    scenarios: Vec<&'a [f64]>,
    growth: Vec<usize>,
    wait: f64,
}

#[derive(Deserialize)]
struct Answer {
    scenarios: Vec<(f64, f64)>,
    growth: Vec<(f64, u64)>,
}

/// Measures the scenarios that are nothing but waits, and says what was done.
pub(crate) fn beside(record: &mut Record) -> Result<String, Box<dyn Error>> {
    let mut scenarios: Vec<(&mut Scenario, Vec<f64>)> = record
        .scenarios
        .iter_mut()
        .filter(|scenario| !scenario.waits.is_empty())
        .map(|scenario| {
            let waits = scenario.waits.iter().map(Duration::as_secs_f64).collect();
            (scenario, waits)
        })
        .collect();
    if scenarios.is_empty() {
        return Ok("None of these scenarios has a twin in asyncio.".into());
    }
    let Some(version) = version() else {
        return Ok("asyncio was skipped: there is no python3 on this machine.".into());
    };
    let answer = ask(&Orders {
        scenarios: scenarios
            .iter()
            .map(|(_, waits)| waits.as_slice())
            .collect(),
        growth: Vec::new(),
        wait: 0.0,
    })?;
    for ((scenario, _), (sequential, concurrent)) in
        std::iter::zip(&mut scenarios, answer.scenarios)
    {
        scenario.python = Some(Python {
            sequential: Duration::try_from_secs_f64(sequential)?,
            concurrent: Duration::try_from_secs_f64(concurrent)?,
        });
    }
    Ok(format!("asyncio ran on {version}."))
}

/// Measures many waits that are gathered; nothing, without Python.
pub(crate) fn growth(counts: &[usize], wait: Duration) -> Result<Vec<Growth>, Box<dyn Error>> {
    if version().is_none() {
        return Ok(Vec::new());
    }
    let mut growth = Vec::new();
    for &count in counts {
        // A process each, since the most memory that a process ever had is one number.
        let answer = ask(&Orders {
            scenarios: Vec::new(),
            growth: vec![count],
            wait: wait.as_secs_f64(),
        })?;
        for (took, peak_kib) in answer.growth {
            growth.push(Growth {
                how: "asyncio.gather".into(),
                waits: count,
                wait,
                outcome: GrowthOutcome::Took {
                    time: Duration::try_from_secs_f64(took)?,
                    peak_kib: Some(peak_kib),
                },
            });
        }
    }
    Ok(growth)
}

/// Runs it once, if there is Python.
pub(crate) fn try_once() -> Result<(), Box<dyn Error>> {
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

fn ask(orders: &Orders) -> Result<Answer, Box<dyn Error>> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("gather.py");
    let mut child = Command::new("python3")
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or("it takes no orders")?;
    stdin.write_all(&serde_json::to_vec(orders)?)?;
    drop(stdin);
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("benches/gather.py ended with {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
