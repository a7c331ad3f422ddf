#include "models/tables/outboxlines.h"

#include <QCoreApplication>
#include <algorithm>

#include "models/domain/target.h"
#include "models/domain/textfold.h"
#include "models/tables/celltext.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Outbox)
};

constexpr qsizetype kMostOfValue = 80;

}  // namespace

bool lets(OutboxFilter filter, EditState state) {
    switch (filter) {
        case OutboxFilter::All:
            return true;
        case OutboxFilter::NeedsYou:
            return state == EditState::Refused || state == EditState::Conflict;
        case OutboxFilter::Waiting:
            return state == EditState::Waiting || state == EditState::Sending;
        case OutboxFilter::Sent:
            return state == EditState::Sent;
        case OutboxFilter::Kept:
            return state == EditState::Kept;
    }
    return true;
}

std::shared_ptr<const OutboxLines> outboxLines(std::vector<PendingEdit> pending) {
    auto lines = std::make_shared<OutboxLines>();
    lines->edits = std::move(pending);
    for (const PendingEdit& edit : lines->edits) {
        lines->counts.add(edit.state);
    }
    return lines;
}

std::shared_ptr<const OutboxView> outboxView(std::shared_ptr<const OutboxLines> lines, OutboxFilter filter,
                                             const std::shared_ptr<const OutboxView>& before) {
    auto view = std::make_shared<OutboxView>();
    view->lines = std::move(lines);
    view->filter = filter;
    const std::vector<PendingEdit>& edits = view->lines->edits;
    for (int at = 0; at < int(edits.size()); ++at) {
        if (lets(filter, edits[size_t(at)].state)) {
            view->shown.push_back(at);
        }
    }
    // By their sequence, never by a clock that may jump.
    std::sort(view->shown.begin(), view->shown.end(),
              [&edits](int one, int other) { return edits[size_t(one)].sequence > edits[size_t(other)].sequence; });
    for (size_t row = 0; row < view->shown.size(); ++row) {
        const PendingEdit& edit = edits[size_t(view->shown[row])];
        view->rows.insert({edit.key, int(edit.field)}, int(row));
    }
    const auto isSame = [&](int now, int then) {
        const PendingEdit& one = edits[size_t(now)];
        const PendingEdit& other = before->lines->edits[size_t(then)];
        return one.key == other.key && one.field == other.field;
    };
    view->hasSameRows = before && std::equal(view->shown.begin(), view->shown.end(), before->shown.begin(),
                                             before->shown.end(), isSame);
    return view;
}

QString outboxStateText(EditState state) {
    switch (state) {
        case EditState::Kept:
            return Text::tr("Kept here");
        case EditState::Waiting:
            return Text::tr("Waiting");
        case EditState::Sending:
            return Text::tr("Being sent");
        case EditState::Sent:
            return Text::tr("Sent");
        case EditState::Refused:
            return Text::tr("Refused");
        case EditState::Conflict:
            return Text::tr("Conflict");
    }
    return {};
}

QString outboxFieldText(ReviewField field) {
    switch (field) {
        case ReviewField::Disposition:
            return Text::tr("Disposition");
        case ReviewField::Notes:
            return Text::tr("Notes");
        case ReviewField::Reviewed:
            return Text::tr("Reviewed");
        case ReviewField::Flag:
            return Text::tr("Flag");
    }
    return {};
}

QString outboxValueText(const std::optional<QString>& value) {
    return value && !value->isEmpty() ? shownText(*value, kMostOfValue) : Text::tr("(nothing)");
}

QString outboxReasonText(const PendingEdit& edit) {
    QStringList parts;
    if (!edit.reason.isEmpty()) {
        // A sentence of ours with data set apart in it: those marks are lawful, all others are made visible.
        parts << shownText(QString(edit.reason).remove(QChar(0x2068)).remove(QChar(0x2069)));
    }
    switch (edit.state) {
        case EditState::Kept:
            parts << (edit.target == word(TargetKind::None) ? Text::tr("Stays on this computer.") : QString());
            break;
        case EditState::Waiting:
            parts << (edit.nextTry ? Text::tr("Next try at %1.").arg(cellTime(*edit.nextTry)) : QString());
            break;
        case EditState::Conflict:
            parts << (edit.reason.isEmpty() ? Text::tr("The other side holds something else.") : QString());
            break;
        case EditState::Sending:
        case EditState::Sent:
        case EditState::Refused:
            break;
    }
    parts.removeAll(QString());
    return parts.join(u' ');
}

QString outboxSentence(const PendingEdit& edit, const QString& call) {
    QStringList parts{Text::tr("%1: %2 of %3, from %4 to %5.")
                          .arg(outboxStateText(edit.state), outboxFieldText(edit.field), isolated(call),
                               isolated(outboxValueText(edit.from)), isolated(outboxValueText(edit.to)))};
    if (!edit.destination.isEmpty()) {
        parts << (edit.state == EditState::Sent ? Text::tr("It went to %1.") : Text::tr("It goes to %1."))
                     .arg(isolated(edit.destination));
    }
    parts << outboxReasonText(edit);
    if (edit.sentAt) {
        parts << Text::tr("Accepted at %1.").arg(cellTime(*edit.sentAt));
    }
    parts.removeAll(QString());
    return parts.join(u' ');
}

}  // namespace earmark
