//! What is wrong with the lines that a reader returned.

use async_workbook::{
    clock::Readable,
    harness::ms,
    verdict::{Fault, ensure},
};

use super::{
    script::{Line, Script},
    use_of::{End, Read},
};
use crate::faults::Checked;

/// The verdict on a reader whose calls all ran to their end.
pub(super) fn left_alone(script: &Script, read: &Read) -> Checked {
    judge(script, read).map_err(|fault| fault.drawn(drawing(script, read)))
}

fn judge(script: &Script, read: &Read) -> Checked {
    let expected = script.lines();
    let lines = &read.lines;
    let wrong = lines
        .iter()
        .zip(&expected)
        .position(|(line, expected)| line.text != expected.text);
    let index = wrong.unwrap_or(lines.len().min(expected.len()));
    let got = lines.get(index).map(|line| line.text.as_str());
    let wanted = expected.get(index);
    if let Some(fault) = wanted.and_then(|wanted| wrong_line(script, read, index, got, wanted)) {
        return Err(fault);
    }
    ensure(matches!(read.end, End::Ended) && got.is_none(), || {
        match (&read.end, got) {
            (End::Failed(error), _) => Fault::new("result_invented")
                .happened(format!("the input gave no error, and `next` returned one: {error}"))
                .expected("the end of the input is `Ok(None)`, and every line is `Ok(Some(line))`")
                .next("return `Ok(None)` when a read gives 0 bytes and no byte is left, and set no limit to the length of a line"),
            (End::Hung, _) => end_missed("the input ended, and `next` waited for ever"),
            (End::WentOn, None) => end_missed("`next` returned `None`, and the call after that didn't"),
            _ => end_missed("the input ended, and `next` returned another line"),
        }
    })?;
    for (line, expected) in lines.iter().zip(&expected) {
        ensure(line.at == expected.at, || late(line, expected))?;
    }
    Ok(())
}

fn wrong_line(
    script: &Script,
    read: &Read,
    index: usize,
    got: Option<&str>,
    wanted: &Line,
) -> Option<Fault> {
    let shown = format!("the line is {:?}", short(&wanted.text));
    let happened = match got {
        Some(got) => format!("{shown}, and `next` returned {:?}", short(got)),
        None => format!("{shown}, and `next` returned {}", ending(&read.end)),
    };
    let expected = "`next` returns each line whole, in its turn";
    let fault = |name: &str| {
        Fault::new(name)
            .happened(happened.clone())
            .expected(expected)
    };
    // A line that the reader had to begin in the middle of a piece, or after one that ended in such a place.
    let read_ahead = || {
        index > 0
            && script.pieces.iter().any(|(_, piece)| {
                let end = piece.iter().position(|&byte| byte == b'\n');
                end.is_some_and(|end| end + 1 < piece.len())
            })
    };
    let Some(got) = got else {
        return Some(match &read.end {
            End::Failed(error) if error.to_string().to_lowercase().contains("utf-8") => {
                character_split(&happened)
            }
            End::Failed(error) => fault("result_invented")
                .happened(format!("the input gave no error, and `next` returned one: {error}"))
                .next("set no limit to the length of a line, and none to the time until it comes"),
            _ if wanted.text.is_empty() => fault("empty_line_taken_as_end")
                .next("tell an empty line from the end of the input: at the end, a read gives 0 bytes, and an empty line has its `\\n`"),
            _ if wanted.at == script.closes => fault("lines_lost")
                .next("when a read gives 0 bytes, return what has been collected as the last line, unless it's empty"),
            _ if read_ahead() => read_ahead_lost(&happened),
            _ => fault("lines_lost").next("read on until the input has ended"),
        });
    };
    if got == wanted.text {
        return None;
    }
    if got == wanted.text.replace('\r', "") {
        return Some(
            fault("data_altered").next("remove a `\r` only if it's the last byte before the `\n`"),
        );
    }
    Some(if got.contains('\u{FFFD}') {
        character_split(&happened)
    } else if got.trim_end_matches(['\r', '\n']) == wanted.text {
        fault("line_ending_kept").next(
            "remove the `\\n` from the end of the line, and the `\\r` if there's one before it",
        )
    } else if wanted.text.is_empty() {
        fault("lines_lost").next("return an empty line like any other")
    } else if wanted.text.starts_with(got)
        && !got.is_empty()
        && the_rest_is_right(script, read, index)
    {
        fault("data_altered").next("return the bytes between two `\\n` as they came: take nothing off the end of a line but its line break")
    } else if wanted.text.starts_with(got) && !got.is_empty() {
        fault("piece_taken_as_line")
            .next("read on until there's a `\\n`: a read returns what has arrived, which may be half a line or two of them")
    } else if got.contains('\n') {
        fault("piece_taken_as_line")
            .next("split what was read at the first `\\n`, and keep the rest in a field for the next call")
    } else if got.is_empty() {
        fault("result_invented")
            .next("return `None` when the input has ended, and a line only if there is one")
    } else if read_ahead() {
        read_ahead_lost(&happened)
    } else {
        fault("data_altered").next("return the bytes between two `\\n` as they came")
    })
}

/// Whether all lines after this one are as they should be: none of them is what's missing here.
fn the_rest_is_right(script: &Script, read: &Read, index: usize) -> bool {
    let texts = |lines: &[Line]| -> Vec<String> {
        let rest = lines.iter().skip(index + 1);
        rest.map(|line| line.text.clone()).collect()
    };
    texts(&read.lines) == texts(&script.lines())
}

