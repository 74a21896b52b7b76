//! Each `submit` joins the set. But a list beside it keeps all abort handles, and each of them keeps the memory of its
//! task.

use tokio::task::AbortHandle;

pub struct Background {
    limit: usize,
    state: Mutex<State>,
}

struct State {
    jobs: Option<JoinSet<Result<(), BoxError>>>,
    ended: Report,
    handles: Vec<AbortHandle>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            state: Mutex::new(State {
                jobs: Some(JoinSet::new()),
                ended: Report::default(),
                handles: Vec::new(),
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
            handles,
        } = &mut *state;
        let jobs = jobs.as_mut().ok_or(Refused::ShuttingDown)?;
        while let Some(joined) = jobs.try_join_next() {
            ended.count(joined);
        }
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        handles.push(jobs.spawn(job));
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = Instant::now() + grace;
        let (jobs, mut report, handles) = {
            let mut state = self.state();
            let handles = std::mem::take(&mut state.handles);
            (state.jobs.take(), state.ended, handles)
        };
        let mut jobs = jobs.unwrap_or_default();
        while let Ok(Some(joined)) = timeout_at(deadline, jobs.join_next()).await {
            report.count(joined);
        }
        handles.iter().for_each(AbortHandle::abort);
        while let Some(joined) = jobs.join_next().await {
            report.count(joined);
        }
        report
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
