// The accounts dialog: what is judged while typing, what the test says, what is stored, removed and asked, and that the
// key shows nowhere.
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QStandardItemModel>

#include "models/providers/readdialect.h"
#include "tests/detail/desk.h"
#include "ui/accounts/accountform.h"
#include "ui/accounts/accountsdialog.h"
#include "ui/accounts/keydialog.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

const QString kKey = u"yt_test_CANARY42"_s;

QList<QByteArray> g_log;

void keepLog(QtMsgType, const QMessageLogContext&, const QString& text) {
    g_log << text.toUtf8();
}

struct Form {
    explicit Form(Desk& desk) : dialog(new AccountsDialog(desk.services())) {
        dialog->open();
        const QList<QLineEdit*> lines = dialog->findChildren<QLineEdit*>();
        for (QLineEdit* line : lines) {
            (line->accessibleName() == u"Name"_s      ? name
             : line->accessibleName() == u"Address"_s ? address
             : line->accessibleName() == u"API key"_s ? key
                                                      : other) = line;
        }
        test = button(u"Test"_s);
        save = button(u"Save"_s);
        close = button(u"Close"_s);
    }
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
    ~Form() { delete dialog; }
    [[nodiscard]] QString words() const {
        QStringList all;
        for (const QLabel* label : dialog->findChildren<QLabel*>()) {
            if (label->isVisible()) {
                all << label->text();
            }
        }
        return all.join(u'\n');
    }

    QPointer<AccountsDialog> dialog;
    QLineEdit* name = nullptr;
    QLineEdit* address = nullptr;
    QLineEdit* key = nullptr;
    QLineEdit* other = nullptr;
    QPushButton* test = nullptr;
    QPushButton* save = nullptr;
    QPushButton* close = nullptr;
};

/// What an asking brings; waits for it.
template <typename T>
Result<T> awaited(const std::function<void(std::function<void(Result<T>)>)>& ask) {
    const auto answer = std::make_shared<std::optional<Result<T>>>();
    ask([answer](Result<T> brought) { *answer = std::move(brought); });
    if (!QTest::qWaitFor([&answer] { return answer->has_value(); }, 20'000)) {
        return failure(ErrorKind::Internal, u"no answer"_s);
    }
    return **answer;
}

Account mainAccount(Desk& desk) {
    Account account;
    account.name = u"main"_s;
    account.baseUrl = desk.server.url(u"/api/v1"_s);
    return account;
}

[[nodiscard]] bool addMain(Desk& desk) {
    return awaited<void>([&](auto done) { desk.accounts->add(mainAccount(desk), &desk, done); }).has_value();
}

/// A sentence that has fewer lines than it needs; "" when all can be read.
QString firstCutOff(const QWidget* dialog) {
    for (const QLabel* label : dialog->findChildren<QLabel*>()) {
        if (label->isVisible() && label->wordWrap() && label->height() < label->heightForWidth(label->width())) {
            return label->text();
        }
    }
    return {};
}

}  // namespace

class AccountsDialogTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() { g_log.clear(); }
    void judgesKeys_data();
    void judgesKeys();
    void judgesNames();
    void judgesWhileTyping();
    void aProviderBringsItsDefaults();
    void theOutcomeGoesWithAnEdit();
    void whatIsWrongMovesNoField();
    void saysWhatTheTestFound_data();
    void saysWhatTheTestFound();
    void aTypedKeyIsNotLostByClosing();
    void closingCanSaveFirst();
    void everySettingIsStored();
    void afterSavingTheFocusIsInTheList();
    void choosesCampaigns();
    void disablesAndEnables();
    void asksBeforeItRemoves_data();
    void asksBeforeItRemoves();
    void storesAccountAndKey();
    void saysWhenThereIsNoKeyring();
    void keyDialogShowsAllItSays();
    void staysOpenWhenNothingCanBeStored();
};

void AccountsDialogTest::judgesKeys_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QByteArray>("key");
    QTest::newRow("plain") << u"yt_live_abc"_s << QByteArray("yt_live_abc");
    QTest::newRow("copied with a line break") << u"  yt_live_abc\r\n"_s << QByteArray("yt_live_abc");
    QTest::newRow("header injection") << u"key\r\nX: y"_s << QByteArray();
    QTest::newRow("blank inside") << u"yt live"_s << QByteArray();
    QTest::newRow("control") << u"yt\u0001live"_s << QByteArray();
    QTest::newRow("not ascii") << u"ключ"_s << QByteArray();
    QTest::newRow("empty") << u"   "_s << QByteArray();
}