fn character_split(happened: &str) -> Fault {
    Fault::new("character_split")
        .happened(happened)
        .expected("a character whose bytes come in two pieces is whole in the line")
        .next("collect bytes in a `Vec<u8>`, and make a `String` of them when the line is complete")
}

fn read_ahead_lost(happened: &str) -> Fault {
    Fault::new("read_ahead_lost")
        .happened(happened)
        .expected("bytes that were read together with the end of a line belong to the next line")
        .next("make the buffer once, in `new`, and keep it in a field: a `BufReader` that's dropped takes along what it has read ahead")
}

fn end_missed(happened: &str) -> Fault {
    Fault::new("end_of_input_missed")
        .happened(happened)
        .expected("when the input has ended, `next` returns `None`, and again each time that it's called")
        .next("a read of 0 bytes is the end: return the last line if there is one, and `None` from then on")
}

fn late(line: &Line, expected: &Line) -> Fault {
    Fault::new("line_returned_late")
        .happened(format!(
            "the line {:?} was complete at {}, and `next` returned it at {}",
            short(&line.text),
            Readable(ms(expected.at)),
            Readable(ms(line.at))
        ))
        .expected("`next` returns a line as soon as its `\\n` has arrived")
        .next("look for a `\\n` after each read, and before the next one: don't wait for a full buffer, or for the end of the input")
}

/// The verdict on a reader some of whose calls were dropped. Left alone, it is right.
pub(super) fn when_dropped(script: &Script, read: &Read, how: &str) -> Checked {
    let texts = |lines: &[Line]| {
        lines
            .iter()
            .map(|line| line.text.clone())
            .collect::<Vec<_>>()
    };
    let (expected, got) = (texts(&script.lines()), texts(&read.lines));
    let is_right = expected == got && matches!(read.end, End::Ended);
    ensure(is_right, || {
        let bytes = |texts: &[String]| texts.iter().map(String::len).sum::<usize>();
        let same = got.iter().zip(&expected).take_while(|(got, expected)| got == expected).count();
        let wanted = expected.get(same).map_or("`None`".to_owned(), |line| format!("{:?}", short(line)));
        let found = got.get(same).map_or(ending(&read.end).to_owned(), |line| format!("{:?}", short(line)));
        let happened = format!("{how}. The next line was {wanted}, and `next` returned {found}");
        if bytes(&got) > bytes(&expected) {
            return Fault::new("bytes_read_twice")
                .happened(happened)
                .expected("each byte is in one line")
                .next("take the bytes out of the field in the same step in which you return them, with no `.await` in between");
        }
        let is_last = same + 1 == expected.len() && got.len() == same;
        let before_the_end = read.drops.iter().all(|&at| at < script.closes);
        if is_last && before_the_end && script.lines()[same].at == script.closes && matches!(read.end, End::Ended) {
            return Fault::new("lines_lost")
                .happened(happened)
                .expected("the last line is returned, even if it has no `\\n`, and even if an earlier call has read it")
                .next("at the end of the input, look at what is in your field, and not at how much this call has read: `read_until` returns 0 there, and the line may have come in calls that were dropped");
        }
        Fault::new("bytes_lost_on_drop")
            .happened(happened)
            .expected("the next call goes on where the dropped one stopped: nothing is lost")
            .next("keep the bytes of an unfinished line in a field of `LineReader`: a dropped future takes its variables along, and `read_line` keeps them in its own future")
    })
    .map_err(|fault| fault.drawn(drawing(script, read)))
}

fn ending(end: &End) -> &'static str {
    match end {
        End::Ended | End::WentOn => "`None`",
        End::Failed(_) => "an error",
        End::Hung => "nothing, and waited for ever",
        End::TooMany => "more and more lines",
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(24) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What happened, in turn, up to the first line that is wrong.
pub(super) fn drawing(script: &Script, read: &Read) -> String {
    const MOST: usize = 14;
    let expected = script.lines();
    let right = read.lines.iter().zip(&expected);
    let right = right.take_while(|(line, expected)| line.text == expected.text);
    let (right, got) = (right.count(), &read.lines);
    let wrong = got.get(right).or(got.last()).filter(|_| right < got.len());
    let is_told = |at: u64| wrong.is_none_or(|wrong| at <= wrong.at);

    let mut events = Vec::new();
    for (at, piece) in script.pieces.iter().filter(|(at, _)| is_told(*at)) {
        let piece = format!("arrived   {:?}", short(&String::from_utf8_lossy(piece)));
        events.push((*at, 0, piece));
    }
    if is_told(script.closes) {
        events.push((script.closes, 0, "ended".to_owned()));
    }
    for &at in read.drops.iter().filter(|&&at| is_told(at)) {
        events.push((at, 1, "call dropped".to_owned()));
    }
    for line in read.lines.iter().take(right + 1) {
        events.push((line.at, 2, format!("returned  {:?}", short(&line.text))));
    }
    events.sort_by_key(|&(at, kind, _)| (at, kind));
    // Where each poll is dropped, there is a drop in every millisecond.
    events.dedup_by(|event, before| event.1 == 1 && before.1 == 1);

    let mut drawing = String::new();
    let hidden = events.len().saturating_sub(MOST);
    if hidden > 0 {
        drawing += "          …\n";
    }
    for (at, _, what) in &events[hidden..] {
        drawing += &format!("{:>8}  {what}\n", Readable(ms(*at)).to_string());
    }
    drawing
}
