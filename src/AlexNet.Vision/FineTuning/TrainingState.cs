using System.Text.Json.Nodes;

namespace AlexNetTF.FineTuning;

/// <summary>Where a run stands, beside its variables: enough to go on as if it had never stopped.</summary>
internal sealed class TrainingState
{
    /// <summary>Steps done.</summary>
    public long Step { get; set; }

    /// <summary>The pass that is under way, from 0.</summary>
    public int Epoch { get; set; }

    /// <summary>Batches of this pass that are done.</summary>
    public int Batch { get; set; }

    /// <summary>The pass's training pictures so far.</summary>
    public ScoreSum Sum { get; set; } = new();

    /// <summary>The passes that are done.</summary>
    public List<EpochMetrics> History { get; } = [];

    /// <summary>The random ops' counters by node name.</summary>
    public Dictionary<string, ulong> RandomCounters { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Whether patience has ended the run.</summary>
    public bool StoppedEarly { get; set; }

    /// <summary>The best pass so far; the earliest of equal ones.</summary>
    public EpochMetrics? Best
    {
        get
        {
            EpochMetrics? best = null;
            foreach (EpochMetrics epoch in History)
            {
                if (best is null || epoch.Judged.Top1 > best.Judged.Top1 || (epoch.Judged.Top1 == best.Judged.Top1 && epoch.Judged.Loss < best.Judged.Loss)) best = epoch;
            }

            return best;
        }
    }

    /// <summary>Ends the pass that is under way.</summary>
    /// <param name="done">How many passes are done then.</param>
    /// <param name="rate">The learning rate at its end.</param>
    /// <param name="validation">What the validation pictures gave; null where there are none.</param>
    /// <param name="options">The run's options.</param>
    public EpochMetrics EndEpoch(int done, double rate, Score? validation, FineTunerOptions options)
    {
        var epoch = new EpochMetrics(done, Step, rate, Sum.Score, validation);
        History.Add(epoch);
        (Epoch, Batch, Sum) = (done, 0, new ScoreSum());
        StoppedEarly = options.Patience > 0 && done < options.Epochs && done - Best!.Epoch >= options.Patience;
        return epoch;
    }

    public JsonObject ToJson() => new()
    {
        ["step"] = Step,
        ["epoch"] = Epoch,
        ["batch"] = Batch,
        ["sum"] = new JsonObject { ["loss"] = JsonFile.Real(Sum.Loss), ["top1"] = Sum.Top1, ["top5"] = Sum.Top5, ["count"] = Sum.Count },
        ["randomCounters"] = new JsonObject(RandomCounters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        ["stoppedEarly"] = StoppedEarly,
        ["best"] = Best?.Epoch,
        ["history"] = new JsonArray([.. History.Select(ToJson)]),
    };

    public static TrainingState FromJson(JsonObject j)
    {
        JsonObject sum = j.Get("sum").AsObject();
        var state = new TrainingState
        {
            Step = j.Long("step"),
            Epoch = j.Int("epoch"),
            Batch = j.Int("batch"),
            Sum = new ScoreSum { Loss = sum.Real("loss"), Top1 = sum.Long("top1"), Top5 = sum.Long("top5"), Count = sum.Long("count") },
            RandomCounters = j.Get("randomCounters").AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<ulong>(), StringComparer.Ordinal),
            StoppedEarly = j.Flag("stoppedEarly"),
        };
        state.History.AddRange(j.Get("history").AsArray().Select(item => ToEpoch(item!.AsObject())));
        return state;
    }

    public static JsonObject ToJson(EpochMetrics epoch) => new()
    {
        ["epoch"] = epoch.Epoch,
        ["step"] = epoch.Step,
        ["learningRate"] = epoch.LearningRate,
        ["training"] = ToJson(epoch.Training),
        ["validation"] = epoch.Validation is null ? null : ToJson(epoch.Validation),
    };

    public static JsonObject ToJson(Score score) => new() { ["loss"] = JsonFile.Real(score.Loss), ["top1"] = score.Top1, ["top5"] = score.Top5 };

    private static EpochMetrics ToEpoch(JsonObject j) => new(
        j.Int("epoch"), j.Long("step"), j.Real("learningRate"), ToScore(j.Get("training").AsObject()), j["validation"] is { } score ? ToScore(score.AsObject()) : null);

    private static Score ToScore(JsonObject j) => new(j.Real("loss"), j.Real("top1"), j.Real("top5"));
}
