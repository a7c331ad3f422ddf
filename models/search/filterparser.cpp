#include "models/search/filterparser.h"

#include "models/domain/textfold.h"
#include "models/search/filtervalues.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

/// Far beyond what people write; keeps the parser and the evaluator off the end of the stack.
constexpr int kDeepest = 50;
/// Pasted lists of ids are lawful, pasted documents are not.
constexpr int kMostTerms = 1'000;
constexpr qsizetype kShownInMessage = 40;

QString shown(const QString& value) {
    return shownText(value, kShownInMessage);
}

FilterNode leafNode(FilterLeaf leaf) {
    FilterNode node;
    node.leaf = std::move(leaf);
    return node;
}

FilterNode negated(FilterNode node) {
    FilterNode result;
    result.kind = FilterNode::Kind::Not;
    result.children.push_back(std::move(node));
    return result;
}

FilterNode joined(FilterNode::Kind kind, std::vector<FilterNode> children) {
    if (children.size() == 1) {
        return std::move(children.front());
    }
    FilterNode node;
    node.kind = kind;
    node.children = std::move(children);
    return node;
}

bool isNone(const QString& text, bool isQuoted) {
    return !isQuoted && text.compare(u"none", Qt::CaseInsensitive) == 0;
}

}  // namespace

FilterParser::FilterParser(const QString& text, const FilterContext& context) : m_text(text), m_context(context) {}

tl::unexpected<FilterProblem> FilterParser::problem(qsizetype at, qsizetype length, const QString& message) const {
    return tl::unexpected(
        FilterProblem{static_cast<int>(at) + 1, static_cast<int>(std::max<qsizetype>(length, 1)), message});
}

tl::unexpected<FilterProblem> FilterParser::problem(const Value& value, const QString& message) const {
    return problem(value.at, value.length, message);
}

bool FilterParser::isDelimiter(qsizetype at) const {
    if (at >= m_text.size()) {
        return true;
    }
    const QChar c = m_text[at];
    return c.isSpace() || c == u'(' || c == u')' || c == u'|' || c == u'"';
}

qsizetype FilterParser::orLengthHere() const {
    if (m_at < m_text.size() && m_text[m_at] == u'|') {
        return 1;
    }
    return QStringView(m_text).mid(m_at).startsWith(u"OR") && isDelimiter(m_at + 2) ? 2 : 0;
}

FilterParser::Next FilterParser::peek() {
    while (m_at < m_text.size() && m_text[m_at].isSpace()) {
        ++m_at;
    }
    if (m_at >= m_text.size()) {
        return Next::End;
    }
    if (m_text[m_at] == u')') {
        return Next::Close;
    }
    return orLengthHere() > 0 ? Next::Or : Next::Operand;
}

Parsed<std::optional<FilterNode>> FilterParser::parse() {
    const QString unopened = tr("This closing parenthesis has no opening one. Remove it or open one before it.");
    const Next first = peek();
    if (first == Next::End) {
        return std::optional<FilterNode>();
    }
    if (first == Next::Close) {
        return problem(m_at, 1, unopened);
    }
    auto root = alternatives();
    if (!root) {
        return tl::unexpected(root.error());
    }
    if (peek() == Next::Close) {
        return problem(m_at, 1, unopened);
    }
    return std::optional(std::move(*root));
}

Parsed<FilterNode> FilterParser::alternatives() {
    std::vector<FilterNode> branches;
    qsizetype orAt = 0;
    qsizetype orLength = 0;
    for (;;) {
        const Next next = peek();
        if (next == Next::Or) {
            return problem(m_at, orLengthHere(),
                           tr("OR needs a term on its left. Write: status:busy OR status:failed"));
        }
        if (next != Next::Operand) {
            // Neither an empty group nor an empty filter comes here, so an OR was read before.
            return problem(orAt, orLength, tr("OR needs a term on its right. Write: status:busy OR status:failed"));
        }
        auto branch = sequence();
        if (!branch) {
            return branch;
        }
        branches.push_back(std::move(*branch));
        if (peek() != Next::Or) {
            return joined(FilterNode::Kind::Any, std::move(branches));
        }
        orAt = m_at;
        orLength = orLengthHere();
        m_at += orLength;
    }
}

