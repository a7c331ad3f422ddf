// How one kind of target takes an edit: steps out, answers in, a verdict at the end. Without sockets and event loops;
// any thread. The sender (models/sync/pusher.h) carries the steps out and knows no target by name.
#pragma once

#include <QByteArray>
#include <QList>
#include <QPair>
#include <QUrl>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "models/domain/account.h"
#include "models/domain/result.h"
#include "models/domain/review.h"
#include "models/domain/target.h"

namespace earmark {

/// Free: any code is taken as it is (a mapping may rename it). FixedList: only what the target lists; a code without a
/// mapping is refused here and never guessed.
struct Vocabulary {
    enum class Kind { Free, FixedList } kind = Kind::Free;
    struct Code {
        QString word;
        QString label;
    };
    std::vector<Code> codes;  ///< FixedList: what may be mapped to; may be unknown (empty) until asked
};

struct TargetCapabilities {
    bool disposition = true;
    bool notes = true;
    /// Repeating a delivery with the same key and body is harmless. Where it is false, the dialect's steps must read
    /// what is there before they write.
    bool honoursDelivery = false;
    bool needsSecret = false;            ///< the target's own (targetSecretName); without it nothing is sent
    bool needsAccountKey = false;        ///< the provider's API key
    std::optional<int> mostNotesLength;  ///< UTF-16 units; longer notes are refused here
    Vocabulary vocabulary;
};

/// What is sent at once: the changed fields of one call. The dispositions in `changes` are already the target's words.
struct OutgoingReview {
    Delivery delivery;
    std::optional<QString> campaignId;
    std::optional<QString> campaignName;
    std::optional<QString> customerNumber;
    Provider provider = Provider::Yotel;
};

/// Ask over HTTP. The sender adds the provider's key as bearer where withAccountKey, keeps to the pace of the server,
/// sends exactly one request, follows no redirect.
struct HttpStep {
    enum class Method { Get, Post, Put } method = Method::Get;
    QUrl url;
    QByteArray body;
    QList<QPair<QByteArray, QByteArray>> headers;
    bool withAccountKey = false;
    /// The first byte of this may change something at the target: when its answer is lost, the end is unclear.
    bool writes = false;
};

/// Append durably to a file of a folder (models/targets/reviewfile.h does it, in a pool thread).
struct FileStep {
    QString folder;
    QString file;  ///< its name in the folder; a repeat names the same
    ExportFormat format = ExportFormat::Csv;
    QByteArray record;  ///< as composed; empty = only ask whether the folder can be written to
    QString delivery;
};

enum class PushEnd {
    Accepted,  ///< the named target has it
    Refused,   ///< it will not take it as it is; `reason` says why
    Conflict,  ///< it holds something else; `theirs` where it said what
    Waiting,   ///< not taken now, nothing is wrong with the edit; tried again
    Unclear,   ///< nobody knows whether it was taken; repeated with the same delivery, or read back first
};

struct TheirValue {
    ReviewField field = ReviewField::Disposition;
    std::optional<QString> value;
};

struct PushVerdict {
    PushEnd end = PushEnd::Waiting;
    QString reason;  ///< for people, one sentence, free of secrets; "" when accepted
    std::optional<Error>
        error;  ///< with its kind: Unauthorized stops the account's automatic sending, retryAfter is obeyed
    std::vector<TheirValue> theirs;
    QString place;  ///< Accepted: where exactly it is now, for people ("reviews-2026-11.csv", "lead 17"); may be ""
};

using PushStep = std::variant<HttpStep, FileStep, PushVerdict>;

/// What came back of a step: an HTTP answer of any status, a file's end, or a transport failure.
struct StepAnswer {
    int status = 0;  ///< 0: no HTTP answer
    QByteArray body;
    std::optional<std::chrono::milliseconds> retryAfter;
    std::optional<Error> error;   ///< the step itself failed
    bool mayHaveArrived = false;  ///< with `error`: bytes may have reached the other side
    QString place;                ///< FileStep: the file it was put into
};

/// One push (or test) on its way; made per attempt, used in one thread.
class PushSteps {
 public:
    virtual ~PushSteps() = default;
    [[nodiscard]] virtual PushStep first() = 0;
    [[nodiscard]] virtual PushStep next(const StepAnswer& answer) = 0;
};

class WriteDialect {
 public:
    virtual ~WriteDialect() = default;
    [[nodiscard]] virtual TargetCapabilities capabilities(const Account& account) const = 0;
    /// What is frozen at the first attempt and repeated byte for byte. Error: refused here (the message says why).
    [[nodiscard]] virtual Result<QByteArray> compose(const Account& account, const OutgoingReview& review) const = 0;
    /// `secret`: the target's own, may be empty. `isRepeat`: an earlier attempt may have reached the target.
    /// `now`: for signatures and time stamps of the transport, never part of what is frozen.
    [[nodiscard]] virtual std::unique_ptr<PushSteps> push(const Account& account, const OutgoingReview& review,
                                                          const QByteArray& frozen, const QByteArray& secret,
                                                          bool isRepeat, Moment now) const = 0;
    /// A harmless question; Accepted with a sentence in `place` ("answers as hooks.example.com"), or what is wrong. A
    /// target that offers no such question says in that sentence what could not be tried.
    [[nodiscard]] virtual std::unique_ptr<PushSteps> test(const Account& account, const QByteArray& secret,
                                                          Moment now) const = 0;
};

/// Null for TargetKind::None.
[[nodiscard]] std::shared_ptr<const WriteDialect> writeDialectFor(TargetKind kind);

/// The disposition as the target calls it, by mapping and vocabulary. Refused here: InvalidInput with the reason and
/// what to do. A cleared disposition (nullopt) stays cleared.
[[nodiscard]] Result<std::optional<QString>> mappedDisposition(const TargetSettings& target,
                                                               const TargetCapabilities& capabilities,
                                                               const std::optional<QString>& code);

/// Whether the account and its target fit and can be used: an absolute folder, a lawful address, the right provider.
[[nodiscard]] Done checkTarget(const Account& account, const TargetSettings& target);

}  // namespace earmark
