// A second, slow and simple opinion about filters and orders: works straight on the calls and shares no code with
// models/search. One thread.
#pragma once

#include <QRandomGenerator>
#include <QTimeZone>
#include <functional>
#include <vector>

#include "models/domain/fields.h"

namespace earmark::test {

/// A filter as text together with what it means.
struct Meaning {
    QString text;
    std::function<bool(const ReviewedCall&)> matches;
};

class Oracle final {
 public:
    Oracle(quint32 seed, Moment now, const QTimeZone& zone);
    [[nodiscard]] Meaning randomFilter();
    /// Every lawful sort field in turn.
    [[nodiscard]] Field randomSortField();
    /// Row ids in order.
    [[nodiscard]] static std::vector<qint64> sorted(const std::vector<const ReviewedCall*>& calls, Field field,
                                                    bool descending);

 private:
    [[nodiscard]] Meaning tree(int depth);
    [[nodiscard]] Meaning leaf();
    [[nodiscard]] Meaning closedWords();
    [[nodiscard]] Meaning openWords();
    [[nodiscard]] Meaning codes();
    [[nodiscard]] Meaning contains();
    [[nodiscard]] Meaning numbers();
    [[nodiscard]] Meaning texts();
    [[nodiscard]] Meaning bareWords();
    [[nodiscard]] Meaning measure();
    [[nodiscard]] Meaning day();
    [[nodiscard]] Meaning timeOfDay();
    [[nodiscard]] Meaning hasOrIs();
    [[nodiscard]] Meaning truth();
    [[nodiscard]] Meaning transcripts();

    [[nodiscard]] int below(int count) { return m_random.bounded(count); }
    template <typename T>
    [[nodiscard]] const T& oneOf(const std::vector<T>& list) {
        return list[static_cast<std::size_t>(below(static_cast<int>(list.size())))];
    }
    [[nodiscard]] QString word(const QStringList& list) { return list[below(static_cast<int>(list.size()))]; }

    QRandomGenerator m_random;
    Moment m_now;
    QTimeZone m_zone;
};

}  // namespace earmark::test
