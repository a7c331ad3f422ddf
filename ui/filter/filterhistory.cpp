#include "ui/filter/filterhistory.h"

#include "ui/common/desksettings.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {
const QString kSetting = u"filter/recent"_s;
}

FilterHistory::FilterHistory(DeskSettings* settings)
    : m_settings(settings), m_recent(settings->value(kSetting).toStringList()) {
    while (m_recent.size() > kKept) {
        m_recent.removeLast();
    }
}

void FilterHistory::add(const QString& text) {
    m_at = -1;
    const QString clean = text.simplified().isEmpty() ? QString() : text.trimmed();
    if (clean.isEmpty() || (!m_recent.isEmpty() && m_recent.first() == clean)) {
        return;
    }
    m_recent.removeAll(clean);
    m_recent.prepend(clean);
    while (m_recent.size() > kKept) {
        m_recent.removeLast();
    }
    m_settings->setValue(kSetting, m_recent);
}

QString FilterHistory::older(const QString& typed) {
    if (m_at < 0) {
        m_typed = typed;
    }
    int next = m_at + 1;
    while (next < m_recent.size() && m_recent.at(next) == typed) {
        ++next;  // what stands there already is no step back
    }
    if (next >= m_recent.size()) {
        return typed;
    }
    m_at = next;
    return m_recent.at(m_at);
}

QString FilterHistory::newer(const QString& typed) {
    if (m_at < 0) {
        return typed;
    }
    --m_at;
    return m_at < 0 ? m_typed : m_recent.at(m_at);
}

}  // namespace earmark
