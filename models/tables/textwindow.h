// The long texts of the calls near the viewport: asked for in one question, kept in bounded number. Main thread only.
#pragma once

#include <QCache>
#include <QObject>
#include <QSet>
#include <QTimer>
#include <vector>

#include "models/store/store.h"

namespace earmark {

class TextWindow final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TextWindow)

 public:
    static constexpr int kKept = 2'000;  ///< calls; a cell shows 512 characters and a tooltip 2,000, more is not kept

    explicit TextWindow(Store* store, QObject* parent = nullptr);

    /// What the view could show next. Missing ones are asked for once, after the current turn of the event loop.
    void setWanted(std::vector<qint64> callRows);
    /// nullptr while it is not here (yet).
    [[nodiscard]] const CallTexts* find(qint64 callRow) const;
    [[nodiscard]] bool isUnavailable(qint64 callRow) const;  ///< the store could not read it
    void forget(const std::vector<qint64>& callRows);        ///< they changed

 Q_SIGNALS:
    void arrived();

 private:
    void ask();
    void keep(const std::vector<qint64>& asked, const Result<std::vector<CallTexts>>& texts);

    Store* m_store;
    QTimer m_soon;
    std::vector<qint64> m_wanted;
    QCache<qint64, CallTexts> m_kept{kKept};
    QSet<qint64> m_underWay;
    QSet<qint64> m_changedMeanwhile;  ///< asked for, then changed: the answer may be the old one
    QSet<qint64> m_unavailable;
};

}  // namespace earmark
