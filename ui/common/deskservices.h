// Everything a window needs, handed in from the composition root (app/). All pointers outlive the window.
#pragma once

#include <memory>

#include "models/domain/clock.h"

namespace earmark {

class AccountBook;
class CallRefresher;
class CallSound;
class CallTableModel;
class DeskSettings;
class KeySource;
class HttpClient;
class Player;
class Puller;
class Pusher;
class RecordingFetcher;
class Store;
class Watch;

struct DeskServices {
    Store* store = nullptr;
    AccountBook* accounts = nullptr;
    CallTableModel* calls = nullptr;
    Puller* puller = nullptr;
    Pusher* pusher = nullptr;  ///< null: nothing is sent
    Watch* watch = nullptr;    ///< null: nothing is looked for by itself
    CallRefresher* refresher = nullptr;
    RecordingFetcher* recordings = nullptr;
    Player* player = nullptr;
    CallSound* sound = nullptr;  ///< of the call that is shown
    KeySource* keys = nullptr;
    HttpClient* http = nullptr;
    DeskSettings* settings = nullptr;
    std::shared_ptr<const Clock> clock;
    bool demo = false;  ///< the window says so, and does not ask for keys
};

}  // namespace earmark
