//! The words: turns a [`Saying`] into Chinese text by one template per kind.
//!
//! Templates are built in; an operator may put `KIND.txt` into a folder to say it otherwise. Each
//! built-in file begins with a comment that declares the facts its kind may use. Facts come from
//! chat and are values, never template source. Every template reads well when facts are missing.
//! Nothing here is written by a model, so nothing carries 【AI助手】.

mod clean;
mod overrides;
mod wording;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arc_swap::ArcSwap;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Value};

use crate::model::{Facts, Saying, SayingKind};

pub use overrides::{Sources, TextProblem, read_folder};

use clean::Lines;

/// Steps of a template's execution before it is given up: an operator's endless loop must not hang
/// the outbox. The longest built-in one takes some hundred.
const TEMPLATE_STEPS: u64 = 50_000;

/// Finds the words for sayings; what the outbox needs of this room.
pub trait Renderer: Send + Sync {
    /// The text for `saying`, which also speaks for `merged`: words about the same event and for the
    /// same destination that are not said on their own. Templates see their kinds in `also`.
    fn render(&self, saying: &Saying, merged: &[Saying]) -> Result<String, RenderError>;
}

/// There are no words for a saying.
#[derive(Debug, thiserror::Error)]
#[error("没能写出“{kind}”的文字：{detail}；请检查 texts 文件夹里的模板")]
pub struct RenderError {
    /// The kind's name.
    pub kind: &'static str,
    /// What went wrong.
    pub detail: String,
}

/// The renderer with built-in templates and an operator's overrides, exchanged while it is in use.
pub struct Assistant {
    texts: ArcSwap<Texts>,
}

/// Compiled templates and, for each overridden kind, its last good source.
struct Texts {
    environment: Environment<'static>,
    overridden: BTreeMap<SayingKind, Arc<str>>,
}

impl Default for Assistant {
    fn default() -> Self {
        Self::new()
    }
}

impl Assistant {
    /// With the built-in templates only.
    pub fn new() -> Self {
        let texts = Texts::compile(BTreeMap::new());
        Self {
            texts: ArcSwap::from_pointee(texts),
        }
    }

    /// Takes the operator's files, by file name. A good file is in force when this returns; a bad
    /// one is reported and its kind keeps the last good words; a file that is gone gives its kind
    /// back to the built-in words.
    pub fn reload(&self, sources: &Sources) -> Vec<TextProblem> {
        let before = self.texts.load();
        let (overridden, problems) = overrides::check(sources, &before.overridden);
        if overridden != before.overridden {
            self.texts.store(Arc::new(Texts::compile(overridden)));
        }
        problems
    }

    /// Names of the kinds whose words an operator has changed.
    pub fn overridden(&self) -> Vec<&'static str> {
        let texts = self.texts.load();
        texts
            .overridden
            .keys()
            .map(|kind| wording::name(*kind))
            .collect()
    }
}

impl Renderer for Assistant {
    fn render(&self, saying: &Saying, merged: &[Saying]) -> Result<String, RenderError> {
        let texts = self.texts.load();
        let kind = wording::name(saying.kind);
        let failed = |error: minijinja::Error| RenderError {
            kind,
            detail: error.to_string(),
        };
        let template = texts.environment.get_template(kind).map_err(failed)?;
        match finish(&template, context(saying, merged)) {
            // Reload tried this template with sample facts; these real ones broke it all the same.
            Err(_) if texts.overridden.contains_key(&saying.kind) => {
                let environment = environment();
                let built_in = environment
                    .template_from_str(wording::built_in(saying.kind))
                    .map_err(failed)?;
                finish(&built_in, context(saying, merged)).map_err(failed)
            }
            result => result.map_err(failed),
        }
    }
}

impl Texts {
    fn compile(overridden: BTreeMap<SayingKind, Arc<str>>) -> Self {
        let mut environment = environment();
        for kind in wording::ALL.iter().copied() {
            let source = overridden
                .get(&kind)
                .map_or_else(|| wording::built_in(kind).to_owned(), ToString::to_string);
            environment
                .add_template_owned(wording::name(kind), source)
                .expect("built-in templates are tested, overrides were checked");
        }
        Self {
            environment,
            overridden,
        }
    }
}

/// Blocks on lines of their own leave no line behind; a missing fact is simply empty.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .expect("the default delimiters are valid");
    environment.set_syntax(syntax);
    environment.set_fuel(Some(TEMPLATE_STEPS));
    environment
}

fn finish(
    template: &minijinja::Template<'_, '_>,
    context: BTreeMap<&str, Value>,
) -> Result<String, minijinja::Error> {
    let context = Value::from_pairs(context);
    Ok(clean::text(&template.render(context)?))
}

/// The values a template sees. Facts of merged sayings stay out: the reason of a 挂账 is not the
/// reason of what came after it.
fn context<'a>(saying: &'a Saying, merged: &'a [Saying]) -> BTreeMap<&'a str, Value> {
    let also = merged
        .iter()
        .map(|other| wording::name(other.kind))
        .collect::<BTreeSet<_>>();
    let mut context = BTreeMap::from([
        ("level", Value::from(saying.level.chinese())),
        ("also", also.into_iter().collect()),
    ]);
    if let Some(serial) = saying
        .event
        .as_ref()
        .and_then(crate::model::EventId::serial)
    {
        context.insert("number", Value::from(serial.to_string()));
    }
    context.extend(values(&saying.facts));
    context
}

/// An empty fact is an absent one.
fn values(facts: &Facts) -> impl Iterator<Item = (&str, Value)> {
    facts.iter().filter_map(|(name, value)| {
        let lines = match name.as_str() {
            "text" | "choices" => Lines::Kept,
            _ => Lines::Joined,
        };
        let value = clean::fact(value, lines);
        (!value.is_empty()).then(|| (name.as_str(), Value::from(value)))
    })
}
