// The filters used, newest first, remembered between sessions; walked with Up and Down. Main thread only.
#pragma once

#include <QString>
#include <QStringList>

namespace earmark {

class DeskSettings;

class FilterHistory final {
 public:
    static constexpr int kKept = 30;

    explicit FilterHistory(DeskSettings* settings);

    void add(const QString& text);  ///< blank texts and the newest one again are not added
    [[nodiscard]] const QStringList& recent() const { return m_recent; }

    /// Older than what is shown; `typed` comes back when walking down again. Nothing older: unchanged.
    [[nodiscard]] QString older(const QString& typed);
    [[nodiscard]] QString newer(const QString& typed);
    [[nodiscard]] bool isWalking() const { return m_at >= 0; }
    void stopWalking() { m_at = -1; }

 private:
    DeskSettings* m_settings;
    QStringList m_recent;
    QString m_typed;
    int m_at = -1;
};

}  // namespace earmark