Parsed<FilterNode> FilterParser::sequence() {
    std::vector<FilterNode> children;
    do {
        auto child = operand();
        if (!child) {
            return child;
        }
        children.push_back(std::move(*child));
    } while (peek() == Next::Operand);
    return joined(FilterNode::Kind::All, std::move(children));
}

Parsed<FilterNode> FilterParser::operand() {
    bool isNegated = false;
    while (m_text[m_at] == u'-') {
        const qsizetype minusAt = m_at++;
        const bool touches = m_at < m_text.size() && !m_text[m_at].isSpace() && m_text[m_at] != u')';
        if (!touches || orLengthHere() > 0) {
            return problem(
                minusAt, 1,
                tr("A minus must touch what it excludes. Write -status:busy, or put a lone dash in quotes."));
        }
        isNegated = !isNegated;
    }
    if (++m_terms > kMostTerms) {
        return problem(m_at, 1, tr("The filter has more than %1 terms. Shorten it.").arg(kMostTerms));
    }
    auto node = m_text[m_at] == u'(' ? group() : m_text[m_at] == u'"' ? phrase() : wordOrTerm();
    return node && isNegated ? Parsed<FilterNode>(negated(std::move(*node))) : node;
}

Parsed<FilterNode> FilterParser::group() {
    const qsizetype openAt = m_at++;
    if (m_depth >= kDeepest) {
        return problem(openAt, 1, tr("Parentheses are nested more than %1 deep. Use fewer.").arg(kDeepest));
    }
    const QString unclosed = tr("This parenthesis is never closed. Add ) where the group ends.");
    const Next next = peek();
    if (next == Next::Close) {
        return problem(openAt, m_at - openAt + 1, tr("There is nothing between these parentheses. Remove them."));
    }
    if (next == Next::End) {
        return problem(openAt, 1, unclosed);
    }
    ++m_depth;
    auto node = alternatives();
    --m_depth;
    if (!node) {
        return node;
    }
    if (peek() != Next::Close) {
        return problem(openAt, 1, unclosed);
    }
    ++m_at;
    return node;
}

Parsed<FilterParser::Value> FilterParser::quoted() {
    Value value;
    value.quoted = true;
    value.at = m_at++;
    for (; m_at < m_text.size(); ++m_at) {
        if (m_text[m_at] != u'"') {
            value.text += m_text[m_at];
        } else if (m_at + 1 < m_text.size() && m_text[m_at + 1] == u'"') {
            value.text += u'"';  // a doubled quote stands for one
            ++m_at;
        } else {
            ++m_at;
            value.length = m_at - value.at;
            return value;
        }
    }
    return problem(value.at, m_text.size() - value.at, tr("This quote is never closed. Add \" where the phrase ends."));
}

FilterParser::Value FilterParser::unquoted(bool stopAtComma) {
    Value value;
    value.at = m_at;
    while (!isDelimiter(m_at) && !(stopAtComma && m_text[m_at] == u',')) {
        ++m_at;
    }
    value.length = m_at - value.at;
    value.text = m_text.mid(value.at, value.length);
    return value;
}

Parsed<FilterNode> FilterParser::phrase() {
    const auto value = quoted();
    if (!value) {
        return tl::unexpected(value.error());
    }
    return words(TextLeaf::Scope::Anything, *value);
}

Parsed<FilterNode> FilterParser::wordOrTerm() {
    const Value word = unquoted(false);
    const qsizetype colon = word.text.indexOf(u':');
    if (colon == 0) {
        return problem(word.at, 1,
                       tr("A field name is missing before the colon. Write for example status:busy, or put the "
                          "text in quotes."));
    }
    // "14:30" is no field, and neither is an address that begins with a digit or a sign.
    if (colon > 0 && (word.text.front().isLetter() || word.text.front() == u'_')) {
        m_at = word.at + colon + 1;
        return term(word.text.left(colon), word.at);
    }
    return words(TextLeaf::Scope::Anything, word);
}

