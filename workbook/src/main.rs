//! The `workbook` command.

use clap::{CommandFactory as _, Parser, Subcommand};
use workbook::{
    commands::{
        bench::Bench, check::Check, class::Class, completions::Completions, doctor::Doctor,
        hint::Hint, lesson::Lesson, list::List, next::Next, quiz::Quiz, reset::Reset,
        review::Review, solution::Solution, update::Update, watch::Watch,
    },
    exit::Exit,
    interrupt::exit_of,
    settings::Settings,
};

/// Learn asynchronous Rust: lessons that run, exercises that prove what ran concurrently.
///
/// Without a command, `workbook` watches your exercises and grades every save.
#[derive(Parser)]
#[command(name = "workbook", version)]
#[command(args_conflicts_with_subcommands = true)]
struct Workbook {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    settings: Settings,
}

#[derive(Subcommand)]
enum Command {
    Watch(Watch),
    List(List),
    Check(Check),
    Class(Class),
    Hint(Hint),
    Lesson(Lesson),
    Quiz(Quiz),
    Review(Review),
    Reset(Reset),
    Solution(Solution),
    Next(Next),
    Bench(Bench),
    Update(Update),
    Doctor(Doctor),
    Completions(Completions),
}

#[tokio::main]
async fn main() -> Exit {
    let Workbook { command, settings } = Workbook::parse();
    match command {
        None => Watch::default().run(&settings).await,
        Some(Command::Watch(watch)) => watch.run(&settings).await,
        Some(Command::List(list)) => list.run(&settings).await,
        Some(Command::Check(check)) => check.run().await,
        Some(Command::Class(class)) => class.run().await,
        Some(Command::Hint(hint)) => exit_of(hint.run()),
        Some(Command::Lesson(lesson)) => lesson.run().await,
        Some(Command::Quiz(quiz)) => quiz.run().await,
        Some(Command::Review(review)) => review.run().await,
        Some(Command::Reset(reset)) => exit_of(reset.run()),
        Some(Command::Solution(solution)) => exit_of(solution.run()),
        Some(Command::Next(next)) => exit_of(next.run()),
        Some(Command::Bench(bench)) => exit_of(bench.run()),
        Some(Command::Update(update)) => update.run().await,
        Some(Command::Doctor(doctor)) => doctor.run().await,
        Some(Command::Completions(completions)) => {
            exit_of(completions.run(&mut Workbook::command()))
        }
    }
}
