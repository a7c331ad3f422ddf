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

}  // namespace

FilterParser::FilterParser(const QString& text, const FilterContext& context) : m_text(text), m_terms(context) {}

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
        return problemAt(m_at, 1, unopened);
    }
    auto root = alternatives();
    if (!root) {
        return tl::unexpected(root.error());
    }
    if (peek() == Next::Close) {
        return problemAt(m_at, 1, unopened);
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
            return problemAt(m_at, orLengthHere(),
                             tr("OR needs a term on its left. Write: status:busy OR status:failed"));
        }
        if (next != Next::Operand) {
            // Neither an empty group nor an empty filter comes here, so an OR was read before.
            return problemAt(orAt, orLength, tr("OR needs a term on its right. Write: status:busy OR status:failed"));
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
            return problemAt(
                minusAt, 1,
                tr("A minus must touch what it excludes. Write -status:busy, or put a lone dash in quotes."));
        }
        isNegated = !isNegated;
    }
    if (++m_operands > kMostTerms) {
        return problemAt(m_at, 1, tr("The filter has more than %1 terms. Shorten it.").arg(kMostTerms));
    }
    auto node = m_text[m_at] == u'(' ? group() : m_text[m_at] == u'"' ? phrase() : wordOrTerm();
    return node && isNegated ? Parsed<FilterNode>(negated(std::move(*node))) : node;
}

Parsed<FilterNode> FilterParser::group() {
    const qsizetype openAt = m_at++;
    if (m_depth >= kDeepest) {
        return problemAt(openAt, 1, tr("Parentheses are nested more than %1 deep. Use fewer.").arg(kDeepest));
    }
    const QString unclosed = tr("This parenthesis is never closed. Add ) where the group ends.");
    const Next next = peek();
    if (next == Next::Close) {
        return problemAt(openAt, m_at - openAt + 1, tr("There is nothing between these parentheses. Remove them."));
    }
    if (next == Next::End) {
        return problemAt(openAt, 1, unclosed);
    }
    ++m_depth;
    auto node = alternatives();
    --m_depth;
    if (!node) {
        return node;
    }
    if (peek() != Next::Close) {
        return problemAt(openAt, 1, unclosed);
    }
    ++m_at;
    return node;
}

Parsed<TermValue> FilterParser::quoted() {
    TermValue value;
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
    return problemAt(value.at, m_text.size() - value.at,
                     tr("This quote is never closed. Add \" where the phrase ends."));
}

TermValue FilterParser::unquoted(bool stopAtComma) {
    TermValue value;
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
    return m_terms.words(TextLeaf::Scope::Anything, *value);
}

Parsed<FilterNode> FilterParser::wordOrTerm() {
    const TermValue word = unquoted(false);
    const qsizetype colon = word.text.indexOf(u':');
    if (colon == 0) {
        return problemAt(word.at, 1,
                         tr("A field name is missing before the colon. Write for example status:busy, or put the "
                            "text in quotes."));
    }
    // "14:30" is no field, and neither is an address that begins with a digit or a sign.
    if (colon > 0 && (word.text.front().isLetter() || word.text.front() == u'_')) {
        m_at = word.at + colon + 1;
        return term(word.text.left(colon), word.at);
    }
    return m_terms.words(TextLeaf::Scope::Anything, word);
}

Parsed<FilterNode> FilterParser::term(const QString& name, qsizetype nameAt) {
    const auto term = termFromName(name);
    if (!term) {
        const QString nearest = nearestTermName(name);
        return problemAt(
            nameAt, name.size(),
            nearest.isEmpty()
                ? tr("There is no field \"%1\". To search for this text, put it in quotes.").arg(shownInProblem(name))
                : tr("There is no field \"%1\". Did you mean %2?").arg(shownInProblem(name), QString(nearest + u':')));
    }
    const auto read = values(*term, nameAt);
    if (!read) {
        return tl::unexpected(read.error());
    }
    return m_terms.build(*term, name, *read);
}

Parsed<std::vector<TermValue>> FilterParser::values(const Term& term, qsizetype nameAt) {
    const bool isList = term.kind == TermKind::ClosedWords || term.kind == TermKind::OpenWords ||
                        term.kind == TermKind::Codes || term.kind == TermKind::Has || term.kind == TermKind::Is;
    std::vector<TermValue> result;
    qsizetype commaAt = -1;
    for (;;) {
        TermValue value;
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
                return problemAt(value, tr("There is nothing between these quotes. Use none for \"no value\"."));
            }
            if (commaAt >= 0) {
                return problemAt(commaAt, 1, tr("A value is missing after this comma."));
            }
            return problemAt(nameAt, m_at - nameAt,
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
        return problemAt(
            m_at, 1, tr("The value ends here, but more text follows. Put the whole value in quotes or add a blank."));
    }
    return result;
}

}  // namespace earmark
