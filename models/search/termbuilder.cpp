#include "models/search/termbuilder.h"

#include "models/domain/textfold.h"
#include "models/search/filtervalues.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

bool isNone(const QString& text, bool isQuoted) {
    return !isQuoted && text.compare(u"none", Qt::CaseInsensitive) == 0;
}

}  // namespace

QString shownInProblem(const QString& text) {
    constexpr qsizetype kLongest = 40;
    return shownText(text, kLongest);
}

tl::unexpected<FilterProblem> problemAt(qsizetype at, qsizetype length, const QString& message) {
    return tl::unexpected(
        FilterProblem{static_cast<int>(at) + 1, static_cast<int>(std::max<qsizetype>(length, 1)), message});
}

tl::unexpected<FilterProblem> problemAt(const TermValue& value, const QString& message) {
    return problemAt(value.at, value.length, message);
}

TermBuilder::TermBuilder(const FilterContext& context) : m_context(context) {}

Parsed<FilterNode> TermBuilder::build(const Term& term, const QString& name, const std::vector<TermValue>& values) {
    const TermValue& first = values.front();
    switch (term.kind) {
        case TermKind::ClosedWords:
            return closedWords(term, name, values);
        case TermKind::Has:
        case TermKind::Is:
            return flags(term, name, values);
        case TermKind::OpenWords:
        case TermKind::Codes: {
            ValuesLeaf leaf;
            leaf.field = *term.field;
            leaf.compare = term.kind == TermKind::Codes ? ValuesLeaf::Compare::Exact : ValuesLeaf::Compare::Loose;
            for (const TermValue& value : values) {
                if (isNone(value.text, value.quoted)) {
                    leaf.orNone = true;
                } else {
                    leaf.values +=
                        leaf.compare == ValuesLeaf::Compare::Exact ? value.text : value.text.trimmed().toLower();
                }
            }
            return leafNode(leaf);
        }
        case TermKind::Contains:
        case TermKind::NumberContains:
            return contains(term, first);
        case TermKind::Words:
            if (term.field == Field::Summary) {
                return words(TextLeaf::Scope::Summary, first);
            }
            if (term.field == Field::Notes) {
                return words(TextLeaf::Scope::Notes, first);
            }
            if (term.field == Field::ProviderNotes) {
                return words(TextLeaf::Scope::ProviderNotes, first);
            }
            if (term.field == Field::NextAction) {
                return words(TextLeaf::Scope::NextAction, first);
            }
            return words(TextLeaf::Scope::Transcript, first);  // the one text that is no field
        case TermKind::Duration:
        case TermKind::Number:
            return range(term, first);
        case TermKind::Time:
            return time(term, first);
    }
    Q_UNREACHABLE();
    return {};
}

Parsed<FilterNode> TermBuilder::closedWords(const Term& term, const QString& name,
                                            const std::vector<TermValue>& values) {
    const QStringList lawful = lawfulWords(term);
    ValuesLeaf leaf;
    leaf.field = *term.field;
    for (const TermValue& value : values) {
        const QString word = value.text.trimmed().toLower().replace(u'-', u'_');
        if (!lawful.contains(word)) {
            const QString nearest = nearestWord(word, lawful);
            const QString list = lawful.join(u", "_s);
            return problemAt(
                value,
                nearest.isEmpty()
                    ? tr("%1: does not know \"%2\". Lawful words: %3").arg(name, shownInProblem(value.text), list)
                    : tr("%1: does not know \"%2\". Did you mean %3? Lawful words: %4")
                          .arg(name, shownInProblem(value.text), nearest, list));
        }
        if (word == u"none") {
            leaf.orNone = true;
        } else {
            leaf.values += word;
        }
    }
    return leafNode(leaf);
}

Parsed<FilterNode> TermBuilder::flags(const Term& term, const QString& name, const std::vector<TermValue>& values) {
    std::vector<FilterNode> any;
    for (const TermValue& value : values) {
        const QString word = value.text.trimmed().toLower();
        const auto flag = flagFromWord(term.kind, word);
        if (!flag) {
            const QStringList lawful = lawfulWords(term);
            const QString nearest = nearestWord(word, lawful);
            const QString list = lawful.join(u", "_s);
            return problemAt(
                value,
                nearest.isEmpty()
                    ? tr("%1: does not know \"%2\". Lawful words: %3").arg(name, shownInProblem(value.text), list)
                    : tr("%1: does not know \"%2\". Did you mean %3? Lawful words: %4")
                          .arg(name, shownInProblem(value.text), nearest, list));
        }
        any.push_back(leafNode(FlagLeaf{*flag}));
    }
    return joined(FilterNode::Kind::Any, std::move(any));
}

Parsed<FilterNode> TermBuilder::contains(const Term& term, const TermValue& value) {
    ContainsLeaf leaf;
    leaf.asNumber = term.kind == TermKind::NumberContains;
    leaf.fields.push_back(*term.field);
    if (term.alsoField) {
        leaf.fields.push_back(*term.alsoField);
    }
    leaf.needle = leaf.asNumber ? numberKey(value.text).toStdString() : foldedUtf8(value.text);
    if (leaf.needle.empty()) {
        return problemAt(value,
                         leaf.asNumber
                             ? tr("\"%1\" has no digit to look for. Write some digits of the number.")
                                   .arg(shownInProblem(value.text))
                             : tr("\"%1\" has no character that can be looked for.").arg(shownInProblem(value.text)));
    }
    return leafNode(leaf);
}

