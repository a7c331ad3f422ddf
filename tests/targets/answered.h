// Walks the steps of a write dialect: against answers written down in a test, or over a real loopback connection.
// Main thread.
#pragma once

#include "models/net/httpclient.h"
#include "models/targets/reviewfile.h"
#include "models/targets/writedialect.h"
#include "tests/support/asking.h"

namespace earmark::test {

inline const Moment kEditedAt = momentFromMs(1'776'523'040'125);  // 2026-04-18T14:37:20.125Z
inline const QString kDeliveryId = QStringLiteral("0b5f3a52-6d0e-4f0a-9c3f-3d8a52c1e7aa");

[[nodiscard]] inline OutgoingReview reviewOf(std::vector<FieldChange> changes) {
    OutgoingReview review;
    review.delivery.id = kDeliveryId;
    review.delivery.key = {QStringLiteral("main"), QStringLiteral("510001")};
    review.delivery.revision = 3;
    review.delivery.editedAt = kEditedAt;
    review.delivery.changes = std::move(changes);
    review.provider = Provider::Autocalls;
    return review;
}

[[nodiscard]] inline StepAnswer answered(int status, const QByteArray& body = {}) {
    StepAnswer answer;
    answer.status = status;
    answer.body = body;
    return answer;
}

[[nodiscard]] inline StepAnswer lost(ErrorKind kind, bool mayHaveArrived) {
    StepAnswer answer;
    answer.error = makeError(kind, QStringLiteral("The connection broke off."));
    answer.mayHaveArrived = mayHaveArrived;
    return answer;
}

/// The step as a request; a verdict or a file step is an empty one.
[[nodiscard]] inline HttpStep httpStep(const PushStep& step) {
    const auto* http = std::get_if<HttpStep>(&step);
    return http != nullptr ? *http : HttpStep{};
}

/// The verdict; "no verdict" as its reason where the step is something else.
[[nodiscard]] inline PushVerdict verdictOf(const PushStep& step) {
    const auto* verdict = std::get_if<PushVerdict>(&step);
    PushVerdict none;
    none.reason = QStringLiteral("no verdict");
    return verdict != nullptr ? *verdict : none;
}

[[nodiscard]] inline QByteArray headerOf(const HttpStep& step, const QByteArray& name) {
    for (const auto& [key, value] : step.headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

/// Carries out the steps one after the other, as the sender does: one request each, `key` as bearer where it is asked
/// for.
[[nodiscard]] inline PushVerdict carriedOut(PushSteps& steps, const QByteArray& key = {}) {
    HttpClient client(std::make_shared<SystemClock>());
    PushStep step = steps.first();
    while (!std::holds_alternative<PushVerdict>(step)) {
        if (const auto* file = std::get_if<FileStep>(&step)) {
            step = steps.next(appendDurably(*file, kEditedAt));
            continue;
        }
        const HttpStep http = httpStep(step);
        HttpRequest request = get(http.url);
        request.method = http.method == HttpStep::Method::Get    ? HttpRequest::Method::Get
                         : http.method == HttpStep::Method::Post ? HttpRequest::Method::Post
                                                                 : HttpRequest::Method::Put;
        request.body = http.body;
        request.headers = http.headers;
        request.bearer = http.withAccountKey ? key : QByteArray();
        request.totalDeadline = std::chrono::seconds(5);
        const Asked asked = ask(client, request);
        if (!asked.wait()) {
            break;
        }
        StepAnswer answer = answered(asked.answer().status, asked.answer().body);
        answer.retryAfter = asked.answer().retryAfter(client.clock()->now());
        if (!asked.ok()) {
            answer.error = asked.error();
            answer.mayHaveArrived = asked.error().kind != ErrorKind::Offline;
        }
        step = steps.next(answer);
    }
    return verdictOf(step);
}

}  // namespace earmark::test
