#include "models/sync/callreader.h"

#include <QCoreApplication>
#include <QPointer>

namespace earmark {

namespace {

using Take = std::function<void(Result<ReadCall>)>;

Error otherCall() {
    return makeError(
        ErrorKind::BadAnswer,
        QCoreApplication::translate("CallReader", "The provider answered with another call than asked for."));
}

void storeParsed(Store* store, const CallKey& key, const Result<Call>& call, QObject* context, const Take& done) {
    if (!call) {
        done(failure(call.error()));
        return;
    }
    if (!(call->key == key)) {
        done(failure(otherCall()));
        return;
    }
    store->storeCall(*call, context, [done, call = *call](Result<PageOutcome> outcome) {
        done(outcome ? Result<ReadCall>(ReadCall{call, std::move(*outcome)}) : failure(outcome.error()));
    });
}

}  // namespace

void CallReader::read(const CallKey& key, AccountLink::Tries tries, QObject* context, Take done) const {
    const auto parse = [reader = *this, key, guard = QPointer<QObject>(context), done](const QByteArray& body) {
        reader.workers->run<Result<Call>>([dialect = reader.link->sharedDialect(), account = reader.link->account(),
                                           body] { return dialect->parseCall(account, body); },
                                          guard,
                                          [store = reader.store, key, guard, done](const Result<Call>& call) {
                                              storeParsed(store, key, call, guard, done);
                                          });
    };
    const auto answered = [reader = *this, key, guard = QPointer<QObject>(context), done,
                           parse](const Result<HttpAnswer>& answer) {
        if (!guard) {
            return;
        }
        if (answer) {
            parse(answer->body);
        } else if (answer.error().kind == ErrorKind::NotFound) {
            reader.store->markNotFound(key, guard,
                                       [done, error = answer.error()](const Done&) { done(failure(error)); });
        } else {
            done(failure(answer.error()));
        }
    };
    link->get(link->dialect().callUrl(link->account(), key.remoteId), tries, answered);
}

}  // namespace earmark
