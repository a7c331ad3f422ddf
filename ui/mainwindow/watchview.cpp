#include "ui/mainwindow/watchview.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(WatchView)
};

/// The time alone where it is of today.
QString when(Moment at, Moment now) {
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(toMs(at));
    const bool today = time.date() == QDateTime::fromMSecsSinceEpoch(toMs(now)).date();
    return today ? QLocale().toString(time.time(), QLocale::ShortFormat)
                 : QLocale().toString(time, QLocale::ShortFormat);
}

QString sentence(const WatchState& state, Moment now) {
    const QString who = providerName(state.provider) + u' ' + isolated(state.account);
    QStringList parts;
    if (state.problem) {
        const QString why = errorText(makeError(state.problem->kind)).section(u". "_s, 0, 0);
        parts << (state.newsAt ? Text::tr("no news since %1 (%2)").arg(when(*state.newsAt, now), why)
                               : Text::tr("no news yet (%1)").arg(why));
    } else if (state.newsAt) {
        parts << Text::tr("looked for news %1").arg(when(*state.newsAt, now));
    }
    if (state.fullAt) {
        parts << Text::tr("full list %1").arg(when(*state.fullAt, now));
    }
    return parts.isEmpty() ? QString() : who + u": "_s + parts.join(u"; "_s);
}

}  // namespace

QString watchText(const std::vector<WatchState>& states, Moment now) {
    const WatchState* last = nullptr;
    for (const WatchState& state : states) {
        const bool tells = state.newsAt || state.problem;
        if (tells && (last == nullptr || (state.problem && !last->problem) ||
                      (state.newsAt > last->newsAt && state.problem.has_value() == last->problem.has_value()))) {
            last = &state;
        }
    }
    return last == nullptr ? QString() : sentence(*last, now);
}

QString watchTexts(const std::vector<WatchState>& states, Moment now) {
    QStringList lines;
    for (const WatchState& state : states) {
        if (const QString line = sentence(state, now); !line.isEmpty()) {
            lines << line;
        }
    }
    return lines.join(u'\n');
}

}  // namespace earmark
