// Damaged files: nothing is deleted, nothing wrong is believed, what can be read is rescued, the newer is left alone.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "models/store/callsdatabase.h"
#include "models/store/reviewsdatabase.h"
#include "tests/store/samplecalls.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using sample::kNow;

namespace {

constexpr int kCalls = 40;
constexpr int kPage = 4096;

CallKey keyOf(int i) {
    return {u"main"_s, u"call-%1"_s.arg(i)};
}

QByteArray bytesOf(const QString& file) {
    QFile disk(file);
    return disk.open(QIODevice::ReadOnly) ? disk.readAll() : QByteArray();
}

bool writeBytes(const QString& file, const QByteArray& bytes) {
    QFile disk(file);
    return disk.open(QIODevice::WriteOnly | QIODevice::Truncate) && disk.write(bytes) == bytes.size();
}

std::unique_ptr<ReviewsDatabase> opened(const QString& file) {
    auto database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadWrite);
    if (!database) {
        qWarning("open: %s | %s", qPrintable(database.error().message), qPrintable(database.error().detail));
        return nullptr;
    }
    return std::move(*database);
}

/// Calls with notes, some edited twice, some restored, a disposition here and there; two drafts and an account.
void fill(ReviewsDatabase& database) {
    for (int i = 0; i < kCalls; ++i) {
        const QString text =
            u"Customer %1 was promised a refund of %2 and a call back next Tuesday."_s.arg(i).arg(i * 7);
        QVERIFY(database.commitEdit({keyOf(i), ReviewField::Notes, u"provider's"_s, text, u"desk"_s}, kNow));
        if (i % 3 == 0) {
            QVERIFY(database.commitEdit({keyOf(i), ReviewField::Notes, u"provider's"_s, text + u" Later."_s, u"desk"_s},
                                        kNow));
        }
        if (i % 4 == 0) {
            QVERIFY(database.commitEdit({keyOf(i), ReviewField::Disposition, std::nullopt, u"CALLBACK"_s, u"desk"_s},
                                        kNow));
        }
        if (i % 10 == 9) {
            QVERIFY(database.restoreField(keyOf(i), ReviewField::Notes, u"restore"_s, kNow));
        }
    }
    QVERIFY(database.saveDraft({keyOf(1), ReviewField::Disposition, std::nullopt, u"SA"_s, kNow}));
    QVERIFY(database.saveDraft({keyOf(2), ReviewField::Disposition, std::nullopt, u"RE"_s, kNow}));
    Account account;
    account.name = u"main"_s;
    account.baseUrl = QUrl(u"https://api.yotel.test/api/v1"_s);
    account.scope.lastDays = 30;
    account.scope.campaigns = {u"june"_s, u"july"_s};
    QVERIFY(database.saveAccount(account));
}

/// As the program before the settings of accounts left it: a row of the first schema step, and its version.
void becomeFirstVersion(const QString& file, bool hasAccount) {
    auto connection = Connection::open(file, Connection::Access::ReadWrite);
    QVERIFY(connection && (*connection)->addRowSumFunction());
    QVERIFY((*connection)->run("DELETE FROM accounts"));
    QVERIFY((*connection)->run("ALTER TABLE accounts DROP COLUMN settings"));
    for (const char* table : {"deliveries", "steps", "conflicts", "history_chain", "call_copies", "marks"}) {
        QVERIFY((*connection)->run("DROP TABLE " + std::string(table)));
    }
    QVERIFY((*connection)->run("DROP INDEX outbox_under_way"));
    QVERIFY((*connection)->run("ALTER TABLE outbox DROP COLUMN travels_with"));
    if (hasAccount) {
        QVERIFY((*connection)
                    ->run("INSERT INTO accounts VALUES ('main', 'vatel', 'https://api.vatel.test/v1', 'UTC', 77, 0,"
                          " row_sum('main', 'vatel', 'https://api.vatel.test/v1', 'UTC', 77, 0))"));
    }
    QVERIFY((*connection)->runScript("PRAGMA user_version=1"));
    QVERIFY((*connection)->checkpoint(Connection::Checkpoint::Truncate));
}

