//! How targets are chosen. The rules of every mode are checked, those of modes that are not served yet too, so that the whole
//! report comes at once.

use super::general::Declared;
use super::one_of;
use crate::model::{AbVariant, Condition, Config, ContentCondition, StrategyMode};
use crate::path::Path;
use crate::report::Report;

pub(super) fn check(config: &Config, declared: &Declared<'_>, report: &mut Report) {
    let strategy = &config.strategy;
    let path = Path::ROOT.key("strategy");
    let mode = strategy.mode;
    if !matches!(mode, StrategyMode::Single | StrategyMode::Fallback) {
        report.not_yet_served(&path.key("mode"), format!("the mode `{mode}`"), "use `single` or `fallback` for now");
    }
    if mode == StrategyMode::Single && config.targets.len() > 1 {
        let message = "`single` uses the first target alone; the others get no traffic";
        report.warning(&path.key("mode"), message, "use `fallback` to try them in order");
    }
    let rules = [
        ("conditions", StrategyMode::Conditional, strategy.conditions.len()),
        ("content_conditions", StrategyMode::ContentBased, strategy.content_conditions.len()),
        ("ab_variants", StrategyMode::AbTest, strategy.ab_variants.len()),
    ];
    for (key, of, count) in rules {
        if mode == of && count == 0 {
            report.error(&path, format!("`{of}` has no `{key}`"), format!("list at least one under `strategy.{key}`"));
        } else if mode != of && count > 0 {
            no_effect(&path.key(key), mode, of, report);
        }
    }
    conditions(&path.key("conditions"), &strategy.conditions, declared, report);
    content_conditions(&path.key("content_conditions"), &strategy.content_conditions, declared, report);
    ab_variants(&path.key("ab_variants"), &strategy.ab_variants, declared, report);
    if let Some(unpriced) = &strategy.unpriced_strategy {
        one_of(&path.key("unpriced_strategy"), unpriced, &["fallback", "skip", "allow"], report);
        if mode != StrategyMode::CostOptimized {
            no_effect(&path.key("unpriced_strategy"), mode, StrategyMode::CostOptimized, report);
        }
    }
    weights(config, report);
}

fn conditions(path: &Path<'_>, conditions: &[Condition], declared: &Declared<'_>, report: &mut Report) {
    for (index, condition) in conditions.iter().enumerate() {
        let path = path.index(index);
        one_of(&path.key("key"), &condition.key, &["model", "model_prefix"], report);
        if condition.value.is_empty() {
            report.error(&path.key("value"), "is empty and would match everything", "write what the model is compared with");
        }
        declared.check(&path.key("target_key"), &condition.target_key, report);
    }
}

fn content_conditions(path: &Path<'_>, conditions: &[ContentCondition], declared: &Declared<'_>, report: &mut Report) {
    for (index, condition) in conditions.iter().enumerate() {
        let path = path.index(index);
        let kinds = ["prompt_contains", "prompt_not_contains", "prompt_regex"];
        one_of(&path.key("type"), &condition.kind, &kinds, report);
        if condition.value.is_empty() {
            report.error(&path.key("value"), "is empty", "write what is looked for in the prompt");
        }
        declared.check(&path.key("target_key"), &condition.target_key, report);
    }
}

fn ab_variants(path: &Path<'_>, variants: &[AbVariant], declared: &Declared<'_>, report: &mut Report) {
    for (index, variant) in variants.iter().enumerate() {
        let path = path.index(index);
        declared.check(&path.key("target_key"), &variant.target_key, report);
        not_negative(&path.key("weight"), variant.weight, report);
    }
    if !variants.is_empty() && variants.iter().all(|variant| variant.weight == 0.0) {
        report.error(path, "the weights come to nothing", "give at least one variant a weight above zero");
    }
}

fn weights(config: &Config, report: &mut Report) {
    let mode = config.strategy.mode;
    let targets = Path::ROOT.key("targets");
    for (index, weight) in config.targets.iter().enumerate().filter_map(|(index, target)| Some((index, target.weight?))) {
        let target = targets.index(index);
        not_negative(&target.key("weight"), weight, report);
        if mode != StrategyMode::Loadbalance {
            no_effect(&target.key("weight"), mode, StrategyMode::Loadbalance, report);
        }
    }
    if mode == StrategyMode::Loadbalance && config.targets.iter().all(|target| target.weight.unwrap_or_default() == 0.0) {
        report.error(&targets, "the weights come to nothing", "give at least one target a `weight` above zero");
    }
}

fn not_negative(path: &Path<'_>, weight: f64, report: &mut Report) {
    if !weight.is_finite() || weight < 0.0 {
        report.error(path, format!("a weight of {weight} is not a share"), "write zero or more");
    }
}

fn no_effect(path: &Path<'_>, mode: StrategyMode, of: StrategyMode, report: &mut Report) {
    let message = format!("has no effect under `{mode}`: it belongs to the mode `{of}`");
    report.warning(path, message, "remove it");
}
