// From the key to the first sound of the next call through the whole window: a table of many calls, the detail pane,
// the queue, and a sound server that nobody hears. Main thread only.
#pragma once

#include <QTemporaryDir>
#include <memory>
#include <vector>

#include "tests/gui/testdesk.h"
#include "tests/playback/nullsink.h"
#include "tests/support/loopbackserver.h"

namespace earmark {

class WindowSound final {
    Q_DISABLE_COPY_MOVE(WindowSound)

 public:
    /// Silent recordings and loud ones take turns, so that the first loud sample is the next call's.
    explicit WindowSound(NullSink& sink) : m_sink(sink) {}

    /// A window over so many calls, and recordings for so many rounds in its cache. False when something failed.
    [[nodiscard]] bool open(int calls, int rounds);
    /// Milliseconds from the key N to the sound, round by round; -1: none was heard. `isPrepared`: the next recordings
    /// were made ready before the key, else they only lie in the cache.
    [[nodiscard]] std::vector<double> delays(bool isPrepared);

 private:
    [[nodiscard]] double delay(int row, bool isPrepared);
    [[nodiscard]] bool goTo(int row);
    [[nodiscard]] bool isOpen(int row) const;
    void press();

    NullSink& m_sink;
    int m_rounds = 0;
    QTemporaryDir m_folder;
    test::LoopbackServer m_server;
    std::shared_ptr<test::MemorySettings> m_settings = std::make_shared<test::MemorySettings>();
    std::unique_ptr<test::TestDesk> m_desk;
};

}  // namespace earmark
