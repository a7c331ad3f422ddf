#include "models/domain/error.h"

#include <QCoreApplication>
#include <algorithm>

#include "models/domain/wordtable.h"

namespace earmark {

namespace {

struct KindText {
    ErrorKind kind;
    const char* word;
    const char* what;  ///< what happened
    const char* next;  ///< what to do
};

#define EARMARK_SENTENCE(text) QT_TRANSLATE_NOOP("Error", text)
constexpr std::array kKinds{
    KindText{ErrorKind::Offline, "offline", EARMARK_SENTENCE("The server cannot be reached."),
             EARMARK_SENTENCE("Check the network connection and the account's address, then try again.")},
    KindText{ErrorKind::Timeout, "timeout", EARMARK_SENTENCE("The server did not answer in time."),
             EARMARK_SENTENCE("Try again; if it happens often, choose a smaller page size for the account.")},
    KindText{
        ErrorKind::Tls, "tls", EARMARK_SENTENCE("No secure connection to the server could be made."),
        EARMARK_SENTENCE("Check the account's address and this computer's date, or ask your network administrator.")},
    KindText{ErrorKind::Unauthorized, "unauthorized",
             EARMARK_SENTENCE("The provider does not accept the account's key."),
             EARMARK_SENTENCE("Enter a valid key for the account.")},
    KindText{ErrorKind::Forbidden, "forbidden", EARMARK_SENTENCE("The account's key may not do this."),
             EARMARK_SENTENCE("Ask the provider's administrator for a key that may read calls.")},
    KindText{ErrorKind::NotFound, "not_found", EARMARK_SENTENCE("The provider does not know this (any more)."),
             EARMARK_SENTENCE("It may have been deleted or belong to another account; what is kept here stays.")},
    KindText{ErrorKind::Conflict, "conflict", EARMARK_SENTENCE("The value was changed elsewhere in the meantime."),
             EARMARK_SENTENCE("Open the call and choose which value counts.")},
    KindText{ErrorKind::RateLimited, "rate_limited", EARMARK_SENTENCE("The provider asks to send fewer requests."),
             EARMARK_SENTENCE("Wait a minute, then try again.")},
    KindText{ErrorKind::ServerTrouble, "server_trouble", EARMARK_SENTENCE("The provider's server has trouble."),
             EARMARK_SENTENCE("Try again later; if it lasts, tell the provider.")},
    KindText{ErrorKind::Refused, "refused", EARMARK_SENTENCE("The server refused the request."),
             EARMARK_SENTENCE("Check the account's settings; if they are right, tell the provider.")},
    KindText{ErrorKind::NotTheApi, "not_the_api", EARMARK_SENTENCE("What answered is not the provider's interface."),
             EARMARK_SENTENCE("Check the account's address, and whether the network asks for a sign-in first.")},
    KindText{ErrorKind::BadAnswer, "bad_answer", EARMARK_SENTENCE("The provider's answer cannot be read."),
             EARMARK_SENTENCE("Try again; if it lasts, tell the provider. What is kept here stays.")},
    KindText{ErrorKind::TooLarge, "too_large", EARMARK_SENTENCE("The answer is larger than what is accepted."),
             EARMARK_SENTENCE("Choose a smaller page size for the account, then try again.")},
    KindText{ErrorKind::Cancelled, "cancelled", EARMARK_SENTENCE("The work was stopped."),
             EARMARK_SENTENCE("Start it again to go on where it stopped.")},
    KindText{ErrorKind::NoKey, "no_key", EARMARK_SENTENCE("No key is known for the account."),
             EARMARK_SENTENCE("Enter the account's key.")},
    KindText{ErrorKind::DiskFull, "disk_full", EARMARK_SENTENCE("The disk is full."),
             EARMARK_SENTENCE("Free some space, then try again; nothing was lost that had been saved.")},
    KindText{ErrorKind::ReadOnly, "read_only", EARMARK_SENTENCE("Nothing can be written to the data folder."),
             EARMARK_SENTENCE("Check the folder's permissions and whether its disk is writable.")},
    KindText{ErrorKind::Storage, "storage", EARMARK_SENTENCE("The data on this computer cannot be read or written."),
             EARMARK_SENTENCE("Run \"earmark doctor\" to see the cause.")},
    KindText{ErrorKind::Damaged, "damaged", EARMARK_SENTENCE("A data file on this computer is damaged."),
             EARMARK_SENTENCE("Run \"earmark doctor\" before you go on; nothing was deleted.")},
    KindText{ErrorKind::HeldElsewhere, "held_elsewhere", EARMARK_SENTENCE("Another Earmark is using this data folder."),
             EARMARK_SENTENCE("Close the other one, then try again.")},
    KindText{ErrorKind::NewerVersion, "newer_version", EARMARK_SENTENCE("The data was written by a newer Earmark."),
             EARMARK_SENTENCE("Install that version or choose another data folder.")},
    KindText{ErrorKind::InvalidInput, "invalid_input", EARMARK_SENTENCE("The input is not valid."),
             EARMARK_SENTENCE("Correct it and try again.")},
    KindText{ErrorKind::NotFoundHere, "not_found_here", EARMARK_SENTENCE("There is no such thing on this computer."),
             EARMARK_SENTENCE("Check the spelling, or fetch the account's calls first.")},
    KindText{ErrorKind::NotSupported, "not_supported", EARMARK_SENTENCE("This is not offered here."),
             EARMARK_SENTENCE("See the manual for what this provider and this version can do.")},
    KindText{ErrorKind::NotAudio, "not_audio", EARMARK_SENTENCE("The recording is not a sound file."),
             EARMARK_SENTENCE("Fetch it again; if it lasts, tell the provider.")},
    KindText{ErrorKind::NoRecording, "no_recording", EARMARK_SENTENCE("There is no recording of this call yet."),
             EARMARK_SENTENCE("If the call has just ended, try again in some minutes.")},
    KindText{ErrorKind::Playback, "playback", EARMARK_SENTENCE("The recording cannot be played."),
             EARMARK_SENTENCE("If other recordings play, tell the provider about this one.")},
    KindText{ErrorKind::Internal, "internal", EARMARK_SENTENCE("Something went wrong inside Earmark."),
             EARMARK_SENTENCE("Try again; if it lasts, report it with the output of \"earmark doctor\".")},
};
#undef EARMARK_SENTENCE

static_assert(kKinds.size() == static_cast<std::size_t>(ErrorKind::Internal) + 1);

const KindText& textOf(ErrorKind kind) {
    return kKinds[static_cast<std::size_t>(kind)];
}

QString translated(const char* text) {
    return QCoreApplication::translate("Error", text);
}

QString asSentence(const QString& message) {
    const QString text = message.trimmed();
    QStringView visible(text);
    while (visible.endsWith(u'\u2069')) {  // the end of words whose direction is kept apart
        visible.chop(1);
    }
    if (visible.isEmpty() || QStringView(u".!?\u2026\u3002\u0964").contains(visible.back())) {
        return text;
    }
    return text + u'.';
}

QString waitSentence(std::chrono::milliseconds wait) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    if (seconds == 1) {
        return QCoreApplication::translate("Error", "Try again in one second.");
    }
    if (seconds < 120) {
        return QCoreApplication::translate("Error", "Try again in %n seconds.", nullptr, static_cast<int>(seconds));
    }
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(wait).count();
    return QCoreApplication::translate("Error", "Try again in %n minutes.", nullptr,
                                       static_cast<int>(std::min<qint64>(minutes, 1'000'000)));
}

}  // namespace

QString errorKindWord(ErrorKind kind) {
    return QString::fromLatin1(textOf(kind).word);
}

QString errorText(const Error& error) {
    const KindText& text = textOf(error.kind);
    const QString what = error.message.trimmed().isEmpty() ? translated(text.what) : asSentence(error.message);
    const bool hasWait = error.retryAfter && error.retryAfter->count() > 0;
    const QString next = error.next.trimmed().isEmpty() ? translated(text.next) : asSentence(error.next);
    return what + u' ' + (hasWait ? waitSentence(*error.retryAfter) : next);
}

}  // namespace earmark