/// Beside the edits: something sent, something to undo, a conflict, the copy of a call, and marks.
void fillNewerTables(ReviewsDatabase& database) {
    Account account;
    account.name = u"sending"_s;
    account.baseUrl = QUrl(u"https://api.yotel.test/api/v1"_s);
    account.target.kind = TargetKind::Webhook;
    account.target.url = QUrl(u"https://hooks.example.test/in"_s);
    QVERIFY(database.saveAccount(account));
    std::vector<CallCopy> copies;
    for (int i = 0; i < 12; ++i) {
        const CallKey key{u"sending"_s, u"call-%1"_s.arg(i)};
        QVERIFY(database.commitEdit({key, ReviewField::Notes, u"provider's"_s, u"sent %1"_s.arg(i), u"desk"_s}, kNow));
        copies.push_back({key, kNow, u"{\"calls\": {\"remote_id\": \"call-%1\"}}"_s.arg(i), QByteArray(600, 'c')});
    }
    QVERIFY(database.saveCallCopies(copies));
    for (int i = 0; i < 12; ++i) {
        QVERIFY(database.saveMark({u"mark-%1"_s.arg(i),
                                   {u"sending"_s, u"call-%1"_s.arg(i / 2)},
                                   std::chrono::milliseconds(i * 700),
                                   u"marked %1"_s.arg(i),
                                   u"praise"_s,
                                   kNow}));
    }
    const auto due = database.dueDeliveries(account, std::nullopt, 12);
    QVERIFY(due && due->size() == 12);
    for (size_t i = 0; i < due->size(); ++i) {
        const auto taken = database.takeForSending((*due)[i], u"test"_s, kNow + std::chrono::seconds(60),
                                                   QByteArray(200, 'b'), u"there"_s, kNow);
        QVERIFY(taken && *taken);
        Settlement settlement;
        settlement.state = i == 0 ? EditState::Conflict : EditState::Sent;
        settlement.theirs = {{ReviewField::Notes, u"theirs"_s}};
        QVERIFY(database.settle((*due)[i].id, u"test"_s, settlement, kNow));
    }
}

QHash<QString, qint64> rowCounts(const QString& file) {
    QHash<QString, qint64> counts;
    auto connection = Connection::open(file, Connection::Access::ReadOnly);
    for (const char* table :
         {"edits", "outbox", "history", "deliveries", "steps", "conflicts", "history_chain", "call_copies", "marks"}) {
        const auto count = (*connection)->integer("SELECT count(*) FROM " + std::string(table));
        counts.insert(QString::fromLatin1(table), count ? *count : -1);
    }
    return counts;
}

QString folderTemplate() {
    // Hundreds of databases are begun here; what an fsync is worth is not the question.
    return (QFileInfo(u"/dev/shm"_s).isWritable() ? u"/dev/shm"_s : QDir::tempPath()) + u"/earmark-damage-XXXXXX"_s;
}

/// `told` may know less than `truth`, never something else.
int wrongFields(const Review& told, const Review& truth) {
    const auto wrong = [](const std::optional<LocalEdit>& edit, const std::optional<LocalEdit>& right) {
        return edit && (!right || edit->value != right->value);
    };
    return int(wrong(told.notes, truth.notes)) + int(wrong(told.disposition, truth.disposition));
}

int knownFields(const QHash<CallKey, Review>& reviews) {
    int known = 0;
    for (const Review& review : reviews) {
        known += int(review.notes.has_value()) + int(review.disposition.has_value());
    }
    return known;
}

}  // namespace

