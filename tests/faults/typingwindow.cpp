// The window of the program with hands that type into the notes, for tests that end it in every way. Told on standard
// output: "ready", then each letter when it has been typed, as "typed N". typingwindow PROFILE WHAT, where WHAT is
// "type" (for ever) or "abort" (after some letters, in a slot).
#include <QApplication>
#include <QTest>
#include <QTimer>

#include <cstdio>
#include <cstdlib>

#include "app/desk.h"
#include "app/processguard.h"
#include "app/redaction.h"
#include "app/settings.h"
#include "ui/calltable/calltable.h"
#include "ui/detail/notesinput.h"
#include "ui/mainwindow/mainwindow.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

constexpr int kLettersBeforeTheAbort = 120;

/// The letters go round, so that every text is known by its length.
class Hands final : public QObject {
 public:
    explicit Hands(bool aborts) : m_aborts(aborts) {
        connect(&m_timer, &QTimer::timeout, this, &Hands::next);
        m_timer.start(25);
    }

 private:
    void next() {
        QWidget* const window = QApplication::activeWindow();
        if (window == nullptr) {
            return;
        }
        auto* const notes = window->findChild<NotesInput*>();
        if (notes == nullptr || !notes->isVisible() || notes->isReadOnly()) {
            return;  // the calls are being read
        }
        if (!notes->hasFocus()) {
            QTest::keyClick(window->findChild<CallTable*>(), Qt::Key_E);
            if (notes->hasFocus() && m_typed == 0) {
                say("ready");
            }
            return;
        }
        QTest::keyClick(notes, char('a' + m_typed % 26));
        ++m_typed;
        std::printf("typed %d\n", m_typed);
        std::fflush(stdout);
        if (m_aborts && m_typed == kLettersBeforeTheAbort) {
            std::abort();
        }
    }
    static void say(const char* word) {
        std::printf("%s\n", word);
        std::fflush(stdout);
    }

    const bool m_aborts;
    QTimer m_timer;
    int m_typed = 0;
};

}  // namespace

int main(int argc, char** argv) {
    guardProcess();
    installRedactingMessageHandler();
    QCoreApplication::setApplicationName(u"earmark"_s);
    QCoreApplication::setQuitLockEnabled(false);
    if (argc != 3) {
        return 2;
    }
    const Profile profile(QString::fromLocal8Bit(argv[1]));
    auto lock = ProfileLock::take(profile);
    if (!lock) {
        return 1;
    }
    QApplication application(argc, argv);
    const QuitSignals quitSignals;
    Desk desk({profile, false, std::move(*lock), std::make_unique<Settings>(profile.settingsFile()), false});
    QObject::connect(&quitSignals, &QuitSignals::quitRequested, &desk, &Desk::quit);
    desk.start();
    const Hands hands(qstrcmp(argv[2], "abort") == 0);
    return QApplication::exec();
}
