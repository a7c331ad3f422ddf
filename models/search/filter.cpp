#include "models/search/filter.h"

#include <QCoreApplication>

#include "models/search/filterparser.h"

namespace earmark {

Filter::Filter() = default;

tl::expected<Filter, FilterProblem> Filter::parse(const QString& text, const FilterContext& context) {
    FilterParser parser(text, context);
    auto root = parser.parse();
    if (!root) {
        return tl::unexpected(root.error());
    }
    Filter filter;
    if (*root) {
        filter.m_root = std::make_shared<const FilterNode>(std::move(**root));
        filter.m_textLeaves = parser.textLeafCount();
    }
    return filter;
}

bool Filter::isEmpty() const {
    return !m_root;
}

const FilterNode* Filter::root() const {
    return m_root.get();
}

int Filter::textLeafCount() const {
    return m_textLeaves;
}

QString quotedForFilter(const QString& value) {
    const bool isPlain = !value.isEmpty() && value.compare(u"none", Qt::CaseInsensitive) != 0 &&
                         std::all_of(value.begin(), value.end(), [](QChar c) {
                             return c.isLetterOrNumber() || c == u'_' || c == u'-' || c == u'.' || c == u'+';
                         });
    QString inner = value;
    return isPlain ? value : u'"' + inner.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

QString filterProblemText(const FilterProblem& problem) {
    return QCoreApplication::translate("Filter", "column %1: %2").arg(QString::number(problem.column), problem.message);
}

}  // namespace earmark