class TestDamage : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void init();
    void callsThatAreNoDatabaseAreBegunAnew();
    void truncatedCallsAreBegunAnew();
    void newerVersionIsLeftAlone();
    void newerCallsAreLeftAlone();
    void garbageIsSetAside();
    void headerIsRescued();
    void aFileOfTheFirstVersionOpens();
    void aDamagedFileOfTheFirstVersionIsRescued_data();
    void aDamagedFileOfTheFirstVersionIsRescued();
    void damagedSettingsAreNotBelieved();
    void truncatedReviewsGiveWhatTheyHave();
    void eachLostPageIsSurvived();
    void logWithoutItsDatabase();
    void everyBitOfTheHeader();
    void bitFlipsNeverBringAWrongValue();
    void damagedRowsAreMended();
    void aMigratedFileWithoutItsFirstPage();
    void eachNewerTable_data();
    void eachNewerTable();
    void liveDamageIsHealedAtTheNextOpen();

 private:
    [[nodiscard]] QString file() const { return m_folder->filePath(u"reviews.db"_s); }
    QStringList asides(const QString& name = u"reviews.db"_s) const {
        QStringList names = QDir(m_folder->path()).entryList({name + u".damaged-*"_s}, QDir::Files);
        names.removeIf([](const QString& found) { return found.endsWith("-wal"_L1) || found.endsWith("-shm"_L1); });
        return names;
    }
    QByteArray m_sound;  ///< bytes of a sound reviews.db
    QHash<CallKey, Review> m_truth;
    QHash<CallKey, QStringList> m_history;  ///< every value that a call ever had
    int m_fields = 0;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestDamage::initTestCase() {
    m_folder = std::make_unique<QTemporaryDir>(folderTemplate());
    auto database = opened(file());
    QVERIFY(database);
    fill(*database);
    m_truth = *database->allReviews();
    m_fields = knownFields(m_truth);
    for (int i = 0; i < kCalls; ++i) {
        const auto history = database->history(keyOf(i));
        for (const HistoryEntry& line : *history) {
            m_history[keyOf(i)] += line.to.value_or(QString());
        }
    }
    QVERIFY(m_fields > kCalls);
    QVERIFY(database->checkpoint());
    m_sound = bytesOf(file());
    QVERIFY(m_sound.size() > 10 * kPage);
}

void TestDamage::init() {
    m_folder = std::make_unique<QTemporaryDir>(folderTemplate());
}

