// Reviewed and flagged: marks on calls, saved until COMMIT like what is typed in a field: a mark that could not be
// saved is kept and tried again every 2 s, whichever call is shown meanwhile. Main thread only.
#pragma once

#include <QHash>
#include <QObject>
#include <QTimer>

#include "models/edits/fieldeditor.h"

namespace earmark {

[[nodiscard]] inline size_t qHash(ReviewField field, size_t seed = 0) noexcept {
    return ::qHash(static_cast<int>(field), seed);
}

class ReviewMarks final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReviewMarks)

 public:
    ReviewMarks(Store* store, std::shared_ptr<const Clock> clock, QObject* parent = nullptr);
    ~ReviewMarks() override;

    /// Reviewed now, with what was heard of the recording (seconds; nullopt = not known); or not reviewed any more.
    void markReviewed(const CallKey& call, const std::optional<double>& heardSeconds);
    void markNotReviewed(const CallKey& call);
    void flag(const CallKey& call, const QString& word);
    void takeFlagAway(const CallKey& call);
    /// markReviewed() for committing together with what was typed; for commitTogether(). nullopt where the call is
    /// marked already: the first time it was reviewed stands.
    [[nodiscard]] std::optional<OrderedEdit> takeReviewed(const CallKey& call,
                                                          const std::optional<double>& heardSeconds,
                                                          const QString& step);

    /// As it is or will be once everything ordered is saved.
    [[nodiscard]] bool isReviewed(const CallKey& call) const;
    [[nodiscard]] std::optional<QString> flagOf(const CallKey& call) const;
    [[nodiscard]] bool hasUnsaved() const { return !m_orders.isEmpty(); }
    [[nodiscard]] QString problem(const CallKey& call) const;  ///< why a mark of it is not saved yet; "" = it is

 Q_SIGNALS:
    void changed(const earmark::CallKey& call);  ///< saved, or could not be
    void committed(const earmark::CallKey& call);

 private:
    struct Order {
        EditToCommit edit;
        quint64 number = 0;  ///< the newest order of a mark decides
        bool underWay = false;
        QString problem;
    };
    using Mark = std::pair<CallKey, ReviewField>;

    [[nodiscard]] OrderedEdit take(EditToCommit edit);
    void order(EditToCommit edit) { commitTogether(m_store, this, {take(std::move(edit))}); }
    void answered(const Mark& mark, quint64 number, const Done& done);
    void retry();

    Store* m_store;
    std::shared_ptr<const Clock> m_clock;
    QHash<Mark, Order> m_orders;
    quint64 m_last = 0;
    QTimer m_retry;
};

}  // namespace earmark
