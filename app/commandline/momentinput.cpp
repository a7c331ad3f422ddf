#include "app/commandline/momentinput.h"

#include <QDateTime>

namespace earmark {

std::optional<Moment> momentFromText(const QString& text, bool closesRange) {
    const QDate day = QDate::fromString(text, Qt::ISODate);
    if (day.isValid() && text.size() == 10) {
        const QDateTime start = closesRange ? day.addDays(1).startOfDay() : day.startOfDay();
        return momentFromMs(start.toMSecsSinceEpoch() - (closesRange ? 1 : 0));
    }
    const QDateTime moment = QDateTime::fromString(text, Qt::ISODateWithMs);  // without a zone: the system's
    return moment.isValid() && text.size() > 10 ? std::optional(momentFromMs(moment.toMSecsSinceEpoch()))
                                                : std::nullopt;
}

}  // namespace earmark
