// Which addresses the program may talk to at all. Pure functions, any thread.
#pragma once

#include <QHostAddress>
#include <QString>
#include <QUrl>

#include "models/domain/result.h"

namespace earmark {

struct HttpRequest;

/// Data of a provider whose own base is on this computer may name other addresses on it; nobody else's may.
enum class LoopbackRule { Refuse, Allow };

/// A URL out of a provider's data (recording, redirect target): strictly parsed, https, no user info, no literal
/// address that is not public. What its name resolves to is checked by the client when it connects.
[[nodiscard]] Result<QUrl> urlFromData(const QString& text, LoopbackRule loopback);
[[nodiscard]] Done checkUrlFromData(const QUrl& url, LoopbackRule loopback);

/// The checks that need no name lookup: scheme, host, user info, and that no key or control character goes astray.
[[nodiscard]] Done checkRequest(const HttpRequest& request);

/// An address on the public internet: not loopback, private, link-local, shared, reserved, multicast or documentation,
/// also not when such an IPv4 address is wrapped in an IPv6 one.
[[nodiscard]] bool isPublicAddress(const QHostAddress& address);

/// The literal address that a URL names; null when it names a host.
[[nodiscard]] QHostAddress literalAddress(const QUrl& url);

/// Host and port for sentences and queues: ASCII, never path, query or user.
[[nodiscard]] QString shownHost(const QUrl& url);

}  // namespace earmark
