#include "ui/edits/outboxwords.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include "models/domain/textfold.h"
#include "models/tables/outboxlines.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(OutboxWords)
};

QString timeText(Moment at) {
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(toMs(at)).time(), QLocale::ShortFormat);
}

QString placeOf(const TargetSettings& target) {
    return target.kind == TargetKind::AutocallsLead ? targetName(target.kind)
                                                    : isolated(shownText(destinationText(target), 80));
}

QString nextTry(const PushState& state, Moment now) {
    return state.until ? Text::tr("Next try %1.").arg(untilText(*state.until, now)) : QString();
}

QString sentences(QStringList parts) {
    parts.removeAll(QString());
    return parts.join(u' ');
}

OutboxWord idleSentence(const Account& account, const PushState& state, const QString& place) {
    const QString name = isolated(account.name);
    if (state.lastAccepted) {
        const QString where = state.lastPlace.isEmpty() ? QString() : u" ("_s + isolated(state.lastPlace) + u')';
        return {
            u"saved"_s, Tone::Quiet,
            Text::tr("%1: %2 accepted the last edit at %3%4.").arg(name, place, timeText(*state.lastAccepted), where)};
    }
    return {u"info"_s, Tone::Quiet,
            account.target.sendsByItself ? Text::tr("%1: edits go to %2.").arg(name, place)
                                         : Text::tr("%1: edits go to %2 when you ask (F5).").arg(name, place)};
}

}  // namespace

QString untilText(Moment until, Moment now) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(until - now).count();
    if (left <= 0) {
        return Text::tr("now");
    }
    if (left < 90) {
        return Text::tr("in %1 s").arg(left);
    }
    return left < 3600 ? Text::tr("in %1 min").arg((left + 59) / 60) : Text::tr("at %1").arg(timeText(until));
}

OutboxWord stateSign(EditState state) {
    const QString text = outboxStateText(state);
    switch (state) {
        case EditState::Kept:
            return {u"note"_s, Tone::Quiet, text};
        case EditState::Waiting:
            return {u"clock"_s, Tone::Plain, text};
        case EditState::Sending:
            return {u"refresh"_s, Tone::Plain, text};
        case EditState::Sent:
            return {u"saved"_s, Tone::Good, text};
        case EditState::Refused:
            return {u"cancel"_s, Tone::Bad, text};
        case EditState::Conflict:
            return {u"warning"_s, Tone::Warning, text};
    }
    return {};
}

OutboxWord outboxSummary(const OutboxCounts& counts) {
    const QLocale locale;
    QStringList parts;
    if (counts.conflicts > 0) {
        parts << (counts.conflicts == 1 ? Text::tr("1 conflict")
                                        : Text::tr("%1 conflicts").arg(locale.toString(counts.conflicts)));
    }
    if (counts.refused > 0) {
        parts << Text::tr("%1 refused").arg(locale.toString(counts.refused));
    }
    const bool needsPerson = !parts.isEmpty();
    if (counts.waiting > 0) {
        parts << Text::tr("%1 waiting").arg(locale.toString(counts.waiting));
    }
    if (!parts.isEmpty()) {
        return {needsPerson ? u"warning"_s : u"clock"_s, needsPerson ? Tone::Warning : Tone::Quiet,
                parts.join(u", "_s)};
    }
    if (counts.sent > 0) {
        parts << Text::tr("all sent");
    }
    if (counts.kept > 0) {
        parts << Text::tr("%1 kept here").arg(locale.toString(counts.kept));
    }
    return {counts.sent > 0 ? u"saved"_s : u"note"_s, Tone::Quiet, parts.join(u", "_s)};
}

OutboxWord targetSentence(const Account& account, const PushState& state, Moment now) {
    const QString name = isolated(account.name);
    const QString place = placeOf(account.target);
    switch (state.what) {
        case PushState::What::Idle:
            return idleSentence(account, state, place);
        case PushState::What::Sending:
            return {u"refresh"_s, Tone::Quiet,
                    Text::tr("%1: sending %2 to %3.").arg(name, QLocale().toString(state.underWay), place)};
        case PushState::What::Resting:
            return {u"clock"_s, Tone::Quiet,
                    state.until ? Text::tr("%1: edits leave for %2 %3.").arg(name, place, untilText(*state.until, now))
                                : Text::tr("%1: edits leave for %2 soon.").arg(name, place)};
        case PushState::What::Waiting:
            return {u"clock"_s, Tone::Quiet,
                    sentences({Text::tr("%1: waits for %2.").arg(name, place), state.reason, nextTry(state, now)})};
        case PushState::What::Offline:
            return {u"clock"_s, Tone::Quiet,
                    sentences({Text::tr("%1: %2 cannot be reached now; your edits are safe here.").arg(name, place),
                               nextTry(state, now)})};
        case PushState::What::Paused:
            return {u"key"_s, Tone::Warning,
                    sentences({(account.target.kind == TargetKind::AutocallsLead
                                    ? Text::tr("%1: sending is paused until the account has another key.")
                                    : Text::tr("%1: sending is paused until the webhook's secret is entered anew."))
                                   .arg(name),
                               state.reason})};
    }
    return {};
}

}  // namespace earmark
