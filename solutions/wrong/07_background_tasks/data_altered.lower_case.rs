//! Tidies up the address. But what comes before the `@` is for the recipient's server to interpret.

impl Background {
    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.state.lock().expect("no panic under the lock");
        let State { jobs, ended } = &mut *state;
        let jobs = jobs.as_mut().ok_or(Refused::ShuttingDown)?;
        while let Some(joined) = jobs.try_join_next() {
            ended.count(joined);
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
            let mut state = self.state.lock().expect("no panic under the lock");
            (state.jobs.take(), state.ended)
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
}

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    let to = to.trim().to_lowercase();
    let job = async move { Ok(mailer.send(&to, "Welcome!").await?) };
    match background.submit(job) {
        Ok(()) => StatusCode::ACCEPTED,
        Err(Refused::Full | Refused::ShuttingDown) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
