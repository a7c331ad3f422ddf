// The player bar by mouse, keys and words, on a player without a sound device.
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include "tests/audio/soundfixture.h"
#include "tests/support/patience.h"
#include "ui/common/desksettings.h"
#include "ui/common/theme.h"
#include "ui/playback/jumpslider.h"
#include "ui/playback/player.h"
#include "ui/playback/playerbar.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

class FakeSettings final : public DeskSettings {
 public:
    [[nodiscard]] QVariant value(const QString& key, const QVariant& fallback) const override {
        return m_values.value(key, fallback);
    }
    void setValue(const QString& key, const QVariant& value) override { m_values.insert(key, value); }

 private:
    QVariantMap m_values;
};

}  // namespace

class TestPlayerBar : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void emptyAsksForTheRecording();
    void nothingToPlayIsSaid();
    void playButtonPlaysAndPauses();
    void clickOnTheLineJumpsThere();
    void dragScrubsAndTheHandleStaysWithTheHand();
    void keysMoveThePosition();
    void wheelSteps();
    void skipButtons();
    void timesAddUp();
    void volumeIsRemembered();
    void muteTogglesAndIsRemembered();
    void saysWhatIsWrong();
    void messageIsPlainText();
    void everythingHasAName();
    void looksRight();

 private:
    void openTen();
    template <typename T>
    T* child(const char* name) const {
        return m_bar->findChild<T*>(QString::fromLatin1(name));
    }
    [[nodiscard]] QString text(const char* name) const { return child<QLabel>(name)->text(); }
    [[nodiscard]] QPoint at(const JumpSlider* slider, double share) const {
        return {static_cast<int>(6 + (slider->width() - 12) * share), slider->height() / 2};
    }

    QTemporaryDir m_folder;
    FakeSettings m_settings;
    std::unique_ptr<Player> m_player;
    std::unique_ptr<PlayerBar> m_bar;
};

void TestPlayerBar::initTestCase() {
    const QByteArray nowhere = QFile::encodeName(m_folder.path());
    qputenv("PULSE_SERVER", "unix:" + nowhere + "/nobody.sock");
    theme::apply(ColorScheme::Light);
    QVERIFY(fixture::writeFile(m_folder.filePath(u"ten.wav"_s), fixture::wav(fixture::noise(10 * 8000, 2), 8000, 2)));
    QVERIFY(fixture::writeFile(m_folder.filePath(u"page.wav"_s), "<html></html>"));
    QVERIFY(fixture::writeFile(m_folder.filePath(u"cut.wav"_s),
                               fixture::wav(fixture::noise(10 * 8000, 2), 8000, 2).first(44 + 4 * 3 * 8000)));
}

void TestPlayerBar::init() {
    m_settings = {};
    m_player = std::make_unique<Player>();
    m_bar = std::make_unique<PlayerBar>(m_player.get(), &m_settings);
    m_bar->resize(900, m_bar->sizeHint().height());
    m_bar->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_bar.get()));
}

void TestPlayerBar::cleanup() {
    m_bar.reset();
    m_player.reset();
}

void TestPlayerBar::openTen() {
    m_player->open({u"a"_s, u"1"_s}, m_folder.filePath(u"ten.wav"_s));
    QTRY_COMPARE(m_player->state(), PlayerState::Paused);
    QTRY_VERIFY(!m_player->hasDevice());
}

void TestPlayerBar::emptyAsksForTheRecording() {
    QSignalSpy asked(m_bar.get(), &PlayerBar::playRequested);
    QVERIFY(!child<JumpSlider>("playerSeek")->isEnabled());
    QTest::mouseClick(child<QToolButton>("playerPlay"), Qt::LeftButton);
    QCOMPARE(asked.size(), 1);
    openTen();
    QTest::mouseClick(child<QToolButton>("playerPlay"), Qt::LeftButton);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(m_player->state(), PlayerState::Playing);
}

void TestPlayerBar::nothingToPlayIsSaid() {
    auto* play = child<QToolButton>("playerPlay");
    m_bar->setNothingToPlay(u"This call has no recording."_s);
    QVERIFY(!play->isEnabled());
    QVERIFY2(play->toolTip().contains(u"This call has no recording."_s), qPrintable(play->toolTip()));
    m_bar->setNothingToPlay({});
    QVERIFY(play->isEnabled());
    QCOMPARE(play->toolTip(), u"Play (Space)"_s);
    m_bar->setNothingToPlay(u"This call has no recording."_s);
    openTen();  // one was kept from before
    QTRY_COMPARE(m_player->state(), PlayerState::Paused);
    QVERIFY(play->isEnabled());
}

