// Which disposition each of the number keys sets. The places stay: a hand that has learned them is never surprised.
// Main thread only.
#pragma once

#include <QObject>
#include <QStringList>

namespace earmark {

class DeskSettings;
class Store;

class DigitDispositions final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DigitDispositions)

 public:
    static constexpr int kDigits = 9;

    DigitDispositions(Store* store, DeskSettings* settings, QObject* parent = nullptr);

    /// Codes in use fill the places that are free, the most frequent first; once it is known what is in use.
    void fillFreePlaces();
    [[nodiscard]] QString code(int digit) const;  ///< 1..9; "" = none
    void setCode(int digit, const QString& code);

 Q_SIGNALS:
    void changed();

 private:
    [[nodiscard]] QStringList codes() const;

    Store* m_store;
    DeskSettings* m_settings;
};

}  // namespace earmark
