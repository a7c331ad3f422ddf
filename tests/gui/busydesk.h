// A desk with much to do: a store full of calls, a provider with more of them, recordings, and hands that filter, sort,
// scroll, listen and type all at once. For the heartbeat and for the benchmark of the window. Main thread only.
#pragma once

#include <QTemporaryDir>
#include <memory>

#include "tests/gui/testdesk.h"
#include "tests/support/yotelserver.h"

namespace earmark::test {

class BusyDesk final {
    Q_DISABLE_COPY_MOVE(BusyDesk)

 public:
    BusyDesk();
    ~BusyDesk();

    /// Calls that lie in the store before the desk is opened; accounts too.
    [[nodiscard]] bool prepare(int storedCalls);
    /// Calls at the provider that a pull brings; every tenth has a recording.
    void serve(int calls);
    [[nodiscard]] bool open();

    /// Presses F5 and works until the pull has ended. False when it does not end well in time.
    [[nodiscard]] bool workDuringAPull();
    /// One round of what hands do: filter, sort, scroll, walk, type, save, play.
    void oneRound(int number);
    void key(Qt::Key code, Qt::KeyboardModifiers modifiers = Qt::NoModifier);

    QTemporaryDir folder;
    std::shared_ptr<MemorySettings> settings = std::make_shared<MemorySettings>();
    YotelServer server{demoKey()};
    std::unique_ptr<TestDesk> desk;
};

/// A second of speech-like noise, as a provider sends it.
[[nodiscard]] QByteArray soundFile(int seconds);

}  // namespace earmark::test