void TestPlayerBar::playButtonPlaysAndPauses() {
    openTen();
    auto* play = child<QToolButton>("playerPlay");
    QCOMPARE(play->accessibleName(), u"Play"_s);
    play->setFocus();
    QTest::keyClick(play, Qt::Key_Space);
    QCOMPARE(m_player->state(), PlayerState::Playing);
    QCOMPARE(play->accessibleName(), u"Pause"_s);
    QTRY_VERIFY(child<JumpSlider>("playerSeek")->value() > 200);
    QTest::keyClick(play, Qt::Key_Space);
    QCOMPARE(m_player->state(), PlayerState::Paused);
    QCOMPARE(play->accessibleName(), u"Play"_s);
}

void TestPlayerBar::clickOnTheLineJumpsThere() {
    openTen();
    auto* seek = child<JumpSlider>("playerSeek");
    QCOMPARE(seek->maximum(), 10000);
    QTest::mouseClick(seek, Qt::LeftButton, {}, at(seek, 0.7));
    QVERIFY2(std::abs(m_player->position().count() - 7000) < 60,
             qPrintable(QString::number(m_player->position().count())));
    QTest::mouseClick(seek, Qt::LeftButton, {}, at(seek, 0.25));
    QVERIFY(std::abs(m_player->position().count() - 2500) < 60);
    QTest::mouseClick(seek, Qt::LeftButton, {}, {0, seek->height() / 2});
    QCOMPARE(m_player->position(), 0ms);
}

void TestPlayerBar::dragScrubsAndTheHandleStaysWithTheHand() {
    openTen();
    auto* seek = child<JumpSlider>("playerSeek");
    m_player->play();
    QTest::mousePress(seek, Qt::LeftButton, {}, at(seek, 0.2));
    QTest::mouseMove(seek, at(seek, 0.6));
    QTRY_VERIFY(std::abs(m_player->position().count() - 6000) < 400);
    const int held = seek->sliderPosition();
    QSignalSpy positions(m_player.get(), &Player::positionChanged);
    QTRY_VERIFY(positions.size() > 4);
    QCOMPARE(seek->sliderPosition(), held);
    QTest::mouseMove(seek, at(seek, 0.8));
    QTest::mouseRelease(seek, Qt::LeftButton, {}, at(seek, 0.8));
    QVERIFY(std::abs(m_player->position().count() - 8000) < 100);
    QTRY_VERIFY(seek->value() > 8100);
}

void TestPlayerBar::keysMoveThePosition() {
    openTen();
    auto* seek = child<JumpSlider>("playerSeek");
    seek->setFocus();
    QTest::keyClick(seek, Qt::Key_Right);
    QCOMPARE(m_player->position(), 3000ms);
    QTest::keyClick(seek, Qt::Key_Right);
    QCOMPARE(m_player->position(), 6000ms);
    QTest::keyClick(seek, Qt::Key_Left);
    QCOMPARE(m_player->position(), 3000ms);
    QTest::keyClick(seek, Qt::Key_Home);
    QCOMPARE(m_player->position(), 0ms);
    QTest::keyClick(seek, Qt::Key_End);
    QCOMPARE(m_player->state(), PlayerState::Ended);
}

