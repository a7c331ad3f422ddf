#include "app/commandline/callreader.h"

#include <QCoreApplication>
#include <QFile>

#include "models/domain/textfold.h"
#include "models/search/textscan.h"
#include "models/sync/accountpaces.h"

namespace earmark {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

}  // namespace

Result<std::unique_ptr<CallReader>> CallReader::open(const Profile& profile) {
    if (const Done readable = profile.canBeRead(); !readable) {
        return failure(readable.error());
    }
    std::unique_ptr<CallReader> reader(new CallReader);
    if (QFile::exists(profile.reviewsFile())) {
        auto reviews = ReviewsDatabase::open(profile.reviewsFile(), ReviewsDatabase::Access::ReadOnly);
        if (!reviews) {
            return failure(reviews.error());
        }
        reader->m_reviewsDatabase = std::move(*reviews);
        auto all = reader->m_reviewsDatabase->allReviews();
        if (!all) {
            return failure(all.error());
        }
        reader->m_reviews = std::move(*all);
    }
    if (QFile::exists(profile.callsFile())) {
        auto calls = CallsDatabase::open(profile.callsFile(), CallsDatabase::Access::ReadOnly);
        if (!calls) {
            return failure(calls.error());
        }
        reader->m_calls = std::move(*calls);
    }
    return reader;
}

Result<CallReader::Selection> CallReader::select(const QString& filterText, const SortKey& sort, Moment now) {
    const auto filter = Filter::parse(filterText, FilterContext{now, QTimeZone::systemTimeZone()});
    if (!filter) {
        return failure(ErrorKind::InvalidInput, filterProblemText(filter.error()));
    }
    Selection selection{CallIndex::empty(), {}};
    if (m_calls == nullptr) {
        return selection;
    }
    std::vector<IndexRow> rows;
    Done read = m_calls->forEachIndexRow([&](IndexRow&& row) {
        const auto review = m_reviews.constFind(row.call.call.key);
        if (review != m_reviews.constEnd()) {
            row.call.review = *review;
        }
        rows.push_back(std::move(row));
        return true;
    });
    if (!read) {
        return failure(read.error());
    }
    selection.index = selection.index->with(rows);
    rows = {};
    const TextScan scan(*filter);
    if (scan.isNeeded()) {
        const auto matches = scan.matcher();
        read = m_calls->forEachTexts([&](CallTexts&& texts) {
            matches(texts);
            return true;
        });
        if (!read) {
            return failure(read.error());
        }
    }
    auto order = runQuery(*selection.index, Query{*filter, sort, scan.matches()});
    if (!order) {
        return failure(order.error());
    }
    selection.rows = std::move(*order);
    return selection;
}

Result<std::vector<ReviewedCall>> CallReader::calls(const std::vector<qint64>& callRows) {
    if (m_calls == nullptr || callRows.empty()) {
        return std::vector<ReviewedCall>();
    }
    auto calls = m_calls->callsByRow(callRows);
    if (calls) {
        for (ReviewedCall& call : *calls) {
            call.review = m_reviews.value(call.call.key);
        }
    }
    return calls;
}

Result<std::optional<ReviewedCall>> CallReader::call(const CallKey& key) {
    if (m_calls == nullptr) {
        return std::optional<ReviewedCall>();
    }
    auto call = m_calls->call(key);
    if (call && *call) {
        (*call)->review = m_reviews.value(key);
    }
    return call;
}

Result<std::vector<Account>> CallReader::accounts() {
    return m_reviewsDatabase == nullptr ? std::vector<Account>() : m_reviewsDatabase->accounts();
}

std::chrono::milliseconds CallReader::serverWishLeft(const Account& account, Moment now) {
    const QHash<QString, Moment> wishes = serverWishes();
    const QString name = wishName(account);
    return wishes.contains(name) ? wishLeft(wishes.value(name), now) : std::chrono::milliseconds(0);
}

QHash<QString, Moment> CallReader::serverWishes() {
    return m_calls == nullptr ? QHash<QString, Moment>() : m_calls->serverWishes().value_or(QHash<QString, Moment>());
}

Result<std::vector<PendingEdit>> CallReader::pending() {
    return m_reviewsDatabase == nullptr ? std::vector<PendingEdit>() : m_reviewsDatabase->pending();
}

Result<std::vector<ReviewConflict>> CallReader::conflicts(const CallKey& key) {
    return m_reviewsDatabase == nullptr ? std::vector<ReviewConflict>() : m_reviewsDatabase->conflicts(key);
}

Result<std::vector<HistoryEntry>> CallReader::history(const CallKey& key) {
    return m_reviewsDatabase == nullptr ? std::vector<HistoryEntry>() : m_reviewsDatabase->history(key);
}

QString unknownCallText(const CallKey& key) {
    return Text::tr(
               "There is no call %1 on this computer. Look for its key with “earmark list”, or fetch it with “earmark "
               "pull %2 --call %3”.")
        .arg(shownText(toText(key), 200), shownText(key.account, 40), shownText(key.remoteId, 150));
}

}  // namespace earmark
