#include "ui/mainwindow/gototimedialog.h"

#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <cmath>

#include "models/domain/timings.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"

namespace earmark {

namespace {

QString textOf(std::chrono::milliseconds time) {
    return durationText(std::floor(double(time.count()) / 1000));
}

}  // namespace

std::optional<std::chrono::milliseconds> recordingTimeFromText(const QString& text) {
    const QStringList parts = text.trimmed().replace(u',', u'.').split(u':');
    if (parts.size() > 3) {
        return std::nullopt;
    }
    double seconds = 0;
    for (qsizetype i = 0; i < parts.size(); ++i) {
        bool isNumber = false;
        const double value = parts.at(i).toDouble(&isNumber);
        const bool last = i + 1 == parts.size();
        if (!isNumber || !std::isfinite(value) || value < 0 || (i > 0 && value >= 60) ||
            (!last && value != std::floor(value))) {
            return std::nullopt;
        }
        seconds = seconds * 60 + value;
    }
    return seconds > 1e6 ? std::nullopt : std::optional(std::chrono::milliseconds(std::llround(seconds * 1000)));
}

GoToTimeDialog::GoToTimeDialog(std::chrono::milliseconds now, std::chrono::milliseconds duration, QWidget* parent)
    : QDialog(parent), m_duration(duration), m_time(new QLineEdit(textOf(now))), m_says(new PlainLabel) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Go to a time"));
    const int gap = theme::space();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * gap, 3 * gap, 3 * gap, 2 * gap);
    column->setSpacing(gap);
    auto* title = new PlainLabel(tr("Time in the recording, 0:00 to %1").arg(textOf(duration)));
    title->setBuddy(m_time);
    m_time->setAccessibleName(title->text());
    m_time->setPlaceholderText(tr("1:23, or 83 for seconds"));
    column->addWidget(title);
    column->addWidget(m_time);
    column->addWidget(m_says);
    auto* buttons = new QDialogButtonBox;
    m_go = buttons->addButton(tr("Go"), QDialogButtonBox::AcceptRole);
    m_go->setDefault(true);
    buttons->addButton(QDialogButtonBox::Cancel)->setAutoDefault(false);
    column->addWidget(buttons);
    setMinimumWidth(44 * gap);
    connect(m_time, &QLineEdit::textChanged, this, &GoToTimeDialog::judge);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        if (const auto at = recordingTimeFromText(m_time->text()); at && *at <= m_duration) {
            Q_EMIT timeGiven(*at);
            accept();
        }
    });
    m_time->selectAll();
    judge();
}

void GoToTimeDialog::judge() {
    const auto at = recordingTimeFromText(m_time->text());
    m_go->setEnabled(at && *at <= m_duration);
    m_says->setText(m_time->text().trimmed().isEmpty() ? QString()
                    : !at                              ? tr("Not a time. Write 1:23, or 83 for seconds.")
                    : *at > m_duration ? tr("The recording ends at %1. Write an earlier time.").arg(textOf(m_duration))
                                       : QString());
}

}  // namespace earmark