void AccountsDialogTest::judgesKeys() {
    QFETCH(QString, typed);
    QFETCH(QByteArray, key);
    const Result<QByteArray> checked = checkedTypedKey(typed);
    QCOMPARE(checked.value_or(QByteArray()), key);
    QCOMPARE(checked.has_value(), !key.isEmpty());
    if (!checked) {
        QCOMPARE(checked.error().kind, ErrorKind::InvalidInput);
        QVERIFY(typed.trimmed().isEmpty() || !checked.error().message.contains(typed.trimmed()));
    }
}

void AccountsDialogTest::judgesNames() {
    QVERIFY(nameProblem(u"main-2"_s, {}).isEmpty());
    QVERIFY(!nameProblem({}, {}).isEmpty());
    QVERIFY(!nameProblem(u"Main"_s, {}).isEmpty());
    QVERIFY(nameProblem(u"main"_s, {u"main"_s}).contains(u"already"_s));
    QCOMPARE(suggestedName(Provider::Yotel, {}), u"yotel"_s);
    QCOMPARE(suggestedName(Provider::Yotel, {u"yotel"_s, u"yotel-2"_s}), u"yotel-3"_s);
}

void AccountsDialogTest::judgesWhileTyping() {
    Desk desk;
    QVERIFY(desk.open());
    Form form(desk);
    QCOMPARE(form.name->text(), u"yotel"_s);
    QCOMPARE(form.address->text(), u"https://api.yotel.in/api/v1"_s);
    QCOMPARE(form.key->echoMode(), QLineEdit::Password);
    QVERIFY(!form.save->isEnabled());  // no key yet
    form.key->setText(kKey);
    QVERIFY(form.save->isEnabled() && form.test->isEnabled());
    form.address->setText(u"http://api.yotel.in/api/v1"_s);
    QVERIFY(!form.save->isEnabled());
    QVERIFY2(form.words().contains(u"http, which would send the key unprotected"_s), qPrintable(form.words()));
    form.address->setText(u"https://api.yotel.in/api/v1"_s);
    form.name->setText(u"My Account"_s);
    QVERIFY(!form.save->isEnabled());
    form.key->setText(u"a b"_s);
    form.address->setText(u"http://api.yotel.in"_s);
    QTRY_COMPARE(firstCutOff(form.dialog), QString());
    form.address->setText(u"https://api.yotel.in/api/v1"_s);
    form.name->setText(u"mine"_s);
    form.key->setText(u"a\nb"_s);
    QVERIFY(!form.save->isEnabled());
    QVERIFY2(form.words().contains(u"Copy it again"_s), qPrintable(form.words()));
}

void AccountsDialogTest::aProviderBringsItsDefaults() {
    Desk desk;
    QVERIFY(desk.open());
    Form form(desk);
    auto* provider = form.input<QComboBox>(u"Provider"_s);
    QCOMPARE(provider->count(), 4);
    auto* organization = form.input<QLineEdit>(u"Organisation id"_s);
    auto* page = form.input<QSpinBox>(u"Calls a page"_s);
    for (int i = 0; i < provider->count(); ++i) {
        const auto each = Provider(provider->itemData(i).toInt());
        const bool readable = qobject_cast<const QStandardItemModel*>(provider->model())->item(i)->isEnabled();
        QCOMPARE(readable, readDialectFor(each) != nullptr);
        if (!readable) {
            continue;
        }
        provider->setCurrentIndex(i);
        QCOMPARE(form.name->text(), word(each));
        QCOMPARE(form.address->text(), defaultBaseUrl(each).toString());
        QCOMPARE(page->value(), defaultPageSize(each));
        QCOMPARE(page->maximum(), readDialectFor(each)->largestPageSize());
        QCOMPARE(organization->isVisible(), each == Provider::Vatel);
    }
}

