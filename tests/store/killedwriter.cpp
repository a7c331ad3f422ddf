// Edits without a pause until it is killed: killedwriter FILE SEED FIRST [COUNT [KIND]]. A line "B ..." before each
// step, "A ..." when it has been acknowledged, "N ..." when it failed; small letters where several rows are written in
// one go (bulk, undo, push, merge, mark), each on calls of its own. With COUNT it ends after so many steps: 0, or 4
// when one of them failed; with KIND it does nothing else. Not a test by itself; tst_killed and the long tests start
// and kill it.
#include <unistd.h>

#include <cstdlib>

#include <QCoreApplication>
#include <QRandomGenerator>
#include <QStringList>

#include "models/store/reviewsdatabase.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {
void say(const QString& line) {
    const QByteArray bytes = line.toUtf8() + '\n';
    if (::write(1, bytes.constData(), size_t(bytes.size())) != bytes.size()) {
        ::_exit(3);
    }
}

constexpr int kPortion = 12;

Account sendingAccount() {
    Account account;
    account.name = u"sending"_s;
    account.baseUrl = QUrl(u"https://api.yotel.test/api/v1"_s);
    account.target.kind = TargetKind::Webhook;
    account.target.url = QUrl(u"https://hooks.example.test/in"_s);
    return account;
}

/// A portion of bulk work, under one step.
bool bulk(ReviewsDatabase& database, const QString& account, const QString& value, Moment now) {
    std::vector<EditToCommit> edits;
    for (int i = 0; i < kPortion; ++i) {
        edits.push_back(
            {{account, u"b%1"_s.arg(i)}, ReviewField::Notes, u"provider's"_s, value, u"bulk"_s, value.left(20)});
    }
    return database.commitEdits(edits, now).has_value();
}

bool undo(ReviewsDatabase& database, const QString& value, Moment now) {
    if (!bulk(database, u"undone"_s, value, now)) {
        return false;
    }
    for (;;) {
        const auto portion = database.revert(Revert::Undo, kPortion / 3, now);
        if (!portion || portion->left == 0) {
            return portion.has_value();
        }
    }
}

/// Two fields of a call, sent in one delivery.
bool push(ReviewsDatabase& database, const QString& value, Moment now) {
    const CallKey key{u"sending"_s, u"s"_s + value.left(1)};
    if (!database.commitEdits({{key, ReviewField::Notes, u"provider's"_s, value, u"desk"_s, value.left(20)},
                               {key, ReviewField::Disposition, u"provider's"_s, value, u"desk"_s, value.left(20)}},
                              now)) {
        return false;
    }
    const auto due = database.dueDeliveries(sendingAccount(), std::nullopt, 3);
    if (!due) {
        return false;
    }
    for (const Delivery& delivery : *due) {
        const auto taken =
            database.takeForSending(delivery, u"writer"_s, now + std::chrono::seconds(60), "body"_ba, u"there"_s, now);
        Settlement sent;
        sent.state = EditState::Sent;
        if (!taken || (*taken && !database.settle(delivery.id, u"writer"_s, sent, now))) {
            return false;
        }
    }
    return true;
}

bool merge(ReviewsDatabase& database, const QString& value, Moment now) {
    const CallKey key{u"merged"_s, u"m"_s + value.left(1)};
    const auto mine =
        database.commitEdit({key, ReviewField::Notes, u"provider's"_s, value + u" mine"_s, u"desk"_s}, now);
    if (!mine || !mine->notes) {
        return false;
    }
    ProviderMerge merge;
    merge.key = key;
    merge.field = ReviewField::Notes;
    merge.sequence = mine->notes->sequence;
    merge.outcome = ProviderMerge::Outcome::Merged;
    merge.theirs = u"theirs"_s;
    merge.merged = value;
    return database.noteProviderMerge(merge, now).has_value();
}

