// Where an account's edits go, in the accounts dialog: what is judged while typing, what is asked when something waits,
// that the secret shows nowhere, and what the test of a target says.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QRadioButton>
#include <QTableWidget>

#include "models/sync/pusher.h"
#include "tests/detail/desk.h"
#include "tests/support/targetserver.h"
#include "ui/accounts/accountsdialog.h"
#include "ui/accounts/targetsection.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

const QString kSecret = u"hook_CANARY_secret"_s;
const QString kAddress = u"https://hooks.example.test/reviews"_s;

struct Form {
    explicit Form(const DeskServices& services) : dialog(new AccountsDialog(services)) {
        dialog->open();
        kind = input<QComboBox>(u"Edits of this account"_s);
        folder = input<QLineEdit>(u"Folder"_s);
        address = input<QLineEdit>(u"Address of the webhook"_s);
        secret = input<QLineEdit>(u"Secret of the webhook"_s);
        save = button(u"Save"_s);
        test = button(u"Test the target"_s);
    }
    ~Form() { delete dialog; }
    [[nodiscard]] QPushButton* button(const QString& text) const {
        for (QPushButton* one : dialog->findChildren<QPushButton*>()) {
            if (one->text() == text) {
                return one;
            }
        }
        return nullptr;
    }
    template <typename T>
    [[nodiscard]] T* input(const QString& called) const {
        for (T* one : dialog->findChildren<T*>()) {
            if (one->accessibleName() == called) {
                return one;
            }
        }
        return nullptr;
    }
    void choose(TargetKind wanted) const { kind->setCurrentIndex(kind->findData(int(wanted))); }
    /// All that is to be read in the dialog, also what stands in its fields.
    [[nodiscard]] QString words() const {
        QStringList all;
        for (const QLabel* label : dialog->findChildren<QLabel*>()) {
            if (label->isVisible()) {
                all << label->text();
            }
        }
        return all.join(u'\n');
    }
    [[nodiscard]] QString everything() const {
        QStringList all{words()};
        for (const QWidget* one : dialog->findChildren<QWidget*>()) {
            all << one->toolTip() << one->accessibleDescription() << one->accessibleName();
        }
        for (const QLineEdit* line : dialog->findChildren<QLineEdit*>()) {
            all << line->displayText() << line->placeholderText();
        }
        return all.join(u'\n');
    }

    QPointer<AccountsDialog> dialog;
    QComboBox* kind = nullptr;
    QLineEdit* folder = nullptr;
    QLineEdit* address = nullptr;
    QLineEdit* secret = nullptr;
    QPushButton* save = nullptr;
    QPushButton* test = nullptr;
};

}  // namespace

class TargetSectionTest final : public QObject {
    Q_OBJECT

 private:
    std::unique_ptr<Desk> m_desk;
    std::unique_ptr<Pusher> m_pusher;