/// What a test found is about what was tested: it goes with the first edit, and an answer that comes later is not told.
void AccountsDialogTest::theOutcomeGoesWithAnEdit() {
    Desk desk;
    QVERIFY(desk.open());
    desk.server.on("/api/v1/campaigns", Reply::json(R"([{"id":"1","name":"June","status":"running"}])"));
    Form form(desk);
    const QString address = desk.server.url(u"/api/v1"_s).toString();
    form.address->setText(address);
    form.key->setText(kKey);
    for (QLineEdit* input : {form.address, form.key}) {
        form.test->click();
        QTRY_VERIFY2(form.words().contains(u"Works: 1 campaign"_s), qPrintable(form.words()));
        QTest::keyClicks(input, u"x"_s);
        QVERIFY2(!form.words().contains(u"Works"_s), qPrintable(form.words()));
        form.address->setText(address);
    }
    desk.server.on("/api/v1/campaigns", Reply::broken(Fault::Hang));
    form.test->click();
    QVERIFY(form.words().contains(u"Asking"_s));
    QTest::keyClicks(form.key, u"x"_s);
    QVERIFY(!form.words().contains(u"Asking"_s));
    QVERIFY(form.test->isEnabled());
}

/// A sentence that appears must not push the next field from under the mouse.
void AccountsDialogTest::whatIsWrongMovesNoField() {
    Desk desk;
    QVERIFY(desk.open());
    Form form(desk);
    const auto places = [&form] {
        QList<int> all;
        for (const QWidget* one : {static_cast<QWidget*>(form.name), static_cast<QWidget*>(form.address),
                                   static_cast<QWidget*>(form.key), static_cast<QWidget*>(form.test)}) {
            all << one->mapTo(form.dialog.data(), QPoint()).y();
        }
        return all;
    };
    form.address->setText(u"https://api.example.test/v1"_s);
    QTest::qWait(0);
    const QList<int> before = places();
    form.name->setText(u"No Name"_s);
    form.address->setText(u"api"_s);
    form.key->setText(u"a b"_s);
    for (const auto& words : {u"begin with a letter"_s, u"The address"_s, u"The key holds"_s}) {
        QVERIFY2(form.words().contains(words), qPrintable(form.words()));
    }
    QTRY_VERIFY(firstCutOff(form.dialog).isEmpty());
    QCOMPARE(places(), before);
}

void AccountsDialogTest::saysWhatTheTestFound_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("words");
    QTest::newRow("works") << 0 << u"Works: 3 campaigns."_s;
    QTest::newRow("no campaign") << 1 << u"sees no campaign"_s;
    QTest::newRow("bad key") << 2 << u"The key is wrong. Invalid API key."_s;
    QTest::newRow("no right") << 3 << u"The key lacks a right. Scope 'calls:read' required."_s;
    QTest::newRow("another page") << 4 << u"The address seems wrong"_s;
    QTest::newRow("html") << 5 << u"The address seems wrong"_s;
    QTest::newRow("nobody there") << 6 << u"The server was not reached"_s;
    QTest::newRow("500") << 7 << u"Try again later"_s;
    QTest::newRow("no such host") << 8 << u"The name nowhere.invalid was not found"_s;
}