Parsed<FilterNode> FilterParser::term(const QString& name, qsizetype nameAt) {
    const auto term = termFromName(name);
    if (!term) {
        const QString nearest = nearestTermName(name);
        return problem(
            nameAt, name.size(),
            nearest.isEmpty()
                ? tr("There is no field \"%1\". To search for this text, put it in quotes.").arg(shown(name))
                : tr("There is no field \"%1\". Did you mean %2?").arg(shown(name), QString(nearest + u':')));
    }
    const auto read = values(*term, nameAt);
    if (!read) {
        return tl::unexpected(read.error());
    }
    return build(*term, name, *read);
}

Parsed<std::vector<FilterParser::Value>> FilterParser::values(const Term& term, qsizetype nameAt) {
    const bool isList = term.kind == TermKind::ClosedWords || term.kind == TermKind::OpenWords ||
                        term.kind == TermKind::Codes || term.kind == TermKind::Has || term.kind == TermKind::Is;
    std::vector<Value> result;
    qsizetype commaAt = -1;
    for (;;) {
        Value value;
        if (m_at < m_text.size() && m_text[m_at] == u'"') {
            auto inQuotes = quoted();
            if (!inQuotes) {
                return tl::unexpected(inQuotes.error());
            }
            value = std::move(*inQuotes);
        } else {
            value = unquoted(isList);
        }
        if (value.text.isEmpty()) {
            if (value.quoted) {
                return problem(value, tr("There is nothing between these quotes. Use none for \"no value\"."));
            }
            if (commaAt >= 0) {
                return problem(commaAt, 1, tr("A value is missing after this comma."));
            }
            return problem(nameAt, m_at - nameAt,
                           tr("The value is missing. Write it right behind the colon, without a blank."));
        }
        result.push_back(value);
        if (!isList || m_at >= m_text.size() || m_text[m_at] != u',') {
            break;
        }
        commaAt = m_at++;
    }
    const bool endsCleanly =
        m_at >= m_text.size() || m_text[m_at].isSpace() || m_text[m_at] == u')' || m_text[m_at] == u'|';
    if (!endsCleanly) {
        return problem(m_at, 1,
                       tr("The value ends here, but more text follows. Put the whole value in quotes or add a blank."));
    }
    return result;
}

Parsed<FilterNode> FilterParser::build(const Term& term, const QString& name, const std::vector<Value>& values) {
    const Value& first = values.front();
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
            for (const Value& value : values) {
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
            return WordPattern(first.text, WordPattern::Ending::Prefix).isEmpty()
                       ? words(TextLeaf::Scope::Anything, first)  // for its error
                       : Parsed<FilterNode>(leafNode(NothingLeaf()));
        case TermKind::Duration:
        case TermKind::Number:
            return range(term, first);
        case TermKind::Time:
            return time(term, first);
    }
    return leafNode(NothingLeaf());
}

Parsed<FilterNode> FilterParser::closedWords(const Term& term, const QString& name, const std::vector<Value>& values) {
    const QStringList lawful = lawfulWords(term);
    ValuesLeaf leaf;
    leaf.field = *term.field;
    for (const Value& value : values) {
        const QString word = value.text.trimmed().toLower().replace(u'-', u'_');
        if (!lawful.contains(word)) {
            const QString nearest = nearestWord(word, lawful);
            const QString list = lawful.join(u", "_s);
            return problem(value,
                           nearest.isEmpty()
                               ? tr("%1: does not know \"%2\". Lawful words: %3").arg(name, shown(value.text), list)
                               : tr("%1: does not know \"%2\". Did you mean %3? Lawful words: %4")
                                     .arg(name, shown(value.text), nearest, list));
        }
        if (word == u"none") {
            leaf.orNone = true;
        } else {
            leaf.values += word;
        }
    }
    return leafNode(leaf);
}

Parsed<FilterNode> FilterParser::flags(const Term& term, const QString& name, const std::vector<Value>& values) {
    std::vector<FilterNode> any;
    for (const Value& value : values) {
        const QString word = value.text.trimmed().toLower();
        const auto flag = flagFromWord(term.kind, word);
        if (!flag) {
            const QStringList lawful = lawfulWords(term);
            const QString nearest = nearestWord(word, lawful);
            const QString list = lawful.join(u", "_s);
            return problem(value,
                           nearest.isEmpty()
                               ? tr("%1: does not know \"%2\". Lawful words: %3").arg(name, shown(value.text), list)
                               : tr("%1: does not know \"%2\". Did you mean %3? Lawful words: %4")
                                     .arg(name, shown(value.text), nearest, list));
        }
        any.push_back(leafNode(FlagLeaf{*flag}));
    }
    return joined(FilterNode::Kind::Any, std::move(any));
}

