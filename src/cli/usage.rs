//! What is wrong with what was typed, in Chinese.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// One or two Chinese sentences for a usage error; `None` for help and version, which are no errors.
pub(super) fn explain(error: &clap::Error) -> Option<String> {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join("、")),
        Some(other) => Some(other.to_string()),
        None => None,
    };
    let argument = context(ContextKind::InvalidArg).unwrap_or_default();
    let problem = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion => return None,
        ErrorKind::UnknownArgument => format!("不认识“{argument}”"),
        ErrorKind::InvalidSubcommand => {
            format!(
                "没有“{}”这个命令",
                context(ContextKind::InvalidSubcommand).unwrap_or_default()
            )
        }
        ErrorKind::MissingRequiredArgument => format!("还缺：{argument}"),
        ErrorKind::MissingSubcommand => "还缺一个命令".to_owned(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = context(ContextKind::InvalidValue).unwrap_or_default();
            if value.is_empty() {
                format!("{argument} 后面要写一个值")
            } else {
                format!("{argument} 不能是“{value}”")
            }
        }
        ErrorKind::ArgumentConflict => format!("{argument} 重复或互相矛盾"),
        _ => "这样写不对".to_owned(),
    };
    let hint = context(ContextKind::SuggestedSubcommand)
        .or_else(|| context(ContextKind::SuggestedArg))
        .map(|similar| format!("；是不是想写“{similar}”？"));
    Some(format!(
        "{problem}{}\n用 lianxin --help 查看用法",
        hint.unwrap_or_default()
    ))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Arguments;

    fn said(words: &[&str]) -> String {
        let error =
            Arguments::try_parse_from([&["lianxin"], words].concat()).expect_err("wrong usage");
        explain(&error).expect("a problem")
    }

    #[test]
    fn wrong_usage_is_explained_in_chinese() {
        assert!(said(&["demmo"]).starts_with("没有“demmo”这个命令；是不是想写“demo”？"));
        assert!(said(&["demo", "--fast"]).starts_with("不认识“--fast”"));
        assert!(said(&["forget"]).starts_with("还缺：<人员编号>"));
        assert!(said(&["explain", "x", "--format", "xml"]).contains("不能是“xml”"));
    }

    #[test]
    fn arguments_are_consistent() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }
}
