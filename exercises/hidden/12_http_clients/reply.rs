//! What the service answers, step by step.

use std::time::Duration;

use axum::{body::Bytes, http::StatusCode};
use serde_json::{Value, json};

/// An answer: a while, then status and headers, then a body in steps.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) after: After,
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) steps: Vec<Step>,
}

/// When an answer begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum After {
    Time(Duration),
    Never,
}

/// A part of a body.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Piece(Bytes),
    Wait(Duration),
    /// Nothing more comes, and the connection stays open.
    Stall,
    /// The connection is closed, though the body isn't at its end.
    Break,
}

impl Reply {
    pub(crate) fn new(status: u16, steps: Vec<Step>) -> Self {
        Self {
            after: After::Time(Duration::ZERO),
            status: StatusCode::from_u16(status).expect("a status has three digits"),
            headers: Vec::new(),
            steps,
        }
    }

    pub(crate) fn text(status: u16, text: impl Into<String>) -> Self {
        Self::new(status, vec![piece(text)])
    }

    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::text(status, value.to_string()).header("content-type", "application/json")
    }

    /// The user of this id, as the service knows them.
    pub(crate) fn user(id: u64) -> Self {
        Self::json(200, &json!({ "id": id, "name": name(id) }))
    }

    pub(crate) fn created(id: u64, name: &str) -> Self {
        Self::json(201, &json!({ "id": id, "name": name }))
    }

    pub(crate) fn never() -> Self {
        Self {
            after: After::Never,
            ..Self::text(200, "")
        }
    }

    pub(crate) fn after(self, time: Duration) -> Self {
        Self {
            after: After::Time(time),
            ..self
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

pub(crate) fn piece(text: impl Into<String>) -> Step {
    Step::Piece(text.into().into())
}

/// What the user of this id is called.
pub(crate) fn name(id: u64) -> String {
    format!("user {id}")
}
