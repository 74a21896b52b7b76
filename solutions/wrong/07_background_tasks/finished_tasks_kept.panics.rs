//! Keeps the panic of each job to log it at the end: a month of panics.

pub struct Background {
    limit: usize,
    state: Mutex<State>,
}

struct State {
    jobs: Option<JoinSet<Result<(), BoxError>>>,
    ended: Report,
    panics: Vec<JoinError>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            state: Mutex::new(State {
                jobs: Some(JoinSet::new()),
                ended: Report::default(),
                panics: Vec::new(),
            }),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.state();
        let State {
            jobs,
            ended,
            panics,
        } = &mut *state;
        let jobs = jobs.as_mut().ok_or(Refused::ShuttingDown)?;
        while let Some(joined) = jobs.try_join_next() {
            match joined {
                Err(error) if error.is_panic() => panics.push(error),
                joined => ended.count(joined),
            }
        }
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        jobs.spawn(job);
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = Instant::now() + grace;
        let (jobs, mut report) = {
            let mut state = self.state();
            let mut report = state.ended;
            report.panicked += state.panics.len();
            (state.jobs.take(), report)
        };
        let mut jobs = jobs.unwrap_or_default();
        while let Ok(Some(joined)) = timeout_at(deadline, jobs.join_next()).await {
            report.count(joined);
        }
        jobs.abort_all();
        while let Some(joined) = jobs.join_next().await {
            report.count(joined);
        }
        report
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
