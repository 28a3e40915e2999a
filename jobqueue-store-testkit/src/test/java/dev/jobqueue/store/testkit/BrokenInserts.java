package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreTraits;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Stores that insert wrongly, or do not keep what was inserted. */
enum BrokenInserts implements BrokenStore {
    LOSES_A_WRITE(
            (clock, disk) -> new PlainStore(clock, disk) {
                private int inserts;

                @Override
                InsertOutcome insertOne(Job job) {
                    return ++inserts % 3 == 0 ? InsertOutcome.stored() : super.insertOne(job);
                }
            },
            "Insert.storesWhatItAcknowledges",
            "Insert.takesALongBatch"),
    STORES_HALF_A_REFUSED_BATCH(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public List<InsertOutcome> insert(List<Job> jobs) {
                    return jobs.stream()
                            .map(job -> super.insert(List.of(job)).get(0))
                            .toList();
                }
            },
            "Insert.refusesABatchWithAJobThatIsNotPendingAndStoresNoneOfIt",
            "Insert.refusesABatchWithAJobThatWasClaimedBeforeAndStoresNoneOfIt",
            "Insert.refusesABatchWithAJobThatFailedBeforeAndStoresNoneOfIt",
            "Insert.refusesABatchWithAJobThatCrashedBeforeAndStoresNoneOfIt",
            "Insert.refusesABatchWithTooManyAttributesAndStoresNoneOfIt",
            "Insert.refusesABatchWithATooLargePayloadAndStoresNoneOfIt",
            "Insert.refusesABatchThatNamesAJobTwiceAndStoresNoneOfIt",
            "Insert.refusesABatchThatIsTooLongAndStoresNoneOfIt",
            "Insert.refusesAnEmptyBatch"),
    OVERWRITES_A_JOB_OF_THE_SAME_ID(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                InsertOutcome insertOne(Job job) {
                    InsertOutcome outcome = super.insertOne(job);
                    put(job);
                    return outcome;
                }
            },
            "Insert.leavesAJobOfTheSameIdAsItIs",
            "Insert.leavesAJobOfTheSameIdAsItIsWhateverItsStatus",
            "LostAnswers.letABatchBeInsertedAgainAlthoughItsJobsHaveMovedOn"),
    SAYS_STORED_OF_A_KNOWN_ID(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                InsertOutcome insertOne(Job job) {
                    super.insertOne(job);
                    return InsertOutcome.stored();
                }
            },
            "LostAnswers.letABatchBeInsertedAgain",
            "Concurrency.storesAJobOnceThatIsInsertedAtOnce",
            "Reopening.stillKnowsItsIds"),
    FAILS_FOR_A_KNOWN_ID(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public synchronized List<InsertOutcome> insert(List<Job> jobs) {
                    if (jobs.stream().anyMatch(job -> disk.containsKey(job.id()))) {
                        throw new StoreException("unique constraint violated");
                    }
                    return super.insert(jobs);
                }
            },
            "Insert.storesTheOthersOfABatchWithAKnownId"),
    FORGETS_ATTRIBUTES(keeping(info -> info.attributes(Map.of())), "Keeping.keepsAllThatAJobCanCarry"),
    MIXES_UP_KEYS_THAT_DIFFER_IN_CASE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void put(Job job) {
                    Map<String, String> lower = new HashMap<>();
                    job.info().attributes().forEach((key, value) -> lower.put(key.toLowerCase(Locale.ROOT), value));
                    super.put(job.withInfo(
                            job.info().toBuilder().attributes(lower).build()));
                }
            },
            "Keeping.tellsAttributesApartThatDifferInCaseOrSpacesOnly"),
    FORGETS_THE_MEMO(keeping(info -> info.memo(null)), "Keeping.keepsAllThatAJobCanCarry"),
    TAKES_AN_EMPTY_MEMO_FOR_NONE(
            keeping(info -> info.build().memo().filter(memo -> memo.length == 0).isPresent() ? info.memo(null) : info),
            "Keeping.tellsAnEmptyMemoFromNone"),
    CUTS_A_LARGE_MEMO(
            keeping(info -> info.memo(info.build()
                    .memo()
                    .map(memo -> Arrays.copyOf(memo, Math.min(memo.length, 1_000)))
                    .orElse(null))),
            "Keeping.keepsALargestMemo"),
    CUTS_TIMES_TO_SECONDS(
            keeping(info -> info.runAt(info.build().runAt().truncatedTo(ChronoUnit.SECONDS))),
            "Keeping.keepsTimesToTheMillisecond",
            "Keeping.keepsAJobThatWaitsForOthers"),
    KEEPS_TEXT_OF_ONE_BYTE_A_LETTER_ONLY(
            keeping(info -> info.error(info.build()
                    .error()
                    .map(text -> text.replaceAll("[^\\x00-\\xFF]", "?"))
                    .orElse(null))),
            "Keeping.keepsTextOfAnyKind"),
    TRIMS_TEXT(
            keeping(info -> info.error(info.build().error().map(String::strip).orElse(null))),
            "Keeping.keepsTextOfAnyKind"),
    CUTS_NAMES(
            keeping(info -> info.queue(info.build()
                    .queue()
                    .substring(0, Math.min(64, info.build().queue().length())))),
            "Keeping.keepsNamesOfFullLength"),
    KEEPS_TEN_ATTRIBUTES(
            keeping(info -> info.build().attributes().size() > 10 ? info.attributes(Map.of()) : info),
            "Keeping.keepsAsManyAndAsLongAttributesAsAllowed"),
    MAKES_UP_AN_ATTRIBUTE(keeping(info -> info.attributes(Map.of("a", "b"))), "Keeping.keepsWhatAJobDoesNotCarry"),
    TAKES_A_PAYLOAD_FOR_TEXT(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void put(Job job) {
                    String text = new String(job.payload(), StandardCharsets.UTF_8);
                    super.put(Job.of(job.info(), text.getBytes(StandardCharsets.UTF_8)));
                }
            },
            "Keeping.keepsEveryByteOfAPayload"),
    CUTS_A_LARGE_PAYLOAD(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void put(Job job) {
                    super.put(Job.of(job.info(), Arrays.copyOf(job.payload(), Math.min(job.payload().length, 65_535))));
                }
            },
            "Keeping.keepsALargestPayload"),
    REFUSES_AN_EMPTY_PAYLOAD(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void put(Job job) {
                    if (job.payload().length == 0) {
                        throw new StoreException("null is not allowed");
                    }
                    super.put(job);
                }
            },
            "Keeping.keepsAnEmptyPayload"),
    FINDS_SOMETHING_UNDER_ANY_ID(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public synchronized Optional<Job> find(JobId id) {
                    return super.find(id).or(() -> disk.values().stream().findFirst());
                }
            },
            "Keeping.findsNothingUnderAnUnknownId"),
    LISTS_WITHOUT_THE_ATTRIBUTES(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                JobPage page(List<JobInfo> rest, JobQuery query) {
                    return super.page(
                            rest.stream()
                                    .map(job ->
                                            job.toBuilder().attributes(Map.of()).build())
                                    .toList(),
                            query);
                }
            },
            "Keeping.showsTheSameInAListAsOneByOne"),
    TAKES_ANY_BATCH_OF_JOBS(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public StoreTraits traits() {
                    return StoreTraits.exclusive("plain");
                }

                @Override
                public synchronized List<InsertOutcome> insert(List<Job> jobs) {
                    return jobs.stream().map(this::insertOne).toList();
                }
            },
            "Insert.refusesAnEmptyBatch",
            "Insert.refusesABatchThatIsTooLongAndStoresNoneOfIt",
            "Insert.refusesABatchWithAJobThatIsNotPendingAndStoresNoneOfIt");

    /** A store that makes this of everything it is to keep. */
    private static Opener keeping(UnaryOperator<JobInfo.Builder> change) {
        return (clock, disk) -> new PlainStore(clock, disk) {
            @Override
            void put(Job job) {
                super.put(job.withInfo(change.apply(job.info().toBuilder()).build()));
            }
        };
    }

    private final Opener opener;
    private final List<String> caughtBy;

    BrokenInserts(Opener opener, String... caughtBy) {
        this.opener = opener;
        this.caughtBy = List.of(caughtBy);
    }

    @Override
    public Opener opener() {
        return opener;
    }

    @Override
    public List<String> caughtBy() {
        return caughtBy;
    }
}
