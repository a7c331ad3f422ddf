// A real store with calls in it, for tests of what is done to them. Main thread only.
#pragma once

#include <QTemporaryDir>
#include <QTest>
#include <memory>
#include <optional>

#include "models/store/store.h"
#include "tests/store/samplecalls.h"

namespace earmark::test {

class EditRig final {
 public:
    explicit EditRig(const SqlFaultSeam& seam = {}) : m_seam(seam) { reopen(); }

    /// As a start of the program after its end.
    void reopen() {
        store.reset();
        store = std::make_unique<Store>(Store::Options{folder.path(), nullptr, m_seam, false});
        isOpen = waitFor<void>([this](auto done) { store->open(store.get(), done); }).has_value();
    }
    /// `count` calls of sample::wholeCall(), numbered from 0.
    [[nodiscard]] bool putCalls(int count) {
        for (int from = 0; from < count; from += 1'000) {
            PageToStore page{QStringLiteral("main"), {}, std::nullopt};
            for (int i = from; i < std::min(count, from + 1'000); ++i) {
                page.calls.push_back(sample::wholeCall(i));
            }
            if (!waitFor<PageOutcome>([&](auto done) { store->storePage(std::move(page), store.get(), done); })) {
                return false;
            }
        }
        return true;
    }
    [[nodiscard]] static CallKey keyOf(int number) { return sample::wholeCall(number).key; }
    [[nodiscard]] static std::vector<CallKey> keys(int count) {
        std::vector<CallKey> all;
        for (int i = 0; i < count; ++i) {
            all.push_back(keyOf(i));
        }
        return all;
    }
    [[nodiscard]] bool commit(const EditToCommit& edit) {
        return waitFor<Review>([&](auto done) { store->commitEdit(edit, store.get(), done); }).has_value();
    }
    /// An edit as somebody makes it at the desk.
    [[nodiscard]] bool set(int number, ReviewField field, const std::optional<QString>& value,
                           const QString& step = {}) {
        EditToCommit edit;
        edit.key = keyOf(number);
        edit.field = field;
        edit.base = field == ReviewField::Disposition ? sample::wholeCall(number).disposition
                    : field == ReviewField::Notes     ? sample::wholeCall(number).notes
                                                      : std::nullopt;
        edit.value = value;
        edit.origin = QStringLiteral("desk");
        edit.step = step;
        return commit(edit);
    }
    [[nodiscard]] Review review(int number) const { return store->review(keyOf(number)); }
    [[nodiscard]] std::optional<QString> disposition(int number) const {
        const Review review = store->review(keyOf(number));
        return review.disposition ? review.disposition->value : sample::wholeCall(number).disposition;
    }
    [[nodiscard]] std::optional<QString> notes(int number) const {
        const Review review = store->review(keyOf(number));
        return review.notes ? review.notes->value : sample::wholeCall(number).notes;
    }
    [[nodiscard]] std::vector<HistoryEntry> history(int number) {
        return waitFor<std::vector<HistoryEntry>>(
                   [&](auto done) { store->loadHistory(keyOf(number), store.get(), done); })
            .value_or(std::vector<HistoryEntry>());
    }
    template <typename T, typename Ask>
    [[nodiscard]] static Result<T> waitFor(Ask ask) {
        auto answer = std::make_shared<std::optional<Result<T>>>();
        ask([answer](Result<T> got) { *answer = std::move(got); });
        if (!QTest::qWaitFor([&] { return answer->has_value(); }, 60'000)) {
            return failure(ErrorKind::Storage, QStringLiteral("no answer"));
        }
        return std::move(**answer);
    }

    QTemporaryDir folder;
    std::unique_ptr<Store> store;
    bool isOpen = false;

 private:
    SqlFaultSeam m_seam;
};

}  // namespace earmark::test
