// What went wrong, as a value. Plain data, any thread.
#pragma once

#include <QString>
#include <chrono>
#include <optional>

namespace earmark {

/// The kind decides what is retried and which sentence is shown (errortext.h); it never depends on a provider.
enum class ErrorKind {
    Offline,        ///< no route, refused, name not found: nothing reached a server
    Timeout,        ///< our own deadline passed
    Tls,            ///< certificate or protocol refused
    Unauthorized,   ///< 401
    Forbidden,      ///< 403
    NotFound,       ///< 404, 410
    Conflict,       ///< 409, 412
    RateLimited,    ///< 429; retryAfter is set where the server gave one
    ServerTrouble,  ///< 5xx
    Refused,        ///< any other 4xx
    NotTheApi,      ///< an answer that is not this API: HTML, empty body, redirect elsewhere
    BadAnswer,      ///< the API's answer does not have the documented shape, or was cut
    TooLarge,       ///< a byte cap was passed
    Cancelled,      ///< the user or the program's end stopped it
    NoKey,          ///< no API key is known for the account
    DiskFull,
    ReadOnly,
    Storage,        ///< any other failure of a database or file
    Damaged,        ///< a database or file is damaged
    HeldElsewhere,  ///< another process holds the profile
    NewerVersion,   ///< written by a newer Earmark
    InvalidInput,   ///< the user's input; message says where and what is expected
    NotFoundHere,   ///< no such call, account, file on this computer
    NotSupported,   ///< the provider or this version does not offer it
    NotAudio,       ///< the recording's bytes are not audio
    NoRecording,    ///< the call has none, or its link was not issued yet
    Playback,       ///< decoding or the sound device
    Internal,
};

struct Error {
    ErrorKind kind = ErrorKind::Internal;
    QString code;     ///< machine readable, for example "http_404" or "sqlite_13"; may be empty
    QString message;  ///< what happened, for people, already free of keys and signatures; may be empty
    QString detail;   ///< for doctor and the log, redacted; may be empty
    std::optional<std::chrono::milliseconds> retryAfter;  ///< what the server asked for
    QString next{};  ///< what to do, for people, where the kind's own advice does not fit; may be empty
};

[[nodiscard]] inline Error makeError(ErrorKind kind, const QString& message = {}, const QString& detail = {}) {
    return Error{kind, {}, message, detail, std::nullopt};
}

/// Stable lower-case word for JSON and logs, for example "rate_limited".
[[nodiscard]] QString errorKindWord(ErrorKind kind);

/// Two sentences for people: what happened, and what to do next. Uses error.message and error.next where there are any.
[[nodiscard]] QString errorText(const Error& error);

}  // namespace earmark