Parsed<FilterNode> TermBuilder::words(TextLeaf::Scope scope, const TermValue& value) {
    TextLeaf leaf;
    leaf.scope = scope;
    leaf.pattern = WordPattern(value.text, value.quoted ? WordPattern::Ending::WholeWord : WordPattern::Ending::Prefix);
    if (leaf.pattern.isEmpty()) {
        return problemAt(value, tr("\"%1\" has no letter and no digit to look for.").arg(shownInProblem(value.text)));
    }
    leaf.number = m_textLeaves++;
    return leafNode(leaf);
}

Parsed<FilterNode> TermBuilder::range(const Term& term, const TermValue& value) {
    const bool isDuration = term.kind == TermKind::Duration;
    if (isNone(value.text, value.quoted)) {
        return leafNode(NoneLeaf{*term.field});
    }
    const auto read = [isDuration](const QString& text) {
        return isDuration ? secondsFromText(text) : numberFromText(text);
    };
    const auto refusal = [&](const QString& text, qsizetype at) {
        const qsizetype begin = value.at + at + (value.quoted ? 1 : 0);
        if (text.isEmpty()) {
            return problemAt(value, tr("A number is missing in \"%1\". Write both ends of a range, or use >= or <=.")
                                        .arg(shownInProblem(value.text)));
        }
        return problemAt(
            begin, text.size(),
            isDuration
                ? tr("\"%1\" is not a duration. Write seconds (90), 90s, 5m, 1h or 1:30.").arg(shownInProblem(text))
                : tr("\"%1\" is not a number. Write it like 12 or 1.5.").arg(shownInProblem(text)));
    };
    const Comparison comparison = comparisonFromText(value.text);
    const auto low = read(comparison.value);
    if (!low) {
        return refusal(comparison.value, comparison.valueAt);
    }
    RangeLeaf leaf;
    leaf.field = term.field.value_or(Field::Cost);
    using Op = Comparison::Operator;
    switch (comparison.op) {
        case Op::Equal:
            leaf.low = leaf.high = *low;
            break;
        case Op::Less:
        case Op::LessOrEqual:
            leaf.high = *low;
            leaf.highExcluded = comparison.op == Op::Less;
            break;
        case Op::Greater:
        case Op::GreaterOrEqual:
            leaf.low = *low;
            leaf.lowExcluded = comparison.op == Op::Greater;
            break;
        case Op::Range: {
            const auto high = read(comparison.upper);
            if (!high) {
                return refusal(comparison.upper, comparison.upperAt);
            }
            if (*high < *low) {
                return problemAt(value, tr("The range is reversed: %1 is less than %2. Swap its ends.")
                                            .arg(comparison.upper, comparison.value));
            }
            leaf.low = *low;
            leaf.high = *high;
            break;
        }
    }
    return leafNode(leaf);
}

Parsed<FilterNode> TermBuilder::time(const Term& term, const TermValue& value) {
    if (isNone(value.text, value.quoted)) {
        return leafNode(NoneLeaf{term.field});
    }
    const Comparison comparison = comparisonFromText(value.text);
    const auto refusal = [&](const QString& text, qsizetype at) {
        if (text.isEmpty()) {
            return problemAt(value, tr("A day is missing in \"%1\". Write both ends of a range, or use >= or <=.")
                                        .arg(shownInProblem(value.text)));
        }
        return problemAt(value.at + at + (value.quoted ? 1 : 0), text.size(),
                         tr("\"%1\" is not a day or time. Write today, yesterday, 7d, 2026-04-01 or 2026-04-01T14:00.")
                             .arg(shownInProblem(text)));
    };
    const auto low = timeSpanFromText(comparison.value, m_context);
    if (!low) {
        return refusal(comparison.value, comparison.valueAt);
    }
    using Op = Comparison::Operator;
    std::optional<TimeSpan> high;
    if (comparison.op == Op::Range) {
        high = timeSpanFromText(comparison.upper, m_context);
        if (!high) {
            return refusal(comparison.upper, comparison.upperAt);
        }
    }
    if (comparison.op != Op::Equal && (low->standsAlone || (high && high->standsAlone))) {
        return problemAt(value,
                         tr("\"%1\" mixes a number of days with a comparison. Write 7d alone for the last seven days.")
                             .arg(shownInProblem(value.text)));
    }
    TimeLeaf leaf;
    leaf.field = term.field;
    switch (comparison.op) {
        case Op::Equal:
            leaf.first = low->first;
            leaf.last = low->last;
            break;
        case Op::Less:
            leaf.last = low->first - 1;
            break;
        case Op::LessOrEqual:
            leaf.last = low->isDay ? low->last : low->first;
            break;
        case Op::Greater:
            leaf.first = (low->isDay ? low->last : low->first) + 1;
            break;
        case Op::GreaterOrEqual:
            leaf.first = low->first;
            break;
        case Op::Range:
            leaf.first = low->first;
            leaf.last = high->isDay ? high->last : high->first;
            if (leaf.last < leaf.first) {
                return problemAt(value, tr("The range is reversed: %1 is before %2. Swap its ends.")
                                            .arg(comparison.upper, comparison.value));
            }
            break;
    }
    return leafNode(leaf);
}

}  // namespace earmark
