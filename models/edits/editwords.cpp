#include "models/edits/editwords.h"

#include <QCoreApplication>
#include <array>
#include <cmath>

#include "models/domain/textfold.h"
#include "models/domain/timings.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(EditWords)
};

struct WordFor {
    const char* word;
    const char* text;  ///< source text, context "EditWords"
};

constexpr std::array kOrigins{
    WordFor{"desk", QT_TRANSLATE_NOOP("EditWords", "at the desk")},
    WordFor{"command_line", QT_TRANSLATE_NOOP("EditWords", "on the command line")},
    WordFor{"restore", QT_TRANSLATE_NOOP("EditWords", "provider's value restored")},
    WordFor{"bulk", QT_TRANSLATE_NOOP("EditWords", "edited together with other calls")},
    WordFor{"undo", QT_TRANSLATE_NOOP("EditWords", "taken back")},
    WordFor{"redo", QT_TRANSLATE_NOOP("EditWords", "done again")},
    WordFor{"merge", QT_TRANSLATE_NOOP("EditWords", "joined with what the provider changed")},
    WordFor{"conflict", QT_TRANSLATE_NOOP("EditWords", "chosen in a conflict")},
};

QString placeText(const HistoryEntry& entry) {
    return entry.destination.isEmpty() ? Words::tr("the target") : isolated(entry.destination);
}

QString withReason(const QString& text, const QString& reason) {
    return reason.isEmpty() ? text : text + u": "_s + isolated(shownText(reason, 200));
}

QString sentText(const HistoryEntry& entry, const std::function<QString(Moment)>& momentText) {
    return entry.sentAt ? Words::tr("sent to %1, %2").arg(placeText(entry), momentText(*entry.sentAt))
                        : Words::tr("sent to %1").arg(placeText(entry));
}

QString stateText(EditState state, const HistoryEntry& entry, const std::function<QString(Moment)>& momentText) {
    switch (state) {
        case EditState::Kept:
            return Words::tr("kept on this computer");
        case EditState::Waiting:
            return withReason(entry.destination.isEmpty() ? Words::tr("waits to be sent")
                                                          : Words::tr("waits to be sent to %1").arg(placeText(entry)),
                              entry.reason);
        case EditState::Sending:
            return Words::tr("being sent to %1").arg(placeText(entry));
        case EditState::Sent:
            return sentText(entry, momentText);
        case EditState::Refused:
            return withReason(Words::tr("refused by %1").arg(placeText(entry)), entry.reason);
        case EditState::Conflict:
            return Words::tr("in conflict with the other side's value");
    }
    return {};
}

QString quoted(const std::optional<QString>& value, qsizetype limit) {
    return value ? u'\u2068' + shownText(*value, limit) + u'\u2069' : Words::tr("nothing");
}

QString reviewedText(const HistoryEntry& entry) {
    if (!entry.to) {
        return Words::tr("No longer marked as reviewed");
    }
    const auto mark = reviewedMarkFromText(*entry.to, entry.at);
    const QString heard = mark ? heardText(mark->heardSeconds) : QString();
    const QString what = entry.from ? Words::tr("Marked as reviewed again") : Words::tr("Marked as reviewed");
    return heard.isEmpty() ? what : what + u", "_s + heard;
}

QString flagText(const HistoryEntry& entry, qsizetype limit) {
    const auto word = [limit](const QString& flag) -> QString {
        return u'\u2068' + shownText(flag, limit) + u'\u2069';
    };
    if (entry.to) {
        return entry.to->isEmpty() ? Words::tr("Flagged") : Words::tr("Flagged: %1").arg(word(*entry.to));
    }
    return entry.from && !entry.from->isEmpty() ? Words::tr("Flag taken away: %1").arg(word(*entry.from))
                                                : Words::tr("Flag taken away");
}

}  // namespace

QString fieldTitle(ReviewField field) {
    switch (field) {
        case ReviewField::Disposition:
            return Words::tr("Disposition");
        case ReviewField::Notes:
            return Words::tr("Notes");
        case ReviewField::Reviewed:
            return Words::tr("Reviewed");
        case ReviewField::Flag:
            return Words::tr("Flag");
    }
    return {};
}

QString changeText(const HistoryEntry& entry, qsizetype limit) {
    switch (entry.field) {
        case ReviewField::Disposition:
        case ReviewField::Notes:
            return fieldTitle(entry.field) + u": "_s + quoted(entry.from, limit) + u" → "_s + quoted(entry.to, limit);
        case ReviewField::Reviewed:
            return reviewedText(entry);
        case ReviewField::Flag:
            return flagText(entry, limit);
    }
    return {};
}

bool isCutShort(const HistoryEntry& entry, qsizetype limit) {
    if (entry.field == ReviewField::Reviewed) {
        return false;
    }
    const auto isLong = [limit](const std::optional<QString>& value) {
        return value && (value->size() > limit || value->contains(u'\n'));  // a line break is shown as a blank
    };
    return isLong(entry.from) || isLong(entry.to);
}

QString originText(const QString& origin) {
    for (const WordFor& known : kOrigins) {
        if (origin == QLatin1StringView(known.word)) {
            return Words::tr(known.text);
        }
    }
    return shownText(origin, 60);
}

QString fateText(const HistoryEntry& entry, const std::function<QString(Moment)>& momentText) {
    if (entry.field == ReviewField::Reviewed || entry.field == ReviewField::Flag) {
        return {};
    }
    if (const auto state = editStateFromWord(entry.fate)) {
        return stateText(*state, entry, momentText);
    }
    if (entry.fate == "superseded"_L1) {
        const QString later = Words::tr("replaced by a later edit");
        return entry.sentAt ? sentText(entry, momentText) + u"; "_s + later : later;
    }
    return entry.fate == "withdrawn"_L1 ? Words::tr("taken back later") : shownText(entry.fate, 60);
}

QString heardText(const std::optional<double>& seconds) {
    return seconds ? Words::tr("listened for %1").arg(durationText(std::round(*seconds))) : QString();
}

}  // namespace earmark
