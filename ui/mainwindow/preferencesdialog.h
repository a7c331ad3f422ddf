// What the supervisor may choose about listening, the number keys and the recordings that are kept. Every change counts
// at once and is remembered. Main thread only.
#pragma once

#include <QDialog>

#include "ui/common/deskservices.h"

class QFormLayout;
class QLabel;

namespace earmark {

class DigitDispositions;

class PreferencesDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PreferencesDialog)

 public:
    PreferencesDialog(const DeskServices& services, DigitDispositions* digits, QWidget* parent);

 private:
    [[nodiscard]] QWidget* listeningPage();
    [[nodiscard]] QWidget* dispositionsPage();
    [[nodiscard]] QWidget* recordingsPage();
    void addSeconds(QFormLayout* form, const QString& title, const QString& name, QLatin1StringView setting, int fallbackMs,
                    int mostMs);
    void addChoice(QFormLayout* form, const QString& text, const QString& name, QLatin1StringView setting, bool fallback);
    void addNumber(QFormLayout* form, const QString& title, const QString& name, QLatin1StringView setting, int fallback,
                   int least, int most, const QString& unit, const QString& leastText);
    void addDevices(QFormLayout* form);

    const DeskServices m_services;
    DigitDispositions* m_digits;
};

}  // namespace earmark