void TestPlayerBar::wheelSteps() {
    openTen();
    auto* seek = child<JumpSlider>("playerSeek");
    const auto turn = [seek](int delta) {
        QWheelEvent event(QPointF(seek->rect().center()), seek->mapToGlobal(QPointF(seek->rect().center())), {},
                          {0, delta}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(seek, &event);
    };
    turn(120);
    turn(120);
    QCOMPARE(m_player->position(), 6000ms);
    turn(-120);
    QCOMPARE(m_player->position(), 3000ms);
}

void TestPlayerBar::skipButtons() {
    openTen();
    m_player->seek(9s);
    for (auto* button : m_bar->findChildren<QToolButton*>()) {
        if (button->accessibleName() == u"Back 10 seconds") {
            QTest::mouseClick(button, Qt::LeftButton);
        }
    }
    QCOMPARE(m_player->position(), 0ms);
    for (auto* button : m_bar->findChildren<QToolButton*>()) {
        if (button->accessibleName() == u"Forward 10 seconds") {
            QTest::mouseClick(button, Qt::LeftButton);
        }
    }
    QCOMPARE(m_player->position(), 10s);
}

void TestPlayerBar::timesAddUp() {
    openTen();
    m_player->seek(3400ms);
    QCOMPARE(text("playerElapsed"), u"0:03"_s);
    QCOMPARE(text("playerLeft"), u"-0:07"_s);
    QCOMPARE(child<JumpSlider>("playerSeek")->accessibleDescription(), u"0:03 of 0:10"_s);
    m_player->seek(10s);
    QCOMPARE(text("playerElapsed"), u"0:10"_s);
    QCOMPARE(text("playerLeft"), u"-0:00"_s);
    m_player->close();
    QCOMPARE(text("playerElapsed"), QString());
}

void TestPlayerBar::volumeIsRemembered() {
    auto* volume = child<JumpSlider>("playerVolume");
    QCOMPARE(volume->value(), 100);
    volume->setFocus();
    QTest::keyClick(volume, Qt::Key_Left);
    QCOMPARE(m_player->volume(), 0.95);
    QTest::mouseClick(volume, Qt::LeftButton, {}, at(volume, 0.5));
    QVERIFY(std::abs(m_player->volume() - 0.5) < 0.02);
    const double set = m_player->volume();
    m_bar.reset();
    m_player = std::make_unique<Player>();
    m_bar = std::make_unique<PlayerBar>(m_player.get(), &m_settings);
    QCOMPARE(m_player->volume(), set);
    QCOMPARE(child<JumpSlider>("playerVolume")->value(), static_cast<int>(std::lround(set * 100)));
}

void TestPlayerBar::muteTogglesAndIsRemembered() {
    QToolButton* mute = nullptr;
    for (auto* button : m_bar->findChildren<QToolButton*>()) {
        mute = button->accessibleName() == u"Mute" ? button : mute;
    }
    QVERIFY(mute);
    QTest::mouseClick(mute, Qt::LeftButton);
    QVERIFY(m_player->isMuted());
    QCOMPARE(mute->accessibleName(), u"Sound on"_s);
    Player other;
    PlayerBar again(&other, &m_settings);
    QVERIFY(other.isMuted());
    QTest::mouseClick(mute, Qt::LeftButton);
    QVERIFY(!m_player->isMuted());
}

void TestPlayerBar::saysWhatIsWrong() {
    m_bar->setMessage(u"No recording"_s);
    QCOMPARE(text("playerMessage"), u"No recording"_s);
    m_player->open({u"a"_s, u"2"_s}, m_folder.filePath(u"page.wav"_s));
    QTRY_COMPARE(m_player->state(), PlayerState::Failed);
    QVERIFY(text("playerMessage").contains(u"not a recording"));
    openTen();
    m_player->play();
    QTRY_VERIFY(text("playerMessage").contains(u"No sound device"));
    m_player->open({u"a"_s, u"3"_s}, m_folder.filePath(u"cut.wav"_s));
    QTRY_VERIFY(text("playerMessage").contains(u"Damaged after 0:03"));
    m_player->close();
    QCOMPARE(text("playerMessage"), u"No recording"_s);
}

void TestPlayerBar::messageIsPlainText() {
    m_bar->setMessage(u"<img src='file:///etc/passwd'>"_s);
    QCOMPARE(child<QLabel>("playerMessage")->textFormat(), Qt::PlainText);
    for (const QLabel* label : m_bar->findChildren<QLabel*>()) {
        QCOMPARE(label->textFormat(), Qt::PlainText);
    }
}

void TestPlayerBar::everythingHasAName() {
    openTen();
    int named = 0;
    for (const QWidget* widget : m_bar->findChildren<QWidget*>()) {
        if (widget->focusPolicy() != Qt::NoFocus) {
            QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
            ++named;
        }
    }
    QCOMPARE(named, 6);
}

void TestPlayerBar::looksRight() {
    openTen();
    m_player->seek(4s);
    QCOMPARE(m_bar->sizeHint().height() % 8, 0);
    const QString folder = qEnvironmentVariable("EARMARK_PICTURES");
    for (const ColorScheme scheme : {ColorScheme::Light, ColorScheme::Dark}) {
        theme::apply(scheme);
        QCoreApplication::processEvents();
        const QPixmap picture = m_bar->grab();
        QVERIFY(!picture.isNull());
        if (!folder.isEmpty()) {
            QVERIFY(picture.save(
                folder + (scheme == ColorScheme::Light ? u"/playerbar-light.png"_s : u"/playerbar-dark.png"_s)));
        }
    }
    theme::apply(ColorScheme::Light);
}

QTEST_MAIN(TestPlayerBar)
#include "tst_playerbar.moc"