void TestDamage::callsThatAreNoDatabaseAreBegunAnew() {
    const QString calls = m_folder->filePath(u"calls.db"_s);
    const QByteArray garbage(20'000, 'g');
    QVERIFY(writeBytes(calls, garbage));
    QCOMPARE(CallsDatabase::open(calls, CallsDatabase::Access::ReadOnly).error().kind, ErrorKind::Damaged);
    QCOMPARE(bytesOf(calls), garbage);  // who only reads changes nothing
    auto database = CallsDatabase::open(calls, CallsDatabase::Access::ReadWrite);
    QVERIFY(database);
    QCOMPARE((*database)->notices().size(), 1);
    QCOMPARE(asides(u"calls.db"_s).size(), 1);
    QVERIFY((*database)->notices().front().contains(asides(u"calls.db"_s).front()));
    QCOMPARE(bytesOf(m_folder->filePath(asides(u"calls.db"_s).front())), garbage);
    QVERIFY((*database)->storePage({u"main"_s, {sample::wholeCall(1)}, std::nullopt}, kNow));
    database = CallsDatabase::open(calls, CallsDatabase::Access::ReadWrite);
    QVERIFY((*database)->notices().isEmpty());
}

void TestDamage::truncatedCallsAreBegunAnew() {
    const QString calls = m_folder->filePath(u"calls.db"_s);
    {
        auto database = CallsDatabase::open(calls, CallsDatabase::Access::ReadWrite);
        QVERIFY((*database)->storePage({u"main"_s, {sample::wholeCall(1)}, std::nullopt}, kNow));
    }
    const QByteArray whole = bytesOf(calls);
    for (const qsizetype size : {qsizetype(1), qsizetype(50), qsizetype(100), qsizetype(1000)}) {
        QVERIFY(writeBytes(calls, whole.left(size)));
        auto database = CallsDatabase::open(calls, CallsDatabase::Access::ReadWrite);
        QVERIFY2(database, qPrintable(QString::number(size)));
        QCOMPARE((*database)->notices().size(), 1);
        QVERIFY((*database)->storePage({u"main"_s, {sample::wholeCall(1)}, std::nullopt}, kNow));
    }
    QCOMPARE(asides(u"calls.db"_s).size(), 4);  // each under a name of its own
}

void TestDamage::newerVersionIsLeftAlone() {
    QByteArray newer = m_sound;
    newer[63] = 9;  // user_version
    QVERIFY(writeBytes(file(), newer));
    for (const auto access : {ReviewsDatabase::Access::ReadWrite, ReviewsDatabase::Access::ReadOnly}) {
        const auto database = ReviewsDatabase::open(file(), access);
        QVERIFY(!database);
        QCOMPARE(database.error().kind, ErrorKind::NewerVersion);
    }
    QCOMPARE(bytesOf(file()), newer);
    QVERIFY(asides().isEmpty());
}

void TestDamage::newerCallsAreLeftAlone() {
    const QString calls = m_folder->filePath(u"calls.db"_s);
    { QVERIFY(CallsDatabase::open(calls, CallsDatabase::Access::ReadWrite)); }
    QByteArray newer = bytesOf(calls);
    newer[63] = 9;
    QVERIFY(writeBytes(calls, newer));
    QCOMPARE(CallsDatabase::open(calls, CallsDatabase::Access::ReadWrite).error().kind, ErrorKind::NewerVersion);
    QCOMPARE(bytesOf(calls), newer);
    QVERIFY(asides(u"calls.db"_s).isEmpty());
}

void TestDamage::garbageIsSetAside() {
    const QByteArray garbage(50'000, '\x7f');
    QVERIFY(writeBytes(file(), garbage));
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->allReviews()->isEmpty());
    QCOMPARE(database->notices().size(), 1);
    QCOMPARE(asides().size(), 1);
    QCOMPARE(bytesOf(m_folder->filePath(asides().front())), garbage);
    QVERIFY(database->commitEdit({keyOf(1), ReviewField::Notes, std::nullopt, u"goes on"_s, u"desk"_s}, kNow));
    QVERIFY(database->check()->isEmpty());
    QCOMPARE(QDir(m_folder->path()).entryList({u"*.rescue*"_s, u"*.successor*"_s, u"*.doubtful"_s}, QDir::Files),
             QStringList());
}

void TestDamage::headerIsRescued() {
    QByteArray damaged = m_sound;
    damaged.replace(0, kPage, QByteArray(kPage, 0));  // header and schema, all gone
    QVERIFY(writeBytes(file(), damaged));
    auto database = opened(file());
    QVERIFY(database);
    QCOMPARE(*database->allReviews(), m_truth);
    QCOMPARE(database->drafts()->size(), size_t(2));
    QCOMPARE(database->accounts()->size(), size_t(1));
    QCOMPARE(database->accounts()->front().scope.lastDays, std::optional(30));
    QCOMPARE(database->accounts()->front().scope.campaigns, (QStringList{u"june"_s, u"july"_s}));
    QVERIFY(database->check()->isEmpty());
    QCOMPARE(bytesOf(m_folder->filePath(asides().front())), damaged);
    QCOMPARE(database->history(keyOf(0))->size(), size_t(3));
}

void TestDamage::aFileOfTheFirstVersionOpens() {
    QVERIFY(writeBytes(file(), m_sound));
    becomeFirstVersion(file(), true);
    const qint64 edits =
        (*Connection::open(file(), Connection::Access::ReadOnly))->integer("SELECT count(*) FROM edits").value();
    for (int start = 0; start < 2; ++start) {
        auto database = opened(file());
        QVERIFY(database);
        QCOMPARE(database->notices(), QStringList());
        QCOMPARE(*database->allReviews(), m_truth);
        const auto accounts = database->accounts();
        QCOMPARE(accounts->size(), size_t(1));
        Account account = accounts->front();
        QCOMPARE(account.provider, Provider::Vatel);
        QCOMPARE(account.pageSize, 77);
        QCOMPARE(account.scope, CallScope());
        QVERIFY(account.isEnabled && !account.agentIsFirstChannel);
        QVERIFY2(database->check()->isEmpty(), qPrintable(database->check()->join(u' ')));
        if (start == 1) {
            account.isEnabled = false;
            QVERIFY(database->saveAccount(account));
            QCOMPARE(database->accounts()->front(), account);
            QVERIFY(database->check()->isEmpty());
        }
    }
    const QStringList copies =
        QDir(m_folder->filePath(u"backups"_s)).entryList({u"reviews.db.version-1-*"_s}, QDir::Files);
    QCOMPARE(copies.size(), 1);
    auto copy = Connection::open(m_folder->filePath(u"backups/"_s + copies.front()), Connection::Access::ReadOnly);
    QVERIFY(copy);
    QCOMPARE((*copy)->integer("SELECT count(*) FROM edits").value(), edits);
    QCOMPARE((*copy)->integer("PRAGMA user_version").value(), 1);
}

void TestDamage::aDamagedFileOfTheFirstVersionIsRescued_data() {
    QTest::addColumn<bool>("headerIsGone");
    QTest::newRow("the header and the schema are gone") << true;
    QTest::newRow("a page further on is gone") << false;
}

void TestDamage::aDamagedFileOfTheFirstVersionIsRescued() {
    QFETCH(bool, headerIsGone);
    QVERIFY(writeBytes(file(), m_sound));
    becomeFirstVersion(file(), true);
    QByteArray damaged = bytesOf(file());
    const qsizetype at = headerIsGone ? 0 : damaged.lastIndexOf("was promised a refund") / kPage * kPage;
    damaged.replace(at, kPage, QByteArray(kPage, 0));
    QVERIFY(writeBytes(file(), damaged));
    auto database = opened(file());
    QVERIFY(database);
    QCOMPARE(*database->allReviews(), m_truth);
    const auto accounts = database->accounts();
    QCOMPARE(accounts->size(), size_t(1));
    QCOMPARE(accounts->front().pageSize, 77);
    QCOMPARE(accounts->front().scope, CallScope());
    QVERIFY(database->check()->isEmpty());
    const QString told = database->notices().join(u' ');
    QCOMPARE(told.contains(u"Not everything"_s), !headerIsGone);
}

/// A scope that one bit made another one would load other calls than were asked for.
void TestDamage::damagedSettingsAreNotBelieved() {
    QByteArray damaged = m_sound;
    const qsizetype at = damaged.lastIndexOf("\"last_days\":30");
    QVERIFY(at > 0);
    damaged[at + 12] = '9';
    QVERIFY(writeBytes(file(), damaged));
    auto database = opened(file());
    QVERIFY(database);
    QCOMPARE(database->accounts()->size(), size_t(0));
    QCOMPARE(*database->allReviews(), m_truth);
    QVERIFY2(database->notices().join(u' ').contains(u"1 rows"_s), qPrintable(database->notices().join(u' ')));
    QVERIFY(database->check()->isEmpty());
}

void TestDamage::truncatedReviewsGiveWhatTheyHave() {
    int known = 0;
    for (qsizetype size = 0; size < m_sound.size(); size += 3'000) {
        m_folder = std::make_unique<QTemporaryDir>(folderTemplate());
        QVERIFY(writeBytes(file(), m_sound.left(size)));
        auto database = opened(file());
        QVERIFY2(database, qPrintable(QString::number(size)));
        const auto reviews = database->allReviews();
        for (auto it = reviews->cbegin(); it != reviews->cend(); ++it) {
            // With its end cut off, a former edit of the call may be the newest one known; never anything else.
            if (it->notes) {
                QVERIFY(m_history.value(it.key()).contains(it->notes->value.value_or(QString())));
            }
            if (it->disposition) {
                QVERIFY(m_history.value(it.key()).contains(it->disposition->value.value_or(QString())));
            }
        }
        known = std::max(known, knownFields(*reviews));
        if (size > 0) {
            QCOMPARE(database->notices().size(), 1);
            QCOMPARE(asides().size(), 1);
        }
        QVERIFY(database->check()->isEmpty());
    }
    QVERIFY2(known > m_fields / 2, qPrintable(QString::number(known)));
}

void TestDamage::eachLostPageIsSurvived() {
    int worst = m_fields;
    for (qsizetype page = 0; page < m_sound.size() / kPage; ++page) {
        for (const char filler : {'\0', '\xff'}) {
            m_folder = std::make_unique<QTemporaryDir>(folderTemplate());
            QByteArray damaged = m_sound;
            damaged.replace(page * kPage, kPage, QByteArray(kPage, filler));
            QVERIFY(writeBytes(file(), damaged));
            auto database = opened(file());
            QVERIFY2(database, qPrintable(u"page %1"_s.arg(page)));
            const auto reviews = database->allReviews();
            QVERIFY(reviews);
            for (auto it = reviews->cbegin(); it != reviews->cend(); ++it) {
                QVERIFY2(wrongFields(it.value(), m_truth.value(it.key())) == 0,
                         qPrintable(u"page %1, call %2"_s.arg(page).arg(it.key().remoteId)));
            }
            worst = std::min(worst, knownFields(*reviews));
            QVERIFY(database->check()->isEmpty());
        }
    }
    // Edits, outbox and history lie on different pages: a lost page takes nothing that its twins do not know.
    QCOMPARE(worst, m_fields);
}

void TestDamage::logWithoutItsDatabase() {
    // All work is still in the log, as after a kill; then the database itself is lost.
    {
        auto database = opened(file());
        QVERIFY(database);
        fill(*database);
        QVERIFY(QFileInfo(file() + "-wal"_L1).size() > 0);
        QVERIFY(QFile::copy(file() + "-wal"_L1, m_folder->filePath(u"kept-log"_s)));
    }
    QVERIFY(QFile::remove(file()));
    QVERIFY(QFile::rename(m_folder->filePath(u"kept-log"_s), file() + "-wal"_L1));
    auto database = opened(file());
    QVERIFY(database);
    QCOMPARE(database->allReviews()->size(), m_truth.size());
    QCOMPARE(knownFields(*database->allReviews()), m_fields);
    QCOMPARE(database->notices().size(), 1);
    QVERIFY(database->check()->isEmpty());
}

void TestDamage::everyBitOfTheHeader() {
    int refused = 0;
    for (int bit = 0; bit < 100 * 8; ++bit) {
        m_folder = std::make_unique<QTemporaryDir>(folderTemplate());
        QByteArray damaged = m_sound;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
        QVERIFY(writeBytes(file(), damaged));
        const auto database = ReviewsDatabase::open(file(), ReviewsDatabase::Access::ReadWrite);
        if (!database) {
            // A version of up to four digits may well be a newer one; then nothing is touched.
            QVERIFY2(database.error().kind == ErrorKind::NewerVersion,
                     qPrintable(u"bit %1: %2"_s.arg(bit).arg(database.error().detail)));
            QCOMPARE(bytesOf(file()), damaged);
            ++refused;
            continue;
        }
        QVERIFY2(*(*database)->allReviews() == m_truth, qPrintable(u"bit %1"_s.arg(bit)));
    }
    QVERIFY2(refused <= 14, qPrintable(QString::number(refused)));
}

void TestDamage::bitFlipsNeverBringAWrongValue() {
    const quint32 seed = qEnvironmentVariableIntValue("EARMARK_SEED")
                             ? quint32(qEnvironmentVariableIntValue("EARMARK_SEED"))
                             : 20260418U;
    QRandomGenerator random(seed);
    constexpr int kRounds = 250;
    qint64 known = 0;
    for (int round = 0; round < kRounds; ++round) {
        m_folder = std::make_unique<QTemporaryDir>(folderTemplate());
        QByteArray damaged = m_sound;
        const auto bit = random.bounded(qint64(damaged.size()) * 8);
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
        QVERIFY(writeBytes(file(), damaged));
        auto database = opened(file());
        QVERIFY2(database, qPrintable(u"seed %1 round %2 bit %3"_s.arg(seed).arg(round).arg(bit)));
        const auto reviews = database->allReviews();
        QVERIFY(reviews);
        for (auto it = reviews->cbegin(); it != reviews->cend(); ++it) {
            QVERIFY2(wrongFields(it.value(), m_truth.value(it.key())) == 0,
                     qPrintable(u"seed %1 round %2 bit %3: %4"_s.arg(seed).arg(round).arg(bit).arg(it.key().remoteId)));
        }
        known += knownFields(*reviews);
        const auto next =
            database->commitEdit({keyOf(1), ReviewField::Notes, std::nullopt, u"goes on"_s, u"desk"_s}, kNow);
        QVERIFY2(next, qPrintable(u"seed %1 round %2 bit %3: %4 %5"_s.arg(seed).arg(round).arg(bit).arg(
                           next ? QString() : next.error().code, next ? QString() : next.error().detail)));
    }
    const double share = double(known) / (double(m_fields) * kRounds);
    qInfo("edits known after one flipped bit: %.4f %%", 100 * share);
    QVERIFY(share > 0.99);
}

void TestDamage::damagedRowsAreMended() {
    QByteArray damaged = m_sound;
    const QByteArray text("Customer 17 was promised a refund of 119");
    // The last copy on the disk may be of any of the three tables.
    const qsizetype at = damaged.lastIndexOf(text);
    QVERIFY(at > 0);
    damaged[at + text.size() - 1] = '8';
    QVERIFY(writeBytes(file(), damaged));
    auto database = opened(file());
    QVERIFY(database);
    QCOMPARE(*database->allReviews(), m_truth);
    QCOMPARE(database->notices().size(), 1);
    QVERIFY2(database->notices().front().startsWith(u"1 rows"_s), qPrintable(database->notices().front()));
    QCOMPARE(asides().size(), 1);
    QVERIFY(database->check()->isEmpty());
    database = opened(file());
    QVERIFY(database->notices().isEmpty());  // mended for good
}

/// Its newer tables do not lie where they would in a file made in one go: what was kept of its schema leads to them.
void TestDamage::aMigratedFileWithoutItsFirstPage() {
    QVERIFY(writeBytes(file(), m_sound));
    becomeFirstVersion(file(), true);
    {
        auto database = opened(file());
        QVERIFY(database);
        fillNewerTables(*database);
        QVERIFY(database->checkpoint());
    }
    const auto before = rowCounts(file());
    QVERIFY(before[u"conflicts"_s] == 1 && before[u"deliveries"_s] == 12 && before[u"call_copies"_s] == 12);
    const auto truth = opened(file())->allReviews().value();
    const auto marks = opened(file())->marks({}).value();
    QCOMPARE(marks.size(), size_t(12));
    QByteArray damaged = bytesOf(file());
    damaged.replace(0, kPage, QByteArray(kPage, 0));
    QVERIFY(writeBytes(file(), damaged));
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY2(!database->notices().join(u' ').contains(u"Not everything"_s), qPrintable(database->notices().join(u' ')));
    QCOMPARE(*database->allReviews(), truth);
    QCOMPARE(rowCounts(file()), before);
    QCOMPARE(*database->marks({}), marks);
    QVERIFY(database->notices().join(u' ').contains(u"12 marks"_s));
    QCOMPARE(*database->check(), QStringList());
    QVERIFY(database->undoState()->undo);
    QCOMPARE(database->openConflicts()->size(), size_t(1));
    QVERIFY(database->commitEdit({keyOf(1), ReviewField::Notes, std::nullopt, u"goes on"_s, u"desk"_s}, kNow));
}

void TestDamage::eachNewerTable_data() {
    QTest::addColumn<QByteArray>("table");
    for (const char* table : {"deliveries", "steps", "conflicts", "history_chain", "call_copies", "marks"}) {
        QTest::newRow(table) << QByteArray(table);
    }
}

void TestDamage::eachNewerTable() {
    QFETCH(QByteArray, table);
    {
        auto database = opened(file());
        QVERIFY(database);
        fill(*database);
        fillNewerTables(*database);
        QVERIFY(database->checkpoint());
    }
    auto before = rowCounts(file());
    const auto truth = opened(file())->allReviews().value();
    qint64 root = 0;
    {
        auto connection = Connection::open(file(), Connection::Access::ReadOnly);
        root = (*connection)
                   ->integer("SELECT rootpage FROM sqlite_master WHERE name = '" + table.toStdString() + "'")
                   .value();
    }
    QVERIFY(root > 1);
    QByteArray damaged = bytesOf(file());
    damaged.replace(qsizetype(root - 1) * kPage, kPage, QByteArray(kPage, '\xff'));
    QVERIFY(writeBytes(file(), damaged));
    auto database = opened(file());
    QVERIFY(database);
    QCOMPARE(*database->allReviews(), truth);
    QCOMPARE(*database->check(), QStringList());
    auto after = rowCounts(file());
    const QString name = QString::fromLatin1(table);
    if (table == "history_chain") {
        QCOMPARE(after[name], before[u"history"_s]);  // begun anew over the lines
    } else {
        before.remove(name);
        after.remove(name);
    }
    QCOMPARE(after, before);
    QVERIFY(database->commitEdit({keyOf(1), ReviewField::Notes, std::nullopt, u"goes on"_s, u"desk"_s}, kNow));
}

void TestDamage::liveDamageIsHealedAtTheNextOpen() {
    QByteArray damaged = m_sound;
    // The index that says what counts: SQLite notices when it next walks there.
    for (qsizetype page = 1; page < damaged.size() / kPage; ++page) {
        if (damaged[page * kPage] == 0x0a) {  // leaf of an index
            damaged.replace(page * kPage + 8, 200, QByteArray(200, '\xee'));
        }
    }
    QVERIFY(writeBytes(file(), damaged));
    auto database = opened(file());
    QVERIFY(database);
    QCOMPARE(*database->allReviews(), m_truth);
    QVERIFY(database->check()->isEmpty());
}

QTEST_GUILESS_MAIN(TestDamage)
#include "tst_damage.moc"
