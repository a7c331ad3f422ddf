// The inside of ReviewsDatabase. Only reviews*.cpp of this room include this; the thread that opened the database.
#pragma once

#include <QCoreApplication>
#include <functional>
#include <map>
#include <string>

#include "models/store/reviewsdatabase.h"
#include "models/store/reviewsgeneration.h"

namespace earmark {

/// SQL for the delivery that an outbox row travels in; `prefix` as "o.".
[[nodiscard]] std::string deliverySql(std::string_view prefix = {});
/// The edit of an outbox row is in the body that was frozen for delivery d.
[[nodiscard]] std::string inBodySql(std::string_view prefix);
/// The address of an account as the outbox keeps it.
[[nodiscard]] QString addressText(const Account& account);

/// `work` in a transaction of its own; its answer counts once that is committed.
template <typename T>
[[nodiscard]] Result<T> inTransaction(Connection& connection, const std::function<Result<T>()>& work) {
    auto transaction = Transaction::begin(connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    auto answer = work();
    if (!answer) {
        return answer;
    }
    auto done = transaction->commit();
    return done ? std::move(answer) : failure(done.error());
}

/// The row that counts for one field of one call.
struct CountingRow {
    CallKey key;
    ReviewField field = ReviewField::Disposition;
    bool isEdit = true;  ///< false: a restore, the provider's value counts
    LocalEdit edit;
    QString origin;
    QString target;
    int attempts = 0;
    std::optional<Moment> nextTry;
    QString reason;
    QString destination;              ///< of a delivery that has been tried
    std::optional<QString> provider;  ///< whose account it was when the edit was made
    std::optional<QString> baseUrl;
    std::optional<Moment> settledAt;
};

/// An edit of a field, of whatever age: what undo goes by.
struct FieldRow {
    qint64 sequence = 0;
    bool isEdit = true;
    std::optional<QString> base;
    std::optional<QString> value;
    QString origin;
};

/// Steps as undo sees them: what is done and can be taken back, what was taken back and can be done again.
class StepStack {
 public:
    struct Range {
        qint64 first = 0;
        qint64 last = 0;
    };
    struct Step {
        QString tag;
        std::vector<Range> ranges;             ///< ascending
        std::optional<qint64> revertedDownTo;  ///< the lowest sequence that a revert has handled
        QString revertTag;                     ///< of the revert that is under way, or has come to its end
        Moment at{};
        [[nodiscard]] bool isReverted() const;
        [[nodiscard]] qint64 left() const;
        [[nodiscard]] std::vector<qint64> next(int most) const;  ///< sequences still to revert, newest first
    };

    void apply(const QString& tag, const QString& kind, const QString& ofStep, Range range,
               std::optional<qint64> downTo, Moment at);
    [[nodiscard]] const Step* top(Revert which) const;

 private:
    std::map<QString, Step> m_steps;
    std::vector<QString> m_done;
    std::vector<QString> m_undone;
};

class ReviewsDatabase::Private {
 public:
    std::unique_ptr<Connection> connection;
    QStringList notices;

    // Edits (reviewsedits.cpp).
    /// Damaged rows come from their twin in edits, or not at all.
    [[nodiscard]] Result<std::vector<CountingRow>> counting(std::string_view sql);
    [[nodiscard]] Result<std::vector<CountingRow>> countingOfAll();
    [[nodiscard]] Result<std::vector<CountingRow>> countingOf(const CallKey& key);
    [[nodiscard]] Result<std::optional<CountingRow>> countingFor(const CallKey& key, ReviewField field);
    [[nodiscard]] Result<Review> review(const CallKey& key);
    [[nodiscard]] Result<std::vector<CallReview>> reviewsOf(const std::vector<CallKey>& keys);  ///< each once
    /// The account that an edit is made for, as it is now.
    struct AccountNow {
        std::optional<QString> provider;
        std::optional<QString> baseUrl;
        TargetSettings target;
    };
    [[nodiscard]] Result<AccountNow> accountNow(const QString& name);
    /// One more row in edits, outbox and history; the former one of the field is superseded. Answers its sequence.
    [[nodiscard]] Result<qint64> append(const EditToCommit& edit, const std::optional<QString>& before,
                                        const std::optional<QString>& after, const AccountNow& account, Moment now);
    /// append() where the edit changes something; nullopt: it says what counts already.
    [[nodiscard]] Result<std::optional<qint64>> perform(const EditToCommit& edit, const AccountNow& account,
                                                        Moment now);
    [[nodiscard]] Done dropDraft(const CallKey& key, ReviewField field);
    /// All edits of a field of a call, oldest first.
    [[nodiscard]] Result<std::vector<FieldRow>> rowsOf(const CallKey& key, ReviewField field);

    // Sending (reviewsoutbox.cpp).
    struct Journey {
        EditState state = EditState::Kept;
        QString target;
        QString travelsWith;  ///< "" = a delivery of its own
    };
    /// How an edit that is about to be appended begins its way.
    [[nodiscard]] Result<Journey> journeyOf(const EditToCommit& edit, const AccountNow& account);
    /// The state of all rows of a delivery that are in one of `from`; answers the calls.
    [[nodiscard]] Done moveDelivery(const CallKey& key, const QString& delivery, EditState from, EditState to,
                                    const QString& reason, std::optional<Moment> nextTry);
    /// Edits that wait again although the delivery they travelled in has gone without them get one of their own.
    [[nodiscard]] Done deliverApart(const QString& account);
    /// Edits of one call that wait and have not left this computer travel together.
    [[nodiscard]] Done deliverTogether(const QString& account);
    /// The target is another one from now on: nothing is repeated at the old one. What may have arrived there stays
    /// known, so that a later restore is told.
    [[nodiscard]] Done endDeliveries(const QString& account);
    /// Deliveries whose end is owed, by call.
    [[nodiscard]] Result<QHash<CallKey, QString>> owedDeliveries();
    [[nodiscard]] static QString whyItWaits(const CountingRow& row, const AccountNow& account,
                                            const QHash<CallKey, QString>& owed);
    [[nodiscard]] Result<std::optional<CallKey>> callOfDelivery(const QString& delivery);

    // Conflicts (reviewsconflicts.cpp).
    struct Found {
        std::optional<QString> theirs;
        bool theirsKnown = true;
        QString foundWith;
    };
    [[nodiscard]] Done noteConflict(const CountingRow& row, const Found& found, Moment now);

    // Steps (reviewssteps.cpp).
    [[nodiscard]] Done addStep(const QString& tag, const QString& kind, const QString& ofStep, StepStack::Range range,
                               std::optional<qint64> downTo, Moment now);
    [[nodiscard]] Result<StepStack*> steps();
    /// What takes the edit of this sequence back; nullopt: it is gone (erased, or damaged beyond its twins).
    [[nodiscard]] Result<std::optional<EditToCommit>> reversalOf(qint64 sequence, const QString& origin, CallKey& key);
    void forgetSteps() { stack.reset(); }  ///< a transaction that wrote some was rolled back
    std::optional<StepStack> stack;

    [[nodiscard]] Result<bool> isTouched(const CallKey& key);  ///< and its account exists (callcopies.cpp)

    // What lies beside the file (reviewskeeping.cpp).
    std::optional<Generation> kept;  ///< the generation as it was kept last; nullopt: not by this object
    bool isWritable = false;
    void keepGeneration();
    /// After it was opened for writing: the chain for lines of before, the schema's pages, and whether an older copy
    /// lies here. Trouble with any of it is no reason not to work.
    void lookBeside(bool wasRescued);
    [[nodiscard]] Done holdWhatMayHaveBeenSent(const Generation& stored);
    [[nodiscard]] Done raise(const char* name, qint64 number);
    [[nodiscard]] Done countAttempt();  ///< in the transaction that takes a delivery for sending

    // The file (reviewsdatabase.cpp).
    [[nodiscard]] Result<QStringList> damagedRows();
    [[nodiscard]] Result<std::unique_ptr<Connection>> beginAnew(const QString& file, const SqlFaultSeam& seam);
    [[nodiscard]] Done dropAccount(const QString& name);  ///< and the copies of its calls; in a transaction
    [[nodiscard]] Done tidyUp(const QString& file);
    void mend(const QString& file);
};

}  // namespace earmark
