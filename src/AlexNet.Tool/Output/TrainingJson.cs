using System.Text.Json.Nodes;

namespace AlexNetTF.Tool;

/// <summary>Training and judging as JSON.</summary>
internal static class TrainingJson
{
    /// <summary>A whole run: the last epoch, the best one, the folder.</summary>
    public static JsonObject Result(FineTuningResult result) => new()
    {
        ["epochs"] = result.Epochs.Count,
        ["loss"] = Number(result.Last.Judged.Loss),
        ["top1"] = result.Last.Judged.Top1,
        ["top5"] = result.Last.Judged.Top5,
        ["best"] = new JsonObject
        {
            ["epoch"] = result.Best.Epoch,
            ["loss"] = Number(result.Best.Judged.Loss),
            ["top1"] = result.Best.Judged.Top1,
            ["top5"] = result.Best.Judged.Top5,
        },
        ["output"] = result.Output,
    };

    /// <summary>The part of a worker that keeps no folder.</summary>
    public static JsonObject Result(ClusterResult part) => new() { ["worker"] = part.Worker, ["steps"] = part.Steps, ["globalStep"] = part.GlobalStep };

    /// <summary>An epoch: judged by the validation pictures where there are some, and its training pictures.</summary>
    public static JsonObject Epoch(EpochMetrics epoch) => new()
    {
        ["epoch"] = epoch.Epoch,
        ["step"] = epoch.Step,
        ["learningRate"] = epoch.LearningRate,
        ["loss"] = Number(epoch.Judged.Loss),
        ["top1"] = epoch.Judged.Top1,
        ["top5"] = epoch.Judged.Top5,
        ["training"] = new JsonObject { ["loss"] = Number(epoch.Training.Loss), ["top1"] = epoch.Training.Top1, ["top5"] = epoch.Training.Top5 },
    };

    public static JsonObject Evaluation(Evaluation evaluation) => new()
    {
        ["count"] = evaluation.Count,
        ["loss"] = Number(evaluation.Score.Loss),
        ["top1"] = evaluation.Score.Top1,
        ["top5"] = evaluation.Score.Top5,
        ["confusion"] = new JsonArray([.. evaluation.Confusion.Select(row => new JsonArray([.. row.Select(count => (JsonNode)count)]))]),
    };

    // JSON has no infinity.
    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
}