void AccountsDialogTest::saysWhatTheTestFound() {
    QFETCH(int, kind);
    QFETCH(QString, words);
    Desk desk;
    QVERIFY(desk.open());
    const QByteArray campaign = R"({"id":"1","name":"June","status":"running"})";
    const Reply replies[] = {Reply::json("[" + campaign + "," + QByteArray(campaign).replace("\"1\"", "\"2\"") + "," +
                                         QByteArray(campaign).replace("\"1\"", "\"3\"") + "]"),
                             Reply::json("[]"),
                             Reply::json(R"({"detail":"Invalid API key"})", 401),
                             Reply::json(R"({"detail":"Scope 'calls:read' required"})", 403),
                             Reply::json(R"({"detail":"Not Found"})", 404),
                             Reply::html("<html><img src='file:///etc/passwd'>sign in</html>"),
                             Reply::code(500),
                             Reply::code(500),
                             Reply::code(500)};
    desk.server.on("/api/v1/campaigns", replies[kind]);
    const qsizetype before = g_log.size();
    const QtMessageHandler old = qInstallMessageHandler(keepLog);
    {
        Form form(desk);
        form.address->setText(kind == 6   ? u"http://127.0.0.1:1/api/v1"_s
                              : kind == 8 ? u"https://nowhere.invalid/api/v1"_s
                                          : desk.server.url(u"/api/v1"_s).toString());
        form.key->setText(u" "_s + kKey + u"\n"_s);
        form.test->click();
        QTRY_VERIFY_WITH_TIMEOUT(form.test->isEnabled(), 15'000);
        const QString said = form.words();
        qInstallMessageHandler(old);
        QVERIFY2(said.contains(words), qPrintable(said));
        QVERIFY(!said.contains(u"CANARY"_s));
        for (const QLabel* label : form.dialog->findChildren<QLabel*>()) {
            QCOMPARE(label->textFormat(), Qt::PlainText);
        }
    }
    for (const QByteArray& line : g_log.mid(before)) {
        QVERIFY2(!line.contains("CANARY"), line.constData());
    }
    if (kind < 6) {
        const auto asked = desk.server.requests("/api/v1/campaigns");
        QCOMPARE(asked.size(), size_t(1));
        QCOMPARE(asked.front().header("authorization"), QByteArray("Bearer ") + kKey.toLatin1());
    }
}

/// Closing never loses a typed key without a word: it is asked about in the dialog itself.
void AccountsDialogTest::aTypedKeyIsNotLostByClosing() {
    Desk desk;
    QVERIFY(desk.open());
    desk.server.on("/api/v1/campaigns", Reply::broken(Fault::Hang));
    auto* form = new Form(desk);
    form->address->setText(desk.server.url(u"/api/v1"_s).toString());
    form->key->setText(kKey);
    form->test->click();
    QVERIFY(!form->test->isEnabled());
    QTRY_COMPARE(desk.server.count("/api/v1/campaigns"), 1);
    QTest::keyClick(form->dialog, Qt::Key_Escape);
    QVERIFY2(form->words().contains(u"not saved"_s), qPrintable(form->words()));
    QCOMPARE(form->key->text(), kKey);
    form->button(u"Go on typing"_s)->click();
    QVERIFY(!form->words().contains(u"not saved"_s));
    form->close->click();
    QVERIFY(form->dialog->isVisible());
    form->button(u"Discard it"_s)->click();
    QTRY_VERIFY(form->dialog.isNull());  // gone by itself, while the provider has not answered
    delete form;
    QTest::qWait(50);
}

void AccountsDialogTest::closingCanSaveFirst() {
    Desk desk;
    QVERIFY(desk.open());
    Form form(desk);
    form.key->setText(kKey);
    form.close->click();
    form.button(u"Save it"_s)->click();
    QTRY_VERIFY(form.dialog.isNull());
    QVERIFY(desk.accounts->find(u"yotel"_s) != nullptr);
    QCOMPARE(desk.keys.kept[u"yotel"_s], kKey.toLatin1());
}

void AccountsDialogTest::storesAccountAndKey() {
    Desk desk;
    QVERIFY(desk.open());
    Form form(desk);
    QSignalSpy pull(form.dialog, &AccountsDialog::pullWanted);
    form.name->setText(u"mine-2"_s);
    form.address->setText(desk.server.url(u"/api/v1/"_s).toString());
    form.key->setText(kKey + u"\n"_s);
    form.save->click();
    QTRY_COMPARE(pull.count(), 1);
    QVERIFY2(form.words().contains(u"Saved."_s), qPrintable(form.words()));
    QVERIFY(form.key->text().isEmpty());
    QVERIFY(!form.save->isEnabled());
    QCOMPARE(desk.keys.kept[u"mine-2"_s], kKey.toLatin1());
    const Account* account = desk.accounts->find(u"mine-2"_s);
    QVERIFY(account != nullptr);
    QCOMPARE(account->baseUrl, desk.server.url(u"/api/v1"_s));
    QCOMPARE(account->assumedZone, u"UTC"_s);
}

void AccountsDialogTest::saysWhenThereIsNoKeyring() {
    Desk desk;
    desk.keys.hasKeyring = false;
    QVERIFY(desk.open());
    Form form(desk);
    form.key->setText(kKey);
    form.save->click();
    QTRY_VERIFY2(form.words().contains(u"EARMARK_KEY_YOTEL"_s), qPrintable(form.words()));
    QVERIFY(form.words().contains(u"The account is saved"_s));
    QTRY_COMPARE(firstCutOff(form.dialog), QString());
    QVERIFY(desk.accounts->find(u"yotel"_s) != nullptr);
    QVERIFY(form.key->text().isEmpty());  // not kept in a field either
    QTest::keyClick(form.dialog, Qt::Key_Escape);
    QTRY_VERIFY(form.dialog.isNull());  // nothing is left to be asked about
}

void AccountsDialogTest::keyDialogShowsAllItSays() {
    FakeKeys keys;
    keys.hasKeyring = false;
    keys.noKeyring =
        u"No keyring could be used here, so the key of %1 is kept only until the program ends. Set "
        "EARMARK_KEY_%1 to the key in the environment that the program is started from, so that it is "
        "there the next time too."_s;
    QWidget desk;
    KeyDialog* dialog = KeyDialog::ask(&keys, u"main"_s, u"Provider refuses the key."_s, &desk);
    const auto words = [dialog] {
        QStringList all;
        for (const QLabel* label : dialog->findChildren<QLabel*>()) {
            if (label->isVisible()) {
                all << label->text();
            }
        }
        return all.join(u'\n');
    };
    QVERIFY2(words().contains(u"refuses"_s), qPrintable(words()));
    QCOMPARE(firstCutOff(dialog), QString());
    auto* line = dialog->findChild<QLineEdit*>();
    line->setText(u"two words"_s);
    QCOMPARE(firstCutOff(dialog), QString());
    line->setText(kKey);
    for (QPushButton* button : dialog->findChildren<QPushButton*>()) {
        if (button->text() == u"Use this key"_s) {
            button->click();
        }
    }
    QTRY_VERIFY2(words().contains(u"EARMARK_KEY_MAIN"_s), qPrintable(words()));
    QCOMPARE(firstCutOff(dialog), QString());
    QVERIFY(!words().contains(u"refuses"_s));  // that was the key before
}

void AccountsDialogTest::staysOpenWhenNothingCanBeStored() {
    Desk desk;
    QVERIFY(desk.open());
    Form form(desk);
    form.key->setText(kKey);
    desk.gate->failWith = 13;
    form.save->click();
    QTRY_VERIFY2(form.words().contains(u"The account was not saved."_s), qPrintable(form.words()));
    QVERIFY(form.save->isEnabled());
    QCOMPARE(form.key->text(), kKey);
    desk.gate->failWith = 0;
    form.save->click();
    QTRY_VERIFY(desk.accounts->find(u"yotel"_s) != nullptr);
}

void AccountsDialogTest::everySettingIsStored() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(addMain(desk));
    Form form(desk);
    QVERIFY(!form.save->isEnabled());
    QVERIFY(form.name->isReadOnly() && !form.input<QComboBox>(u"Provider"_s)->isEnabled());
    form.input<QComboBox>(u"Days"_s)->setCurrentIndex(1);
    form.input<QSpinBox>(u"How many days back"_s)->setValue(14);
    form.input<QSpinBox>(u"Calls a page"_s)->setValue(50);
    for (QCheckBox* box : form.dialog->findChildren<QCheckBox*>()) {
        if (box->text().contains(u"documents"_s)) {
            box->setChecked(false);
        }
    }
    form.input<QSpinBox>(u"Most requests a minute"_s)->setValue(30);
    form.input<QSpinBox>(u"Look for news every"_s)->setValue(0);
    form.input<QComboBox>(u"Channel of the agent in recordings with two"_s)->setCurrentIndex(1);
    form.input<QComboBox>(u"Time zone of times that come without one"_s)->setEditText(u"Mars/Olympus"_s);
    QVERIFY(!form.save->isEnabled());
    QVERIFY2(form.words().contains(u"No such time zone"_s), qPrintable(form.words()));
    form.input<QComboBox>(u"Time zone of times that come without one"_s)->setEditText(u"Asia/Kolkata"_s);
    QVERIFY(form.save->isEnabled());
    form.save->click();
    QTRY_VERIFY2(form.words().contains(u"Saved."_s), qPrintable(form.words()));
    Account wanted = mainAccount(desk);
    wanted.scope.lastDays = 14;
    wanted.pageSize = 50;
    wanted.mostRequestsPerMinute = 30;
    wanted.watchEvery = std::chrono::seconds(0);
    wanted.agentIsFirstChannel = false;
    wanted.assumedZone = u"Asia/Kolkata"_s;
    QCOMPARE(*desk.accounts->find(u"main"_s), wanted);
    QVERIFY(!form.save->isEnabled());  // what the form shows is what is stored
}