Parsed<FilterNode> FilterParser::contains(const Term& term, const Value& value) {
    ContainsLeaf leaf;
    leaf.asNumber = term.kind == TermKind::NumberContains;
    leaf.fields.push_back(*term.field);
    if (term.alsoField) {
        leaf.fields.push_back(*term.alsoField);
    }
    leaf.needle = leaf.asNumber ? numberKey(value.text).toStdString() : foldedUtf8(value.text);
    if (leaf.needle.empty()) {
        return problem(
            value, leaf.asNumber
                       ? tr("\"%1\" has no digit to look for. Write some digits of the number.").arg(shown(value.text))
                       : tr("\"%1\" has no character that can be looked for.").arg(shown(value.text)));
    }
    return leafNode(leaf);
}

Parsed<FilterNode> FilterParser::words(TextLeaf::Scope scope, const Value& value) {
    TextLeaf leaf;
    leaf.scope = scope;
    leaf.pattern = WordPattern(value.text, value.quoted ? WordPattern::Ending::WholeWord : WordPattern::Ending::Prefix);
    if (leaf.pattern.isEmpty()) {
        return problem(value, tr("\"%1\" has no letter and no digit to look for.").arg(shown(value.text)));
    }
    leaf.number = m_textLeaves++;
    return leafNode(leaf);
}

Parsed<FilterNode> FilterParser::range(const Term& term, const Value& value) {
    const bool isDuration = term.kind == TermKind::Duration;
    if (isNone(value.text, value.quoted)) {
        return term.field ? leafNode(NoneLeaf{*term.field}) : negated(leafNode(NothingLeaf()));
    }
    const auto read = [isDuration](const QString& text) {
        return isDuration ? secondsFromText(text) : numberFromText(text);
    };
    const auto refusal = [&](const QString& text, qsizetype at) {
        const qsizetype begin = value.at + at + (value.quoted ? 1 : 0);
        if (text.isEmpty()) {
            return problem(value, tr("A number is missing in \"%1\". Write both ends of a range, or use >= or <=.")
                                      .arg(shown(value.text)));
        }
        return problem(begin, text.size(),
                       isDuration
                           ? tr("\"%1\" is not a duration. Write seconds (90), 90s, 5m, 1h or 1:30.").arg(shown(text))
                           : tr("\"%1\" is not a number. Write it like 12 or 1.5.").arg(shown(text)));
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
                return problem(value, tr("The range is reversed: %1 is less than %2. Swap its ends.")
                                          .arg(comparison.upper, comparison.value));
            }
            leaf.low = *low;
            leaf.high = *high;
            break;
        }
    }
    return term.field ? leafNode(leaf) : leafNode(NothingLeaf());
}

Parsed<FilterNode> FilterParser::time(const Term& term, const Value& value) {
    if (isNone(value.text, value.quoted)) {
        return leafNode(NoneLeaf{term.field});
    }
    const Comparison comparison = comparisonFromText(value.text);
    const auto refusal = [&](const QString& text, qsizetype at) {
        if (text.isEmpty()) {
            return problem(
                value,
                tr("A day is missing in \"%1\". Write both ends of a range, or use >= or <=.").arg(shown(value.text)));
        }
        return problem(value.at + at + (value.quoted ? 1 : 0), text.size(),
                       tr("\"%1\" is not a day or time. Write today, yesterday, 7d, 2026-04-01 or 2026-04-01T14:00.")
                           .arg(shown(text)));
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
        return problem(value,
                       tr("\"%1\" mixes a number of days with a comparison. Write 7d alone for the last seven days.")
                           .arg(shown(value.text)));
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
                return problem(value, tr("The range is reversed: %1 is before %2. Swap its ends.")
                                          .arg(comparison.upper, comparison.value));
            }
            break;
    }
    return leafNode(leaf);
}

}  // namespace earmark
