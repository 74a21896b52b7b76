//! No link of the book leads nowhere, and no page asks anything of another host.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashSet},
    fs,
    path::{Component, Path, PathBuf},
};

use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
        states::RawKind,
    },
};
use mdbook_driver::errors::{Error, Result};

/// Checks every page in `folder`, and returns how many there are.
///
/// # Errors
///
/// A page links to a file or a part of a page that is not there, gives two of its parts the same id, or
/// loads something from another host.
pub(crate) fn check(folder: &Path) -> Result<usize> {
    let files = files(folder)?;
    let mut pages = BTreeMap::new();
    for file in &files {
        if file
            .extension()
            .is_some_and(|extension| extension == "html")
        {
            pages.insert(file.as_path(), Page::read(&folder.join(file))?);
        }
    }
    let mut faults = Vec::new();
    for (file, page) in &pages {
        let name = file.display();
        for id in &page.twice {
            faults.push(format!("{name}: two parts have the id `{id}`"));
        }
        for link in &page.links {
            if let Err(reason) = link.follow(file, &files, &pages) {
                faults.push(format!(
                    "{name}: line {}: {}=\"{}\": {reason}",
                    link.line, link.attribute, link.to
                ));
            }
        }
    }
    for file in &files {
        if file.extension().is_some_and(|extension| extension == "css") {
            let style = fs::read_to_string(folder.join(file))?;
            let hosts = ["url(http", "url(\"http", "url('http", "url(//", "@import"];
            if let Some(host) = hosts.iter().find(|host| style.contains(*host)) {
                faults.push(format!("{}: `{host}` loads from elsewhere", file.display()));
            }
        }
    }
    if faults.is_empty() {
        Ok(pages.len())
    } else {
        Err(Error::msg(faults.join("\n")))
    }
}

/// All files of a book, in order, as paths from its folder.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    list(folder, folder, &mut files)?;
    files.sort_unstable();
    Ok(files)
}

/// All files below `folder`, as paths from `root`.
fn list(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(root, &path, files)?;
        } else {
            files.push(path.strip_prefix(root)?.to_owned());
        }
    }
    Ok(())
}

/// What a page has to link to, and where it links.
#[derive(Default)]
struct Page {
    ids: HashSet<String>,
    twice: Vec<String>,
    links: Vec<Link>,
}

struct Link {
    line: u64,
    element: String,
    attribute: &'static str,
    to: String,
}

impl Page {
    fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file)?;
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(text));
        let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
        // It stops wherever a script begins; nothing is run here.
        while !input.is_empty() {
            drop(tokenizer.feed(&input));
        }
        tokenizer.end();
        Ok(tokenizer.sink.page.take())
    }

    fn add(&mut self, line: u64, tag: &Tag) {
        // The page for what is not found lies at the top, and says so, since it is shown anywhere.
        if &*tag.name == "base" {
            return;
        }
        for attribute in &tag.attrs {
            let name = match &*attribute.name.local {
                "id" => {
                    let id = attribute.value.to_string();
                    if !self.ids.insert(id.clone()) {
                        self.twice.push(id);
                    }
                    continue;
                }
                "href" | "xlink:href" => "href",
                "src" => "src",
                "action" => "action",
                "data" if &*tag.name == "object" => "data",
                _ => continue,
            };
            self.links.push(Link {
                line,
                element: tag.name.to_string(),
                attribute: name,
                to: attribute.value.to_string(),
            });
        }
    }
}

impl Link {
    fn follow(
        &self,
        page: &Path,
        files: &[PathBuf],
        pages: &BTreeMap<&Path, Page>,
    ) -> Result<(), String> {
        let (path, fragment) = self.to.split_once('#').unwrap_or((&self.to, ""));
        if path.starts_with("//") || scheme(path).is_some() {
            // Following a link to another host is for the reader to decide; loading from it is not.
            return match (scheme(path), self.element.as_str()) {
                (Some("http" | "https" | "mailto"), "a") | (Some("data"), _) => Ok(()),
                _ => Err("it would load from elsewhere".into()),
            };
        }
        let target = if path.is_empty() {
            page.to_owned()
        } else {
            resolve(page, path).ok_or("it leaves the book")?
        };
        if files.binary_search(&target).is_err() {
            return Err(format!("there is no {}", target.display()));
        }
        match pages.get(target.as_path()) {
            Some(page) if !fragment.is_empty() && !page.ids.contains(fragment) => {
                Err(format!("{} has no `#{fragment}`", target.display()))
            }
            _ => Ok(()),
        }
    }
}

/// What stands before the colon of an address that is no path.
fn scheme(to: &str) -> Option<&str> {
    let (scheme, _) = to.split_once(':')?;
    scheme
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '+' || c == '-')
        .then_some(scheme)
}

/// The file that `path` names in the page `page`, from the folder of the book.
fn resolve(page: &Path, path: &str) -> Option<PathBuf> {
    let path = path.split('?').next()?;
    let mut target = page.parent()?.to_owned();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(name) => target.push(name),
            Component::CurDir => {}
            Component::ParentDir => {
                if !target.pop() {
                    return None;
                }
            }
            // A book has to work wherever it lies.
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    if path.ends_with('/') {
        target.push("index.html");
    }
    Some(target)
}

/// Collects a page from its tags.
#[derive(Default)]
struct Sink {
    page: RefCell<Page>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else {
            return TokenSinkResult::Continue;
        };
        if tag.kind == TagKind::EndTag {
            return TokenSinkResult::Continue;
        }
        self.page.borrow_mut().add(line, &tag);
        // The text of these is no HTML.
        match &*tag.name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" => TokenSinkResult::RawData(RawKind::Rawtext),
            _ => TokenSinkResult::Continue,
        }
    }
}
