// Brings the shown call's recording to the player and says in words where it is. Main thread only.
#pragma once

#include <QObject>
#include <QTimer>
#include <optional>

#include "models/domain/review.h"
#include "ui/common/deskservices.h"
#include "ui/detail/rememberedplaces.h"

namespace earmark {

enum class RecordingState {
    NoCall,
    None,     ///< the provider says there is none
    Unknown,  ///< the provider does not say; asked when play is wanted
    NoLink,   ///< recorded, the link was not issued yet; asked again by itself
    NoLinkGivenUp,
    Available,  ///< not fetched yet
    Fetching,
    Open,    ///< in the player
    Absent,  ///< asked for; the provider has none
    Failed,  ///< problem says why
};

class RecordingDesk final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RecordingDesk)

 public:
    explicit RecordingDesk(const DeskServices& services, QObject* parent = nullptr);

    /// The call that was gone to, whose record is still on its way from the store: a recording that is here does not
    /// wait for it.
    void expectCall(const CallKey& key, Provider provider);
    /// The call that is shown now, or the same one told anew. Another call closes the recording of the former one.
    void setCall(const ReviewedCall& call);
    /// Nothing is fetched and nothing plays for the former call from here on.
    void leaveCall();
    /// The call was shown long enough to be worth a download. A recording that is here already needs no such wait.
    void settle();
    void play();

    [[nodiscard]] RecordingState state() const { return m_state; }
    [[nodiscard]] QString message() const;  ///< for the player bar; "" once open
    [[nodiscard]] bool canAskAgain() const;
    [[nodiscard]] bool wantsToPlay() const { return m_playWhenOpen; }  ///< as soon as it is open
    [[nodiscard]] std::optional<CallKey> call() const { return m_key; }

 Q_SIGNALS:
    void changed();

 private:
    void setState(RecordingState state);
    void judge();
    void begin(const CallKey& key, Provider provider);
    void lookHere(Provider provider);
    void nothingHere();
    void askPlace();
    void fetch();
    void openWhenReady();
    void placePassed();
    void forgetPlace();
    void arrived(const CallKey& key, quint64 question, const Result<struct FetchedRecording>& fetched);
    [[nodiscard]] bool isShown(const CallKey& key) const { return m_key == key; }

    DeskServices m_services;
    RememberedPlaces m_places;
    std::optional<CallKey> m_key;
    std::optional<ReviewedCall> m_call;  ///< of m_key; nullopt: being read
    RecordingState m_state = RecordingState::NoCall;
    QString m_problem;
    qint64 m_received = 0;
    qint64 m_total = -1;
    quint64 m_question = 0;
    QString m_file;                                       ///< arrived; "": not yet
    std::optional<std::chrono::milliseconds> m_place;     ///< to begin at; nullopt: being asked for
    std::optional<std::chrono::milliseconds> m_cameBack;  ///< begun there, and still about there
    std::chrono::milliseconds m_lastPlace{};
    QTimer m_wordTimer;        ///< once it plays on from there
    bool m_isChanged = false;  ///< what is open is not what was fetched once
    bool m_looking = false;    ///< for a recording that is here already
    bool m_settled = false;
    bool m_playWhenOpen = false;
};

}  // namespace earmark
