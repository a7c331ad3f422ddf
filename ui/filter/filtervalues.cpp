#include "ui/filter/filtervalues.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "models/search/query.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostValues = 200;

struct Source {
    const char* prefix;
    Field field;
};
constexpr std::array kSources{
    Source{"disposition:", Field::Disposition},
    Source{"campaign:", Field::Campaign},
    Source{"agent:", Field::Agent},
    Source{"hangup:", Field::HangupCause},
    Source{"account:", Field::Account},
    Source{"sentiment:", Field::Sentiment},
};

QStringList mostFrequent(const QHash<QString, qint64>& counts) {
    std::vector<std::pair<qint64, QString>> sorted;
    for (auto it = counts.begin(); it != counts.end(); ++it) {
        sorted.emplace_back(-it.value(), it.key());
    }
    std::ranges::sort(sorted);
    QStringList values;
    for (const auto& [count, value] : sorted) {
        if (values.size() == kMostValues) {
            break;
        }
        if (!value.isEmpty() && value != u"none"_s) {  // "none" stands for no value and is a fixed word of its term
            values << value;
        }
    }
    return values;
}

struct Found {
    std::vector<std::pair<QString, QStringList>> values;
    QHash<QString, qint64> callsOfAccount;
};

Found count(const CallIndex& index) {
    std::vector<RowNumber> rows;
    rows.reserve(index.liveCount());
    for (RowNumber row = 0; row < index.rowCount(); ++row) {
        if (!index.isGone(row)) {
            rows.push_back(row);
        }
    }
    Found found;
    for (const Source& source : kSources) {
        const QHash<QString, qint64> counts = countBy(index, rows, source.field);
        found.values.emplace_back(QString::fromLatin1(source.prefix), mostFrequent(counts));
        if (source.field == Field::Account) {
            found.callsOfAccount = counts;
        }
    }
    return found;
}

}  // namespace

FilterValues::FilterValues(QObject* parent) : QObject(parent) {
    m_pool.setMaxThreadCount(1);
}

FilterValues::~FilterValues() = default;

void FilterValues::refresh(const CallIndexPtr& index) {
    m_next = index;
    if (!m_running) {
        start();
    }
}

void FilterValues::start() {
    m_running = true;
    m_pool.start([this, index = std::exchange(m_next, nullptr)] {
        auto found = std::make_shared<Found>(count(*index));
        QMetaObject::invokeMethod(
            this,
            [this, found] {
                m_running = false;
                for (const auto& [prefix, values] : found->values) {
                    Q_EMIT this->found(prefix, values);
                }
                Q_EMIT accountsCounted(found->callsOfAccount);
                if (m_next) {
                    start();
                }
            },
            Qt::QueuedConnection);
    });
}

}  // namespace earmark