/// A mark that goes again, and one that gets its words a moment later.
bool mark(ReviewsDatabase& database, const QString& value, Moment now) {
    const CallKey key{u"marked"_s, u"k"_s + value.left(1)};
    const CallMark passing{u"passing"_s, key, std::chrono::milliseconds(1), value, {}, now};
    CallMark staying{u"mark-"_s + value.left(20), key, std::chrono::milliseconds(700), {}, u"praise"_s, now};
    if (!database.saveMark(passing) || !database.saveMark(staying)) {
        return false;
    }
    staying.text = value;
    return database.saveMark(staying).has_value() && database.removeMark(passing).has_value();
}

bool several(ReviewsDatabase& database, const QString& kind, const QString& value, Moment now) {
    return kind == "bulk"_L1   ? bulk(database, u"bulk"_s, value, now)
           : kind == "undo"_L1 ? undo(database, value, now)
           : kind == "push"_L1 ? push(database, value, now)
           : kind == "mark"_L1 ? mark(database, value, now)
                               : merge(database, value, now);
}
}  // namespace

int main(int argc, char** argv) {
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    auto database = ReviewsDatabase::open(arguments.at(1), ReviewsDatabase::Access::ReadWrite);
    if (!database || !(*database)->notices().isEmpty()) {
        return 2;
    }
    QRandomGenerator random(arguments.at(2).toUInt());
    const qint64 first = arguments.at(3).toLongLong();
    const bool isEndless = arguments.size() <= 4;
    const qint64 given = isEndless ? 0 : arguments.at(4).toLongLong();
    const qint64 count = qAbs(given);
    const QStringList kinds{u"bulk"_s, u"undo"_s, u"push"_s, u"merge"_s, u"mark"_s};
    const QString only = arguments.value(5);
    if (!(*database)->saveAccount(sendingAccount()) || !(*database)->reclaim(std::nullopt)) {
        return 2;
    }
    bool failed = false;
    for (qint64 number = first; isEndless || number < first + count; ++number) {
        const int call = random.bounded(8);
        const ReviewField field = random.bounded(2) ? ReviewField::Notes : ReviewField::Disposition;
        const CallKey key{u"main"_s, QString::number(call)};
        const Moment now = momentFromMs(number);
        const int kind = random.bounded(10);
        const QString what = kind == 0 ? u"restore"_s : kind < 3 ? u"draft"_s : u"edit"_s;
        // Some texts are longer than a page, so that a row has pages of its own.
        const QString value = QString::number(number) + QString(random.bounded(20) == 0 ? 9'000 : 40, u'x');
        if (!only.isEmpty() || random.bounded(6) == 0) {
            const QString severalKind = only.isEmpty() ? kinds.at(int(random.bounded(kinds.size()))) : only;
            const QString line = u"%1 several notes %2"_s.arg(QString::number(number), severalKind);
            say(u"b "_s + line);
            const bool wasDone = several(**database, severalKind, value, now);
            if (!wasDone && isEndless) {
                return 4;
            }
            failed = failed || !wasDone;
            say((wasDone ? u"a "_s : u"n "_s) + line);
            continue;
        }
        const QString line = u"%1 %2 %3 %4"_s.arg(number).arg(call).arg(word(field), what);
        say(u"B "_s + line);
        if (given < 0 && number == first + count - 1) {
            static_cast<void>((*database)->commitEdit({key, field, u"provider's"_s, value, u"desk"_s}, now));
            std::abort();  // as a failed assertion in a slot does
        }
        bool done = false;
        if (what == u"restore"_s) {
            done = (*database)->restoreField(key, field, u"restore"_s, now).has_value();
        } else if (what == u"draft"_s) {
            done = (*database)->saveDraft({key, field, std::nullopt, value, now}).has_value();
        } else {
            done = (*database)->commitEdit({key, field, u"provider's"_s, value, u"desk"_s}, now).has_value();
        }
        if (!done && isEndless) {
            return 4;
        }
        failed = failed || !done;
        say((done ? u"A "_s : u"N "_s) + line);
    }
    return failed ? 4 : 0;
}
