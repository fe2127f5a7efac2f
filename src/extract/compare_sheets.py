"""A comparison as sheets for people: headings, number formats, and the notes that say how to read it."""

from __future__ import annotations

import pandas as pd

from extract.agencies.names import LEVELS, kinds
from extract.compare import FENCE, FEWEST, FIRM, LEAST, Comparison
from extract.measures import Measure
from extract.tabular import Sheet

HEADINGS = {
    "agency": "机关", "region": "行政区划", "city": "市", "county": "县区", "level": "层级", "kind": "类别", "year": "年度",
    "measure": "指标", "numerator": "分子", "denominator": "分母", "value": "数值", "reports": "报告数", "sure": "无待核单元格",
    "last_value": "上年数值", "change": "较上年增减", "growth": "同比", "rank": "排名", "ranked": "参与排名数", "percentile": "百分位",
    "firmness": "稳健程度", "outlier": "离群", "with_value": "有值数", "coverage": "覆盖率", "p10": "P10", "q1": "下四分位",
    "median": "中位数", "q3": "上四分位", "p90": "P90", "mean": "平均", "weighted": "加权平均", "lowest": "最低", "highest": "最高",
}  # fmt: skip
_FIRMNESS = {"high": "高", "medium": "中", "low": "低", "": ""}
_VALUES = frozenset({"value", "last_value", "change"})
_SPREAD = frozenset({"p10", "q1", "median", "q3", "p90", "mean", "weighted", "lowest", "highest"})
_COUNTS = dict.fromkeys(("numerator", "denominator", "reports", "rank", "ranked", "with_value"), "count")
_FORMATS = {**_COUNTS, "year": "year", "growth": "percent", "percentile": "percent", "coverage": "percent"}


def number_format(measure: Measure) -> str:
    """Return how a measure's values are shown."""
    return "percent" if measure.is_rate else "number"


def sheets(result: Comparison) -> list[Sheet]:
    """Return a comparison as sheets: all values, distribution, ranking of each measure, years side by side, outliers."""
    labels = {m.name: m.zh for m in result.measures}
    shown = {m.zh: number_format(m) for m in result.measures}
    formats = {m.name: number_format(m) for m in result.measures}
    values = Sheet("values", result.values, HEADINGS, _FORMATS, ("measure", formats, _VALUES))
    found = [values, _distribution(result, labels, shown)]
    for measure in result.measures:
        ranking = _in_chinese(result.ranking(measure.name), labels).drop(
            columns=["measure", "firmness", "outlier"]
        )
        found.append(
            Sheet(
                _title("排名", measure),
                ranking,
                HEADINGS,
                _FORMATS | dict.fromkeys(_VALUES, number_format(measure)),
            )
        )
    for measure in result.measures:
        years = result.years(measure.name)
        years.columns = [str(c) for c in years.columns]
        numbers = dict.fromkeys((c for c in years.columns if c.isdigit()), number_format(measure))
        found.append(Sheet(_title("各年", measure), years, HEADINGS, numbers))
    outliers = _in_chinese(result.outliers(), labels)
    found.append(Sheet("离群", outliers, HEADINGS, _FORMATS, ("measure", shown, _VALUES)))
    side = result.side_by_side()
    names = HEADINGS | labels
    found.insert(2, Sheet("并列", side, names, {m.name: number_format(m) for m in result.measures}))
    return found


def _distribution(result: Comparison, labels: dict[str, str], shown: dict[str, str]) -> Sheet:
    return Sheet(
        "分布", _in_chinese(result.distribution, labels), HEADINGS, _FORMATS, ("measure", shown, _SPREAD)
    )


def _title(what: str, measure: Measure) -> str:
    """Return a name for a sheet: at most 31 characters, none of those that Excel forbids, and no other measure's."""
    label = "".join(c for c in measure.zh if c not in "[]:*?/\\")
    return f"{what} {label}"[:31]


def _in_chinese(frame: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    """Return a frame with labels for codes."""
    kind_labels = {kind.kind: kind.zh for kind in kinds()}
    for column, words in (
        ("measure", labels),
        ("level", LEVELS),
        ("kind", kind_labels),
        ("firmness", _FIRMNESS),
    ):
        if column in frame:
            frame = frame.assign(
                **{column: frame[column].map(lambda code, words=words: words.get(code, code))}
            )
    return frame


def notes(result: Comparison, folder: str) -> list[str]:
    """Return what a reader of the numbers should know, in Chinese and English."""
    found = [
        f"数据集：{folder}。指标由法定表格的单元格计算；分子、分母一并列出。",
        "分母为 0 或未读到时比率为空，绝不填 0。The rate is empty where its denominator is 0 or was not read; it is never a filled 0.",
        f"分母少于 {result.least} 的比率列出但不排名。Rates of fewer than {result.least} cases are shown, not ranked.",
        f"稳健程度：分母 ≥{FIRM} 高，≥{LEAST} 中，其余低。Firmness: high from {FIRM}, medium from {LEAST}.",
        f"离群：超出四分位数 {FENCE:g} 倍四分位距（件数取对数），至少 {FEWEST} 个值。"
        f"Outliers lie more than {FENCE:g} interquartile ranges beyond the quartiles.",
        "无待核单元格：计算所用单元格均无待核标记。sure: no cell in it waits for a person.",
        "政府的报告可能汇总下级和部门的数字，比较前请看报告的统计范围。A government's report may add up those below it: see first.",
        "values 表保留代码列名，供程序读取。The sheet `values` keeps codes for programs.",
    ]
    for m in result.measures:
        formulas = {e: f.written for e, f in m.formulas.items()}
        text = "；".join(
            f"{'、'.join(e for e in formulas if formulas[e] == w)} 年格式：{w}"
            for w in dict.fromkeys(formulas.values())
        )
        found.append(
            f"{m.zh} {m.en}（{m.name}，{m.unit or '单位见报告'}）：{text}。{m.caveat_zh} {m.caveat}".strip()
        )
    return found