/// Space and Enter go on to nobody who does something else.
void AccountsDialogTest::afterSavingTheFocusIsInTheList() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(addMain(desk));
    Form form(desk);
    form.input<QSpinBox>(u"Calls a page"_s)->setValue(50);
    form.save->setFocus();
    QVERIFY(form.dialog->focusWidget() == form.save);
    form.save->click();
    QTRY_VERIFY2(form.words().contains(u"Saved."_s), qPrintable(form.words()));
    QVERIFY(!form.save->isEnabled());
    QVERIFY(form.dialog->focusWidget() == form.input<QListWidget>(u"Accounts"_s));
}

void AccountsDialogTest::choosesCampaigns() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(addMain(desk));
    desk.server.on("/api/v1/campaigns",
                   Reply::json(R"([{"id":"c1","name":"June"},{"id":"c2","name":"<b>July</b>"},{"id":"c3"}])"));
    Form form(desk);
    QCheckBox* all = nullptr;
    for (QCheckBox* box : form.dialog->findChildren<QCheckBox*>()) {
        all = box->text() == u"All campaigns"_s ? box : all;
    }
    QVERIFY(all != nullptr && all->isChecked());
    all->setChecked(false);  // fetches by itself
    auto* list = form.input<QListWidget>(u"All campaigns"_s);
    QTRY_COMPARE(list->count(), 3);
    QVERIFY(!form.save->isEnabled());
    QVERIFY2(form.words().contains(u"Nothing is chosen"_s), qPrintable(form.words()));
    auto* search = form.input<QLineEdit>(u"Search campaigns, or type an id and press Enter"_s);
    QTest::keyClicks(search, u"jul"_s);
    QVERIFY(list->item(0)->isHidden() && !list->item(1)->isHidden());
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(list->item(1)->checkState(), Qt::Checked);
    QTest::keyClicks(search, u"c99"_s);  // none of the list: an id of one's own
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(list->count(), 4);
    form.save->click();
    QTRY_VERIFY2(form.words().contains(u"Saved."_s), qPrintable(form.words()));
    QCOMPARE(desk.accounts->find(u"main"_s)->scope.campaigns, (QStringList{u"c2"_s, u"c99"_s}));
}