    [[nodiscard]] DeskServices services() {
        DeskServices all = m_desk->services();
        all.pusher = m_pusher.get();
        return all;
    }
    [[nodiscard]] bool add(Provider provider) {
        Account account;
        account.name = u"main"_s;
        account.provider = provider;
        account.baseUrl = m_desk->server.url(u"/api/v1"_s);
        bool done = false;
        m_desk->accounts->add(account, this, [&done](const Done& added) { done = added.has_value(); });
        return QTest::qWaitFor([&done] { return done; }, 10'000);
    }
    [[nodiscard]] bool edit(const QString& id) {
        bool done = false;
        m_desk->store->commitEdit({{u"main"_s, id}, ReviewField::Disposition, u"CALLBACK"_s, u"SALE"_s, u"desk"_s},
                                  this, [&done](const Result<Review>& review) { done = review.has_value(); });
        return QTest::qWaitFor([&done] { return done; }, 10'000);
    }
    [[nodiscard]] EditState stateOf(const QString& id) const {
        const Review review = m_desk->store->review({u"main"_s, id});
        return review.disposition ? review.disposition->state : EditState::Conflict;
    }
    [[nodiscard]] TargetSettings stored() const { return m_desk->accounts->find(u"main"_s)->target; }

 private Q_SLOTS:
    void init() {
        m_desk = std::make_unique<Desk>();
        QVERIFY(m_desk->open());
        m_pusher = std::make_unique<Pusher>(m_desk->store.get(), m_desk->http.get(), &m_desk->keys, m_desk->clock);
        QVERIFY(add(Provider::Yotel));
    }
    void cleanup() {
        m_pusher.reset();
        m_desk.reset();
    }

    void isNowhereUntilChosen() {
        Form form(services());
        QCOMPARE(form.kind->currentData().toInt(), int(TargetKind::None));
        QVERIFY2(form.words().contains(u"What you write stays on this computer"_s), qPrintable(form.words()));
        QVERIFY(!form.folder->isVisible() && !form.address->isVisible() && !form.test->isVisible());
        QVERIFY(!form.save->isEnabled());
    }

    void onlyAutocallsHasLeads() {
        {
            Form form(services());
            QCOMPARE(form.kind->findData(int(TargetKind::AutocallsLead)), -1);
        }
        m_desk = std::make_unique<Desk>();
        QVERIFY(m_desk->open());
        m_pusher.reset();
        QVERIFY(add(Provider::Autocalls));
        Form form(services());
        form.choose(TargetKind::AutocallsLead);
        auto* notes = form.dialog->findChild<TargetSection*>()->findChild<QCheckBox*>();
        QVERIFY(notes->isVisible() && !notes->isChecked());
        QVERIFY2(form.words().contains(u"can read a lead's variables"_s), qPrintable(form.words()));
        form.save->click();
        QTRY_COMPARE(stored().kind, TargetKind::AutocallsLead);
        QVERIFY(!stored().withNotes);
    }

    void nothingIsAskedWhenNothingWaits() {
        Form form(services());
        QSignalSpy changed(m_desk->accounts.get(), &AccountBook::changed);
        form.choose(TargetKind::Webhook);
        form.address->setText(kAddress);
        form.secret->setText(kSecret);
        QCOMPARE(form.secret->echoMode(), QLineEdit::Password);
        QVERIFY(form.save->isEnabled());
        form.save->click();
        QTRY_COMPARE(changed.size(), 1);
        QTRY_VERIFY2(form.words().contains(u"Saved."_s), qPrintable(form.words()));
        QCOMPARE(stored().kind, TargetKind::Webhook);
        QCOMPARE(stored().url, QUrl(kAddress));
        QVERIFY(stored().sendsByItself && !stored().onlyMapped);
        QCOMPARE(m_desk->keys.kept[u"main#target"_s], kSecret.toLatin1());
        QVERIFY(form.secret->text().isEmpty());
        QTRY_VERIFY2(form.words().contains(u"A secret is known for this webhook"_s), qPrintable(form.words()));
        QVERIFY(!form.everything().contains(u"CANARY"_s));
        // Chosen again: what is kept is never shown.
        form.dialog->showAccount(u"main"_s);
        QVERIFY(form.secret->text().isEmpty());
    }

    void saysWhenTheSecretCannotBeKept() {
        m_desk->keys.hasKeyring = false;
        Form form(services());
        form.choose(TargetKind::Webhook);
        form.address->setText(kAddress);
        form.secret->setText(kSecret);
        form.save->click();
        QTRY_VERIFY2(form.words().contains(u"No keyring; set"_s), qPrintable(form.words()));
        QVERIFY(form.words().contains(u"The account is saved"_s));
        QCOMPARE(stored().kind, TargetKind::Webhook);
        QVERIFY(form.secret->text().isEmpty());
    }

    void saysWhatIsWrongWithTheInput_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("input");
        QTest::addColumn<QString>("words");
        QTest::newRow("http") << int(TargetKind::Webhook) << u"http://hooks.example.test/r"_s
                              << u"Only https is accepted"_s;
        QTest::newRow("password") << int(TargetKind::Webhook) << u"https://me:CANARY@hooks.example.test/r"_s
                                  << u"holds a user name or password"_s;
        QTest::newRow("no address") << int(TargetKind::Webhook) << u"hooks"_s << u"not a full one"_s;
        QTest::newRow("nothing") << int(TargetKind::Webhook) << QString() << u"Enter the address"_s;
        QTest::newRow("relative folder") << int(TargetKind::File) << u"reviews"_s << u"not the whole path"_s;
        QTest::newRow("no folder") << int(TargetKind::File) << QString() << u"Choose the folder"_s;
    }
    void saysWhatIsWrongWithTheInput() {
        QFETCH(int, kind);
        QFETCH(QString, input);
        QFETCH(QString, words);
        Form form(services());
        form.choose(TargetKind(kind));
        QLineEdit* const field = TargetKind(kind) == TargetKind::File ? form.folder : form.address;
        field->setText(u"x"_s);
        field->setText(input);
        QVERIFY2(form.words().contains(words), qPrintable(form.words()));
        QVERIFY(!form.words().contains(u"CANARY"_s));
        QVERIFY(!form.save->isEnabled() && !form.test->isEnabled());
        field->setText(TargetKind(kind) == TargetKind::File ? u"/tmp/reviews"_s : kAddress);
        QVERIFY(!form.words().contains(words));
        QVERIFY(form.save->isEnabled());
    }

    void anotherTargetAsksWhatBecomesOfWhatWaits_data() {
        QTest::addColumn<QString>("answer");
        QTest::newRow("sent there") << u"send"_s;
        QTest::newRow("kept here") << u"keep"_s;
        QTest::newRow("not changed") << u"leave"_s;
        QTest::newRow("escape") << u"escape"_s;
    }
    void anotherTargetAsksWhatBecomesOfWhatWaits() {
        QFETCH(QString, answer);
        QVERIFY(edit(u"a"_s) && edit(u"b"_s));
        Form form(services());
        form.choose(TargetKind::Webhook);
        form.address->setText(kAddress);
        form.save->click();
        QTRY_VERIFY2(form.words().contains(u"2 edits were kept on this computer so far."_s), qPrintable(form.words()));
        QCOMPARE(stored().kind, TargetKind::None);  // nothing happens before the answer
        auto* send = form.button(u"Change the target"_s);
        const QList<QRadioButton*> choices = form.dialog->findChildren<QRadioButton*>();
        QRadioButton* there = nullptr;
        QRadioButton* here = nullptr;
        for (QRadioButton* one : choices) {
            there = one->text().contains(u"hooks.example.test"_s) ? one : there;
            here = one->text().contains(u"stay on this computer"_s) ? one : here;
        }
        QVERIFY(there != nullptr && here != nullptr && here->isChecked());
        if (answer == u"leave"_s || answer == u"escape"_s) {
            if (answer == u"escape"_s) {
                QTest::keyClick(form.dialog, Qt::Key_Escape);
            } else {
                form.button(u"Leave the target as it is"_s)->click();
            }
            QVERIFY(form.dialog->isVisible() && form.address->isVisible());
            QCOMPARE(form.address->text(), kAddress);
            QVERIFY(form.save->isEnabled());
            QCOMPARE(stored().kind, TargetKind::None);
            return;
        }
        (answer == u"send"_s ? there : here)->setChecked(true);
        send->click();
        QTRY_COMPARE(stored().kind, TargetKind::Webhook);
        QTRY_COMPARE(stateOf(u"a"_s), answer == u"send"_s ? EditState::Waiting : EditState::Kept);
        QCOMPARE(stateOf(u"b"_s), stateOf(u"a"_s));
        QTRY_VERIFY2(form.words().contains(u"Saved."_s), qPrintable(form.words()));
    }

    /// Other codes at the same target concern nothing that waits.
    void anotherMappingAsksNothing() {
        Form form(services());
        form.choose(TargetKind::Webhook);
        form.address->setText(kAddress);
        form.save->click();
        QTRY_COMPARE(stored().kind, TargetKind::Webhook);
        QVERIFY(edit(u"a"_s));
        QTRY_COMPARE(stateOf(u"a"_s), EditState::Waiting);
        form.input<QComboBox>(u"Edits are sent"_s)->setCurrentIndex(1);
        form.save->click();
        QTRY_VERIFY(!stored().sendsByItself);
        QCOMPARE(stateOf(u"a"_s), EditState::Waiting);
        QVERIFY(!form.words().contains(u"What becomes of"_s));
        // None at all: only said, for there is nowhere to go.
        form.choose(TargetKind::None);
        form.save->click();
        QTRY_VERIFY2(form.words().contains(u"Without a target they stay"_s), qPrintable(form.words()));
        form.button(u"Change the target"_s)->click();
        QTRY_COMPARE(stateOf(u"a"_s), EditState::Kept);
    }

    void codesAreMappedByKeys() {
        QVERIFY(edit(u"a"_s));
        Form form(services());
        form.choose(TargetKind::File);
        form.folder->setText(u"/tmp/reviews"_s);
        auto* code = form.input<QComboBox>(u"Our code"_s);
        auto* word = form.input<QLineEdit>(u"The target's word"_s);
        auto* table = form.dialog->findChild<QTableWidget*>();
        QTRY_VERIFY(code->findText(u"SALE"_s) >= 0);  // codes in use are offered
        code->setFocus();
        QTest::keyClicks(code, u"SALE"_s);
        QTest::keyClicks(word, u"won"_s);
        QTest::keyClick(word, Qt::Key_Return);
        QCOMPARE(table->rowCount(), 1);
        QVERIFY(!form.words().contains(u"Saved."_s));  // Enter was not the dialog's
        QTest::keyClicks(code, u"LOST"_s);
        QTest::keyClicks(word, u"lost <b>"_s);
        QTest::keyClick(word, Qt::Key_Return);
        QTest::keyClicks(code, u"SALE"_s);
        QTest::keyClicks(word, u"sold"_s);
        QTest::keyClick(word, Qt::Key_Return);
        QCOMPARE(table->rowCount(), 2);  // a code stands there once
        table->setCurrentCell(1, 0);
        QTest::keyClick(table, Qt::Key_Delete);
        QCOMPARE(table->rowCount(), 1);
        form.input<QComboBox>(u"Format"_s)->setCurrentIndex(1);
        form.save->click();
        QTRY_VERIFY(form.button(u"Change the target"_s)->isVisible());
        form.button(u"Change the target"_s)->click();
        QTRY_COMPARE(stored().kind, TargetKind::File);
        QCOMPARE(stored().mapping, (QMap<QString, QString>{{u"SALE"_s, u"sold"_s}}));
        QCOMPARE(stored().format, ExportFormat::JsonLines);
        QTRY_COMPARE(table->rowCount(), 1);
    }

    void theTestSaysWhatTheTargetSaid() {
        TargetServer target(kSecret.toLatin1());
        Form form(services());
        form.choose(TargetKind::Webhook);
        form.address->setText(target.address().toString());
        form.secret->setText(kSecret);
        QVERIFY(form.test->isEnabled());
        form.test->click();
        QVERIFY(!form.test->isEnabled());
        QTRY_COMPARE(target.tests(), 1);
        QTRY_VERIFY(form.test->isEnabled());
        QVERIFY2(form.words().contains(u"127.0.0.1"_s), qPrintable(form.words()));
        form.secret->setText(u"another-secret"_s);
        QVERIFY(!form.words().contains(u"answers as"_s));  // what was tested is history
        form.test->click();
        QTRY_VERIFY(form.test->isEnabled());
        QCOMPARE(target.tests(), 1);
        QVERIFY2(form.words().contains(u"secret"_s), qPrintable(form.words()));
        QVERIFY(!form.everything().contains(u"CANARY"_s));
        QCOMPARE(target.appliedCount(), 0);
        QCOMPARE(stored().kind, TargetKind::None);  // a test stores nothing
    }
};

QTEST_MAIN(TargetSectionTest)
#include "tst_targetsection.moc"