void AccountsDialogTest::disablesAndEnables() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(addMain(desk));
    Form form(desk);
    QSignalSpy pull(form.dialog, &AccountsDialog::pullWanted);
    form.button(u"Disable"_s)->click();
    QTRY_VERIFY(!desk.accounts->find(u"main"_s)->isEnabled);
    auto* list = form.input<QListWidget>(u"Accounts"_s);
    QTRY_VERIFY2(list->item(0)->text().contains(u"disabled"_s), qPrintable(list->item(0)->text()));
    QCOMPARE(pull.count(), 0);
    QTRY_VERIFY(form.button(u"Enable"_s) != nullptr);
    form.button(u"Enable"_s)->click();
    QTRY_VERIFY(desk.accounts->find(u"main"_s)->isEnabled);
    QTRY_COMPARE(pull.count(), 1);
}

void AccountsDialogTest::asksBeforeItRemoves_data() {
    QTest::addColumn<bool>("editsGo");
    QTest::newRow("edits stay") << false;
    QTest::newRow("edits go") << true;
}

void AccountsDialogTest::asksBeforeItRemoves() {
    QFETCH(bool, editsGo);
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(addMain(desk));
    const CallKey key{u"main"_s, u"a"_s};
    QVERIFY(awaited<Review>([&](auto done) {
                desk.store->commitEdit({key, ReviewField::Notes, {}, u"kept"_s, u"desk"_s}, this, done);
            }).has_value());
    Form form(desk);
    form.button(u"Remove…"_s)->click();
    QTRY_VERIFY2(form.words().contains(u"There are no calls of"_s), qPrintable(form.words()));
    form.button(u"Keep the account"_s)->click();
    QVERIFY(desk.accounts->find(u"main"_s) != nullptr);
    form.button(u"Remove…"_s)->click();
    if (editsGo) {
        for (QRadioButton* choice : form.dialog->findChildren<QRadioButton*>()) {
            if (choice->text().contains(u"deleted for good"_s)) {
                choice->setChecked(true);
            }
        }
    }
    QPushButton* const remove = form.button(editsGo ? u"Remove and delete the edits"_s : u"Remove"_s);
    QVERIFY(remove != nullptr);
    remove->click();
    QTRY_VERIFY(desk.accounts->find(u"main"_s) == nullptr);
    QCOMPARE(desk.store->countReviewedCalls(u"main"_s), editsGo ? 0 : 1);
    QTRY_VERIFY(!desk.keys.kept.contains(u"main"_s));
    QTRY_VERIFY2(form.words().contains(u"was removed"_s), qPrintable(form.words()));
}

QTEST_MAIN(AccountsDialogTest)
#include "tst_accountsdialog.moc"
